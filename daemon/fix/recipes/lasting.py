"""E0515 in a closure, E0597, E0716, a value that ends before what borrows it: it is declared before and given its value where it was.

    let s = if c { make().as_str() } else { "x" };
    let owned; let s = if c { owned = make(); owned.as_str() } else { "x" };

    let s = name.map(|n| make(n).as_str()).unwrap_or("x");
    let owned = name.map(|n| make(n)); let s = owned.as_deref().unwrap_or("x");

What is evaluated, when and in which order, stays as it was; where that cannot be, there is no repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, byte_range, indent_of, method, node_at, opened, within
from sleepy.koans.syntax import ParsedSource, TextChange, between, child, field, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0515", "E0597", "E0716")

_NAMES = ("owned", "held", "lasting", "owned_before")
_STEPS = ("call_expression", "macro_invocation", "await_expression", "try_expression")
_APART = frozenset(  # what is in these is not evaluated once and at once
    "closure_expression async_block else_clause while_expression loop_expression for_expression".split()
)
_VIEWS = ("as_str", "as_ref", "as_slice", "deref", "borrow")
_LOCAL = re.compile(r"`(\w+)` does not live long enough")


def lasting(source: str, error: Diagnostic) -> Iterator[str]:
    """With the value declared in the block of what borrows it, and then so that it can be changed."""
    parsed = opened(source)
    at = _exact(parsed, error)
    if at is None:
        return
    if error.code == "E0597":
        named = _LOCAL.search(error.message)
        let = _declaration(parsed, at, named[1]) if named is not None else None
        home = _home(parsed, error, let) if let is not None else None
        if let is not None and home is not None and (text := _declared_before(parsed, let, home)):
            yield text
        return
    own = around(at, "function_item")
    words = {parsed.words(each) for each in within(own, "identifier")}
    name = next((each for each in _NAMES if each not in words), "")
    if error.code == "E0515":
        value = _mapped(parsed, at, name)
        home = around(value.at, "block") if value is not None else None
    else:
        value, home = _Value(at, parsed.words(at), name, name), _home(parsed, error, at)
    changes = _given_in_place(parsed, value, home) if value is not None and home is not None and name else None
    if changes is None or home is None:
        return
    first, is_plain = _child_with(home, at), changes[0].text.startswith("let ")
    for mut in ("", "mut "):
        if is_plain:
            yield parsed.changed([*(_as_mutable(each, mut) for each in changes)])
        else:
            before = between(first.start_byte, first.start_byte, f"let {mut}{name};\n{indent_of(parsed, first)}")
            yield parsed.changed(_joined(before, changes))


@dataclass(frozen=True, slots=True)
class _Value:
    """Where a value is made and borrowed, what makes it, the name that it is given, and how that is borrowed."""

    at: Node
    made: str
    name: str
    lent: str


def _mapped(parsed: ParsedSource, at: Node, name: str) -> _Value | None:
    """An `Option` made of owned values by a closure that returned what only looked at one."""
    closure = around(at, "closure_expression")
    body = field(closure, "body") if closure is not None else None
    call = closure.parent.parent if closure is not None and closure.parent is not None else None
    outer = method(parsed, call)
    if closure is None or body is None or call is None or outer is None or outer[1] != "map":
        return None
    inside = [each for each in body.named_children if "comment" not in each.type] if body.type == "block" else [body]
    if not inside or inside[-1] != at:
        return None
    seen = method(parsed, at)
    if at.type == "reference_expression":
        made, how = field(at, "value"), ".as_deref()"
    elif seen is not None and not seen[2]:
        made, how = seen[0], ".as_deref()" if seen[1] in _VIEWS else f".as_deref().map(|each| each.{seen[1]}())"
    else:
        return None
    if made is None:
        return None
    data = parsed.data
    text = (data[call.start_byte : at.start_byte] + data[made.start_byte : made.end_byte]).decode()
    return _Value(call, text + data[at.end_byte : call.end_byte].decode(), name, name + how)


def _exact(parsed: ParsedSource, error: Diagnostic) -> Node | None:
    """The outermost expression of exactly the place that an error points at."""
    if error.primary is None:
        return None
    start, end = byte_range(parsed.text, error.primary)
    node = node_at(parsed, error.primary)
    while node is not None and node.parent is not None:
        outer = node.parent
        if (outer.start_byte, outer.end_byte) != (start, end) or outer.type == "block":
            break
        node = outer
    return node if node is not None and (node.start_byte, node.end_byte) == (start, end) else None


def _home(parsed: ParsedSource, error: Diagnostic, at: Node) -> Node | None:
    """The block in which the value must live: that of the value and its later use, else the next around it."""
    later = [byte_range(parsed.text, each) for each in error.spans if each.label.startswith("borrow later")]
    home = around(at, "block")
    if error.code == "E0597" and not later:
        home = around(home.parent, "block") if home is not None else None
    while home is not None and later and not (home.start_byte <= later[0][0] and later[0][1] <= home.end_byte):
        if home.parent is None or home.parent.type in ("function_item", "closure_expression", "async_block"):
            return None
        home = around(home.parent, "block")
    return home


def _child_with(home: Node, at: Node) -> Node:
    """The statement of a block that a node is in."""
    return next(each for each in home.named_children if each.start_byte <= at.start_byte < each.end_byte)


def _given_in_place(parsed: ParsedSource, value: _Value, home: Node) -> list[TextChange] | None:
    """The value given to a name right before the statement or the arm that it is in; None where that is another order."""
    at, text, name = value.at, value.made, value.name
    slot = at
    while slot.parent is not None and slot.parent.type != "block":
        if slot.type in _APART or (slot.parent.type == "match_arm" and field(slot.parent, "value") != slot):
            return None
        if slot.parent.type == "match_arm":
            break
        operator = child(slot.parent, "&&", "||") if slot.parent.type == "binary_expression" else None
        if operator is not None and operator.start_byte < slot.start_byte:
            return None
        slot = slot.parent
    outer, lent = slot.parent, at.parent
    if outer is None:
        return None
    before = [each for each in within(slot, *_STEPS) if each.end_byte <= at.start_byte]
    if before:  # in place: `{ owned = make(); &owned }`
        if lent is None or lent.type != "reference_expression":
            return None
        return [put(lent, f"{{ {name} = {text}; {_with_name(parsed, lent, at, value.lent)} }}")]
    if outer == home:
        line = f"let {name} = {text};\n{indent_of(parsed, slot)}"
        return [between(slot.start_byte, slot.start_byte, line), put(at, value.lent)]
    said = _with_name(parsed, slot, at, value.lent)
    if outer.type == "match_arm":
        indent = indent_of(parsed, outer)
        arm = f"{{\n{indent}    {name} = {text};\n{indent}    {said}\n{indent}}}"
        return [between(slot.start_byte, outer.end_byte, arm)]
    if slot.start_point.row == outer.start_point.row:
        return [*_spread(parsed, outer, slot, [f"{name} = {text};", said])]
    return [between(slot.start_byte, slot.end_byte, f"{name} = {text};\n{indent_of(parsed, slot)}{said}")]


def _with_name(parsed: ParsedSource, whole: Node, at: Node, name: str) -> str:
    """A node's text with a name in the place of a part."""
    data = parsed.data
    return (data[whole.start_byte : at.start_byte] + name.encode() + data[at.end_byte : whole.end_byte]).decode()


