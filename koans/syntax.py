"""Rust source as a syntax tree, and changes to it by byte range.

The tree is tree-sitter's: it parses broken and half-typed programs too. Nodes of the `tests` module
are left out of every query, so that a mistake is never made in a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tree_sitter_rust
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_rust.language()))


@dataclass(frozen=True, slots=True)
class TextChange:
    """Bytes `start` to `end` become `text`."""

    start: int
    end: int
    text: str


Changes = tuple[TextChange, ...]  # one mistake in one place


def cut(node: Node) -> TextChange:
    """Removes a node."""
    return TextChange(node.start_byte, node.end_byte, "")


def put(node: Node, text: str) -> TextChange:
    """Replaces a node."""
    return TextChange(node.start_byte, node.end_byte, text)


def between(first: int, last: int, text: str = "") -> TextChange:
    """Replaces a byte range."""
    return TextChange(first, last, text)


class ParsedSource:
    """A parsed program. `of` finds nodes by type in source order, outside the tests module."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode()
        self.root = _PARSER.parse(self.data).root_node
        self.by_type: dict[str, list[Node]] = {}
        self.leaves: list[Node] = []
        self._walk()

    def _walk(self) -> None:
        waiting: list[Node] = []
        tests = False
        for node in reversed(self.root.children):
            if node.type == "mod_item" and self.words(node.child_by_field_name("name")) == "tests":
                tests = True
            elif not (tests and node.type == "attribute_item"):  # `#[cfg(test)]` belongs to the module below it
                tests = False
                waiting.append(node)
        while waiting:
            node = waiting.pop()
            self.by_type.setdefault(node.type, []).append(node)
            if node.child_count == 0 or node.type in ("string_literal", "lifetime", "char_literal"):
                self.leaves.append(node)
            else:
                waiting.extend(reversed(node.children))

    def of(self, *types: str) -> Iterator[Node]:
        for kind in types:
            yield from self.by_type.get(kind, ())

    def words(self, node: Node | None) -> str:
        """The text of a node; empty for none."""
        return self.data[node.start_byte : node.end_byte].decode() if node is not None else ""

    def line_of(self, node: Node) -> TextChange:
        """The removal of the whole lines a node stands on."""
        start = self.data.rfind(b"\n", 0, node.start_byte) + 1
        end = self.data.find(b"\n", node.end_byte)
        return TextChange(start, len(self.data) if end < 0 else end + 1, "")

    def changed(self, changes: Sequence[TextChange]) -> str:
        """The text after changes that do not overlap."""
        out = self.data
        for change in sorted(changes, key=lambda item: item.start, reverse=True):
            out = out[: change.start] + change.text.encode() + out[change.end :]
        return out.decode()


def field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def child(node: Node, *types: str) -> Node | None:
    """The first child of one of these types."""
    return next((item for item in node.children if item.type in types), None)


def members(node: Node, *separators: str) -> list[Node]:
    """The named children of a list node, comments left out."""
    return [
        item
        for item in node.named_children
        if item.type not in ("line_comment", "block_comment", "attribute_item", *separators)
    ]


def without_member(members_: Sequence[Node], index: int) -> TextChange:
    """The removal of one member of a list with the separator beside it."""
    if index + 1 < len(members_):
        return TextChange(members_[index].start_byte, members_[index + 1].start_byte, "")
    if index > 0:
        return TextChange(members_[index - 1].end_byte, members_[index].end_byte, "")
    return TextChange(members_[index].start_byte, members_[index].end_byte, "")


def body_statements(block: Node) -> list[Node]:
    """The statements and the tail expression of a block."""
    return [item for item in block.named_children if item.type not in ("line_comment", "block_comment")]


def tail(block: Node) -> Node | None:
    """The tail expression of a block: its last child when no semicolon ends it."""
    inside = body_statements(block)
    if not inside or inside[-1].type in ("expression_statement", "let_declaration", "empty_statement"):
        last = inside[-1] if inside else None
        if last is not None and last.type == "expression_statement":
            only = last.named_children
            if len(only) == 1 and last.children[-1].type != ";":
                return only[0]
        return None
    return inside[-1] if not inside[-1].type.endswith("_item") else None
