"""Places that a function empties and gives a new value again: `let old = self.head.take(); ... self.head = Some(new);`

The new value must come on every way that the emptied value takes, before the function is left (`return`, `?`, `.await`)
and before anything is called that may read the place. A way on which nothing was found has nothing to give back.
What `Drop::drop` empties need not be filled again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum

from tree_sitter import Node

from sleepy.sandbox import tree

_TAKING = ("take", "replace", "swap")
_LENT = re.compile(r"&\s*mut\b|[&*()\s]")
_NAME = re.compile(r"\w+")
_LOOKS = ("as_ref", "as_mut", "as_deref", "as_deref_mut", "ok_or", "ok_or_else")
_IF_FOUND = ("map", "and_then", "is_some_and", "map_or", "map_or_else", "inspect")
_IF_NOT = ("unwrap_or_else", "or_else", "ok_or_else")
_ENDS = ("panic", "unreachable", "todo", "unimplemented")
_APART = ("closure_expression", "async_block")


class _Place(IntEnum):
    """What has become of a place on a way; of two ways that meet, the worse."""

    LEFT = 0  # the way ends before
    BEFORE = 1
    WHOLE = 2
    EMPTY = 3


def refilled(data: bytes, root: Node) -> Counter[tuple[str, str]]:
    """How often each place that is taken, by the call and the place's last word, is given a new value again."""
    found: Counter[tuple[str, str]] = Counter()
    for own in (each for each in tree.descendants(root) if each.type == "function_item"):
        body = own.child_by_field_name("body")
        for how, place, call in _taken(data, _own(own)) if body is not None else ():
            if _ends(data, own) or (body is not None and _Walk(data, how, place, call).refills(body)):
                words = re.findall(r"\w+|\S", tree.source_of(data, place).decode(errors="replace"))
                found[how, words[-1]] += 1
    return found


def _own(function: Node) -> Iterator[Node]:
    """What is in a function and in none within it."""
    for each in function.named_children:
        if each.type != "function_item":
            yield each
            yield from _own(each)


def _taken(data: bytes, nodes: Iterator[Node]) -> Iterator[tuple[str, Node, Node]]:
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


