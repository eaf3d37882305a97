"""Whole lines by number: an answer format for instruct models that keeps answers short.

    12| let total: u64 = items.iter().sum();    line 12 becomes this, indentation and all
    12+| use std::fmt;                          a new line below line 12 (0: at the top); may be given again
    12-|                                        line 12 goes

Every number speaks of the file before any change. Lines of an answer that are none of these are passed over,
since such models like to explain; an answer without any is refused.
"""

from __future__ import annotations

import difflib
import re

from sleepy.daemon.model.edits import EditError

_FENCE = re.compile(r"^[ \t]*```\w*[ \t]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
_CHANGE = re.compile(r"^[ \t]*(\d{1,6})([+-]?)\|[ ]?(.*)$")


def shown(source: str) -> str:
    """The file with its lines numbered from 1, as answers are to speak of them."""
    return "\n".join(f"{number}| {line}" for number, line in enumerate(source.rstrip("\n").split("\n"), start=1))


def apply(source: str, answer: str) -> str:
    """The file after the answer's changes. `EditError` where there is none, or a line that does not exist."""
    lines = source.rstrip("\n").split("\n")
    parts = [match[1] for match in _FENCE.finditer(answer)] + [answer]
    found = next((changes for part in parts if (changes := _changes(part))), None)
    if found is None:
        raise EditError("the answer changes no line")
    now: dict[int, str | None] = {}
    below: dict[int, list[str]] = {}
    for match in found:
        number, kind, text = int(match[1]), match[2], match[3].rstrip()
        if not (0 if kind == "+" else 1) <= number <= len(lines):
            raise EditError(f"line {number} does not exist: the file has {len(lines)} lines")
        if kind == "+":
            below.setdefault(number, []).append(text)
        elif number in now:
            raise EditError(f"line {number} is changed twice")
        else:
            now[number] = None if kind == "-" else text
    out = below.get(0, [])
    for number, line in enumerate(lines, start=1):
        kept = now.get(number, line)
        out = [*out, *([] if kept is None else [kept]), *below.get(number, [])]
    return "\n".join(out) + "\n"


def _changes(text: str) -> list[re.Match[str]]:
    return [match for line in text.split("\n") if (match := _CHANGE.match(line))]


def between(source: str, fixed: str) -> str:
    """The answer that turns one file into the other."""
    old, new = source.rstrip("\n").split("\n"), fixed.rstrip("\n").split("\n")
    out = []
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        both = min(i2 - i1, j2 - j1)
        out += [f"{i1 + k + 1}| {new[j1 + k]}" for k in range(both)]
        out += [f"{number + 1}-|" for number in range(i1 + both, i2)]
        out += [f"{i1 + both}+| {new[j]}" for j in range(j1 + both, j2)]
    return "\n".join(out)
