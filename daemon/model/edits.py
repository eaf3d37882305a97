"""Span edits: the answer format of the built-in model, and the diff that teaches it.

An answer is a list of edits on numbered lines, closed by the end mark:

    ⟪5⟫s→s.clone()      in line 5 the text `s` becomes `s.clone()`
    ⟪2⟫⊕use std::fmt;   a new line after line 2 (line 0: at the top)
    ⟪7⟫⊖                line 7 is removed

`old` must occur in its line exactly once on token boundaries, so that an edit names one place.
Every line number speaks of the text before any edit. Indentation is never written: an inserted line
takes it from where it lands.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

TO, INSERT, DELETE = "→", "⊕", "⊖"
_EDIT = re.compile(r"⟪(\d+)⟫([^⟪]*)")
_TOKEN = re.compile(r"[A-Za-z_0-9]+|->|=>|::|\.\.=|\.\.|==|!=|<=|>=|&&|\|\||[-+*/%^|&]=|[^\sA-Za-z_0-9]")
_MARKS = re.compile("[⟪⟫⟦⟧→⊕⊖]")


class EditKind(StrEnum):
    REPLACE = "replace"  # text within a line
    INSERT = "insert"  # a line after the given one
    DELETE = "delete"  # the whole line


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `line` is 1-based (0 only for an insertion at the top)."""

    line: int
    kind: EditKind
    old: str = ""
    new: str = ""


class EditError(ValueError):
    """The answer cannot be applied: says which edit and why."""


def plain(text: str) -> str:
    """The text with the format's own marks blanked, so that user code cannot imitate them."""
    return _MARKS.sub("?", text)


def mark(line: int) -> str:
    return f"⟪{line}⟫"


def render(edits: Iterable[Edit]) -> str:
    """Edits as the model writes them."""
    parts = []
    for edit in edits:
        if edit.kind is EditKind.REPLACE:
            parts.append(f"{mark(edit.line)}{plain(edit.old)}{TO}{plain(edit.new)}")
        elif edit.kind is EditKind.INSERT:
            parts.append(f"{mark(edit.line)}{INSERT}{plain(edit.new)}")
        else:
            parts.append(f"{mark(edit.line)}{DELETE}")
    return "".join(parts)


def parse(answer: str) -> list[Edit]:
    """Edits of a model's answer; `EditError` where it is not in the format."""
    edits: list[Edit] = []
    if not answer.startswith("⟪"):
        raise EditError(f"an answer starts with a line mark, not {answer[:20]!r}")
    for number, body in _EDIT.findall(answer):
        line = int(number)
        if body.startswith(INSERT):
            edits.append(Edit(line, EditKind.INSERT, new=body[1:].strip("\n")))
        elif body.startswith(DELETE):
            edits.append(Edit(line, EditKind.DELETE))
        else:
            old, arrow, new = body.partition(TO)
            if not arrow:
                raise EditError(f"edit of line {line} has no {TO}: {body[:40]!r}")
            edits.append(Edit(line, EditKind.REPLACE, old=old, new=new.rstrip("\n")))
    return edits


@lru_cache(maxsize=1024)  # decoding asks of the same few lines for every token it tries
def boundaries(line: str) -> tuple[frozenset[int], frozenset[int]]:
    """Character offsets where a token starts and where one ends."""
    spans = [match.span() for match in _TOKEN.finditer(line)]
    return frozenset(start for start, _ in spans), frozenset(end for _, end in spans)


def places(line: str, old: str) -> list[int]:
    """Offsets at which `old` stands in `line` on token boundaries."""
    if not old.strip():
        return []
    starts, ends = boundaries(line)
    found, at = [], line.find(old)
    while at >= 0:
        if at in starts and at + len(old) in ends:
            found.append(at)
        at = line.find(old, at + 1)
    return found


def apply(source: str, edits: Sequence[Edit]) -> str:
    """The source after all edits; `EditError` when one names no place or several."""
    lines = source.split("\n")
    changed: dict[int, str | None] = {}
    inserted: dict[int, list[str]] = {}
    for edit in edits:
        if not (0 <= edit.line <= len(lines)) or (edit.line == 0 and edit.kind is not EditKind.INSERT):
            raise EditError(f"line {edit.line} does not exist: the source has {len(lines)} lines")
        if edit.kind is EditKind.INSERT:
            inserted.setdefault(edit.line, []).append(edit.new)
            continue
        if edit.kind is EditKind.DELETE:
            changed[edit.line] = None
            continue
        text = changed.get(edit.line, lines[edit.line - 1])
        if text is None:
            raise EditError(f"line {edit.line} is both removed and changed")
        at = places(text, edit.old)
        if len(at) != 1:
            raise EditError(f"{edit.old!r} stands {len(at)} times in line {edit.line}: {text.strip()!r}")
        changed[edit.line] = text[: at[0]] + edit.new + text[at[0] + len(edit.old) :]
    out = _indented(inserted.get(0, []), "", "")
    for number, line in enumerate(lines, start=1):
        now = changed.get(number, line)
        if now is not None:
            out.append(now)
        follower = next((text for text in lines[number:] if text.strip()), "")
        out += _indented(inserted.get(number, []), line, follower)
    return "\n".join(out)


