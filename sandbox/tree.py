"""The syntax tree of Rust text, by tree-sitter."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_rust
from tree_sitter import Language, Node, Parser

_RUST = Language(tree_sitter_rust.language())


def parse(data: bytes) -> Node:
    """The root of the tree; parts that are no Rust are error nodes in it. May be called from any thread."""
    return Parser(_RUST).parse(data).root_node


def descendants(root: Node) -> Iterator[Node]:
    """The root and every node below it in the order of the text, however deep they nest."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def source_of(data: bytes, node: Node) -> bytes:
    """The bytes that a node stands for."""
    return data[node.start_byte : node.end_byte]
