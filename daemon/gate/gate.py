"""The gate: pure arithmetic on paired results. A version is promoted if it gained and lost nothing.

Champion and challenger give one greedy answer to each of the same tasks. A task is lost if the champion passes it and
the challenger fails it in at least two of three runs. A challenger is promoted if

- it lost no task of the sealed exam, and the exam is large enough to bound the undetected losses over all tasks below
  a stated margin;
- at least one of its routes beat the champion on held-out tasks of its pattern, with a p-value below this night's
  level, corrected for the number of routes tried (Bonferroni) and for all earlier nights (`spending`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sleepy.daemon.gate.reasons import ExamTooSmall, Gained, Lost, MayBeLuck, NoneEarned, NothingLost, Reason
from sleepy.daemon.stats.paired import gain, p_value, upper_bound


class Decision(StrEnum):
    """What the gate decides."""

    PROMOTE = "promote"  # the challenger gained and lost nothing
    REJECT = "reject"  # it lost a task that the champion passes
    INCONCLUSIVE = "inconclusive"  # it lost nothing, but its gain may be luck


@dataclass(frozen=True, slots=True)
class Pair:
    """One task's results under both versions."""

    task: str
    baseline: bool
    challenger: bool
    signature: str = ""
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A route against the champion on its pattern's held-out tasks. `low` and `high`: the 95 % interval of the gain."""

    pattern: str
    n: int
    baseline: int
    challenger: int
    wins: int
    losses: int
    p: float
    low: float
    high: float
    kl: float = 0.0  # KL(routed || base) on these tasks, in nats per token of the route's own answers

    @classmethod
    def of(cls, pattern: str, pairs: Sequence[Pair], *, kl: float = 0.0) -> Trial:
        wins = sum(pair.challenger and not pair.baseline for pair in pairs)
        losses = sum(pair.baseline and not pair.challenger for pair in pairs)
        both = sum(pair.challenger and pair.baseline for pair in pairs)
        low, high = gain(both, wins, losses, len(pairs) - both - wins - losses)
        p = p_value(wins, losses, len(pairs))
        return cls(pattern, len(pairs), both + losses, both + wins, wins, losses, p, low, high, kl)

    def earns(self, rules: Rules) -> bool:
        """Whether it beat the champion on its own pattern and its KL to the base is within the cap."""
        return self.p <= rules.alpha and self.kl <= rules.kl_cap


@dataclass(frozen=True, slots=True)
class Rules:
    """The gate's thresholds."""

    alpha: float = 0.05  # level of a route's trial
    level: float = 0.05  # level of the night: what is left to spend
    margin: float = 0.02  # share of all tasks that may be lost undetected at most, with 95 % confidence
    kl_cap: float = math.inf  # nats per token


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with its arithmetic.

    `p_value` is the best route's, times the number of routes tried. `unseen_loss` is the 95 % upper bound on the share
    of all tasks that are lost, `unseen_regression` that on the share of the tasks the champion passes.
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
    """Whether the second half of a route's held-out tasks can be skipped: the first half shows no net gain.

    Skipping it can only cost a promotion, never cause one. `gate simulate` includes the cost in its power.
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
    """The decision for one night. `ValueError` if there are no exam results.

    `own` are the user's cases: a loss there rejects as one in the exam does, a gain is not counted. `dropped` are
    patterns whose routes were dropped; they still count as tried.
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
