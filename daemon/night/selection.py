"""Which failing patterns a night spends its time on: those where failures times learnability is greatest.

Learnability is how often the pattern's route earned its place when it was tried before (Laplace's estimate: an untried
one is even). A pattern that was tried for some nights in a row and did not move rests for a while. What the developer
repaired with their own hands comes first: there is an answer nobody had to guess.
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
    """From (passes, attempts) and the developer's repairs by signature, and what past nights came to.

    `past` holds a mapping for each night before, the newest first: the patterns it tried, and whether each earned
    its route.
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
    """How many of its last tries in a row earned nothing, and how many nights ago the newest of them was."""
    count = since = 0
    for ago, night in enumerate(past, start=1):
        if name not in night:
            continue
        if night[name]:
            break
        count += 1
        since = since or ago
    return count, since