class _Walk:
    """The ways through a function from the call that empties a place."""

    def __init__(self, data: bytes, how: str, place: Node, call: Node) -> None:
        self.data, self.call = data, call
        given = call.child_by_field_name("arguments")
        parts = given.named_children if given is not None else []
        self.empties = how != "mem::swap"
        # what stands for nothing found: what the place is left with
        self.nothing = ("None", "Err(_)") if how != "mem::replace" else (self._said(parts[-1]),)
        self.text = _place(data, place)
        root = _NAME.match(self.text)
        self.root = root[0] if root else ""
        self.names: set[str] = set()  # what the call's value is bound to
        self.changed: set[str] = set()  # of these, what has another value by now
        self.loops: list[tuple[list[_Place], list[_Place]]] = []  # where `break` and `continue` left them
        self.filled = self.failed = False
        self.apart = False  # in a closure that runs some other time

    def refills(self, body: Node) -> bool:
        """Whether the place is given a new value on every way."""
        return self._of(body, _Place.BEFORE) is not _Place.EMPTY and self.filled and not self.failed

    def _of(self, node: Node | None, now: _Place) -> _Place:
        """What has become of the place after a node."""
        if node is None:
            return now
        own = getattr(self, f"_{node.type}", None)
        if own is not None:
            after: _Place = own(node, now)
            return after
        if node.type in _APART:
            return self._later(node, now)
        if node.type in ("function_item", "line_comment", "block_comment"):
            return now
        for each in node.named_children:
            now = self._of(each, now)
        return now

    def _leaves(self, now: _Place) -> None:
        if now is _Place.EMPTY and not self.apart:
            self.failed = True

    # what gives a value, what reads one

    def _assignment_expression(self, node: Node, now: _Place) -> _Place:
        left = node.child_by_field_name("left")
        now = self._of(node.child_by_field_name("right"), now)
        text = _place(self.data, left) if left is not None else ""
        self.changed.add(text)
        if text == self.text or (_holds(node, self.call) and _is_part(self.data, self.text, text, self.call)):
            if now is _Place.EMPTY:
                self.filled = True
                return _Place.WHOLE
            return now
        return self._of(left, now)

    def _call_expression(self, node: Node, now: _Place) -> _Place:
        called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        value = called.child_by_field_name("value") if called is not None else None
        name = self._said(called.child_by_field_name("field")) if called is not None else ""
        parts = list(given.named_children) if given is not None else []
        if value is not None and self._is_found(value) and name in (*_IF_FOUND, *_IF_NOT):
            now = self._of(value, now)
            for i, each in enumerate(parts):
                if each.type != "closure_expression":
                    now = self._of(each, now)
                elif name in _IF_NOT or (name == "map_or_else" and i == 0):
                    self._of(each.child_by_field_name("body"), _whole(now))
                else:
                    now = max(_whole(now), self._of(each.child_by_field_name("body"), now))
            return now
        now = self._of(given, self._of(called, now))
        if node == self.call:
            return _Place.EMPTY
        if now is _Place.EMPTY:  # what is called while the place is empty, whatever was written first
            for each in [*parts, *([value] if value is not None else [])]:
                while each.type in ("reference_expression", "unary_expression"):
                    each = each.named_children[-1]
                if self._is_place(each):
                    self._reads(_place(self.data, each))
        return now

    def _identifier(self, node: Node, now: _Place) -> _Place:
        if now is _Place.EMPTY and self._said(node) == self.root:
            while (above := node.parent) is not None and above.type == "field_expression":
                if above.parent is not None and above.parent.type == "call_expression":
                    if above.parent.child_by_field_name("function") == above:
                        break
                node = above
            self._reads(_place(self.data, node))
        return now

    _self = _shorthand_field_initializer = _identifier

    def _macro_invocation(self, node: Node, now: _Place) -> _Place:
        said = self._said(node)
        if now is _Place.EMPTY:
            for found in re.finditer(rf"(?<![\w.]){re.escape(self.root)}((?:\s*\.\s*\w+)*)(\s*\()?", said):
                text = re.sub(r"\s", "", self.root + found[1])
                self._reads(text.rpartition(".")[0] if found[2] else text)
        return _Place.LEFT if re.match(r"\w+", said)[0] in _ENDS else now  # type: ignore[index]

    def _is_place(self, node: Node) -> bool:
        return node.type in ("identifier", "self", "field_expression") and "(" not in self._said(node)

    def _reads(self, text: str) -> None:
        """Fails where what is read is the place, a part of it, or what it is a part of."""
        short, long = sorted((text, self.text), key=len)
        if long.startswith(short) and not re.match(r"\w", long[len(short) :]):
            self.failed = True

    # what leaves

    def _return_expression(self, node: Node, now: _Place) -> _Place:
        for each in node.named_children:
            now = self._of(each, now)
        self._leaves(now)
        return _Place.LEFT

    def _try_expression(self, node: Node, now: _Place) -> _Place:
        now = self._of(node.named_children[0], now)
        if not self._is_found(node.named_children[0]):
            self._leaves(now)
        return now

    def _await_expression(self, node: Node, now: _Place) -> _Place:
        now = self._of(node.named_children[0], now)
        self._leaves(now)
        return now

    def _break_expression(self, node: Node, now: _Place) -> _Place:
        for each in node.named_children:
            now = self._of(each, now) if each.type != "label" else now
        is_labelled = any(each.type == "label" for each in node.named_children)
        if not self.loops:
            self._leaves(now)
        for out, again in self.loops if is_labelled else self.loops[-1:]:
            (out if node.type == "break_expression" else again).append(now)
        return _Place.LEFT

    _continue_expression = _break_expression

    # where ways part

    def _let_declaration(self, node: Node, now: _Place) -> _Place:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        now = self._of(value, now)
        if (other := node.child_by_field_name("alternative")) is not None:
            self._of(other, self._either(pattern, value, now)[1])
        said = self._said(pattern).removeprefix("mut ")
        self.names.discard(said)
        if value is not None and pattern is not None and pattern.type == "identifier" and self._is_found(value):
            self.names.add(said)
            self.changed.discard(said)
        return now

    def _if_expression(self, node: Node, now: _Place) -> _Place:
        names = set(self.names)
        yes, no = self._asked(node.child_by_field_name("condition"), now)
        after = self._of(node.child_by_field_name("consequence"), yes)
        self.names = names
        return max(after, self._of(node.child_by_field_name("alternative"), no))

    def _match_expression(self, node: Node, now: _Place) -> _Place:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        rest, after, names = self._of(value, now), _Place.LEFT, set(self.names)
        for arm in body.named_children if body is not None else ():
            pattern = arm.child_by_field_name("pattern")
            if arm.type != "match_arm" or pattern is None:
                continue
            self.names = set(names)
            guard = pattern.child_by_field_name("condition")
            yes, no = self._either(pattern.named_children[0] if pattern.named_children else None, value, rest)
            if guard is None:
                rest = no
            after = max(after, self._of(arm.child_by_field_name("value"), self._of(guard, yes)))
        self.names = names
        return after

    def _binary_expression(self, node: Node, now: _Place) -> _Place:
        return max(self._asked(node, now))

    def _while_expression(self, node: Node, now: _Place) -> _Place:
        return self._round(node, now)

    _for_expression = _loop_expression = _while_expression

    def _round(self, node: Node, now: _Place) -> _Place:
        outs: list[_Place] = []
        again: list[_Place] = []
        self.loops.append((outs, again))
        if node.type == "for_expression":
            now = self._of(node.child_by_field_name("value"), now)
        names = set(self.names)
        for _ in range(3):  # as often as a place may become worse
            self.names = set(names)
            said = node.child_by_field_name("condition")
            yes, no = self._asked(said, now) if said is not None else (now, now)
            if node.type != "loop_expression":
                outs.append(no)
            now = max(now, self._of(node.child_by_field_name("body"), yes), *again)
        self.loops.pop()
        self.names = names
        return max(outs, default=_Place.LEFT)

    def _later(self, node: Node, now: _Place) -> _Place:
        """What runs perhaps and some other time."""
        was, loops = self.apart, self.loops
        self.apart, self.loops = was or not _holds(node, self.call), []
        body = node.child_by_field_name("body")
        after = self._of(body, now) if body is not None else now
        for each in node.named_children if body is None else ():
            after = self._of(each, after)
        self.apart, self.loops = was, loops
        return max(now, after)

    # what tells whether something was found

    def _is_found(self, node: Node) -> bool:
        """Whether an expression is there where the call found something, and only there."""
        if node == self.call:
            return self.empties
        if node.type == "identifier":
            return self._said(node) in self.names - self.changed
        if node.type in ("reference_expression", "parenthesized_expression"):
            return bool(node.named_children) and self._is_found(node.named_children[-1])
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        value = called.child_by_field_name("value") if called is not None else None
        if called is None or value is None or called.type != "field_expression":
            return False
        return self._said(called.child_by_field_name("field")) in _LOOKS and self._is_found(value)

    def _asked(self, node: Node | None, now: _Place) -> tuple[_Place, _Place]:
        """What has become of the place where a condition holds, and where it does not."""
        if node is None:
            return now, now
        if node.type == "parenthesized_expression" and node.named_children:
            return self._asked(node.named_children[0], now)
        if node.type == "unary_expression" and self._said(node).startswith("!"):
            yes, no = self._asked(node.named_children[-1], now)
            return no, yes
        if node.type == "let_condition":
            pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
            return self._either(pattern, value, self._of(value, now))
        joined = self._said(node.child_by_field_name("operator")) if node.type == "binary_expression" else ""
        if node.type == "let_chain" or joined in ("&&", "||"):
            yes, no = now, _Place.LEFT
            if joined == "||":
                yes, no = no, yes
            for each in node.named_children:
                a, b = self._asked(each, no if joined == "||" else yes)
                yes, no = (max(yes, a), b) if joined == "||" else (a, max(no, b))
            return yes, no
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        value = called.child_by_field_name("value") if called is not None else None
        name = self._said(called.child_by_field_name("field")) if called is not None else ""
        if node.type == "binary_expression":
            for each in node.named_children:
                now = self._of(each, now)
            return now, now
        now = self._of(node, now)
        if value is not None and self._is_found(value) and name in ("is_some", "is_none", "is_empty"):
            return (now, _whole(now)) if name == "is_some" else (_whole(now), now)
        return now, now

    def _either(self, pattern: Node | None, value: Node | None, now: _Place) -> tuple[_Place, _Place]:
        """What has become of the place where a pattern fits what is looked at, and where it does not."""
        said = self._said(pattern)
        is_found = value is not None and self._is_found(value)
        self.names -= set(_NAME.findall(said))  # these are others from here on
        if pattern is not None and is_found:
            if said in self.nothing:
                return _whole(now), now
            if (
                "None" in self.nothing
                and said.startswith(("Some(", "Ok("))
                and all(map(self._always, pattern.named_children[1:]))
            ):
                return now, _whole(now)
        return now, now

    def _always(self, pattern: Node) -> bool:
        """Whether a pattern fits every value of its type."""
        if pattern.type in ("identifier", "type_identifier", "field_identifier", "shorthand_field_identifier"):
            return pattern.type != "identifier" or not self._said(pattern)[0].isupper()
        if pattern.type in ("mutable_specifier", "remaining_field_pattern", "_"):
            return True
        if pattern.type not in (
            *("ref_pattern", "mut_pattern", "reference_pattern", "tuple_pattern", "field_pattern", "struct_pattern"),
        ):
            return False
        return all(map(self._always, pattern.named_children))

    def _said(self, node: Node | None) -> str:
        return tree.source_of(self.data, node).decode(errors="replace") if node is not None else ""


def _whole(now: _Place) -> _Place:
    """What has become of a place where nothing was found in it: it needs nothing back."""
    return _Place.WHOLE if now is _Place.EMPTY else now


def _place(data: bytes, node: Node) -> str:
    return _LENT.sub("", tree.source_of(data, node).decode(errors="replace"))


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
