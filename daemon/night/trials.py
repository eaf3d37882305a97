"""A route's own exam: held-out tasks of its pattern, the champion beside it; half of them first.

A route that gained nothing in sum on the first half is not asked the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.agent.attempt import Attempt, Diagnosis
from sleepy.daemon.night import exam, gate
from sleepy.daemon.serve import Served
from sleepy.daemon.tools import Tools


@dataclass(frozen=True, slots=True)
class Tried:
    """The paired results of all patterns, and the answers of the routes."""

    pairs: tuple[gate.Pair, ...]
    answers: tuple[Attempt, ...]
    stopped: tuple[str, ...]  # patterns that were asked half of their tasks


def tried(tools: Tools, asked: Sequence[Diagnosis], champion: Served, trial: Served) -> Tried:
    """The held-out tasks answered by both, each pattern's second half only where the first promises something."""
    first, second = [], []
    for name in dict.fromkeys(item.signature for item in asked):
        mine = [item for item in asked if item.signature == name]
        half = len(mine) // 2 if len(mine) >= 2 * _LEAST else len(mine)
        first += mine[:half]
        second += mine[half:]
    early = exam.sit(tools, first, champion, trial, what="held-out koans")
    waiting = {item.signature for item in second}
    hopeless = {
        name for name in waiting if gate.futile([pair for pair in early.pairs() if pair.signature == name])
    }  # fmt: skip
    rest = [item for item in second if item.signature not in hopeless]
    late = exam.sit(tools, rest, champion, trial, what="held-out koans, second half")
    return Tried(
        (*early.pairs(), *late.pairs()), (*early.challenger, *late.challenger), tuple(sorted(hopeless))
    )  # fmt: skip


_LEAST = 10  # tasks in a half; fewer say too little to stop on
