"""The gate: pure arithmetic on paired exam results. What is promoted has gained, and lost nothing.

Champion and challenger answer the same sealed tasks, one greedy shot each. A loss is a task the
champion passes and the challenger fails in at least two of three runs. Gains are tested with the
exact one-sided sign test on the discordant pairs (McNemar 1947); the rate of losses still unseen
is bounded by Clopper-Pearson at 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    PROMOTE = "promote"  # the challenger gained and lost nothing
    REJECT = "reject"  # it lost a task the champion passes
    INCONCLUSIVE = "inconclusive"  # no loss, and no gain that could not be luck


@dataclass(frozen=True, slots=True)
class Pair:
    """One exam task under both versions."""

    task: str
    baseline: bool
    challenger: bool
    signature: str = ""
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate asks for."""

    alpha: float = 0.05  # a gain this likely or less to be luck counts as one


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with its arithmetic. `unseen_loss` is the 95 % upper bound on the loss rate."""

    decision: Decision
    reasons: tuple[str, ...]
    tasks: int
    baseline: int
    challenger: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    p_value: float
    unseen_loss: float


def decide(pairs: Sequence[Pair], rules: Rules = Rules()) -> Judgement:
    """The decision for one exam. `ValueError` when there is nothing to decide on."""
    if not pairs:
        raise ValueError("an exam without tasks decides nothing: forge or import exam koans first")
    gained = tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline)
    lost = tuple(pair.task for pair in pairs if pair.baseline and not pair.challenger)
    baseline = sum(pair.baseline for pair in pairs)
    p_value = sign_test(len(gained), len(lost))
    bound = upper_bound(len(lost), baseline)
    reasons: list[str] = []
    if lost:
        decision = Decision.REJECT
        reasons.append(f"lost {len(lost)} of {baseline} tasks the champion passes: {', '.join(lost[:5])}")
    elif p_value > rules.alpha:
        decision = Decision.INCONCLUSIVE
        reasons.append(
            f"{len(gained)} gained, 0 lost: p = {p_value:.3f} is above {rules.alpha}, it may be luck"
            if gained
            else f"the same {baseline} of {len(pairs)} tasks pass as before"
        )
    else:
        decision = Decision.PROMOTE
        reasons.append(f"gained {len(gained)} tasks, p = {p_value:.2g} (exact sign test)")
        reasons.append(f"lost 0 of {baseline}: the unseen loss rate is below {100 * bound:.1f} % (95 %)")
    return Judgement(
        decision,
        tuple(reasons),
        len(pairs),
        baseline,
        sum(pair.challenger for pair in pairs),
        gained,
        lost,
        p_value,
        bound,
    )


def sign_test(wins: int, losses: int) -> float:
    """One-sided p-value of at least `wins` heads in wins + losses fair tosses; 1.0 without any."""
    n = wins + losses
    if n == 0:
        return 1.0
    return float(sum(math.comb(n, k) for k in range(wins, n + 1)) / 2**n)


def upper_bound(events: int, trials: int, *, confidence: float = 0.95) -> float:
    """Clopper-Pearson one-sided upper bound on a rate; 1.0 without trials."""
    if trials == 0 or events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(math.comb(trials, k) * middle**k * (1 - middle) ** (trials - k) for k in range(events + 1))
        low, high = (middle, high) if tail > 1 - confidence else (low, middle)
    return high


def route_earns(wins: int, losses: int, *, alpha: float = 0.05) -> bool:
    """Whether a route has beaten the base on its pattern's held-out tasks."""
    return losses == 0 and sign_test(wins, losses) <= alpha
