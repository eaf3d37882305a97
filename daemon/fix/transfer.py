"""A past repair made again at another place: its edits carried over to today's text and its names.

    past text, past error, past edits          | the two errors' spans and quoted words are paired
    today's text, today's error                | -> what stands for what -> where each edit goes -> today's edits

Nothing here is certain: candidates come in the order of their likelihood, and the compiler decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from sleepy.daemon.model import edits
from sleepy.daemon.model.edits import Edit, EditError, EditKind
from sleepy.koans.tokens import scan
from sleepy.koans.tokens import tokens as words
from sleepy.sandbox.pattern import KNOWN
from sleepy.sandbox.verdict import Diagnostic, Span

LONGEST = 6  # edits: a past change of more rewrites, it does not repair
PLACES = 3  # lines an edit is tried at
LIKE = 0.6  # of a line's tokens at least, where likeness alone places an edit
_NEAR = 3  # lines from a span that still count as placed by it
_USE = re.compile(r"\s*(?:pub\s+)?use\b")
_INNER = re.compile(r"\s*(?:#!\[|//!)")
_QUOTED = re.compile(r"`([^`]*)`")
_HEADER = re.compile(r"\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+|const\s+)*(?:fn|impl|trait|struct|enum|mod)\b")

Phrases = dict[tuple[str, ...], str]  # tokens of the past text -> today's text
Pairs = Sequence[tuple[Span, Span]]  # past, today


@dataclass(frozen=True, slots=True)
class BrokenSource:
    """A text and the error in it."""

    source: str
    error: Diagnostic

    @property
    def lines(self) -> list[str]:
        return self.source.split("\n")


def transferred(past: BrokenSource, fixed: str, now: BrokenSource) -> Iterator[str]:
    """New texts of `now`, each with all edits of the past repair, the likeliest first; none where it cannot be."""
    changes = edits.between(past.source, fixed)
    if not changes or len(changes) > LONGEST or now.error.primary is None:
        return
    pairs = paired(past, now)
    phrases = phrased(past, now, pairs)
    moved = [list(_moved(change, past, now, pairs, phrases)) for change in changes]
    seen = {now.source}
    choices = itertools.product(*(range(len(each)) for each in moved))
    for choice in sorted(itertools.islice(choices, 200), key=sum):
        try:
            text = edits.apply(now.source, [each[i] for each, i in zip(moved, choice, strict=True)])
        except EditError:
            continue
        if text not in seen:
            seen.add(text)
            yield text


def likeness(one: str, other: str) -> float:
    """How many words two texts have in common: 0 to 1."""
    first, second = set(words(one)), set(words(other))
    return len(first & second) / max(1, len(first | second))


# where an edit goes


def _moved(change: Edit, past: BrokenSource, now: BrokenSource, pairs: Pairs, phrases: Phrases) -> Iterator[Edit]:
    """One edit at the places it may belong to."""
    if change.kind is EditKind.INSERT:
        yield from _inserted(change, past, now, pairs, phrases)
        return
    old = past.lines[change.line - 1]
    for place in _places(change.line, past, now, pairs, phrases):
        line = now.lines[place - 1]
        if change.kind is EditKind.DELETE:
            yield Edit(place, EditKind.DELETE)
            continue
        known = dict(phrases)
        named(words(old), words(line), known)
        spans = [other for _, other in pairs if other.line_start == place]
        for text in dict.fromkeys([*_by_phrase(change, line, known, spans), *_by_position(change, old, line, known)]):
            if text.strip() and text != line:
                yield Edit(place, EditKind.REPLACE, line.strip(), text.strip())


def _by_phrase(change: Edit, line: str, phrases: Phrases, spans: Sequence[Span]) -> Iterator[str]:
    """The line with what the edit replaces, in today's words, replaced: first where the compiler points."""
    old, new = rewritten(change.old, phrases), rewritten(change.new, phrases)
    places = edits.places(line, old)
    places.sort(
        key=lambda at: not any(at < span.column_end - 1 and span.column_start - 1 < at + len(old) for span in spans)
    )
    for at in places[:2]:
        yield line[:at] + new + line[at + len(old) :]


def _by_position(change: Edit, old: str, line: str, phrases: Phrases) -> Iterator[str]:
    """The line with the tokens replaced that stand where the edit's stood, judged by those around them."""
    at = edits.places(old, change.old)
    if len(at) != 1:
        return
    before, today = located(old), located(line)
    start = next((i for i, each in enumerate(before) if each.start == at[0]), None)
    end = next((i + 1 for i, each in enumerate(before) if each.end == at[0] + len(change.old)), None)
    if start is None or end is None:  # it begins or ends within a string
        return
    image: dict[int, int] = {}
    for a, b, size in aligned([each.text for each in before], [each.text for each in today]):
        image |= {a + i: b + i for i in range(size)}
    first = image.get(start, image[start - 1] + 1 if start - 1 in image else None)
    last = image.get(end - 1, image[end] - 1 if end in image else None)
    if first is None or last is None or not 0 <= first <= last < len(today):
        return
    yield line[: today[first].start] + rewritten(change.new, phrases) + line[today[last].end :]


