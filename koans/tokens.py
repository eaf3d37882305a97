"""Rust text as tokens: enough of the lexer to compare programs and to split off comments.

Koans' digests and the cache of verdicts are made from these tokens, so they must not change. Tree-sitter (`syntax.py`)
cannot replace this: it gives a quarter of the forge's broken programs other tokens, `>>` for example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<line_comment>//[^\n]*)
  | (?P<block_comment>/\*)
  | (?P<raw>b?r(?P<hashes>\#*)".*?"(?P=hashes))
  | (?P<string>b?"(?:\\.|[^"\\])*")
  | (?P<char>b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f_]+\}|.)|[^'\\\n])')
  | (?P<lifetime>'[A-Za-z_]\w*)
  | (?P<number>\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?\w*|0[xob][0-9A-Fa-f_]+\w*)
  | (?P<word>(?:r\#)?[A-Za-z_]\w*)
  | (?P<punctuation>->|=>|::|\.\.=|\.\.\.|\.\.|==|!=|<=|>=|&&|\|\||<<=|>>=|[-+*/%^&|]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=4096)  # the firewall, digests and the judge ask for the same texts: a tenth of a curation's time
def tokens(source: str) -> tuple[str, ...]:
    """The tokens without comments and whitespace; an unterminated comment swallows the rest, as in rustc."""
    return tuple(match[0] for match in scan(source))


def scan(source: str) -> Iterator[re.Match[str]]:
    """The same with their places in the text: a match each."""
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match is not None, "the last alternative takes any character"
        kind = match.lastgroup
        at = match.end()
        if kind == "block_comment":
            at = _comment_end(source, at)
        elif kind not in ("space", "line_comment"):
            yield match


def _comment_end(source: str, at: int) -> int:
    """Where the block comment opened just before `at` ends; they nest."""
    depth = 1
    while depth and at < len(source):
        if source.startswith("/*", at):
            depth, at = depth + 1, at + 2
        elif source.startswith("*/", at):
            depth, at = depth - 1, at + 2
        else:
            at += 1
    return at


KEYWORDS = frozenset(
    """
    as async await box break const continue crate dyn else enum extern false fn for if impl in let loop match mod move
    mut pub ref return self Self static struct super trait true type union unsafe use where while
    """.split()
)


def skeleton(source: str) -> tuple[str, ...]:
    """The tokens with every name by the order of its first use and literals left out.

    Programs that differ in names, numbers and texts alone have the same one. Names of the language's own types count
    as names, so some others have, too.
    """
    names: dict[str, str] = {}
    out = []
    for match in scan(source):
        text, kind = match[0], match.lastgroup
        if kind == "word" and text not in KEYWORDS:
            out.append(names.setdefault(text, f"_{len(names)}"))
        elif kind == "lifetime":
            out.append(names.setdefault(text, f"'{len(names)}"))
        elif kind in ("raw", "hashes", "string", "char", "number"):
            out.append("#")
        else:
            out.append(text)
    return tuple(out)
