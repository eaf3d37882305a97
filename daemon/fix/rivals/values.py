"""Values and types that may stand where a repair put one: an argument, a type that is written, a number as text."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.rivals.change import Rival, around, changes, node_at, with_blank
from sleepy.koans.syntax import ParsedSource, field, members, put
from sleepy.sandbox.verdict import Diagnostic

_CALLS = ("E0057", "E0060", "E0061", "E0107")
_SETS = ("HashSet", "BTreeSet")
_LITERALS = ("integer_literal", "boolean_literal", "float_literal", "string_literal")


def other_arguments(error: Diagnostic, old: str, new: str) -> Iterator[Rival]:
    """The text with nothing, with `true` and with 1 for an argument that came: those of its type compile."""
    if error.code not in _CALLS:
        return
    parsed = ParsedSource(new)
    for change in changes(old, new):
        node = around(node_at(parsed, change.start, change.end), "arguments")
        if node is None or change.old:
            continue
        for given in members(node):
            start = len(parsed.data[: given.start_byte].decode())
            if not change.start <= start < change.end or given.type == "closure_expression":
                continue
            words = parsed.words(given)
            said = f"no test tells the argument `{words}` from another"
            if given.type not in _LITERALS:
                yield Rival(said, with_blank(parsed, given))
            for other in ("true", "false", "1", "0"):
                if other != words:
                    yield Rival(said, parsed.changed([put(given, other)]))


def other_arms(error: Diagnostic, old: str, new: str) -> Iterator[Rival]:
    """The text with nothing for what an arm gives that came for what was not covered."""
    if error.code != "E0004":
        return
    parsed = ParsedSource(new)
    for change in changes(old, new):
        for arm in parsed.of("match_arm"):
            start = len(parsed.data[: arm.start_byte].decode())
            value = field(arm, "value")
            if value is not None and change.start <= start < change.end:
                pattern = parsed.words(field(arm, "pattern"))
                yield Rival(f"no test tells what `{pattern}` gives", with_blank(parsed, value))


def other_types(old: str, new: str) -> Iterator[Rival]:
    """`f64` for an `f32` that came, and a set for a `Vec` that came where the text has sets."""
    for change in changes(old, new):
        here = new[change.start : change.end]
        head, tail = new[: change.start], new[change.end :]
        if "f32" in change.new and "f32" not in change.old and ":" in change.new:
            yield Rival("`f64` would do as well for `f32`", head + here.replace("f32", "f64") + tail)
        if "Vec" in change.new and "Vec" not in change.old and not {":", "::"}.isdisjoint(change.new):
            for each in _SETS:
                if each in old:
                    other = here.replace("Vec", f"std::collections::{each}", 1)
                    yield Rival(f"`{each}` would do as well for `Vec`", head + other + tail)


def other_texts(old: str, new: str) -> Iterator[Rival]:
    """What the file's own functions make a text of, by the name of what they take, where `.to_string()` came."""
    parsed = ParsedSource(new)
    for change in changes(old, new):
        if "to_string" not in change.new:
            continue
        place = new.find("to_string", change.start)
        node = node_at(parsed, place, place + len("to_string"))
        call = node.parent.parent if node is not None and node.parent is not None else None
        if call is None or call.type != "call_expression" or (value := _receiver(call)) is None:
            continue
        name = parsed.words(value).rpartition(".")[2]
        here = around(call, "function_item")
        own = parsed.words(field(here, "name")) if here is not None else ""
        for function, taken in _makers(parsed):
            if taken == name and function != own:
                text = parsed.changed([put(call, f"{function}({parsed.words(value)})")])
                yield Rival(f"`{function}({name})` would do as well", text)


def _receiver(call: Node) -> Node | None:
    called = field(call, "function")
    return field(called, "value") if called is not None and called.type == "field_expression" else None


def _makers(parsed: ParsedSource) -> Iterator[tuple[str, str]]:
    """The functions that make a text of one thing, with the name they have for that."""
    for item in parsed.of("function_item"):
        taken = field(item, "parameters")
        if taken is not None and parsed.words(field(item, "return_type")) == "String" and len(members(taken)) == 1:
            pattern = field(members(taken)[0], "pattern")
            if pattern is not None:
                yield parsed.words(field(item, "name")), parsed.words(pattern)
