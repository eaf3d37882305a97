"""Hidden tests: which functions they are, and their text made callable from a main of ours.

Tests are the functions marked `#[test]`, in modules (nested ones too) or bare, which are then wrapped in a
module that uses `super::*`. They may return a Result and carry `#[should_panic]`; ignored ones are left out. Tests that
a macro makes, or that a `#[cfg]` decides on, only the compiler can name: such a suite is `native`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from tree_sitter import Node

from sleepy.sandbox import tree
from sleepy.sandbox.tree import descendants, source_of

_WRAPPED = "tests"
_BESIDE = ("attribute_item", "line_comment", "block_comment")  # may stand before an item


class NoTestsError(ValueError):
    """The tests text holds no `#[test]` function: the koan's fault, never the model's."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test. `panics` is the Rust literal its panic must contain, `""` for any, None for no panic."""

    __test__ = False  # not pytest's

    name: str
    path: str
    panics: str | None


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests in the order they stand. `within(root)` is their text for a module of that path."""

    tests: tuple[Test, ...]
    _data: bytes
    _changes: tuple[tuple[int, int, str], ...]
    _roots: tuple[tuple[int, int], ...]  # where `crate` stands as a path
    native: bool = False

    @property
    def text(self) -> str:
        """The tests as they were written."""
        return self._data.decode()

    def within(self, root: str = "crate") -> str:
        """The text without #[test] and #[cfg(test)], every module and test visible, `crate` meaning `root`."""
        changes = [*self._changes, *((start, end, root) for start, end in self._roots)]
        out, at = [], 0
        for start, end, text in sorted(changes):
            out += [self._data[at:start], text.encode()]
            at = end
        return b"".join([*out, self._data[at:]]).decode()


NO_SUITE = Suite((), b"", (), ())


def parse(text: str) -> Suite:
    """The suite of a tests text. `NoTestsError` when it has no test."""
    data = text.encode()
    root = tree.parse(data)
    if any(_is(data, node, "test") for node in root.children):
        data = f"mod {_WRAPPED} {{\n#[allow(unused_imports)]\nuse super::*;\n{text}\n}}\n".encode()
        root = tree.parse(data)
    tests: list[Test] = []
    # what speaks to a whole crate has no place in a module
    changes = [
        (node.start_byte, node.end_byte, "\n" * source_of(data, node).count(b"\n"))
        for node in root.children
        if _is_inner(data, node)
    ]
    _collect(data, root, (), tests, changes)
    if any(_is_conditional(data, node) for node in descendants(root)):
        return Suite((), data, (), (), native=True)
    if not tests:
        raise NoTestsError("the tests hold no `#[test]` function: write `mod tests { use super::*; #[test] fn ... }`")
    roots = [
        (node.start_byte, node.end_byte)
        for node in descendants(root)
        if node.type == "crate"
        and (node.parent is None or node.parent.type != "visibility_modifier")
        and data[node.start_byte - 1 : node.start_byte] != b"$"
    ]
    return Suite(tuple(tests), data, tuple(changes), tuple(roots))


def _is_inner(data: bytes, node: Node) -> bool:
    """Whether a node is `#![..]` or `//! ..` before all items."""
    return node.type == "inner_attribute_item" or source_of(data, node).startswith((b"//!", b"/*!"))


def embedded(program: str) -> Suite:
    """The suite of a program that holds its tests itself; what they are called is known from this one."""
    found = parse(program)
    return Suite(found.tests, b"", (), (), native=True)


def _is_conditional(data: bytes, node: Node) -> bool:
    """Whether a macro's text holds a test, or a test or its module stands under a condition."""
    if node.type in ("macro_definition", "macro_invocation"):
        return b"#[test]" in b"".join(source_of(data, node).split())
    if node.type not in ("mod_item", "function_item"):
        return False
    marks = list(takewhile(lambda item: item.type in _BESIDE, _before(node)))
    decided = any(_is(data, mark, "cfg") and not _is_for_tests(data, mark) for mark in marks)
    within = descendants(node) if node.type == "mod_item" else marks
    return (decided or any(_is(data, mark, "cfg_attr") for mark in marks)) and any(
        _is(data, item, "test") for item in within
    )


def _collect(
    data: bytes, parent: Node, path: tuple[str, ...], tests: list[Test], changes: list[tuple[int, int, str]]
) -> None:
    attributes: list[Node] = []
    for node in parent.children:
        if node.type == "attribute_item":
            attributes.append(node)
            if _is(data, node, "test") or _is_for_tests(data, node):
                changes.append(_without(data, node))
            continue
        if node.type in ("line_comment", "block_comment"):
            continue
        name = node.child_by_field_name("name")
        if node.type == "mod_item" and name is not None and (body := node.child_by_field_name("body")) is not None:
            _show(data, node, changes)
            _collect(data, body, (*path, source_of(data, name).decode()), tests, changes)
        elif node.type == "function_item" and name is not None and any(_is(data, a, "test") for a in attributes):
            _show(data, node, changes)
            marks = [a for a in attributes if _is(data, a, "should_panic") or _is(data, a, "ignore")]
            changes.extend(_without(data, mark) for mark in marks)
            if not any(_is(data, a, "ignore") for a in attributes):
                whole = (*path, source_of(data, name).decode())
                tests.append(Test("::".join(whole[1:]) or whole[0], "::".join(whole), _panics(data, attributes)))
        attributes = []


def _before(node: Node) -> Iterator[Node]:
    """What stands before a node beside it, nearest first."""
    while node.prev_sibling is not None:
        node = node.prev_sibling
        yield node


def _is_for_tests(data: bytes, node: Node) -> bool:
    return b"".join(source_of(data, node).split()) == b"#[cfg(test)]"


def _without(data: bytes, node: Node) -> tuple[int, int, str]:
    """Takes a node out and leaves its line breaks."""
    return node.start_byte, node.end_byte, "\n" * source_of(data, node).count(b"\n")


def _show(data: bytes, node: Node, changes: list[tuple[int, int, str]]) -> None:
    """Makes an item visible from the crate's root."""
    visible = next((child for child in node.children if child.type == "visibility_modifier"), None)
    if visible is None:
        changes.append((node.start_byte, node.start_byte, "pub(crate) "))
    elif source_of(data, visible) != b"pub":
        changes.append((visible.start_byte, visible.end_byte, "pub(crate)"))


def _panics(data: bytes, attributes: Sequence[Node]) -> str | None:
    for attribute in attributes:
        if _is(data, attribute, "should_panic"):
            literals = [
                node for node in descendants(attribute) if node.type in ("string_literal", "raw_string_literal")
            ]
            return source_of(data, literals[0]).decode() if literals else '""'
    return None


def _is(data: bytes, node: Node, word: str) -> bool:
    """Whether a node is the attribute `#[word]`, with arguments or without."""
    if node.type != "attribute_item":
        return False
    inner = next((child for child in node.children if child.type == "attribute"), None)
    return inner is not None and bool(inner.children) and source_of(data, inner.children[0]) == word.encode()
