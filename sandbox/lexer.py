"""Rust text as tokens for the policy: comments and whitespace gone, strings blanked."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<skip>[\s\u200e\u200f]+|//[^\n]*)
  | (?P<plain>[](){},;[]|[A-Z_ad-qs-z][^\x00-/:-@[-^`{-\x7f\s\u200e\u200f]*+)  # most tokens: no literal begins so
  | (?P<block>/\*)
  | (?P<text>(?P<c>c(?!b))?(?:b?r(?P<hashes>\#*+)".*?"(?P=hashes)|b?"(?:[^"\\]++|\\.)*+"))
  | (?P<open>[bc]?(?:r\#*+)?")
  | (?P<char>b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f_]++\}|.)|[^'\\\n])')
  | (?P<word>'?(?:r\#)?(?:[A-Za-z_]|[^\x00-\x7f\s\u200e\u200f])[^\x00-/:-@[-^`{-\x7f\s\u200e\u200f]*+)
  | (?P<other>\d[^\x00-/:-@[-^`{-\x7f\s\u200e\u200f]*+|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


_OPENS = {"(": ")", "[": "]", "{": "}"}
_KEEP = frozenset("impl fn use for where struct enum trait mod pub type const static as dyn let".split())
_ATTRIBUTE = re.compile(r"#!\s*\[")
_COMMENT = re.compile(r"/\*|\*/")


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
        for match in _TOKEN.finditer(source, at):  # the last alternative takes any character: nothing is left out
            kind, at = match.lastgroup, match.end()
            if kind in ("plain", "other", "char"):
                out.append(match[0])
            elif kind == "word":
                word = match[0]
                if "r#" in word:
                    bare = word.replace("r#", "")
                    word = word if bare in _KEEP else bare
                out.append(word)
            elif kind == "text":
                out.append('c""' if match["c"] else '""')
            elif kind == "open":
                out.append('"')  # a string without its end
                at = len(source)
                break
            elif kind == "block":
                depth, at = _past_comment(source, at)
                break
    return out, depth == 0


def _past_comment(source: str, at: int) -> tuple[int, int]:
    """How many block comments are still open at the end, and where the outermost ends."""
    depth = 1
    for mark in _COMMENT.finditer(source, at):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return 0, mark.end()
    return depth, len(source)
