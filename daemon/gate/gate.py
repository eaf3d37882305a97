"""The gate: pure arithmetic on the trials' and the exam's results. A version is promoted if it gained and lost nothing.

Champion and challenger give one greedy answer to each of the same tasks. A task is lost if the champion passes it and
the challenger fails it in at least two of three runs. A challenger is promoted if

- at least one of its routes is proven: on fresh koans it beat the champion in a sequential test (see `sequential`);
- it lost no task of the sealed exam, nor of the user's own cases, with the routes that will serve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sleepy.daemon.gate.reasons import KeptAll, Lost, NoneProven, Proven, Reason
from sleepy.daemon.gate.sequential import TrialEvidence
from sleepy.daemon.stats.paired import gain, p_value


class Decision(StrEnum):
    """What the gate decides."""

    PROMOTE = "promote"  # the challenger gained and lost nothing
    REJECT = "reject"  # it lost a task that the champion passes
    INCONCLUSIVE = "inconclusive"  # it lost nothing, but no gain is proven


@dataclass(frozen=True, slots=True)
class Pair:
    """One task's results under both versions."""

    task: str
    baseline: bool
    challenger: bool
    signature: str = ""
    route: str | None = None


@dataclass(frozen=True, slots=True)
class ExamPart:
    """The results on a part of the exam: tasks, passed by each version, gained and lost."""

    tasks: int
    baseline: int
    challenger: int
    gained: int
    lost: int

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> ExamPart:
        return cls(
            len(pairs),
            sum(pair.baseline for pair in pairs),
            sum(pair.challenger for pair in pairs),
            sum(pair.challenger and not pair.baseline for pair in pairs),
            sum(pair.baseline and not pair.challenger for pair in pairs),
        )


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


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """A route's test after the night: its evidence over all nights, and the `log_e` that proves it."""

    evidence: TrialEvidence
    needed: float
    proven: bool  # and within the KL cap
    open: bool  # to be continued


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with its arithmetic.

    `log_e` and `needed` are those of the best route that serves from now on. `unseen_loss` is the 95 % upper bound on
    the share of the new routes' tasks that are lost, `unseen_regression` that on the share of those the champion
    passes; both are from fresh koans, and 1 without a new route.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    tasks: int
    baseline: int
    challenger: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    log_e: float
    needed: float
    unseen_loss: float
    unseen_regression: float


def decide(
    pairs: Sequence[Pair],
    trials: Mapping[str, RouteStanding],
    *,
    own: Sequence[Pair] = (),
    dropped: Sequence[str] = (),
) -> Judgement:
    """The decision for one night, from the exam's results and each candidate's standing by scope.

    `own` are the user's cases: a loss there rejects as one in the exam does, a gain is not counted. `dropped` are scopes
    whose routes the exam dropped. `ValueError` if there are no exam results.
    """
    if not pairs:
        raise ValueError("an exam without tasks decides nothing: forge or import exam koans first")
    gained = tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline)
    lost = tuple(pair.task for pair in (*pairs, *own) if pair.baseline and not pair.challenger)
    baseline = sum(pair.baseline for pair in pairs)
    proven = [item for scope, item in trials.items() if item.proven and scope not in dropped]
    best = max(proven, key=lambda item: item.evidence.log_e - item.needed, default=None)
    shown = sum((item.evidence for item in proven), TrialEvidence())
    reasons: tuple[Reason, ...]
    if lost:
        decision = Decision.REJECT
        passed = baseline + sum(pair.baseline for pair in own)
        reasons = (Lost(len(lost), passed, lost[:5]),)
    elif best is None:
        still = sum(item.open for item in trials.values())
        decision, reasons = Decision.INCONCLUSIVE, (NoneProven(len(trials), still),)
    else:
        decision = Decision.PROMOTE
        reasons = (
            Proven(len(proven), round(best.evidence.log_e, 2), round(best.needed, 2)),
            KeptAll(baseline, shown.losses, shown.passed, shown.unseen_regression),
        )
    return Judgement(
        decision, reasons, len(pairs), baseline, sum(pair.challenger for pair in pairs), gained, lost,
        best.evidence.log_e if best else 0.0, best.needed if best else 0.0,
        shown.unseen_loss, shown.unseen_regression,
    )  # fmt: skip