def _spread(parsed: ParsedSource, block: Node, slot: Node, said: list[str]) -> Iterator[TextChange]:
    """A block of one line over several, and with it the other branches of its `if`."""
    chain = block
    while chain.parent is not None and chain.parent.type in ("if_expression", "else_clause"):
        chain = chain.parent
    indent = indent_of(parsed, chain)
    for each in within(chain, "block"):
        is_branch = each == block or (each.parent is not None and each.parent.type in ("if_expression", "else_clause"))
        if not is_branch or around(each.parent, "block") != around(block.parent, "block"):
            continue
        if each.start_point.row != each.end_point.row or not each.named_children:
            continue
        inside = [parsed.words(kid) for kid in each.named_children]
        if each == block:
            own = each.named_children.index(slot)
            inside[own : own + 1] = said
        lines = "".join(f"\n{indent}    {line}" for line in inside)
        yield put(each, f"{{{lines}\n{indent}}}")


def _as_mutable(change: TextChange, mut: str) -> TextChange:
    head = "let "
    text = head + mut + change.text[len(head) :] if change.text.startswith(head) else change.text
    return between(change.start, change.end, text)


def _joined(before: TextChange, changes: list[TextChange]) -> list[TextChange]:
    """The changes with one that comes before them, which may begin at the same place."""
    first = min(changes, key=lambda each: each.start)
    if first.start != before.start:
        return [before, *changes]
    return [between(first.start, first.end, before.text + first.text), *(each for each in changes if each != first)]


def _declaration(parsed: ParsedSource, at: Node, name: str) -> Node | None:
    """The last `let` of a name before a place, in a block around it."""
    block = around(at, "block")
    while block is not None:
        for each in reversed(block.named_children):
            pattern = field(each, "pattern")
            if each.type == "let_declaration" and each.end_byte <= at.start_byte:
                if pattern is not None and pattern.type == "identifier" and parsed.words(pattern) == name:
                    return each
        block = around(block.parent, "block")
    return None


def _declared_before(parsed: ParsedSource, let: Node, home: Node) -> str:
    """A `let` of an inner block taken apart: declared in the home, under another name where its own is used there."""
    block, value, kind, pattern = let.parent, field(let, "value"), field(let, "type"), field(let, "pattern")
    if block is None or value is None or pattern is None or block == home or field(let, "alternative") is not None:
        return ""
    name, data = parsed.words(pattern), parsed.data
    outside = (data[home.start_byte : block.start_byte] + data[block.end_byte : home.end_byte]).decode()
    first = _child_with(home, let)
    mut = "mut " if child(let, "mutable_specifier") is not None else ""
    chosen, changes = name, []
    if re.search(rf"\b{name}\b", outside):
        inside = data[let.end_byte : block.end_byte].decode()
        free = [each for each in _NAMES if not re.search(rf"\b{each}\b", outside + inside)]
        if not free or re.search(rf"\{{{name}\b", inside) or any(within(block, "shorthand_field_initializer")):
            return ""
        chosen = free[0]
        leaves = [each for each in parsed.leaves if let.end_byte <= each.start_byte < block.end_byte]
        changes = [put(each, chosen) for each in leaves if each.type == "identifier" and parsed.words(each) == name]
    typed = f": {parsed.words(kind)}" if kind is not None else ""
    declared = f"let {mut}{chosen}{typed};\n{indent_of(parsed, first)}"
    return parsed.changed(
        [
            between(first.start_byte, first.start_byte, declared),
            between(let.start_byte, value.start_byte, f"{chosen} = "),
            *changes,
        ]
    )
