"""A past repair, made again at another place: anti-unification on the tokens of the edited lines.

What the two errors say alike is paired: their spans by role and label, what their messages quote, and the tokens of
an edited line with those of the line it is carried to. What differs between the two of a pair is a hole of the
repair; what is in no pair is taken over as it is. Lines are found by the spans, then by likeness.

Nothing here knows whether the result compiles: every text is a candidate for the sandbox.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from sleepy.daemon.agent import edits
from sleepy.daemon.agent.edits import Edit, EditError, Kind
from sleepy.daemon.fix.pairing import Pairs, Phrases, Scene, headers, named, paired, phrased
from sleepy.daemon.fix.tokens import aligned, alike, rewritten, tokens, words
from sleepy.sandbox.verdict import Span

LONGEST = 6  # edits: more rewrite, they do not repair
PLACES = 3  # lines an edit is tried at
LIKE = 0.6  # of a line's tokens at least, where likeness alone places an edit
_NEAR = 3  # lines from a span that still count as placed by it
_USE = re.compile(r"\s*(?:pub\s+)?use\b")
_INNER = re.compile(r"\s*(?:#!\[|//!)")


def transferred(past: Scene, fixed: str, now: Scene) -> Iterator[str]:
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


def _moved(change: Edit, past: Scene, now: Scene, pairs: Pairs, phrases: Phrases) -> Iterator[Edit]:
    """One edit at the places it may belong to."""
    if change.kind is Kind.INSERT:
        yield from _inserted(change, past, now, pairs, phrases)
        return
    old = past.lines[change.line - 1]
    for place in _places(change.line, past, now, pairs, phrases):
        line = now.lines[place - 1]
        if change.kind is Kind.DELETE:
            yield Edit(place, Kind.DELETE)
            continue
        known = dict(phrases)
        named(words(old), words(line), known)
        spans = [other for _, other in pairs if other.line_start == place]
        for text in dict.fromkeys([*_by_phrase(change, line, known, spans), *_by_place(change, old, line, known)]):
            if text.strip() and text != line:
                yield Edit(place, Kind.REPLACE, line.strip(), text.strip())


def _by_phrase(change: Edit, line: str, phrases: Phrases, spans: Sequence[Span]) -> Iterator[str]:
    """The line with what the edit replaces, in today's words, replaced: first where the compiler points."""
    old, new = rewritten(change.old, phrases), rewritten(change.new, phrases)
    places = edits.places(line, old)
    places.sort(
        key=lambda at: not any(at < span.column_end - 1 and span.column_start - 1 < at + len(old) for span in spans)
    )
    for at in places[:2]:
        yield line[:at] + new + line[at + len(old) :]


def _by_place(change: Edit, old: str, line: str, phrases: Phrases) -> Iterator[str]:
    """The line with the tokens replaced that stand where the edit's stood, seen from those around them."""
    at = edits.places(old, change.old)
    if len(at) != 1:
        return
    before, today = tokens(old), tokens(line)
    start = next(i for i, each in enumerate(before) if each.start == at[0])
    end = next(i for i, each in enumerate(before) if each.end == at[0] + len(change.old)) + 1
    image: dict[int, int] = {}
    for a, b, size in aligned([each.text for each in before], [each.text for each in today]):
        image |= {a + i: b + i for i in range(size)}
    first = image.get(start, image[start - 1] + 1 if start - 1 in image else None)
    last = image.get(end - 1, image[end] - 1 if end in image else None)
    if first is None or last is None or not 0 <= first <= last < len(today):
        return
    yield line[: today[first].start] + rewritten(change.new, phrases) + line[today[last].end :]


def _inserted(change: Edit, past: Scene, now: Scene, pairs: Pairs, phrases: Phrases) -> Iterator[Edit]:
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
        yield Edit(place, Kind.INSERT, new=text)


def _imports(lines: Sequence[str]) -> int:
    """The line below which an import goes: the first import's block, else what a file must begin with."""
    first = next((i for i, line in enumerate(lines) if _USE.match(line) and not line.startswith(" ")), None)
    if first is not None:
        return first
    return next((i for i, line in enumerate(lines) if line.strip() and not _INNER.match(line)), 0)


def _places(number: int, past: Scene, now: Scene, pairs: Pairs, phrases: Phrases) -> list[int]:
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
