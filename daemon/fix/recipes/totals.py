"""E0282, E0283, E0284, a sum of no known type: `.sum()` and `.product()` are told the type, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, node_at, within
from sleepy.koans.syntax import ParsedSource, TextChange, field
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0282", "E0283", "E0284")

_MOST = 5
_NUMBERS = frozenset("u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64".split())


def totalled(source: str, error: Diagnostic) -> Iterator[str]:
    """With each number type that the function names, then those of the file: as a rule one of them compiles."""
    parsed = ParsedSource(source)
    at = node_at(parsed, error.primary) if error.primary is not None else None
    whole = around(at, "let_declaration", "expression_statement") or around(at, "block")
    calls = [each for each in within(whole, "call_expression") if _is_total(parsed, each)]
    start = at.start_byte if at is not None else 0
    calls.sort(key=lambda each: abs(_name(each).start_byte - start))
    for call in calls[:1]:
        end = _name(call).end_byte
        for kind in _likely(parsed, call):
            yield parsed.changed([TextChange(end, end, f"::<{kind}>")])


def _is_total(parsed: ParsedSource, call: Node) -> bool:
    called = field(call, "function")
    if called is None or called.type != "field_expression" or field(called, "field") is None:
        return False
    return parsed.words(field(called, "field")) in ("sum", "product")


def _name(call: Node) -> Node:
    called = field(call, "function")
    name = field(called, "field") if called is not None else None
    assert name is not None, "it is a method's call"
    return name


def _likely(parsed: ParsedSource, call: Node) -> list[str]:
    own = around(call, "function_item")
    back = field(own, "return_type") if own is not None else None
    places = [field(own, "parameters"), back, own] if own is not None else []
    named = chain(*(within(each, "primitive_type") for each in places), parsed.of("primitive_type"))
    return list(dict.fromkeys(word for each in named if (word := parsed.words(each)) in _NUMBERS))[:_MOST]
