"""A report as data, before it is Markdown or HTML: sections of a few kinds of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sleepy.daemon.base.pattern import spoken


@dataclass(frozen=True, slots=True)
class Code:
    """A name, an id, a signature: shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class PatternName:
    """A pattern in words; the page shows its signature where one points at it."""

    signature: str

    @property
    def words(self) -> str:
        return spoken(self.signature)


@dataclass(frozen=True, slots=True)
class Strong:
    """What the eye should find first."""

    text: str


Piece = str | Code | PatternName | Strong
Text = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`right` are the columns of numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG with what it shows in words; `table` has its numbers, None where a table beside it has."""

    title: str
    svg: Markup
    caption: Text
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """A unified diff under a line that says whose it is."""

    caption: Text
    text: str


Block = Paragraph | Bullets | Table | Figure | Diff


@dataclass(frozen=True, slots=True)
class Section:
    """`title` is empty for what stands above the first heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    sections: tuple[Section, ...]


def text(*pieces: Piece) -> Text:
    return pieces
