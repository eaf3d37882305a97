"""Difficulty sampling: what practice so far says of which koans are worth asking next.

A koan teaches when the greedy answer fails it and some answer solves it. What is never solved gives no answer of the
model's own to learn from, what is always solved nothing to learn. With a the rate of greedy answers that pass and s
that of koans solved by any answer, the weight is s (1 - a): where nothing but the greedy answer is asked, p (1 - p).

Rates are shrunk towards those of all practice; what was practised under other versions counts as a few koans. A floor
keeps everything in practice. This changes how often a mistake is made, never which koans of a signature are asked, so
the pass rates by signature, on which a night decides what is failing, stay unbiased.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.outcomes import By, PracticeOutcome, outcomes

T = TypeVar("T")
_Sums = tuple[float, float, float]  # as a `PracticeOutcome`
_NONE: _Sums = (0.0, 0.0, 0.0)
FLOOR = 0.04  # of a weight; an even outcome weighs .25: what is never or always solved is asked a seventh as often
BEFORE = 4  # koans that practice under other versions counts as at most


class Difficulty:
    """Weights by name: of patterns' signatures, or of koans' origins."""

    def __init__(self, now: Mapping[str, PracticeOutcome], before: Mapping[str, PracticeOutcome] | None = None) -> None:
        """`now` is practice under the version that serves, `before` under others."""
        self._known = {name: _scaled(seen) for name, seen in now.items()}
        for name, seen in (before or {}).items():
            self._known[name] = _sum(
                [self._known.get(name, _NONE), _scaled(seen, min(1.0, BEFORE / max(1, seen.asked)))]
            )
        asked, alone, solved = _sum(self._known.values())
        self._alone, self._solved = (alone + 0.5) / (asked + 1), (solved + 0.5) / (asked + 1)

    def weight(self, name: str) -> float:
        """From `FLOOR` to 1 + `FLOOR`; a name that was never practised has the weight of all practice."""
        asked, alone, solved = self._known.get(name, _NONE)
        fails = 1 - (alone + self._alone) / (asked + 1)
        return fails * (solved + self._solved) / (asked + 1) + FLOOR


def _scaled(seen: PracticeOutcome, times: float = 1.0) -> _Sums:
    return times * seen.asked, times * seen.alone, times * seen.solved


def _sum(several: Iterable[_Sums]) -> _Sums:
    found = list(several)
    return sum(each[0] for each in found), sum(each[1] for each in found), sum(each[2] for each in found)


def difficulty(db: Database, by: By, version: str | None) -> Difficulty:
    """As practice so far has it, for the version that serves (None: the bare base)."""
    return Difficulty(outcomes(db, by, version), outcomes(db, by, version, others=True))


def draw(things: Sequence[T], weights: Iterable[float], count: int, seed: int) -> list[T]:
    """`count` of the things, each as often as its share of the weights says, give or take one (systematic sampling)."""
    left = list(weights)
    step = sum(left) / count if count else 0.0
    at = step * random.Random(f"draw {seed}").random()
    out: list[T] = []
    reached = 0.0
    for thing, weight in zip(things, left, strict=True):
        reached += weight
        while at < reached and len(out) < count:
            out.append(thing)
            at += step
    return out
