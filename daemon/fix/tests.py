"""The tests in a file: the modules that are compiled for tests only, as they are written."""

from __future__ import annotations

import re

import tree_sitter_rust
from tree_sitter import Language, Parser

_PARSER = Parser(Language(tree_sitter_rust.language()))
_FOR_TESTS = re.compile(r"#\s*\[\s*cfg\s*\(\s*test\s*\)\s*\]")


def own(source: str) -> tuple[str, ...]:
    """The top-level modules under `#[cfg(test)]` that hold a test, their marks left off."""
    data = source.replace("\r\n", "\n").encode()
    found, marked = [], False
    for node in _PARSER.parse(data).root_node.children:
        text = data[node.start_byte : node.end_byte].decode(errors="replace")
        if node.type == "attribute_item":
            marked = marked or _FOR_TESTS.fullmatch(text) is not None
            continue
        if marked and node.type == "mod_item" and "#[test]" in text:
            found.append(text)
        marked = marked and node.type in ("line_comment", "block_comment")
    return tuple(found)
