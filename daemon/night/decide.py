"""The decision stage: the gate's arithmetic on the trials' and the exam's results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sleepy.daemon.gate import gate
from sleepy.daemon.gate.gate import Decision, ExamPart, Pair
from sleepy.daemon.gate.reasons import (
    AllResting,
    ExamCutShort,
    ExamEmpty,
    MovedTooFar,
    NoneFailing,
    NoneProven,
    NoPractice,
    NotTeachable,
    Reason,
    RouteDropped,
    RouteWithdrawn,
)
from sleepy.daemon.gate.sequential import TrialState
from sleepy.daemon.model.source import HELD_BACK
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.examine import rules
from sleepy.daemon.stages.stages import Collected, Decided, Diagnosed, Examined, Sat
from sleepy.memory.episodic import nights
from sleepy.memory.parametric.scope import code_of


def decide(context: NightContext, collected: Collected, diagnosed: Diagnosed, examined: Examined) -> Decided:
    """The decision with its reasons and its arithmetic."""
    db, night, config = context.tools.db, context.night, context.tools.config
    alpha, tried = rules(context).alpha, len(examined.held_out)
    if not examined.pairs:
        reasons = _no_exam_reasons(context, collected, diagnosed, examined)
        return Decided(Decision.INCONCLUSIVE, reasons, alpha, kl_cap=config.kl_cap, tried=tried)
    pairs = _without_dropped(examined.pairs, examined.given_back)
    judged = gate.decide(
        pairs,
        {scope: item.standing for scope, item in examined.held_out.items()},
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
            *(RouteWithdrawn(scope, at) for scope, found in examined.withdrawn.items() for at in found),
            *([ExamCutShort(len(examined.pairs))] if examined.sat is Sat.CUT else []),
        ),
        alpha,
        kl_cap=config.kl_cap,
        tried=tried,
        tasks=judged.tasks,
        baseline=judged.baseline,
        challenger=judged.challenger,
        gained=judged.gained,
        lost=judged.lost,
        log_e=round(judged.log_e, 4),
        needed=round(judged.needed, 4),
        unseen_loss=judged.unseen_loss,
        unseen_regression=judged.unseen_regression,
        routes=examined.left,
        dropped=examined.dropped,
        taught=ExamPart.of([pair for pair in pairs if code_of(pair.signature) not in HELD_BACK]),
        held_back=ExamPart.of([pair for pair in pairs if code_of(pair.signature) in HELD_BACK]),
    )


def _without_dropped(pairs: Sequence[Pair], given_back: Sequence[str] | None) -> list[Pair]:
    """The results with the remaining routes; unchanged if only another exam could tell."""
    restored = set(given_back or ())
    return [replace(pair, challenger=pair.baseline) if pair.task in restored else pair for pair in pairs]


def _no_exam_reasons(
    context: NightContext, collected: Collected, diagnosed: Diagnosed, examined: Examined
) -> tuple[Reason, ...]:
    """Why there are no exam results to decide on."""
    if examined.sat is Sat.WHOLE:
        return (ExamEmpty(),)
    if examined.held_out:
        cap = context.tools.config.kl_cap
        far = [
            MovedTooFar(scope, item.trial.kl, cap)
            for scope, item in examined.held_out.items()
            if item.state is TrialState.PROVEN and not item.earns
        ]
        still = sum(item.standing.open for item in examined.held_out.values())
        return NoneProven(len(examined.held_out), still), *far
    if not collected.rates and not collected.repaired:
        return (NoPractice(),)
    if not diagnosed.failing:
        return (AllResting(tuple(diagnosed.resting)) if diagnosed.resting else NoneFailing(),)
    return (NotTeachable(),)