def _indented(texts: Sequence[str], before: str, follower: str) -> list[str]:
    """Inserted lines with the indentation of where they land."""
    depth = len(before) - len(before.lstrip())
    if before.rstrip().endswith(("{", "(", "[")):
        depth += 4
    elif not before.strip():
        depth = len(follower) - len(follower.lstrip())
    out = []
    for text in texts:
        text = text.strip()
        if text.startswith(("}", ")", "]")):
            depth = max(0, depth - 4)
        out.append(" " * depth + text if text else "")
        if text.endswith(("{", "(", "[")):
            depth += 4
    return out


def between(broken: str, fixed: str) -> list[Edit]:
    """The shortest span edits from one source to another; applying them gives `fixed` up to indentation."""
    old_lines, new_lines = broken.split("\n"), fixed.split("\n")
    old_bare, new_bare = [line.strip() for line in old_lines], [line.strip() for line in new_lines]
    # what both begin and end with is most of a real file, and difflib's time grows faster than its input
    head = _alike(old_bare, new_bare)
    tail = _alike(old_bare[head:][::-1], new_bare[head:][::-1])
    matcher = difflib.SequenceMatcher(
        None, old_bare[head : len(old_bare) - tail], new_bare[head : len(new_bare) - tail], autojunk=False
    )
    edits: list[Edit] = []
    for op, *places in matcher.get_opcodes():
        if op == "equal":
            continue
        i1, i2, j1, j2 = (place + head for place in places)
        pairs, alone_old, alone_new = _paired(old_lines[i1:i2], new_lines[j1:j2])
        for i, j in pairs:
            edits.append(_within(i1 + i + 1, old_lines[i1 + i].strip(), new_lines[j1 + j].strip()))
        edits += [Edit(i1 + i + 1, EditKind.DELETE) for i in alone_old]
        for j in alone_new:
            before = [i for i, k in pairs if k < j]
            anchor = i1 + (max(before) + 1 if before else 0)
            edits.append(Edit(anchor, EditKind.INSERT, new=new_lines[j1 + j].strip()))
    return sorted(edits, key=lambda edit: (edit.line, edit.kind is EditKind.INSERT))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _paired(old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Which old line became which new one (in order, most alike first), and those left over."""
    alike = [
        (difflib.SequenceMatcher(None, a.strip(), b.strip()).ratio(), i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if a.strip() and b.strip()
    ]
    pairs: list[tuple[int, int]] = []
    for ratio, i, j in sorted(alike, key=lambda item: (-item[0], item[1], item[2])):
        crossing = any((i - a) * (j - b) <= 0 for a, b in pairs)
        if ratio >= 0.3 and not crossing:
            pairs.append((i, j))
    pairs.sort()
    return (
        pairs,
        [i for i in range(len(old)) if i not in {a for a, _ in pairs}],
        [j for j in range(len(new)) if j not in {b for _, b in pairs}],
    )


def _within(number: int, old: str, new: str) -> Edit:
    """The narrowest token span whose replacement turns one line into the other."""
    a = [match.span() for match in _TOKEN.finditer(old)]
    b = [match.span() for match in _TOKEN.finditer(new)]
    words_a, words_b = [old[s:e] for s, e in a], [new[s:e] for s, e in b]
    head = 0
    while head < min(len(a), len(b)) and words_a[head] == words_b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and words_a[-1 - tail] == words_b[-1 - tail]:
        tail += 1
    candidates = sorted(
        ((left, right) for left in range(head + 1) for right in range(tail + 1)),
        key=lambda grown: (head - grown[0] + tail - grown[1], head - grown[0]),
    )
    for left, right in candidates:  # left tokens kept in front, right tokens kept behind
        last_a, last_b = len(a) - right, len(b) - right
        if last_a <= left:
            continue
        text = old[a[left][0] : a[last_a - 1][1]]
        into = new[b[left][0] : b[last_b - 1][1]] if last_b > left else ""
        if len(places(old, text)) != 1:
            continue
        at = a[left][0]
        if " ".join((old[:at] + into + old[at + len(text) :]).split()) == " ".join(new.split()):
            return Edit(number, EditKind.REPLACE, old=text, new=into)
    return Edit(number, EditKind.REPLACE, old=old, new=new)
