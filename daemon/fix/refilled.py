"""Places that a function empties and gives a new value again: `let old = self.head.take(); ... self.head = Some(new);`

The new value must come on every way that the emptied value takes: after it or in the same loop, behind no condition
that does not ask for that value, before no `return`. What `Drop::drop` empties need not be filled again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.sandbox import tree

_LOOPS = ("for_expression", "while_expression", "loop_expression")
_CHOICES = ("if_expression", "match_expression")
_TAKING = ("take", "replace", "swap")
_LENT = re.compile(r"&\s*mut\b|[&*()\s]")
_NAME = re.compile(r"\w+")


def refilled(data: bytes, root: Node) -> Counter[tuple[str, str]]:
    """How often each place that is taken, by the call and the place's last word, is given a new value again."""
    found: Counter[tuple[str, str]] = Counter()
    for own in (each for each in tree.descendants(root) if each.type == "function_item"):
        inside = list(tree.descendants(own))
        assigned = [
            (_place(data, left), each)
            for each in inside
            if each.type == "assignment_expression" and (left := each.child_by_field_name("left")) is not None
        ]
        returns = [each for each in inside if each.type == "return_expression"]
        for how, place, call in _taken(data, inside):
            text = _place(data, place)
            if any(_holds(each, call) and _is_part(data, text, left, call) for left, each in assigned):
                again = [call]
            else:
                again = [each for left, each in assigned if left == text and _follows(data, call, each)]
            between = [r for r in returns if again and call.end_byte < r.start_byte < again[0].start_byte]
            if (again and not any(_leaves(data, call, each) for each in between)) or _ends(data, own):
                words = re.findall(r"\w+|\S", tree.source_of(data, place).decode(errors="replace"))
                found[how, words[-1]] += 1
    return found


def _taken(data: bytes, nodes: list[Node]) -> Iterator[tuple[str, Node, Node]]:
    """The calls that empty a place: what they are known by, the place, the call."""
    for call in nodes:
        called, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if call.type != "call_expression" or called is None or given is None:
            continue
        if called.type == "field_expression" and not given.named_children:
            place, name = called.child_by_field_name("value"), called.child_by_field_name("field")
            if place is not None and name is not None and tree.source_of(data, name) == b"take":
                yield "take", place, call
        elif called.type == "scoped_identifier" and given.named_children:
            *path, name_ = tree.source_of(data, called).decode(errors="replace").split("::")
            if path and path[-1] == "mem" and name_ in _TAKING:
                yield f"mem::{name_}", given.named_children[0], call


def _place(data: bytes, node: Node) -> str:
    return _LENT.sub("", tree.source_of(data, node).decode(errors="replace"))


def _follows(data: bytes, call: Node, assigned: Node) -> bool:
    """Whether an assignment is made whenever a call found something."""
    if _holds(assigned, call):
        return True
    if assigned.start_byte < call.end_byte:
        return any(_holds(each, assigned) for each in _above(call) if each.type in _LOOPS)
    for each in _above(assigned):
        if _holds(each, call):
            break
        if each.type in _CHOICES and not _asks(data, each, call) and not _both(data, each, assigned):
            return False
        if each.type in _LOOPS and not _asks(data, each, call):
            return False
        if each.type == "closure_expression" and not _is_given(each, call):
            return False
    return True


def _is_part(data: bytes, text: str, left: str, call: Node) -> bool:
    """Whether what is emptied is a part of what is assigned to: `head = top.under.take()` where `top` is of `head`."""
    root = _NAME.match(text)
    if root is None or not left:
        return False
    for each in _above(call):
        pairs = [(each.child_by_field_name("pattern"), each.child_by_field_name("value"))]
        if each.type == "match_arm" and each.parent is not None and each.parent.parent is not None:
            pairs = [(each.child_by_field_name("pattern"), each.parent.parent.child_by_field_name("value"))]
        elif each.type in ("if_expression", "while_expression"):
            said = each.child_by_field_name("condition")
            if said is not None and said.type == "let_condition":
                pairs = [(said.child_by_field_name("pattern"), said.child_by_field_name("value"))]
        elif each.type == "block":
            pairs = [
                (kid.child_by_field_name("pattern"), kid.child_by_field_name("value"))
                for kid in each.named_children
                if kid.type == "let_declaration" and kid.end_byte <= call.start_byte
            ]
        for pattern, value in reversed(pairs):
            if pattern is None or value is None:
                continue
            if root[0] in _NAME.findall(tree.source_of(data, pattern).decode(errors="replace")):
                return re.match(rf"{re.escape(left)}(?:\W|$)", _place(data, value)) is not None
    return False


def _asks(data: bytes, node: Node, call: Node) -> bool:
    """Whether a condition, a match or a loop is about what the call's value is bound to."""
    said = node.child_by_field_name("condition") or node.child_by_field_name("value")
    let: Node | None = next((each for each in _above(call) if each.type == "let_declaration"), None)
    bound = let.child_by_field_name("pattern") if let is not None else None
    if said is None or bound is None:
        return False
    names = set(_NAME.findall(tree.source_of(data, bound).decode(errors="replace"))) - {"mut", "ref", "Some"}
    return not names.isdisjoint(_NAME.findall(tree.source_of(data, said).decode(errors="replace")))


def _both(data: bytes, choice: Node, assigned: Node) -> bool:
    """Whether every branch of a choice gives the place a value."""
    left = assigned.child_by_field_name("left")
    text = _place(data, left) if left is not None else ""
    if choice.type == "match_expression":
        inside = choice.child_by_field_name("body")
        branches = [each for each in inside.named_children if each.type == "match_arm"] if inside is not None else []
    else:
        parts = [choice.child_by_field_name(name) for name in ("consequence", "alternative")]
        branches = [each for each in parts if each is not None]
        if len(branches) < 2:
            return False
    return all(
        any(
            each.type == "assignment_expression"
            and (own := each.child_by_field_name("left")) is not None
            and _place(data, own) == text
            for each in tree.descendants(branch)
        )
        for branch in branches
    )


def _is_given(closure: Node, call: Node) -> bool:
    """Whether a closure is handed what the call found: `place.take().map(|it| ...)`."""
    given = closure.parent
    return given is not None and given.type == "arguments" and given.parent is not None and _holds(given.parent, call)


def _leaves(data: bytes, call: Node, back: Node) -> bool:
    """Whether a `return` after the call leaves with the place empty: none that asks for what was found does."""
    for each in _above(back):
        if _holds(each, call):
            return each.type not in ("let_declaration", *_CHOICES)
        if each.type in _CHOICES and _asks(data, each, call):
            return False
    return True


def _ends(data: bytes, own: Node) -> bool:
    """Whether a function is `Drop::drop`."""
    name = own.child_by_field_name("name")
    outer = next((each for each in _above(own) if each.type == "impl_item"), None)
    of = outer.child_by_field_name("trait") if outer is not None else None
    return (
        name is not None
        and of is not None
        and tree.source_of(data, name) == b"drop"
        and tree.source_of(data, of).split(b"::")[-1] == b"Drop"
    )


def _above(node: Node) -> list[Node]:
    """What a node stands in, within its function; of a function, what that stands in."""
    found: list[Node] = []
    at = node.parent
    while at is not None and at.type != "function_item":
        found.append(at)
        at = at.parent
    return found


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte
