"""A report as data, before it becomes Markdown or HTML: sections made of a few kinds of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sleepy.daemon.base.pattern import spoken


@dataclass(frozen=True, slots=True)
class Code:
    """A name, an id or a signature, shown verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class PatternName:
    """A pattern in words; the page shows its signature as a tooltip."""

    signature: str

    @property
    def words(self) -> str:
        return spoken(self.signature)


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold text."""

    text: str


Piece = str | Code | PatternName | Strong
Text = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`right` holds the indices of right-aligned columns, those of numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG with a caption; `table` has its numbers, None if a neighbouring table has them."""

    title: str
    svg: Markup
    caption: Text
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """A unified diff under a caption that says whose answer it is."""

    caption: Text
    text: str


Block = Paragraph | Bullets | Table | Figure | Diff


@dataclass(frozen=True, slots=True)
class Section:
    """`title` is empty for the part above the first heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    sections: tuple[Section, ...]


def text(*pieces: Piece) -> Text:
    """The pieces as one text."""
    return pieces
