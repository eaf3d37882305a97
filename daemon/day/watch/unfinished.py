"""Whether a text is half-typed: what stops compiling for a moment because its developer is not done with it.

A program that does not parse is work in hand, not a mistake: an open bracket, a call without its argument. The
price is that a forgotten semicolon teaches nothing here; the forge teaches those.
"""

from __future__ import annotations

import tree_sitter_rust
from tree_sitter import Language, Parser

from sleepy.sandbox.lexer import closed

_LANGUAGE = Language(tree_sitter_rust.language())


def half_typed(text: str) -> bool:
    """Whether brackets, strings or comments stay open, or the grammar does not fit."""
    return not closed(text) or Parser(_LANGUAGE).parse(text.encode()).root_node.has_error
