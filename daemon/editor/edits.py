"""Texts and places in the protocol's units: lines from 0, columns in UTF-16 or what editor and server agreed upon."""

from __future__ import annotations

import re

from lsprotocol import types

from sleepy.daemon.fix.texts import unchanged

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def lines(text: str) -> list[str]:
    """A text's lines with their ends, as the protocol divides it: a lone carriage return ends one too."""
    return _LINE.findall(text)


def units(text: str, encoding: str) -> int:
    """A text's length in the units of a position encoding."""
    if encoding == types.PositionEncodingKind.Utf8.value:
        return len(text.encode())
    if encoding == types.PositionEncodingKind.Utf32.value:
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def text_edits(old: str, new: str, encoding: str) -> list[types.TextEdit]:
    """The edits of whole lines that make one text the other, from the top, none touching another."""
    was, now = lines(old), lines(new)
    found = []
    line = other = 0
    for start, place, size in unchanged(was, now):
        if start > line or place > other:
            where = types.Range(_start(was, line, encoding), _start(was, start, encoding))
            found.append(types.TextEdit(where, "".join(now[other:place])))
        line, other = start + size, place + size
    return found


def range_of(text: str, line: int, start: int, end: int | None, encoding: str) -> types.Range:
    """The range between two columns of a line, all 1-based; up to the line's end for None. What lies beyond is cut."""
    known = lines(text)
    number = min(max(line, 1), max(len(known), 1)) - 1
    held = known[number].rstrip("\r\n") if known else ""
    first = min(max(start, 1) - 1, len(held))
    last = len(held) if end is None else min(max(end - 1, first), len(held))
    return types.Range(
        types.Position(number, units(held[:first], encoding)), types.Position(number, units(held[:last], encoding))
    )


def overlap(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges touch."""
    return _pair(one.start) <= _pair(other.end) and _pair(other.start) <= _pair(one.end)


def _start(known: list[str], line: int, encoding: str) -> types.Position:
    """Where a line starts; for the one after the last, the text's end."""
    if line == len(known) and known and not known[-1].endswith(("\n", "\r")):
        return types.Position(line - 1, units(known[-1], encoding))
    return types.Position(line, 0)


def _pair(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
