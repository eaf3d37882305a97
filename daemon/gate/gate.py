"""The gate: pure arithmetic on paired results. What is promoted has gained, and lost nothing.

Champion and challenger answer the same tasks, one greedy shot each; a loss is a task the champion passes and the
challenger fails in at least two of three runs. Promoted is a challenger that

- lost no task of the sealed exam, whose size bounds the loss still unseen, over all tasks, below a stated margin;
- has at least one route that beat the champion on held-out tasks of its pattern beyond what this night may owe to
  luck, corrected for the number of routes tried (Bonferroni) and for all nights before (`spending`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sleepy.daemon.gate.reasons import ExamTooSmall, Gained, Lost, MayBeLuck, NoneEarned, NothingLost, Reason
from sleepy.daemon.stats.paired import gain, p_value, upper_bound


class Decision(StrEnum):
    PROMOTE = "promote"  # the challenger gained and lost nothing
    REJECT = "reject"  # it lost a task the champion passes
    INCONCLUSIVE = "inconclusive"  # no loss, and no gain that could not be luck


@dataclass(frozen=True, slots=True)
class Pair:
    """One task under both versions."""

    task: str
    baseline: bool
    challenger: bool
    signature: str = ""
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A route on its pattern's held-out tasks, against the champion. `low` and `high`: 95 % interval of the gain."""

    pattern: str
    n: int
    baseline: int
    challenger: int
    wins: int
    losses: int
    p: float
    low: float
    high: float
    kl: float = 0.0  # KL(routed || base) on these tasks, nats a token of the route's own answers

    @classmethod
    def of(cls, pattern: str, pairs: Sequence[Pair], *, kl: float = 0.0) -> Trial:
        wins = sum(pair.challenger and not pair.baseline for pair in pairs)
        losses = sum(pair.baseline and not pair.challenger for pair in pairs)
        both = sum(pair.challenger and pair.baseline for pair in pairs)
        low, high = gain(both, wins, losses, len(pairs) - both - wins - losses)
        p = p_value(wins, losses, len(pairs))
        return cls(pattern, len(pairs), both + losses, both + wins, wins, losses, p, low, high, kl)

    def earns(self, rules: Rules) -> bool:
        """Whether it beat the champion on its own pattern, and moved the model no further than the cap."""
        return self.p <= rules.alpha and self.kl <= rules.kl_cap


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate asks for."""

    alpha: float = 0.05  # of a route's trial
    level: float = 0.05  # of the night: what is left to spend
    margin: float = 0.02  # of all exam tasks may be lost unseen at most, with 95 % confidence
    kl_cap: float = math.inf  # nats a token


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with its arithmetic.

    `p_value` is the best route's, times the number of routes tried. `unseen_loss` is the 95 % upper bound on the
    share of all exam tasks that are lost, `unseen_regression` on that of what the champion passes.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    tasks: int
    baseline: int
    challenger: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    p_value: float
    level: float
    unseen_loss: float
    unseen_regression: float


def futile(pairs: Sequence[Pair]) -> bool:
    """Whether the first half of a route's held-out tasks makes the second a waste: it gained nothing in sum.

    To stop then can only cost promotions, never make one; what it costs is in `gate simulate`'s power.
    """
    return sum(pair.challenger for pair in pairs) <= sum(pair.baseline for pair in pairs)


def decide(
    pairs: Sequence[Pair],
    trials: Sequence[Trial],
    rules: Rules,
    *,
    own: Sequence[Pair] = (),
    dropped: Collection[str] = (),
) -> Judgement:
    """The decision for one night. `ValueError` when there is no exam to decide on.

    `own` are the user's cases: what is lost there rejects as a loss of the exam does, what is gained is not counted.
    `dropped` are patterns whose routes are given up: they were tried all the same, and count as that.
    """
    if not pairs:
        raise ValueError("an exam without tasks decides nothing: forge or import exam koans first")
    gained = tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline)
    lost = tuple(pair.task for pair in (*pairs, *own) if pair.baseline and not pair.challenger)
    baseline = sum(pair.baseline for pair in pairs)
    loss, regression = upper_bound(len(lost), len(pairs)), upper_bound(len(lost), baseline)
    earned = [trial for trial in trials if trial.earns(rules) and trial.pattern not in dropped]
    best = min((trial.p for trial in earned), default=1.0)
    p = min(1.0, best * len(trials))
    reasons: tuple[Reason, ...]
    if lost:
        decision = Decision.REJECT
        passed = baseline + sum(pair.baseline for pair in own)
        reasons = (Lost(len(lost), passed, lost[:5]),)
    elif not earned:
        decision, reasons = Decision.INCONCLUSIVE, (NoneEarned(len(trials)),)
    elif p > rules.level:
        decision, reasons = Decision.INCONCLUSIVE, (MayBeLuck(len(trials), p, rules.level),)
    elif loss > rules.margin:
        decision, reasons = Decision.INCONCLUSIVE, (ExamTooSmall(len(pairs), loss, rules.margin),)
    else:
        decision = Decision.PROMOTE
        reasons = Gained(len(earned), p, rules.level), NothingLost(baseline, loss)
    return Judgement(
        decision, reasons, len(pairs), baseline, sum(pair.challenger for pair in pairs), gained, lost, p,
        rules.level, loss, regression,
    )  # fmt: skip
