"""What two errors of one kind have to do with each other: whose span is whose, and what stands for what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.fix.tokens import aligned, is_name, words
from sleepy.sandbox.verdict import Diagnostic, Span

_QUOTED = re.compile(r"`([^`]*)`")
_HEADER = re.compile(r"\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+|const\s+)*(?:fn|impl|trait|struct|enum|mod)\b")

Phrases = dict[tuple[str, ...], str]  # tokens there -> text here
Pairs = Sequence[tuple[Span, Span]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A text and the error in it."""

    source: str
    error: Diagnostic

    @property
    def lines(self) -> list[str]:
        return self.source.split("\n")


def paired(past: Scene, now: Scene) -> Pairs:
    """Spans of the same role: the primary ones, then those whose labels read alike, then the others in order."""
    one, other = past.error.primary, now.error.primary
    if one is None or other is None:
        return []
    found = [(one, other)]
    left = [span for span in now.error.spans if span is not other]
    rest = [span for span in past.error.spans if span is not one]
    for same in (True, False):
        for span in list(rest):
            match = next((each for each in left if not same or _label(each) == _label(span)), None)
            if match is not None and (same or span.is_primary == match.is_primary):
                found.append((span, match))
                left.remove(match)
                rest.remove(span)
    return found


def _label(span: Span) -> str:
    return _QUOTED.sub("`", span.label)


def phrased(past: Scene, now: Scene, pairs: Pairs) -> Phrases:
    """What stands for what: texts under paired spans, and what the two messages quote at the same place."""
    found: Phrases = {}
    said = [(_under(one, past), _under(other, now)) for one, other in pairs]
    told = [(past.error.message, now.error.message)]
    told += [(one.label, other.label) for one, other in pairs if _label(one) == _label(other)]
    told += [
        (one, other)
        for one, other in zip(past.error.notes, now.error.notes, strict=False)
        if _QUOTED.sub("`", one) == _QUOTED.sub("`", other)
    ]
    for one, other in told:
        quoted = _QUOTED.findall(one), _QUOTED.findall(other)
        said += zip(*quoted, strict=True) if len(quoted[0]) == len(quoted[1]) else []
    for one, other in said:
        first, second = words(one), words(other)
        if first and second and first != second:
            found.setdefault(first, other.strip())
            named(first, second, found)
    return found


def named(one: Sequence[str], other: Sequence[str], found: Phrases) -> None:
    """Adds the names at the same places of two texts of like shape."""
    for a, b, size in aligned(one, other):
        for first, second in zip(one[a : a + size], other[b : b + size], strict=True):
            if first != second and is_name(first):
                found.setdefault((first,), second)


def _under(span: Span, scene: Scene) -> str:
    """The text of a span that stays in its line."""
    if span.line_start != span.line_end or not 1 <= span.line_start <= len(scene.lines):
        return ""
    return scene.lines[span.line_start - 1][span.column_start - 1 : span.column_end - 1]


def headers(scene: Scene) -> list[int]:
    """The lines that begin the items around the error, the innermost first."""
    lines, primary = scene.lines, scene.error.primary
    if primary is None or primary.line_start > len(lines):
        return []
    found, depth = [], len(lines[primary.line_start - 1]) - len(lines[primary.line_start - 1].lstrip())
    for number in range(primary.line_start, 0, -1):
        line = lines[number - 1]
        indent = len(line) - len(line.lstrip())
        if line.strip() and (indent < depth or number == primary.line_start):
            depth = indent
            found += [number] if _HEADER.match(line) else []
    return found
