"""Rust text as tokens for the policy: comments and whitespace gone, strings blanked."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*)
  | (?P<block>/\*)
  | (?P<text>b?r(?P<hashes>\#*)".*?"(?P=hashes)|[bc]?"(?:\\.|[^"\\])*")
  | (?P<char>b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f_]+\}|.)|[^'\\\n])')
  | (?P<word>'?(?:r\#)?[A-Za-z_]\w*)
  | (?P<other>\d\w*|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def lex(source: str) -> list[str]:
    """Tokens; a string literal is `""`, a raw identifier loses its r#, nested comments vanish."""
    out: list[str] = []
    at = 0
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
        elif match["word"]:
            out.append(match["word"].replace("r#", ""))
        elif not match["skip"]:
            out.append(match.group(0))
    return out
