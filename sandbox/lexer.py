"""Rust text as tokens for the policy: comments and whitespace gone, strings blanked."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<skip>[\s\u200e\u200f]+|//[^\n]*)
  | (?P<block>/\*)
  | (?P<text>[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)|[bc]?"(?:\\.|[^"\\])*")
  | (?P<open>[bc]?r\#*")
  | (?P<char>b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f_]+\}|.)|[^'\\\n])')
  | (?P<word>'?(?:r\#)?[A-Za-z_]\w*)
  | (?P<other>\d\w*|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


_OPENS = {"(": ")", "[": "]", "{": "}"}


def lex(source: str) -> list[str]:
    """Tokens; a string literal is `""`, a raw identifier loses its r#, nested comments vanish."""
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
        elif word in ('"', "'"):
            return False
    return whole and not waiting


def _scanned(source: str) -> tuple[list[str], bool]:
    """The tokens, and whether the last block comment has its end."""
    out: list[str] = []
    at = depth = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match is not None, "the last alternative takes any character"
        at = match.end()
        if match.lastgroup == "block" or match["block"]:
            depth = 1
            while depth and at < len(source):
                step = 2 if source[at : at + 2] in ("/*", "*/") else 1
                depth += {"/*": 1, "*/": -1}.get(source[at : at + 2], 0)
                at += step
        elif match["text"]:
            out.append('""')
        elif match["open"]:
            out.append('"')  # a raw string without its end
        elif match["word"]:
            out.append(match["word"].replace("r#", ""))
        elif not match["skip"]:
            out.append(match.group(0))
    return out, depth == 0
