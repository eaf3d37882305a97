"""E0499, E0502, E0506, get or else insert: `map.entry(key).or_insert_with(...)` in one.

if let Some(v) = map.get_mut(k) { return v; }  ...  map.insert(key, value);  map.get_mut(k).unwrap()
match map.get_mut(k) { Some(v) => v, None => { ...  map.insert(key, value);  map.get_mut(k).unwrap() } }

Only where all three keys are one: `name`, `&name` and `name.to_string()` are, `id` and `id % 10` are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, body, method, node_at, statement, within
from sleepy.koans.syntax import ParsedSource, between, field
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0499", "E0502", "E0505", "E0506")

Got = tuple[Node, str, list[Node]]  # the call of a method: receiver, name and arguments

_GETS = ("get", "get_mut")
_MAKER = re.compile(r"(?:\w+::)+\w+(?=\(\)$)")
_SAME = ("clone", "to_string", "to_owned")
_LITERAL = re.compile(r"[\d.]\w*|true|false|'.'|None")


def entered(source: str, error: Diagnostic) -> Iterator[str]:
    """With the entry in the place of both halves."""
    parsed = ParsedSource(source)
    at = node_at(parsed, error.primary) if error.primary is not None else None
    inside = field(own, "body") if (own := around(at, "function_item")) is not None else None
    for each in within(inside, "if_expression", "match_expression"):
        found = _by_match(parsed, each) if each.type == "match_expression" else _by_return(parsed, each)
        if found is not None:
            yield found


def _by_match(parsed: ParsedSource, node: Node) -> str | None:
    got = method(parsed, field(node, "value"))
    arms = [each for each in within(field(node, "body"), "match_arm") if each.parent == field(node, "body")]
    if got is None or got[1] not in _GETS or len(arms) != 2:
        return None
    some = next((each for each in arms if parsed.words(field(each, "pattern")).startswith("Some(")), None)
    none = next((each for each in arms if parsed.words(field(each, "pattern")) in ("None", "_")), None)
    if some is None or none is None:
        return None
    name = parsed.words(field(some, "pattern"))[len("Some(") : -1]
    if [parsed.words(each) for each in body(field(some, "value"))] != [name]:
        return None
    entry = _entry(parsed, got, body(field(none, "value")))
    return parsed.changed([between(node.start_byte, node.end_byte, entry)]) if entry else None


def _by_return(parsed: ParsedSource, node: Node) -> str | None:
    """An `if let` that returns what it found, and all that follows it in its block."""
    condition, whole = field(node, "condition"), node.parent if node.parent and node.parent.type != "block" else node
    if condition is None or condition.type != "let_condition" or whole is None or field(node, "alternative"):
        return None
    got = method(parsed, field(condition, "value"))
    name = parsed.words(field(condition, "pattern")).removeprefix("Some(").removesuffix(")")
    said = [parsed.words(each) for each in body(field(node, "consequence"))]
    block = whole.parent
    if got is None or got[1] not in _GETS or said != [f"return {name}"] or block is None or block.type != "block":
        return None
    rest = [each for each in block.named_children if each.start_byte >= whole.end_byte]
    entry = _entry(parsed, got, [statement(each) for each in rest if "comment" not in each.type])
    return parsed.changed([between(whole.start_byte, rest[-1].end_byte, entry)]) if entry else None


def _entry(parsed: ParsedSource, got: Got, said: Sequence[Node]) -> str:
    """The entry for statements that end in an insertion and a look at what was sought and inserted; '' for others."""
    if len(said) < 2 or len(got[2]) != 1:
        return ""
    *first, put, look = said
    store, sought = parsed.words(got[0]), _key(parsed, got[2][0])
    inserted = method(parsed, put)
    if inserted is None or parsed.words(inserted[0]) != store or inserted[1] != "insert" or len(inserted[2]) != 2:
        return ""
    if _key(parsed, inserted[2][0]) != sought or _looked(parsed, look, store) != sought:
        return ""
    key, value = (parsed.words(each) for each in inserted[2])
    if first:
        before = " ".join(
            parsed.words(each) + ("" if parsed.words(each).endswith((";", "}")) else ";") for each in first
        )
        return f"{store}.entry({key}).or_insert_with(|| {{ {before} {value} }})"
    if _LITERAL.fullmatch(value):
        return f"{store}.entry({key}).or_insert({value})"
    maker = _MAKER.match(value)
    return f"{store}.entry({key}).or_insert_with({maker[0] if maker else f'|| {value}'})"


def _key(parsed: ParsedSource, node: Node) -> str:
    """A key's words without what lends or copies it: `name` of `&name` and of `name.to_string()`."""
    call = method(parsed, node)
    if node.type == "reference_expression" and (value := field(node, "value")) is not None:
        return _key(parsed, value)
    if node.type == "parenthesized_expression":
        return _key(parsed, node.named_children[0])
    if call is not None and call[1] in _SAME and not call[2]:
        return _key(parsed, call[0])
    return parsed.words(node)


def _looked(parsed: ParsedSource, node: Node, store: str) -> str:
    """The key under which an expression is what a store has: `k` of `store.get(k).unwrap()` and `&store[k]`."""
    if node.type == "reference_expression":
        value = field(node, "value")
        if value is None or value.type != "index_expression" or parsed.words(value.named_children[0]) != store:
            return ""
        return _key(parsed, value.named_children[1])
    sure = method(parsed, node)
    got = method(parsed, sure[0]) if sure is not None and sure[1] in ("unwrap", "expect") else None
    if got is None or got[1] not in _GETS or parsed.words(got[0]) != store or len(got[2]) != 1:
        return ""
    return _key(parsed, got[2][0])
