"""Rust text as tokens with their places, and their shapes: what a token is when the user's names are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sleepy.sandbox.pattern import KNOWN

_TOKEN = re.compile(
    r'b?"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|\'[A-Za-z_]\w*|[A-Za-z_]\w*|\d[\w.]*'
    r"|->|=>|::|\.\.=|\.\.|==|!=|<=|>=|&&|\|\||[-+*/%^|&]=|\S"
)
Phrasebook = Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands in its line."""

    text: str
    start: int
    end: int


def tokens(line: str) -> list[Token]:
    return [Token(found.group(), *found.span()) for found in _TOKEN.finditer(line)]


def words(line: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(line))


def shape(token: str) -> str:
    """The language's and std's words stay; names become `_`, lifetimes `'_`, literals `#` and `""`."""
    if token[0] == '"' or token.startswith('b"'):
        return '""'
    if token[0] == "'":
        return "#" if token.endswith("'") else "'_"
    if token[0].isdigit():
        return "#"
    return token if token in KNOWN or not (token[0].isalpha() or token[0] == "_") else "_"


def shapes(line: Sequence[str]) -> list[str]:
    return [shape(token) for token in line]


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two token sequences are of one shape, names apart: 0 to 1; a name in common counts a little more."""
    if not one or not other:
        return 0.0
    ratio = SequenceMatcher(None, shapes(one), shapes(other), autojunk=False).ratio()
    same = len(set(one) & set(other)) / len(set(one) | set(other))
    return 0.8 * ratio + 0.2 * same


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of one shape in both: (place in one, place in other, length)."""
    matcher = SequenceMatcher(None, shapes(one), shapes(other), autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def is_name(token: str) -> bool:
    return shape(token) in ("_", "'_")


def rewritten(text: str, phrases: Phrasebook) -> str:
    """The text with phrases put in place of theirs, the longest first; its spaces stay."""
    found = tokens(text)
    longest = max((len(each) for each in phrases), default=0)
    parts, at, i = [], 0, 0
    while i < len(found):
        size = next(
            (
                n
                for n in range(min(longest, len(found) - i), 0, -1)
                if tuple(each.text for each in found[i : i + n]) in phrases
            ),
            0,
        )
        parts.append(text[at : found[i].start])
        if size:
            parts.append(phrases[tuple(each.text for each in found[i : i + size])])
            at = found[i + size - 1].end
        else:
            parts.append(found[i].text)
            at = found[i].end
        i += max(1, size)
    return "".join(parts) + text[at:]
