"""E0515, a reference to what ends with the function: it returns the value itself.

The return type's `&str` becomes `String`, `&[T]` a `Vec<T>`, `&T` a `T`; and each value returned an owned one.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, method, node_at, tails, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0515",)

_WRAPPERS = ("Some", "Ok")
_VIEWS = ("as_str", "as_ref", "as_slice", "as_mut_slice", "deref", "borrow", "as_mut")


def owned(source: str, error: Diagnostic) -> Iterator[str]:
    """With what the function returns owned."""
    parsed = ParsedSource(source)
    at = node_at(parsed, error.primary) if error.primary is not None else None
    own = around(at, "function_item", "closure_expression")
    back = field(own, "return_type") if own is not None else None
    if own is None or back is None or own.type != "function_item":
        return
    lent = [each for each in within(back, "reference_type") if not _is_inner(each, back)]
    kinds = [field(each, "type") for each in lent]
    if len(lent) != 1 or (kind := kinds[0]) is None:
        return
    text = parsed.words(kind) == "str"
    owner = "String" if text else parsed.words(kind)
    if kind.type == "array_type" and field(kind, "length") is None:
        owner = f"Vec<{parsed.words(field(kind, 'element'))}>"
    local = {parsed.words(field(each, "pattern")).removeprefix("mut ") for each in parsed.of("let_declaration")}
    convert = ".to_string()" if text else ".to_vec()" if owner.startswith("Vec<") else ".clone()"
    many = parsed.words(back).startswith("Vec<")
    changes = [put(lent[0], owner)]
    for value in _returned(own):
        for each in _unwrapped(parsed, value):
            change = _collected(parsed, each, convert) if many else _converted(parsed, each, local, convert)
            if change is None:
                return
            changes.append(change)
    yield parsed.changed(changes)


def _is_inner(node: Node, back: Node) -> bool:
    outer = node.parent
    while outer is not None and outer != back.parent:
        if outer.type == "reference_type":
            return True
        outer = outer.parent
    return False


def _returned(own: Node) -> Iterator[Node]:
    """The values that a function returns, at its end and before."""
    yield from tails(field(own, "body"))
    for each in within(field(own, "body"), "return_expression"):
        if around(each, "function_item", "closure_expression") == own:
            for value in each.named_children:
                yield from tails(value)


def _unwrapped(parsed: ParsedSource, value: Node) -> Iterator[Node]:
    """What is inside of `Some` and `Ok`; nothing of `None`, `Err` and what ends the program."""
    text = parsed.words(value)
    if text == "None" or text.startswith(("Err(", "panic!", "unreachable!", "todo!", "unimplemented!")):
        return
    called, given = field(value, "function"), field(value, "arguments")
    if value.type == "call_expression" and parsed.words(called) in _WRAPPERS and given is not None:
        for each in members(given):
            yield from tails(each)
    else:
        yield value


def _converted(parsed: ParsedSource, value: Node, local: set[str], convert: str) -> TextChange | None:
    """The value itself of a view of it, else a copy."""
    text = parsed.words(value)
    seen = method(parsed, value)
    if value.type == "reference_expression":
        inner = parsed.words(field(value, "value")).removesuffix("[..]")
        return put(value, inner if inner in local else f"{inner}{convert}")
    if seen is not None and seen[1] in _VIEWS and not seen[2] and parsed.words(seen[0]) in local:
        return put(value, parsed.words(seen[0]))
    if value.type in ("binary_expression", "unary_expression", "closure_expression", "as_expression"):
        return None
    return put(value, f"{text}{convert}")


def _collected(parsed: ParsedSource, value: Node, convert: str) -> TextChange | None:
    """Each element as a copy where they are collected."""
    seen = method(parsed, value)
    if seen is None or seen[1] != "collect":
        return None
    how = (
        "str::to_string" if convert == ".to_string()" else "<[_]>::to_vec" if convert == ".to_vec()" else "Clone::clone"
    )
    start = seen[0].end_byte
    return TextChange(start, start, f".map({how})")
