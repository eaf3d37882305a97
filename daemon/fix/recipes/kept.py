"""E0106, E0515, E0597, E0716, a struct keeps a text or a list that was only lent to it: the field owns it.

`&str` becomes `String` and `&[T]` a `Vec<T>`, also in an `Option` or a `Vec`; what the field is given is converted, its
readers lend it, and the lifetime goes where nothing else needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.daemon.fix.recipes import readers
from sleepy.daemon.fix.recipes.handed import Handed
from sleepy.daemon.fix.recipes.lifetimes import freed
from sleepy.daemon.fix.recipes.place import around, byte_range, last_name, node_at, opened, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0106", "E0515", "E0597", "E0621", "E0716")

_MOST = 2  # structs that are tried
_COPY = re.compile(r"\s*\bCopy\b\s*,|,?\s*\bCopy\b\s*")


@dataclass(frozen=True, slots=True)
class LentField:
    """A field that holds a reference: its struct and its name or number, the reference, and what it is to be.

    `wrapper` is `Option` or `Vec` where that holds it, '' where nothing does.
    """

    owner: str
    key: str
    at: Node
    owned: str
    wrapper: str

    @property
    def is_text(self) -> bool:
        return self.owned == "String"


def kept(source: str, error: Diagnostic) -> Iterator[str]:
    """With the fields at fault owned, then all of a struct, then of all structs; what can be given itself is, then a copy of it."""
    parsed = opened(source)
    at = node_at(parsed, error.primary) if error.primary is not None else None
    if error.code == "E0106":
        item = around(at, "struct_item")
        lent = [each for each in _fields(parsed, item) if not any(within(each.at, "lifetime"))] if item else []
        yield from _each(parsed, lent)
        return
    own = around(at, "function_item")
    if own is None:
        return
    named = {parsed.words(each) for each in within(own, "type_identifier", "identifier")}
    outer = around(own, "impl_item")
    if "Self" in named and outer is not None:
        named.add(last_name(parsed, field(outer, "type")))
    spans = [byte_range(source, each) for each in error.spans]
    faulty: list[LentField] = []
    whole: list[list[LentField]] = []
    for item in parsed.of("struct_item"):
        if parsed.words(field(item, "name")) in named and (lent := list(_fields(parsed, item))):
            own_faulty = [each for each in lent if _is_given(parsed, own, each, spans)]
            faulty += own_faulty
            whole.insert(0 if own_faulty else len(whole), lent)
    yield from _each(parsed, faulty)
    for lent in whole[:_MOST]:
        yield from _each(parsed, lent)
    yield from _each(parsed, [each for lent in whole for each in lent])


def _each(parsed: ParsedSource, lent: Sequence[LentField]) -> Iterator[str]:
    for moves in (True, False):
        if lent:
            yield _with(parsed, lent, moves)


def _fields(parsed: ParsedSource, item: Node) -> Iterator[LentField]:
    """The fields of a struct that hold a text or a list by reference."""
    inside, owner = field(item, "body"), parsed.words(field(item, "name"))
    if inside is None:
        return
    if inside.type == "field_declaration_list":
        typed = [(field(each, "name"), field(each, "type")) for each in members(inside)]
        found = [(parsed.words(name), kind) for name, kind in typed]
    else:
        found = [(str(i), each) for i, each in enumerate(members(inside, "visibility_modifier"))]
    for key, kind in found:
        lent, wrapper = kind, ""
        if kind is not None and kind.type == "generic_type":
            wrapper, given = last_name(parsed, field(kind, "type")), field(kind, "type_arguments")
            inner = members(given) if given is not None else []
            lent = inner[0] if len(inner) == 1 and wrapper in ("Option", "Vec") else None
        owned = _owned(parsed, lent)
        if lent is not None and owned:
            yield LentField(owner, key, lent, owned, wrapper)


def _owned(parsed: ParsedSource, lent: Node | None) -> str:
    """The owner of what a reference lends; '' of other types."""
    kind = field(lent, "type") if lent is not None and lent.type == "reference_type" else None
    if lent is None or kind is None or any(each.type == "mutable_specifier" for each in lent.children):
        return ""
    if kind.type == "array_type":
        return "" if field(kind, "length") is not None else f"Vec<{parsed.words(field(kind, 'element'))}>"
    text = parsed.words(kind)
    return "String" if text in ("str", "String") else text if text.startswith("Vec<") else ""


def _is_given(parsed: ParsedSource, own: Node, lent: LentField, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the places lies in what a field is given in a function, itself or through a function of its own."""
    values = [value for value in readers.given(parsed, lent.owner, lent.key) if _is_within(value, own)]
    for maker in readers.makers(parsed, lent.owner):
        places = list(_parameters(parsed, maker, lent))
        for call in within(own, "call_expression"):
            path, handed = field(call, "function"), field(call, "arguments")
            name = f"{lent.owner}::{parsed.words(field(maker, 'name'))}"
            if handed is not None and parsed.words(path).replace("Self::", f"{lent.owner}::") == name:
                values += [each for i, each in enumerate(members(handed)) if i in places]
    return any(each.start_byte <= start and end <= each.end_byte for each in values for start, end in spans)


def _parameters(parsed: ParsedSource, maker: Node, lent: LentField) -> Iterator[int]:
    """The places of the parameters that a function gives a field."""
    names = {parsed.words(each) for each in readers.given(parsed, lent.owner, lent.key) if _is_within(each, maker)}
    listed = field(maker, "parameters")
    for i, each in enumerate(members(listed) if listed is not None else []):
        if parsed.words(field(each, "pattern")) in names:
            yield i


def _is_within(inner: Node, outer: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _with(parsed: ParsedSource, lent: Sequence[LentField], moves: bool) -> str:
    """The text with these fields owned."""
    changes = [put(each.at, each.owned) for each in lent]
    owners, own_keys = {each.owner for each in lent}, {each.key for each in lent}
    changes += freed(parsed, owners, [(each.at.start_byte, each.at.end_byte) for each in lent])
    changes += [change for owner in owners for change in _no_copy(parsed, owner)]
    for each in lent:
        handed = Handed(parsed, is_text=each.is_text, wrapper=each.wrapper, moves=moves, keys=own_keys)
        for value in readers.given(parsed, each.owner, each.key):
            made = list(handed.converted(value))
            changes += [c for c in made if not any(c.start < o.end and o.start < c.end for o in changes)]
    taken = [(each.start, each.end) for each in changes]
    for each in lent:
        reads = readers.lent(parsed, each.owner, each.key, is_text=each.is_text, wrapper=each.wrapper)
        changes += [c for c in reads if not any(a <= c.start <= b and a < b for a, b in taken)]
    return parsed.changed(changes)


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
