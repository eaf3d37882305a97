"""The decision stage: the gate's arithmetic on the exam's results."""

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
    """The decision with its reasons and its arithmetic."""
    db, night, asks = context.tools.db, context.night, rules(context)
    tried = [item.trial for item in examined.held_out.values()]
    if not examined.pairs:
        if tried:  # the trials were tests too: they count towards the month's spending
            nights.examined(db, night.id, exam_hash=examined.exam, tasks=0, baseline=0, challenger=0)
        reasons = _no_exam_reasons(collected, diagnosed, examined, tried, asks)
        return Decided(
            Decision.INCONCLUSIVE, reasons, asks.alpha, asks.level, asks.margin, asks.kl_cap, tried=len(tried)
        )
    judged = gate.decide(
        _without_dropped(examined.pairs, examined.given_back),
        tried,
        asks,
        own=_without_dropped(examined.own, examined.given_back),
        dropped=examined.dropped,
    )
    nights.examined(
        db, night.id, exam_hash=examined.exam, tasks=judged.tasks, baseline=judged.baseline, challenger=judged.challenger
    )  # fmt: skip
    assert examined.left is not None, "an exam that was held records the remaining routes"
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


def _without_dropped(pairs: Sequence[Pair], given_back: Sequence[str] | None) -> list[Pair]:
    """The results with the remaining routes; unchanged if only another exam could tell."""
    restored = set(given_back or ())
    return [replace(pair, challenger=pair.baseline) if pair.task in restored else pair for pair in pairs]


def _no_exam_reasons(
    collected: Collected, diagnosed: Diagnosed, examined: Examined, tried: Sequence[Trial], asks: Rules
) -> tuple[Reason, ...]:
    """Why there are no exam results to decide on."""
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
