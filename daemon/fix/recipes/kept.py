"""E0106, E0515, E0597, E0716, a struct keeps a text or a list that was only lent to it: the field owns it.

`&str` becomes `String` and `&[T]` a `Vec<T>`, also in an `Option` or a `Vec`; what the field is given is converted, its
readers lend it, and the lifetime goes where nothing else needs it. The struct may be in another file than the error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tree_sitter import Node

from sleepy.daemon.fix.recipes import readers
from sleepy.daemon.fix.recipes.handed import Handed
from sleepy.daemon.fix.recipes.lent import LentField, field_names, lent_fields
from sleepy.daemon.fix.recipes.lifetimes import freed
from sleepy.daemon.fix.recipes.place import around, byte_range, last_name, node_at, opened, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0106", "E0515", "E0597", "E0621", "E0716")

_HERE = Path()
_MOST = 2  # structs that are tried
_WORD = re.compile(r"\w+")
_STRUCT = re.compile(r"\bstruct\s+(\w+)([^;{(]*(?:\{[^}]*\}|\([^;]*;))")
_LENDS = re.compile(r"(\w+)\s*:\s*[^,\n]*&")
_COPY = re.compile(r"\s*\bCopy\b\s*,|,?\s*\bCopy\b\s*")


def kept(source: str, error: Diagnostic) -> Iterator[str]:
    """With the fields at fault owned, then all of a struct, then of all structs; what can be given itself is, or a copy."""
    for texts in kept_in_files({_HERE: source}, _HERE, error):
        yield texts[_HERE]


def kept_in_files(texts: Mapping[Path, str], file: Path, error: Diagnostic) -> Iterator[dict[Path, str]]:
    """The same in several files: the new texts of those that change."""
    known = _KeptField({path: opened(text) for path, text in _concerned(texts, file)}, file, error)
    for fields in known.choices():
        for moves in (True, False):
            if fields:
                yield known.owned(fields, moves)


def _concerned(texts: Mapping[Path, str], file: Path) -> Iterator[tuple[Path, str]]:
    """The file and those that may build or read a struct which lends something and is named in it."""
    words = set(_WORD.findall(texts[file]))
    structs = [found for text in texts.values() for found in _STRUCT.finditer(text)] if len(texts) > 1 else []
    lending = [each for each in structs if each[1] in words and "&" in each[2]]
    names = {each[1] for each in lending}
    keys = {key for each in lending for key in _LENDS.findall(each[2])}
    for path, text in texts.items():
        if path == file or not names.isdisjoint(_WORD.findall(text)) or any(f".{key}" in text for key in keys):
            yield path, text


class _KeptField:
    """Some files, and an error in one of them."""

    def __init__(self, files: Mapping[Path, ParsedSource], file: Path, error: Diagnostic) -> None:
        self._files, self._error, self._here = files, error, files[file]
        self._structs = [
            (parsed, item, parsed.words(field(item, "name")))
            for parsed in files.values()
            for item in parsed.of("struct_item")
        ]

    def choices(self) -> Iterator[list[LentField]]:
        """The fields that may be meant, the likeliest first."""
        at = node_at(self._here, self._error.primary) if self._error.primary is not None else None
        if self._error.code == "E0106":
            item = around(at, "struct_item")
            name = self._here.words(field(item, "name")) if item is not None else ""
            yield [each for each in self._fields(name) if not any(within(each.at, "lifetime"))]
            return
        own = around(at, "function_item")
        if own is None:
            return
        named = {self._here.words(each) for each in within(own, "type_identifier", "identifier")}
        outer = around(own, "impl_item")
        if "Self" in named and outer is not None:
            named.add(last_name(self._here, field(outer, "type")))
        spans = [byte_range(self._here.text, each) for each in self._error.spans]
        faulty: list[LentField] = []
        whole: list[list[LentField]] = []
        for name in dict.fromkeys(name for _, _, name in self._structs if name in named):
            if lent := self._fields(name):
                given = [each for each in lent if self._is_given(own, each, spans)]
                faulty += given
                whole.insert(0 if given else len(whole), lent)
        yield faulty
        yield from whole[:_MOST]
        yield [each for lent in whole for each in lent]

    def owned(self, lent: Sequence[LentField], moves: bool) -> dict[Path, str]:
        """The texts with these fields owned."""
        gone = {
            path: [(each.at.start_byte, each.at.end_byte) for each in lent if each.text is parsed]
            for path, parsed in self._files.items()
        }
        owners, keys = {each.owner for each in lent}, {each.key for each in lent}
        dropped = freed(self._files, owners, gone)
        found = {}
        for path, parsed in self._files.items():
            changes = [put(each.at, each.owned) for each in lent if each.text is parsed]
            changes += dropped.get(path, [])
            changes += [change for owner in owners for change in _no_copy(parsed, owner)]
            for each in lent:
                handed = Handed(parsed, is_text=each.is_text, wrapper=each.wrapper, moves=moves, keys=keys)
                for value in readers.given(parsed, each):
                    made = list(handed.converted(value))
                    changes += [c for c in made if not any(c.start < o.end and o.start < c.end for o in changes)]
            taken = [(each.start, each.end) for each in changes]
            for each in lent:
                reads = readers.lent(parsed, each)
                changes += [c for c in reads if not any(a <= c.start <= b and a < b for a, b in taken)]
            if changes:
                found[path] = parsed.changed(changes)
        return found

    def _fields(self, name: str) -> list[LentField]:
        """The fields of the only struct of a name; none where there are several."""
        own = [(parsed, item) for parsed, item, each in self._structs if each == name]
        others = frozenset(
            key for parsed, item, each in self._structs if each != name for key in field_names(parsed, item)
        )
        return list(lent_fields(*own[0], others)) if len(own) == 1 else []

    def _is_given(self, own: Node, lent: LentField, spans: Sequence[tuple[int, int]]) -> bool:
        """Whether one of the places lies in what a function gives a field, itself or through the struct's own."""
        words = self._here.words
        values = [value for value in readers.given(self._here, lent) if _is_within(value, own)]
        for parsed in self._files.values():
            for maker in readers.makers(parsed, lent.owner):
                places = list(_parameters(parsed, maker, lent))
                for call in within(own, "call_expression"):
                    path, handed = field(call, "function"), field(call, "arguments")
                    name = f"{lent.owner}::{parsed.words(field(maker, 'name'))}"
                    if handed is not None and words(path).replace("Self::", f"{lent.owner}::").endswith(name):
                        values += [each for i, each in enumerate(members(handed)) if i in places]
        return any(each.start_byte <= start and end <= each.end_byte for each in values for start, end in spans)


def _parameters(parsed: ParsedSource, maker: Node, lent: LentField) -> Iterator[int]:
    """The places of the parameters that a function gives a field."""
    names = {parsed.words(each) for each in readers.given(parsed, lent) if _is_within(each, maker)}
    listed = field(maker, "parameters")
    for i, each in enumerate(members(listed) if listed is not None else []):
        if parsed.words(field(each, "pattern")) in names:
            yield i


def _is_within(inner: Node, outer: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _no_copy(parsed: ParsedSource, owner: str) -> Iterator[TextChange]:
    """The removal of `Copy` from the derives of a struct: what it owns is not copied."""
    for item in parsed.of("struct_item"):
        above = item.prev_sibling
        while above is not None and above.type in ("attribute_item", "line_comment"):
            text = parsed.words(above)
            if parsed.words(field(item, "name")) == owner and "derive" in text and _COPY.search(text):
                left = _COPY.sub(lambda found: " " if found[0].startswith(" ") else "", text, count=1)
                left = re.sub(r"\(\s+", "(", left)
                yield put(above, left) if "()" not in left else parsed.line_of(above)
            above = above.prev_sibling
