"""What a derived trait says of a type may not be what was meant: the same type with another order, default or equality.

    derive(PartialOrd, Ord)  -> the fields, or variants, the other way round
    derive(Default)          -> 1 for 0, `true` for `false`, a text for an empty one
    derive(PartialEq)        -> its first field alone is compared; only where other code than a test compares

A test must fail with it: else nothing says that the derived one is right. A type without a choice has no rival.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.rivals.change import Rival
from sleepy.koans.syntax import ParsedSource, TextChange, child, field, members, put
from sleepy.sandbox.verdict import Diagnostic

_DERIVE = re.compile(r"#\[derive\(([^)]*)\)\]")
_COMPARED = re.compile(r"binary operation|can't compare")
_OTHERS = {
    **dict.fromkeys("u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize".split(), "1"),
    **dict.fromkeys("f32 f64".split(), "1.0"),
    "bool": "true",
    "char": "'x'",
    "String": 'String::from("x")',
    "&'static str": '"x"',
}


def other_derives(error: Diagnostic, old: str, new: str, *, in_tests: bool) -> Iterator[Rival]:
    """The text with each derived trait that came meaning something else. `in_tests`: only a test wants the trait."""
    if old.count("derive") == new.count("derive") and _DERIVE.findall(old) == _DERIVE.findall(new):
        return
    before = {name: traits for name, traits, _ in _derived(ParsedSource(old))}
    parsed = ParsedSource(new)
    for name, traits, item in _derived(parsed):
        came = traits - before.get(name, set())
        if "PartialOrd" in came and (text := _turned(parsed, item)):
            yield Rival(f"no test tells in which order `{name}` is compared", text)
        if field(item, "type_parameters") is not None:
            continue
        if "Default" in came and (text := _defaulted(parsed, item, name)):
            yield Rival(f"no test tells what the default of `{name}` is", text)
        if "PartialEq" in came and "PartialOrd" not in came and not in_tests and _COMPARED.search(error.message):
            if text := _by_first(parsed, item, name):
                yield Rival(f"no test tells by what `{name}` is compared", text)


def _derived(parsed: ParsedSource) -> Iterator[tuple[str, set[str], Node]]:
    """Each type's name, what it derives, and its item."""
    for item in parsed.of("struct_item", "enum_item"):
        yield (
            parsed.words(field(item, "name")),
            {each for node in _attributes(item) for each in _traits(parsed, node)},
            item,
        )


def _attributes(item: Node) -> Iterator[Node]:
    above = item.prev_named_sibling
    while above is not None and above.type in ("attribute_item", "line_comment", "block_comment"):
        if above.type == "attribute_item":
            yield above
        above = above.prev_named_sibling


def _traits(parsed: ParsedSource, attribute: Node) -> list[str]:
    found = _DERIVE.fullmatch(parsed.words(attribute))
    return [each.strip().rpartition("::")[2] for each in found[1].split(",") if each.strip()] if found else []


def _without(parsed: ParsedSource, item: Node, trait: str) -> list[TextChange]:
    """The changes that take a trait out of the attributes."""
    found = []
    for node in _attributes(item):
        if trait in (traits := _traits(parsed, node)):
            left = [each for each in traits if each != trait]
            found.append(put(node, f"#[derive({', '.join(left)})]"))
    return found


def _turned(parsed: ParsedSource, item: Node) -> str:
    """The text with an item's named fields or variants the other way round; empty where there is no other way."""
    body = field(item, "body")
    if body is None or body.type not in ("field_declaration_list", "enum_variant_list"):
        return ""
    parts = members(body)
    if len(parts) < 2 or any(field(each, "value") is not None for each in parts):
        return ""
    words = [parsed.words(each) for each in parts]
    return parsed.changed([put(part, other) for part, other in zip(parts, reversed(words), strict=True)])


def _fields(parsed: ParsedSource, item: Node) -> list[tuple[str, str]]:
    """A struct's named fields with their types."""
    body = field(item, "body")
    if item.type != "struct_item" or body is None or body.type != "field_declaration_list":
        return []
    fields = [each for each in members(body) if each.type == "field_declaration"]
    return [(parsed.words(field(each, "name")), parsed.words(field(each, "type"))) for each in fields]


def _defaulted(parsed: ParsedSource, item: Node, name: str) -> str:
    fields = _fields(parsed, item)
    if not any(kind in _OTHERS for _, kind in fields) or child(item, "where_clause") is not None:
        return ""
    made = ", ".join(f"{each}: {_OTHERS.get(kind, 'Default::default()')}" for each, kind in fields)
    rest = f"\n\nimpl Default for {name} {{ fn default() -> Self {{ Self {{ {made} }} }} }}\n"
    return parsed.changed([*_without(parsed, item, "Default"), TextChange(item.end_byte, item.end_byte, rest)])


def _by_first(parsed: ParsedSource, item: Node, name: str) -> str:
    fields = _fields(parsed, item)
    if len(fields) < 2 or child(item, "where_clause") is not None:
        return ""
    same = f"self.{fields[0][0]} == other.{fields[0][0]}"
    rest = f"\n\nimpl PartialEq for {name} {{ fn eq(&self, other: &Self) -> bool {{ {same} }} }}\n"
    return parsed.changed([*_without(parsed, item, "PartialEq"), TextChange(item.end_byte, item.end_byte, rest)])
