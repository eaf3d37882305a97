"""Renders the document as Markdown. A chart becomes the table of its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from sleepy.daemon.report import safe
from sleepy.daemon.report.document import (
    Block,
    Bullets,
    Code,
    Diff,
    Document,
    Figure,
    Paragraph,
    PatternName,
    Piece,
    Strong,
    Table,
    Text,
)


def markdown(document: Document) -> str:
    """The document as Markdown; ends with a newline."""
    lines = [f"# {safe.marked(document.title)}", ""]
    for section in document.sections:
        if section.title:
            lines += [f"## {safe.marked(section.title)}", ""]
        for block in section.blocks:
            if made := list(_block(block)):
                lines += [*made, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield _text(text)
        case Bullets(items):
            yield from (f"- {_text(item)}" for item in items)
        case Table():
            yield from _table(block)
        case Figure(title, _, caption, table):
            if table is not None:
                yield f"**{safe.marked(title)}.** {_text(caption)}"
                yield ""
                yield from _table(table)
        case Diff(caption, diff):
            yield _text(caption)
            yield ""
            yield safe.block(diff, "diff")


def _table(table: Table) -> Iterator[str]:
    yield _row([safe.marked(name) for name in table.head])
    yield "|" + "|".join("---:" if i in table.right else "---" for i in range(len(table.head))) + "|"
    for row in table.rows:
        yield _row([_piece(cell, cell=True) for cell in row])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _text(text: Text) -> str:
    """The text as one line, escaped if it would otherwise start a list or a heading."""
    line = "".join(_piece(piece) for piece in text).strip()
    return f"\\{line}" if line[:1] in ("-", "+", "=") else line


def _piece(piece: Piece, *, cell: bool = False) -> str:
    match piece:
        case Code(name):
            return safe.code(name, cell=cell)
        case PatternName():
            return safe.marked(piece.words)
        case Strong(words):
            return f"**{safe.marked(words)}**"
        case words:
            return _spaced(words)


def _spaced(words: str) -> str:
    """The words escaped, with the spaces at both ends kept: they separate them from their neighbours."""
    lead, tail = words[:1].isspace(), words[-1:].isspace()
    return " " * lead + safe.marked(words) + " " * tail if words.strip() else words
