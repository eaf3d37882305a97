"""The decision stage: the gate's arithmetic on what the exam came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sleepy.daemon.gate import gate
from sleepy.daemon.gate.gate import Decision, Pair, Rules, Trial
from sleepy.daemon.gate.reasons import (
    AllResting,
    ExamCutShort,
    ExamEmpty,
    ExamNotHeld,
    MovedTooFar,
    NoneFailing,
    NoPractice,
    NotTeachable,
    RadiusDropped,
    Reason,
    RouteDropped,
)
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.examine import rules
from sleepy.daemon.stages.stages import Collected, Decided, Diagnosed, Examined, Sat
from sleepy.memory.episodic import nights


def decide(context: NightContext, collected: Collected, diagnosed: Diagnosed, examined: Examined) -> Decided:
    """The decision, with its reasons and its figures."""
    db, night, asks = context.tools.db, context.night, rules(context)
    tried = [item.trial for item in examined.held_out.values()]
    if not examined.pairs:
        if tried:  # tests were made: they count among the month's
            nights.examined(db, night.id, exam_hash=examined.exam, tasks=0, baseline=0, challenger=0)
        reasons = _unexamined(collected, diagnosed, examined, tried, asks)
        return Decided(
            Decision.INCONCLUSIVE, reasons, asks.alpha, asks.level, asks.margin, asks.kl_cap, tried=len(tried)
        )
    judged = gate.decide(
        _as_left(examined.pairs, examined.given_back),
        tried,
        asks,
        own=_as_left(examined.own, examined.given_back),
        dropped=examined.dropped,
    )
    nights.examined(
        db, night.id, exam_hash=examined.exam, tasks=judged.tasks, baseline=judged.baseline, challenger=judged.challenger
    )  # fmt: skip
    assert examined.left is not None, "an exam that was sat says which routes are left"
    return Decided(
        judged.decision,
        (
            *judged.reasons,
            *map(RouteDropped, examined.dropped),
            *map(RadiusDropped, examined.narrowed),
            *([ExamCutShort(len(examined.pairs))] if examined.sat is Sat.CUT else []),
        ),
        asks.alpha, asks.level, asks.margin, asks.kl_cap, len(tried), judged.tasks, judged.baseline, judged.challenger,
        judged.gained, judged.lost, judged.p_value, judged.unseen_loss, judged.unseen_regression, examined.left,
        examined.dropped,
    )  # fmt: skip


def _as_left(pairs: Sequence[Pair], given_back: Sequence[str] | None) -> list[Pair]:
    """The results as they are with the routes that are left; as they were sat where only another exam could say."""
    back = set(given_back or ())
    return [replace(pair, challenger=pair.baseline) if pair.task in back else pair for pair in pairs]


def _unexamined(
    collected: Collected, diagnosed: Diagnosed, examined: Examined, tried: Sequence[Trial], asks: Rules
) -> tuple[Reason, ...]:
    """Why there is nothing to decide on."""
    if examined.sat is Sat.WHOLE:
        return (ExamEmpty(),)
    if tried:
        far = [MovedTooFar(item.pattern, item.kl, asks.kl_cap) for item in tried if item.p <= asks.alpha]
        return ExamNotHeld(len(tried)), *far
    if not collected.rates and not collected.repaired:
        return (NoPractice(),)
    if not diagnosed.failing:
        return (AllResting(tuple(diagnosed.resting)) if diagnosed.resting else NoneFailing(),)
    return (NotTeachable(),)
