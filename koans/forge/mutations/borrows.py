"""Mistakes of ownership: what a borrow, a clone, a `mut` or an order of statements was there for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sleepy.koans.syntax import (
    Changes,
    ParsedSource,
    between,
    body_statements,
    child,
    cut,
    field,
    members,
    put,
    tail,
)


def immutable_binding(source: ParsedSource) -> Iterator[Changes]:
    """`let mut x` -> `let x`, `mut x: T` -> `x: T` in parameters, `|mut x|` -> `|x|`."""
    for node in source.of("mutable_specifier"):
        parent = node.parent
        if parent is not None and parent.type in ("let_declaration", "parameter", "mut_pattern"):
            yield (between(node.start_byte, node.end_byte + 1),)


def shared_reference_type(source: ParsedSource) -> Iterator[Changes]:
    """`&mut T` -> `&T` in a type, `&mut self` -> `&self`."""
    for node in source.of("mutable_specifier"):
        parent = node.parent
        if parent is not None and parent.type in ("reference_type", "self_parameter"):
            yield (between(node.start_byte, node.end_byte + 1),)


def shared_borrow(source: ParsedSource) -> Iterator[Changes]:
    """`&mut x` -> `&x` in an expression."""
    for node in source.of("reference_expression"):
        mutable = child(node, "mutable_specifier")
        if mutable is not None:
            yield (between(mutable.start_byte, mutable.end_byte + 1),)


def dropped_borrow(source: ParsedSource) -> Iterator[Changes]:
    """`&x` -> `x` and `&mut x` -> `x`."""
    for node in source.of("reference_expression"):
        value = field(node, "value")
        if value is not None:
            yield (between(node.start_byte, value.start_byte),)


def extra_borrow(source: ParsedSource) -> Iterator[Changes]:
    """`f(x)` -> `f(&x)`: an argument, a returned or an assigned name is borrowed without need."""
    for node in source.of("arguments"):
        for item in members(node):
            if item.type in ("identifier", "field_expression", "call_expression"):
                yield (put(item, "&" + source.words(item)),)


def dropped_clone(source: ParsedSource) -> Iterator[Changes]:
    """`x.clone()` -> `x`, and its like where an owned value is made of a borrowed one."""
    yield from _dropped_calls(source, "clone", "cloned", "copied", "to_vec", "to_owned")


def dropped_view(source: ParsedSource) -> Iterator[Changes]:
    """`x.iter()` -> `x`, `x.as_ref()` -> `x`: the value itself where a view of it belongs."""
    yield from _dropped_calls(
        source, "iter", "iter_mut", "as_ref", "as_mut", "as_deref", "as_str", "as_bytes", "as_slice", "borrow",
        "borrow_mut", "lock", "take",
    )  # fmt: skip


def other_iteration(source: ParsedSource) -> Iterator[Changes]:
    """`.iter()` -> `.into_iter()`, `.iter_mut()` -> `.iter()`, `.into_iter()` -> `.iter()`."""
    other = {"iter": "into_iter", "iter_mut": "iter", "into_iter": "iter", "drain": "iter", "get_mut": "get",
             "borrow_mut": "borrow", "as_mut": "as_ref", "values_mut": "values", "last_mut": "last",
             "first_mut": "first", "write": "read"}  # fmt: skip
    for node in source.of("field_identifier"):
        name = source.words(node)
        if name in other and node.parent is not None and node.parent.parent is not None:
            if node.parent.parent.type == "call_expression":
                yield (put(node, other[name]),)


def moved_loop(source: ParsedSource) -> Iterator[Changes]:
    """`for x in &v` -> `for x in v`."""
    for node in source.of("for_expression"):
        value = field(node, "value")
        if value is not None and value.type == "reference_expression":
            inner = field(value, "value")
            if inner is not None:
                yield (between(value.start_byte, inner.start_byte),)


def dropped_dereference(source: ParsedSource) -> Iterator[Changes]:
    """`*x` -> `x`."""
    for node in source.of("unary_expression"):
        if node.children[0].type == "*":
            yield (cut(node.children[0]),)


def extra_dereference(source: ParsedSource) -> Iterator[Changes]:
    """`x` -> `*x` for a name that stands as an operand."""
    for node in source.of("binary_expression"):
        for side in ("left", "right"):
            part = field(node, side)
            if part is not None and part.type == "identifier":
                yield (put(part, "*" + source.words(part)),)


def dropped_pattern_borrow(source: ParsedSource) -> Iterator[Changes]:
    """`|&x|` -> `|x|`, `&(a, b)` -> `(a, b)` and `ref x` -> `x` in patterns."""
    for node in source.of("reference_pattern"):
        yield (between(node.start_byte, node.children[1].start_byte),)
    for node in source.of("ref_pattern"):
        yield (between(node.start_byte, node.children[1].start_byte),)


def extra_pattern_borrow(source: ParsedSource) -> Iterator[Changes]:
    """`|x|` -> `|&x|`."""
    for node in source.of("closure_parameters"):
        for item in members(node):
            if item.type in ("identifier", "tuple_pattern"):
                yield (put(item, "&" + source.words(item)),)


def dropped_move(source: ParsedSource) -> Iterator[Changes]:
    """`move |x|` -> `|x|`."""
    for node in source.of("closure_expression"):
        moved = child(node, "move")
        if moved is not None:
            yield (between(moved.start_byte, moved.end_byte + 1),)


def swapped_statements(source: ParsedSource) -> Iterator[Changes]:
    """Two neighbouring one-line statements change places, the first defining a name the second uses or takes."""
    for block in source.of("block"):
        inside = body_statements(block)
        for first, second in pairwise(inside):
            kinds = ("let_declaration", "expression_statement")
            if first.type not in kinds or second.type not in kinds or second.children[-1].type != ";":
                continue
            one, two = source.words(first), source.words(second)
            if "\n" in one or "\n" in two or not set(_NAME.findall(one)) & set(_NAME.findall(two)):
                continue
            yield (put(first, two), put(second, one))


def inlined_binding(source: ParsedSource) -> Iterator[Changes]:
    """`let n = v.len(); v[n] = 0;` -> `v[v.len()] = 0;`: a name used once is replaced by its value."""
    for block in source.of("block"):
        inside = body_statements(block)
        for node, follower in pairwise(inside):
            value = field(node, "value") if node.type == "let_declaration" else None
            pattern = field(node, "pattern") if node.type == "let_declaration" else None
            if value is None or pattern is None or pattern.type != "identifier" or field(node, "type"):
                continue
            if node.end_point[0] != node.start_point[0] or child(node, "mutable_specifier"):
                continue
            name = source.words(pattern)
            rest = source.data[node.end_byte : block.end_byte].decode()
            uses = [found.start() for found in re.finditer(rf"\b{name}\b", rest)]
            at = node.end_byte + (uses[0] if uses else 0)
            if len(uses) != 1 or not follower.start_byte <= at < follower.end_byte:
                continue
            yield (source.line_of(node), between(at, at + len(name.encode()), source.words(value)))


def early_drop(source: ParsedSource) -> Iterator[Changes]:
    """A `drop(x);` lands before a statement that still needs x."""
    for block in source.of("block"):
        inside = body_statements(block)
        known: list[str] = []
        for node in inside:
            line = source.words(node)
            for name in known:
                if re.search(rf"\b{name}\b", line):
                    indent = " " * node.start_point[1]
                    yield (between(node.start_byte, node.start_byte, f"drop({name});\n{indent}"),)
                    break
            if node.type == "let_declaration":
                pattern = field(node, "pattern")
                if pattern is not None and pattern.type == "identifier":
                    known.append(source.words(pattern))


def consumed_receiver(source: ParsedSource) -> Iterator[Changes]:
    """`&self` -> `self`, `&mut self` -> `self`."""
    for node in source.of("self_parameter"):
        if node.children[0].type == "&":
            yield (put(node, "self"),)


def cloned_later(source: ParsedSource) -> Iterator[Changes]:
    """The clone is taken of the wrong one: `f(x.clone()); g(x)` -> `f(x); g(x.clone())`."""
    calls = [
        (node, source.words(field(field(node, "function"), "value")))  # type: ignore[arg-type]
        for node in source.of("call_expression")
        if (function := field(node, "function")) is not None
        and function.type == "field_expression"
        and source.words(field(function, "field")) == "clone"
    ]
    for node, name in calls:
        if not _NAME.fullmatch(name):
            continue
        for use in source.of("identifier"):
            if use.start_byte > node.end_byte and source.words(use) == name and use.parent is not None:
                if use.parent.type in ("arguments", "field_initializer", "shorthand_field_initializer"):
                    yield (put(node, name), put(use, f"{name}.clone()"))
                break


def borrowed_for_cloned(source: ParsedSource) -> Iterator[Changes]:
    """`let x = y.clone();` -> `let x = &y;`: a borrow that lasts where a copy of its own was meant."""
    for node in source.of("let_declaration"):
        value = field(node, "value")
        function = field(value, "function") if value is not None and value.type == "call_expression" else None
        if value is None or function is None or function.type != "field_expression":
            continue
        inner = field(function, "value")
        if inner is not None and source.words(field(function, "field")) in ("clone", "to_vec", "to_owned", "to_string"):
            yield (put(value, "&" + source.words(inner)),)


def borrowed_for_copied(source: ParsedSource) -> Iterator[Changes]:
    """`let old = self.value;` -> `let old = &self.value;`."""
    for node in source.of("let_declaration"):
        value = field(node, "value")
        if value is not None and value.type in ("field_expression", "index_expression", "identifier"):
            yield (put(value, "&" + source.words(value)),)


def untaken(source: ParsedSource) -> Iterator[Changes]:
    """`mem::take(&mut self.x)` -> `self.x` and `&self.x`: moved or borrowed out of a borrow."""
    for node in source.of("call_expression"):
        name = source.words(field(node, "function")).rsplit("::", 1)[-1]
        arguments = field(node, "arguments")
        inside = members(arguments) if arguments is not None else []
        if name in ("take", "replace") and inside and inside[0].type == "reference_expression":
            place = source.words(field(inside[0], "value"))
            yield (put(node, place),)
            yield (put(node, "&" + place),)
            yield (put(node, "&mut " + place),)


def borrowed_result(source: ParsedSource) -> Iterator[Changes]:
    """A function that makes its result returns a reference to it: `-> String { .. out }` -> `-> &str { .. &out }`."""
    for node in source.of("function_item"):
        result, body = field(node, "return_type"), field(node, "body")
        last = tail(body) if body is not None else None
        if result is None or last is None or last.start_point[0] != last.end_point[0]:
            continue
        words = source.words(result)
        if words == "String":
            yield (put(result, "&str"), put(last, "&" + source.words(last)))
            yield (put(result, "&'static str"), put(last, "&" + source.words(last)))
        elif words.startswith("Vec<") and words.endswith(">"):
            yield (put(result, f"&[{words[4:-1]}]"), put(last, "&" + source.words(last)))


_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b")


def _dropped_calls(source: ParsedSource, *names: str) -> Iterator[Changes]:
    for node in source.of("call_expression"):
        function = field(node, "function")
        if function is None or function.type != "field_expression":
            continue
        name, value = field(function, "field"), field(function, "value")
        arguments = field(node, "arguments")
        if value is not None and source.words(name) in names and source.words(arguments) == "()":
            yield (between(value.end_byte, node.end_byte),)


dropped_calls = _dropped_calls