def _inserted(change: Edit, past: BrokenSource, now: BrokenSource, pairs: Pairs, phrases: Phrases) -> Iterator[Edit]:
    """A new line below the line like the one it was below, or above the one like the one it was above."""
    text = rewritten(change.new, phrases)
    places: list[int] = []
    if _USE.match(change.new):
        places.append(_imports(now.lines))
    below = [line - 1 for line in _places(change.line + 1, past, now, pairs, phrases)]
    above = _places(change.line, past, now, pairs, phrases)
    for place in itertools.chain(*itertools.zip_longest(below, above)):
        places += [place] if place is not None else []
    for place in list(dict.fromkeys(places))[:PLACES]:
        yield Edit(place, EditKind.INSERT, new=text)


def _imports(lines: Sequence[str]) -> int:
    """The line below which an import goes: the first import's block, else what a file must begin with."""
    first = next((i for i, line in enumerate(lines) if _USE.match(line) and not line.startswith(" ")), None)
    if first is not None:
        return first
    return next((i for i, line in enumerate(lines) if line.strip() and not _INNER.match(line)), 0)


def _places(number: int, past: BrokenSource, now: BrokenSource, pairs: Pairs, phrases: Phrases) -> list[int]:
    """Lines of `now` that a line of `past` may correspond to: by spans on it or the item around, then by likeness."""
    if not 1 <= number <= len(past.lines):
        return []
    count = len(now.lines)
    found = [other.line_start for one, other in pairs if one.line_start == number]
    found += [other for one, other in zip(headers(past), headers(now), strict=False) if one == number]
    line = words(rewritten(past.lines[number - 1], phrases))
    center = now.error.primary.line_start if now.error.primary is not None else 1
    if line:
        wanted = set(line)
        ranked = [
            (-alike(line, there), abs(i - center), i)
            for i, text in enumerate(now.lines, start=1)
            if 2 * len(wanted & set(there := words(text))) >= len(wanted)
        ]
        found += [i for score, _, i in sorted(ranked)[:PLACES] if -score >= LIKE]
    near = sorted((abs(one.line_start - number), other.line_start + number - one.line_start) for one, other in pairs)
    found += [place for apart, place in near if 0 < apart <= _NEAR]
    return [place for place in dict.fromkeys(found) if 1 <= place <= count][:PLACES]


def headers(broken: BrokenSource) -> list[int]:
    """The lines that begin the items around the error, the innermost first."""
    lines, primary = broken.lines, broken.error.primary
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


# what stands for what


def paired(past: BrokenSource, now: BrokenSource) -> Pairs:
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


def phrased(past: BrokenSource, now: BrokenSource, pairs: Pairs) -> Phrases:
    """What stands for what: texts under paired spans, and what the two messages quote at the same place."""
    found: Phrases = {}
    texts = [(_under(one, past), _under(other, now)) for one, other in pairs]
    messages = [(past.error.message, now.error.message)]
    messages += [(one.label, other.label) for one, other in pairs if _label(one) == _label(other)]
    messages += [
        (one, other)
        for one, other in zip(past.error.notes, now.error.notes, strict=False)
        if _QUOTED.sub("`", one) == _QUOTED.sub("`", other)
    ]
    for one, other in messages:
        quoted = _QUOTED.findall(one), _QUOTED.findall(other)
        texts += zip(*quoted, strict=True) if len(quoted[0]) == len(quoted[1]) else []
    for one, other in texts:
        first, second = words(one), words(other)
        if first and second and first != second:
            found.setdefault(first, other.strip())
            named(first, second, found)
    return found


def _under(span: Span, broken: BrokenSource) -> str:
    """The text of a span that stays in its line."""
    if span.line_start != span.line_end or not 1 <= span.line_start <= len(broken.lines):
        return ""
    return broken.lines[span.line_start - 1][span.column_start - 1 : span.column_end - 1]


def named(one: Sequence[str], other: Sequence[str], found: Phrases) -> None:
    """Adds the names at the same places of two texts of like shape."""
    for a, b, size in aligned(one, other):
        for first, second in zip(one[a : a + size], other[b : b + size], strict=True):
            if first != second and is_name(first):
                found.setdefault((first,), second)


def rewritten(text: str, phrases: Mapping[tuple[str, ...], str]) -> str:
    """The text with the phrases that stand for its own put in, the longest first; its spaces stay."""
    found = located(text)
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


# tokens and their shapes


class Located(NamedTuple):
    """A token and where it stands in its line."""

    text: str
    start: int
    end: int


def located(line: str) -> list[Located]:
    """The tokens of a line with their places."""
    return [Located(found[0], *found.span()) for found in scan(line)]


def shape(token: str) -> str:
    """A token without the user's names: the language's and std's words stay, a name becomes `_`, a literal `#` or `""`."""
    if token[-1] in '"#' and '"' in token:
        return '""'
    if token[-1] == "'":
        return "#"
    if token[0] == "'":
        return "'_"
    if token[0].isdigit():
        return "#"
    return token if token in KNOWN or not (token[0].isalpha() or token[0] == "_") else "_"


def is_name(token: str) -> bool:
    return shape(token) in ("_", "'_")


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two token sequences are of one shape, names apart: 0 to 1; a name in common counts a little more."""
    if not one or not other:
        return 0.0
    ratio = SequenceMatcher(None, _shapes(one), _shapes(other), autojunk=False).ratio()
    same = len(set(one) & set(other)) / len(set(one) | set(other))
    return 0.8 * ratio + 0.2 * same


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of one shape in both: (place in one, place in other, length)."""
    matcher = SequenceMatcher(None, _shapes(one), _shapes(other), autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def _shapes(line: Sequence[str]) -> list[str]:
    return [shape(token) for token in line]
