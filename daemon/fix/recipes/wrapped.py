"""E0117, a foreign trait for a foreign type: a newtype of this crate that lends the value has it.

    impl Display for Vec<u32>    ->    struct Wrapper<'a>(&'a Vec<u32>); impl Display for Wrapper<'_>

Only for the traits of `{}` and its like, which look and change nothing. What is shown is wrapped where its type is
written down: a parameter, a `let` with a type, a field of `self`. Where the standard library has the trait for the type
already nothing is proposed: what is shown in ways that are not seen here (a derived `Debug`) would stay as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, byte_range, last_name, method, within
from sleepy.koans.syntax import ParsedSource, TextChange, between, field, members, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0117",)

_TRAITS = {"Display": "", "Debug": "?", "LowerHex": "x", "UpperHex": "X", "Binary": "b", "Octal": "o", "LowerExp": "e"}
_WHOLE = "u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize".split()
_HAS = {  # the types for which the standard library has a trait, apart from `Debug`, which it has for nearly all
    "Display": {*_WHOLE, "f32", "f64", "bool", "char", "str", "String"},
    "LowerExp": {*_WHOLE, "f32", "f64"},
}
_PRELUDE = ("Vec", "String", "Option", "Result", "Box")
_MACROS = {"format": 0, "print": 0, "println": 0, "eprint": 0, "eprintln": 0, "panic": 0, "write": 1, "writeln": 1}
_NAMES = ("Wrapper", "Wrapped", "Shown", "Lent")
_HOLE = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?::(?P<how>[^{}]*))?\}")
_KIND = re.compile(r"(?:[xX]?\?|[xXobeE])?$")


def wrapped(source: str, error: Diagnostic) -> Iterator[str]:
    """With the newtype, the trait for it, and what is shown in it."""
    if error.primary is None:
        return
    parsed, (start, end) = ParsedSource(source), byte_range(source, error.primary)
    own = next((each for each in parsed.of("impl_item") if each.start_byte == start and end <= each.end_byte), None)
    kind, trait = (field(own, "type"), last_name(parsed, field(own, "trait"))) if own is not None else (None, "")
    taken = {parsed.words(each) for each in parsed.of("type_identifier")}
    name = next((each for each in _NAMES if each not in taken), None)
    if own is None or kind is None or trait not in _TRAITS or name is None or _has(parsed, kind, trait):
        return
    listed = field(own, "type_parameters")
    generic = [each for each in members(listed) if each.type == "type_parameter"] if listed is not None else []
    names = [parsed.words(field(each, "name")) for each in generic]
    head = _before(own)
    given = "".join(f", {each}" for each in names)
    struct = f"struct {name}<'a{given}>(&'a {parsed.words(kind)});\n\n"
    changes = [between(head, head, struct), put(kind, f"{name}<'_{given}>")]
    changes += _selves(own)
    shown = _Shown(parsed, own, kind, names, name, _TRAITS[trait])
    yield parsed.changed([*changes, *shown.uses()])


def _has(parsed: ParsedSource, kind: Node, trait: str) -> bool:
    """Whether the standard library has a trait for a type already, or may have it."""
    while kind.type == "reference_type" and (lent := field(kind, "type")) is not None:
        kind = lent
    if trait != "Debug":
        return last_name(parsed, kind) in _HAS.get(trait, _WHOLE)
    if kind.type not in ("type_identifier", "scoped_type_identifier", "generic_type"):
        return True  # a tuple, an array, a slice, a number
    path = parsed.words(kind).split("<")[0].removeprefix("::")
    name = last_name(parsed, kind)
    used = re.compile(rf"use\s+(?:::)?(?:std|core|alloc)::[^;]*\b{name}\b")
    return path.startswith(("std::", "core::", "alloc::")) or (
        path == name in _PRELUDE or any(used.search(parsed.words(each)) for each in parsed.of("use_declaration"))
    )


def _before(own: Node) -> int:
    """Where an impl begins, with the comments and attributes above it."""
    at = own
    while (above := at.prev_sibling) is not None and above.type in ("line_comment", "block_comment", "attribute_item"):
        if above.end_point.row + 1 < at.start_point.row:
            break
        at = above
    return at.start_byte


def _selves(own: Node) -> Iterator[TextChange]:
    """`self` in the bodies is what the newtype lends."""
    for each in within(field(own, "body"), "self"):
        if each.parent is not None and each.parent.type != "self_parameter":
            yield TextChange(each.end_byte, each.end_byte, ".0")


def _holes(text: str) -> dict[str, set[str]]:
    """The names and numbers that a format shows, each with the kinds of its holes: `?`, `x`, '' for the plain one."""
    found: dict[str, set[str]] = {}
    place = 0
    for hole in _HOLE.finditer(text):
        if hole["name"] is not None:
            key = hole["name"] or str(place)
            place += not hole["name"]
            kind = _KIND.search(hole["how"] or "")
            found.setdefault(key, set()).add(kind[0] if kind else "")
    return found


class _Shown:
    """The values of a type that are shown in one way, outside of the impl that says how."""

    def __init__(self, parsed: ParsedSource, own: Node, kind: Node, names: list[str], name: str, how: str) -> None:
        self._parsed, self._own, self._name, self._how = parsed, own, name, how
        said = re.escape("".join(parsed.words(kind).split()))
        for each in names:
            said = re.sub(rf"(?<!\w){each}(?!\w)", ".+", said)
        self._kind = re.compile(said)

    def uses(self) -> Iterator[TextChange]:
        """Each wrapped where it stands."""
        for macro in self._parsed.of("macro_invocation"):
            if macro.start_byte < self._own.start_byte or macro.start_byte >= self._own.end_byte:
                yield from self._in_macro(macro)
        for call in self._parsed.of("call_expression"):
            called = method(self._parsed, call)
            if called is not None and called[1] == "to_string" and not self._how:
                value = called[0]
                if text := self._with(self._parsed.words(value), call):
                    yield put(value, text)

    def _in_macro(self, macro: Node) -> Iterator[TextChange]:
        words = self._parsed.words
        name, tokens = last_name(self._parsed, field(macro, "macro")), macro.children[-1]
        if name not in _MACROS or tokens.type != "token_tree":
            return
        given: list[list[Node]] = [[]]
        for each in tokens.children[1:-1]:
            if each.type == ",":
                given.append([])
            else:
                given[-1].append(each)
        given = [each for each in given if each][_MACROS[name] :]
        if not given or given[0][0].type != "string_literal":
            return
        for key, hows in _holes(words(given[0][0])).items():
            if self._how not in hows:
                continue
            number = int(key) if key.isdigit() else None
            if number is None:
                named = [
                    each for each in given[1:] if words(each[0]) == key and len(each) > 2 and words(each[1]) == "="
                ]
                parts = named[0][2:] if named else None
            else:
                parts = given[1:][number] if number < len(given) - 1 else None
            if parts is not None:
                start, end = parts[0].start_byte, parts[-1].end_byte
                if text := self._with(self._parsed.data[start:end].decode(), macro):
                    yield between(start, end, text)
            elif number is None and (text := self._with(key, macro)):
                end = given[-1][-1].end_byte
                yield TextChange(end, end, f", {key} = {text}")

    def _with(self, value: str, at: Node) -> str:
        """A value in the newtype; '' where its type is not known to be the one."""
        plain = value.removeprefix("&")
        kind = "".join(self._kind_of(plain, at).split())
        lent = re.match(r"&(?:'\w+)?(?:mut)?", kind)
        if not kind or not self._kind.fullmatch(kind[lent.end() :] if lent else kind):
            return ""
        return f"{self._name}({plain if lent else f'&{plain}'})"

    def _kind_of(self, value: str, at: Node) -> str:
        """The type that is written down for a value; '' for none."""
        words = self._parsed.words
        if value.startswith("self."):
            outer = around(at, "impl_item")
            owner = last_name(self._parsed, field(outer, "type")) if outer is not None else ""
            for item in self._parsed.of("struct_item"):
                if words(field(item, "name")) == owner:
                    for each in within(field(item, "body"), "field_declaration"):
                        if words(field(each, "name")) == value.removeprefix("self."):
                            return words(field(each, "type"))
            return ""
        found = ""
        for each in within(around(at, "function_item"), "parameter", "let_declaration"):
            if words(field(each, "pattern")) == value and each.start_byte < at.start_byte:
                found = words(field(each, "type"))  # the last says what it is; without a type it is not known
        return found
