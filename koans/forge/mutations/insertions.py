"""Mistakes by insertion: something is held, moved, cloned or scoped across a use that stands in its way."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from sleepy.koans.syntax import Changes, ParsedSource, TextChange, between, body_statements, child, field, members, put

_HELD = ("held", "current", "first", "kept", "inner", "other", "before", "place", "view", "handle", "this", "entry")
_STATEMENTS = ("let_declaration", "expression_statement")
# what is looked at, and how a copy of it is made
_VIEWS = dict.fromkeys("as_ref as_mut as_deref iter_mut get get_mut borrow keys values deref last_mut".split(), "clone")
_VIEWS |= dict.fromkeys("as_slice as_mut_slice iter first last windows chunks split_at".split(), "to_vec")
_VIEWS |= dict.fromkeys("as_str as_bytes trim chars bytes split lines strip_prefix".split(), "to_string")


def aliased(source: ParsedSource) -> Iterator[Changes]:
    """A reference is taken before a statement that uses its place, and used after it."""
    for first, second in _neighbours(source):
        before = {source.words(node) for node in _places(source, first)}
        for node in _places(source, second):
            words = source.words(node)
            if words not in before:
                continue
            name = words.removeprefix("self.") if words.startswith("self.") else _named(source, node)
            again = "*" if f"{words}: &" in source.text else ""  # a reference is borrowed anew
            root = "&mut self" if words.startswith("self.") else f"mut {words}"
            for borrow in ("&mut " + again, "&" + again) if root in source.text or again else ("&",):
                yield (_ahead(first, f"let {name} = {borrow}{words};"), put(node, name))


def moved_early(source: ParsedSource) -> Iterator[Changes]:
    """`let held = x;` lands before a statement that still uses x."""
    for _, second in _neighbours(source):
        for node in _places(source, second):
            yield (_ahead(second, f"let {_named(source, node)} = {source.words(node)};"),)


def late_drop(source: ParsedSource) -> Iterator[Changes]:
    """`let b = a.view(); use(b)` -> `let b = a.view(); drop(a); use(b)`."""
    for first, second in _neighbours(source):
        pattern = field(first, "pattern") if first.type == "let_declaration" else None
        if pattern is None or source.words(pattern) not in {source.words(node) for node in _places(source, second)}:
            continue
        for words in dict.fromkeys(source.words(node) for node in _places(source, first)):
            if words != "self":
                yield (_ahead(second, f"drop({words});"),)


def inner_scope(source: ParsedSource) -> Iterator[Changes]:
    """`let a = f(); let b = a.view();` -> `let b = { let a = f(); a.view() };`: what b is of ends too early."""
    for first, second in _neighbours(source):
        if first.type != "let_declaration" or second.type != "let_declaration":
            continue
        pattern, value = field(first, "pattern"), field(second, "value")
        if pattern is None or value is None or pattern.type != "identifier":
            continue
        if source.words(pattern) not in {source.words(node) for node in _places(source, value)}:
            continue
        block = second.parent
        rest = source.data[second.end_byte : block.end_byte].decode() if block is not None else ""
        if re.search(rf"\b{re.escape(source.words(pattern))}\b", rest):
            continue
        one, two = source.words(first), source.words(value)
        if "\n" in one or "\n" in two or len(one) + len(two) > 80:
            continue
        head = source.data[second.start_byte : value.start_byte].decode()
        yield (between(first.start_byte, second.end_byte, f"{head}{{ {one} {two} }};"),)


def cloned_view(source: ParsedSource) -> Iterator[Changes]:
    """`x.name.as_str()` -> `x.name.clone().as_str()`, `&self.items` -> `&self.items.clone()`: a view of a temporary."""
    for node in source.of("call_expression"):
        function = field(node, "function")
        if function is None or function.type != "field_expression":
            continue
        value = field(function, "value")
        copy = _VIEWS.get(source.words(field(function, "field")))
        if value is not None and copy is not None:
            yield (between(value.end_byte, value.end_byte, f".{copy}()"),)
            if node.parent is not None and node.parent.type == "let_declaration" and "\n" not in source.words(node):
                rest = source.data[value.end_byte : node.end_byte].decode()
                name = _named(source, node)
                yield (put(node, f"{{ let {name} = {source.words(value)}.{copy}(); {name}{rest} }}"),)
    for node in source.of("reference_expression"):
        value = field(node, "value")
        if value is not None and value.type in ("field_expression", "identifier", "index_expression"):
            yield (between(value.end_byte, value.end_byte, ".clone()"),)


def extra_move(source: ParsedSource) -> Iterator[Changes]:
    """`|x|` -> `move |x|`."""
    for node in source.of("closure_expression"):
        if child(node, "move") is None:
            yield (between(node.start_byte, node.start_byte, "move "),)


def method_drop(source: ParsedSource) -> Iterator[Changes]:
    """`drop(x)` -> `x.drop()`."""
    for node in source.of("call_expression"):
        arguments = field(node, "arguments")
        inside = members(arguments) if arguments is not None else []
        if source.words(field(node, "function")) in ("drop", "mem::drop") and len(inside) == 1:
            yield (put(node, f"{source.words(inside[0])}.drop()"),)


def _neighbours(source: ParsedSource) -> Iterator[tuple[Node, Node]]:
    """Two statements one after the other, neither of them long."""
    for block in source.of("block"):
        for first, second in pairwise(body_statements(block)):
            if first.type in _STATEMENTS and second.end_point[0] - second.start_point[0] < 12:
                yield first, second


def _places(source: ParsedSource, node: Node) -> list[Node]:
    """The variables and `self.field`s a statement uses, outside closures and macros."""
    out: list[Node] = []
    waiting = [field(node, "value") if node.type == "let_declaration" else node]
    while waiting:
        here = waiting.pop()
        if here is None or here.type in ("closure_expression", "macro_invocation", "scoped_identifier"):
            continue
        if here.type == "field_expression" and source.words(field(here, "value")) == "self":
            parent = here.parent
            if parent is None or parent.type != "call_expression" or field(parent, "function") != here:
                out.append(here)
            continue
        if here.type == "identifier":
            parent = here.parent
            if parent is None or parent.type != "call_expression" or field(parent, "function") != here:
                if source.words(here)[:1].islower():
                    out.append(here)
            continue
        waiting.extend(reversed(here.named_children))
    return out


def _ahead(node: Node, line: str) -> TextChange:
    return between(node.start_byte, node.start_byte, f"{line}\n{' ' * node.start_point[1]}")


def _named(source: ParsedSource, node: Node) -> str:
    """A name for what is held that the program does not have."""
    rng = random.Random(f"{source.words(node)}{node.start_byte}")
    free = [name for name in _HELD if name not in source.text]
    return rng.choice(free or ["held_here"])
