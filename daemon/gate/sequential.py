"""Whether a candidate's route is proven: a sequential test on fresh koans, which may stop after any batch.

A candidate and the base answer the same koans of the candidate's scope, batch by batch. It is

- proven when the e-value of its wins and losses reaches the level of its test (`stats/online`): of all that are ever
  proven, an expected share alpha at most are no better than the base;
- futile when, with confidence 1 - miss, its gain is smaller than what is worth having: a candidate that gains as much
  or more is given up with probability `miss` at most, however often one looks (`stats/betting`);
- open otherwise. Evidence adds up over batches and nights, so an open candidate goes on where it stopped.

Both hold under two conditions that are the caller's to keep. Koans are fresh: drawn anew for the batch, whatever the
results so far. And wins and losses are treated alike: if a loss is answered again, so is a win; otherwise a flaky
machine looks like a gain.

A route for a code, or for all, may gain less and is asked more (`Rules.at`). One for all that wins 10 % of its koans and
loses 3.4 % is proven in its first night in 99 of 100 lives, one that wins 5.5 % and loses 2.5 % in 25, and in 96 over
several nights (150 simulated lives each, as the ninth test of a home).

By simulation (`sleepy gate simulate`; eight candidates a night for a month) a candidate of no gain is asked 32 koans on
average (53 if 5 % of them change by chance), one of 15 points 115 to 145, one of 25 points 70 to 90. Gains of 5 points
are mostly given up. The bound on unseen losses takes no account of when asking stops; simulated, it still held for 96 %
of proven candidates or more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sleepy.daemon.stats.betting import log_gain, log_short
from sleepy.daemon.stats.online import level
from sleepy.daemon.stats.paired import upper_bound


class TrialState(StrEnum):
    """Where a candidate's test stands."""

    OPEN = "open"  # not settled: it is asked more koans, tonight or the next night
    PROVEN = "proven"  # it gained: its route may serve
    FUTILE = "futile"  # it gains too little to be worth more koans: its test is over


@dataclass(frozen=True, slots=True)
class TrialEvidence:
    """Results on fresh koans: `passed` by the base, `wins` by the candidate alone, `losses` by the base alone."""

    wins: int = 0
    losses: int = 0
    asked: int = 0
    passed: int = 0

    def __post_init__(self) -> None:
        fits = 0 <= self.losses <= self.passed and 0 <= self.wins <= self.asked - self.passed
        if not fits:
            raise ValueError(
                f"{self.wins} wins and {self.losses} losses of {self.asked} tasks, {self.passed} passed by the base"
            )

    @classmethod
    def of(cls, results: Iterable[tuple[bool, bool]]) -> TrialEvidence:
        """The counts of (base passed, candidate passed), a pair a task."""
        pairs = list(results)
        return cls(
            sum(after and not before for before, after in pairs),
            sum(before and not after for before, after in pairs),
            len(pairs),
            sum(before for before, _ in pairs),
        )

    def __add__(self, other: TrialEvidence) -> TrialEvidence:
        return TrialEvidence(
            self.wins + other.wins, self.losses + other.losses, self.asked + other.asked, self.passed + other.passed
        )

    @property
    def gain(self) -> float:
        """The share gained in sum; 0 before the first task. Biased upwards where asking stopped at a success."""
        return (self.wins - self.losses) / self.asked if self.asked else 0.0

    @property
    def log_e(self) -> float:
        """Natural logarithm of the e-value against being no better than the base."""
        return log_gain(self.wins, self.losses)

    @property
    def unseen_loss(self) -> float:
        """The 95 % upper bound (Clopper-Pearson) on the share of routed tasks that the base alone would pass."""
        return upper_bound(self.losses, self.asked)

    @property
    def unseen_regression(self) -> float:
        """The same as a share of the routed tasks that the base passes."""
        return upper_bound(self.losses, self.passed)


TIMES = (1, 2, 4)  # how many times smaller a gain may be, by the scope's level


@dataclass(frozen=True, slots=True)
class Rules:
    """What a test is held to. Numbers of koans are per candidate."""

    alpha: float = 0.01  # expected share of candidates no better than the base among all that are ever proven
    worth: float = 0.1  # the smallest gain worth having, as a share of the scope's tasks
    miss: float = 0.1  # greatest probability of giving up a candidate of such a gain
    batch: int = 10  # koans between two judgements
    night: int = 320  # koans in one night
    most: int = 960  # koans in all; a candidate not proven then never is

    def __post_init__(self) -> None:
        for name in ("alpha", "worth", "miss"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)} is not within (0, 1)")
        for name in ("batch", "night", "most"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)} is less than 1 koan")

    def at(self, level: int) -> Rules:
        """The rules for a scope of this level: 0 a signature, 1 a code, 2 all.

        A coarser route answers more tasks, so a smaller gain is worth having, and more koans are asked to see it.
        """
        times = TIMES[level]
        return replace(
            self, worth=self.worth / times, batch=self.batch * times, night=self.night * times, most=self.most * times
        )


def judge(evidence: TrialEvidence, number: int, proven: int, rules: Rules) -> TrialState:
    """Where the test with this number (from 0, in order of beginning over the home's life) stands.

    `proven` counts all tests proven so far, those included whose route was dropped since.
    """
    if evidence.log_e >= needed(number, proven, rules):
        return TrialState.PROVEN
    short = log_short(evidence.wins, evidence.losses, evidence.asked, rules.worth)
    return TrialState.FUTILE if short >= -math.log(rules.miss) or evidence.asked >= rules.most else TrialState.OPEN


def needed(number: int, proven: int, rules: Rules) -> float:
    """The `log_e` at which that test is proven."""
    return -math.log(level(number, proven, rules.alpha))


def judge_all(
    found: Mapping[int, TrialEvidence], proven: int, rules: Rules, levels: Mapping[int, int] | None = None
) -> dict[int, TrialState]:
    """Where several open tests stand, by number. Each one that is proven makes the next easier, so all are judged
    again until no more are. `levels` are those of their scopes; without, all are signatures'."""
    held = {number: rules.at((levels or {}).get(number, 0)) for number in found}
    states = dict.fromkeys(sorted(found), TrialState.OPEN)
    more = True
    while more:
        more = False
        for number in states:
            if states[number] is TrialState.PROVEN:
                continue
            states[number] = judge(found[number], number, proven, held[number])
            if states[number] is TrialState.PROVEN:
                proven, more = proven + 1, True
    return states


def batch(evidence: TrialEvidence, tonight: int, rules: Rules) -> int:
    """How many koans an open candidate is asked next, when it was asked `tonight` of them this night; 0: no more."""
    return max(0, min(rules.batch, rules.night - tonight, rules.most - evidence.asked))
