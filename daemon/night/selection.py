"""Selects the failing patterns that a night works on: those with the most failures times learnability.

Learnability is the share of earlier tries in which the pattern's route earned its place (Laplace's estimate: 1/2 for an
untried pattern). A pattern that was tried on several nights in a row without improvement rests for a while. Patterns
that the developer repaired come first: for these a correct answer is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sleepy.daemon.stages.stages import Diagnosed, Rest, Wanted
from sleepy.daemon.stats.intervals import credibly_below


def select(
    rates: Mapping[str, tuple[int, int]],
    repaired: Mapping[str, int],
    past: Sequence[Mapping[str, bool]],
    *,
    target: float,
    tries: int,
    rest: int,
    only: Collection[str] = (),
) -> Diagnosed:
    """The patterns to learn, from (passes, attempts) and the developer's repairs by signature, and from earlier nights.

    `past` holds one mapping per earlier night, newest first: the patterns it tried, and whether each earned its route.
    """
    failing: list[Wanted] = []
    mastered: list[str] = []
    resting: dict[str, Rest | str] = {}
    for name in sorted(rates.keys() | repaired.keys()):
        passes, attempts = rates.get(name, (0, 0))
        theirs = repaired.get(name, 0)
        solved = bool(attempts) and passes / attempts >= target
        if solved:
            mastered.append(name)
        below = attempts > 1 and credibly_below(passes, attempts, target)
        if not (below or (theirs and not solved)) or (only and name not in only):
            continue
        fruitless, since = _fruitless(name, past)
        if fruitless >= tries and since <= rest:
            resting[name] = Rest(fruitless, rest - since + 1)
            continue
        tried = [night[name] for night in past if name in night]
        failing.append(Wanted(name, passes, attempts, (sum(tried) + 1) / (len(tried) + 2), theirs))
    failing.sort(key=lambda item: (item.repaired == 0, -item.worth, item.signature))
    return Diagnosed(tuple(failing), resting, tuple(mastered))


def _fruitless(name: str, past: Sequence[Mapping[str, bool]]) -> tuple[int, int]:
    """How many of its latest tries in a row earned nothing, and how many nights ago the latest of them was."""
    count = since = 0
    for ago, night in enumerate(past, start=1):
        if name not in night:
            continue
        if night[name]:
            break
        count += 1
        since = since or ago
    return count, since
