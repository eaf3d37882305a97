"""Rust text as tokens for the policy: comments and whitespace gone, strings blanked."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<skip>[\s\u200e\u200f]+|//[^\n]*)
  | (?P<block>/\*)
  | (?P<text>(?P<c>c(?!b))?(?:b?r(?P<hashes>\#*+)".*?"(?P=hashes)|b?"(?:[^"\\]++|\\.)*+"))
  | (?P<open>[bc]?(?:r\#*+)?")
  | (?P<char>b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f_]++\}|.)|[^'\\\n])')
  | (?P<word>'?(?:r\#)?(?:[A-Za-z_]|[^\x00-\x7f\s\u200e\u200f])(?:\w|[^\x00-\x7f\s\u200e\u200f])*+)
  | (?P<other>\d(?:\w|[^\x00-\x7f\s\u200e\u200f])*+|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


_OPENS = {"(": ")", "[": "]", "{": "}"}
_KEEP = frozenset("impl fn use for where struct enum trait mod pub type const static as dyn let".split())
_ATTRIBUTE = re.compile(r"#!\s*\[")


def lex(source: str) -> list[str]:
    """Tokens; comments vanish, a string literal is `""`, a C string `c""`, a first line for the shell `#!`.

    A raw identifier loses its r#, unless what is left would be read as the beginning of an item. A string without
    its end is `"` and takes the rest of the text. Linear in the text's length.
    """
    return _scanned(source)[0]


def closed(source: str) -> bool:
    """Whether every bracket, string and comment that opens in the source ends in it, and the other way round."""
    words, whole = _scanned(source)
    waiting: list[str] = []
    for word in words:
        if word in _OPENS:
            waiting.append(_OPENS[word])
        elif word in (")", "]", "}"):
            if not waiting or waiting.pop() != word:
                return False
        elif word in ('"', "'", "#!"):
            return False
    return whole and not waiting


def _scanned(source: str) -> tuple[list[str], bool]:
    """The tokens, and whether the last block comment has its end."""
    out: list[str] = []
    at = depth = 0
    source = source.removeprefix("\ufeff")
    if source.startswith("#!") and _ATTRIBUTE.match(source) is None:
        out.append("#!")
        at = (source + "\n").index("\n")
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match is not None, "the last alternative takes any character"
        at = match.end()
        if match["block"]:
            depth = 1
            while depth and at < len(source):
                step = 2 if source[at : at + 2] in ("/*", "*/") else 1
                depth += {"/*": 1, "*/": -1}.get(source[at : at + 2], 0)
                at += step
        elif match["text"]:
            out.append('c""' if match["c"] else '""')
        elif match["open"]:
            out.append('"')  # a string without its end
            at = len(source)
        elif match["word"]:
            bare = match["word"].replace("r#", "")
            out.append(match["word"] if bare in _KEEP else bare)
        elif not match["skip"]:
            out.append(match.group(0))
    return out, depth == 0
