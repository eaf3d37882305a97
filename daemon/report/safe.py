"""Escapes foreign text (names, ids, programs, messages) for the report; nothing else in it escapes."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# C0 and C1 controls except tab and newline, and marks that change the direction of text: a reader must see them
_UNSEEN = [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, 0x2028, 0x2029]
_UNSEEN += [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000), 0xFEFF]
_NAMED = {code: f"[U+{code:04X}]" for code in _UNSEEN}
# In running text a lone _ inside a word means nothing to Markdown, and task ids are full of them.
_MARKS = re.compile(r"[\\`*\[\]<>&|~#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def seen(text: str) -> str:
    """The text with its invisible characters spelled out, as `[U+200E]`."""
    return text.translate(_NAMED)


def markup(text: str) -> Markup:
    """The text escaped for HTML and SVG, inside elements and quoted attributes; `Markup` is returned unchanged."""
    return text if isinstance(text, Markup) else escape(seen(text))


def marked(text: str) -> str:
    """The text escaped for a line of Markdown."""
    return _MARKS.sub(lambda found: "\\" + found[0], _line(text))


def code(text: str, *, cell: bool = False) -> str:
    """The text as a Markdown code span; inside a table's cell, | must be escaped even there."""
    text = _line(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    text = text.replace("|", "\\|") if cell else text
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def block(text: str, language: str) -> str:
    """The text as a Markdown code block that nothing inside it can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{seen(text)}\n{fence}"


def _line(text: str) -> str:
    return " ".join(seen(text).split())


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
