"""The stages in which a night's result is judged: examined as it would be served, and decided on by the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from sleepy.daemon.day import shelf
from sleepy.daemon.gate import gate
from sleepy.daemon.gate.blame import Spared, spared, withdrawn
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import exam, history, measures, radius, relearning
from sleepy.daemon.night.context import Artefacts, Bed, champion
from sleepy.daemon.night.exam import divergences
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stats import spending
from sleepy.memory.episodic import nights
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace


class Sat(StrEnum):
    """How much of the exam was held."""

    NOT = "not"  # nothing came to it
    CUT = "cut"  # the tasks that routes answer: after these nothing was left to promote
    WHOLE = "whole"


def examine(bed: Bed, made: Artefacts) -> Any:
    """Each new route on its pattern's held-out koans, then both versions on the sealed exam and the user's cases.

    The exam ends where the decision cannot change any more: before it begins if no route earned its place, and
    after the tasks that routes answer if every new route lost one.
    """
    tools = bed.tools
    nothing: dict[str, Any] = {
        "routes": {}, "reach": {}, "near": {}, "held_out": {}, "stopped": [], "pairs": [], "own": [], "changed": {},
        "dropped": [], "shortened": [], "sat": Sat.NOT.value, "exam": made["collect"]["exam"],
    }  # fmt: skip
    if made["consolidate"]["subspace"] is None:
        return nothing
    serving, subspace = champion(bed, made), Subspace.load(bed.subspace)
    new = [name for name in made["curate"]["patterns"] if name in subspace.patterns]
    held_out = [koan for name, koan in curation.read_held_out(bed.folder) if name in new]
    every = Served("trial", subspace, Router({name: name for name in new}))
    asked = [item for item in exam.diagnoses(tools, held_out) if item.signature in new]
    tried = exam.tried(tools, asked, serving, every)
    far = divergences(tools.model, every, tried.answers)
    results: dict[str, Any] = {}
    carried = relearning.carried(serving.router, subspace, new)
    accepted = dict(carried.accepted)
    for name in new:
        mine = [pair for pair in tried.pairs if pair.signature == name]
        trial = gate.Trial.of(name, mine, kl=round(far.get(name, 0.0), 4))
        earns = trial.earns(_rules(bed))
        results[name] = {**asdict(trial), "earns": earns}
        if earns:
            accepted[name] = name  # else what serves goes on serving
    earned = [name for name in new if results[name]["earns"]]
    found = {**nothing, "held_out": results, "stopped": list(tried.stopped)}
    if not earned:
        return found
    others = serving.router
    for name in earned:
        others = others.without(name)  # what answers near an earned pattern but for it: not its own old reach
    beside = Served(serving.version, serving.subspace, others)
    near_by = radius.reaches(tools, beside, subspace, accepted, earned, made["collect"]["rates"])
    reach = {name: radius for name, radius in carried.reach.items() if name in accepted.values()}
    reach |= {name: item.radius for name, item in near_by.items() if item.radius is not None}
    challenger = Served("challenger", subspace, Router(accepted, reach))
    cases = exam.diagnoses(tools, shelf.cases(tools))
    routed, rest = exam.routed_first(exam.diagnoses(tools, tools.exam), serving, challenger)
    dropped: list[str] = []
    shortened: list[str] = []
    own = sitting = exam.Sitting((), ())
    while True:
        own = exam.sit(tools, cases, serving, challenger, what="your cases", known=own.baseline)
        sitting = exam.sit(tools, routed, serving, challenger, what="exam", known=sitting.baseline)
        left = _spared([*sitting.pairs(), *own.pairs()], challenger.router, serving.router, carried)
        if left.pairs is not None or withdrawn(left.router, carried):
            break
        # what answers in the place of a dropped route has not been asked yet
        dropped, shortened = [*dropped, *left.dropped], [*shortened, *left.shortened]
        challenger = Served("challenger", subspace, left.router)
    whole = any(left.router.accepted.get(name) == name for name in earned)
    if whole:
        sitting += exam.sit(tools, rest, serving, challenger, what="exam")
    exam.record(tools, bed.night.id, sitting)
    return {
        **found,
        "routes": dict(challenger.router.accepted),
        "reach": dict(challenger.router.reach),
        "dropped": list(dict.fromkeys(dropped)),
        "shortened": list(dict.fromkeys(map(relearning.at_rest, shortened))),
        "near": {name: asdict(item) for name, item in near_by.items()},
        "pairs": [asdict(pair) for pair in sitting.pairs()],
        "own": [asdict(pair) for pair in own.pairs()],
        "changed": measures.changed(sitting + own),
        "compute": tools.model.compute.told(),
        "sat": (Sat.WHOLE if whole else Sat.CUT).value,
    }


def decide(bed: Bed, made: Artefacts) -> Any:
    """The gate's arithmetic. Routes that lost a task are dropped first, and what is left is judged again."""
    pairs, own = ([gate.Pair(**item) for item in made["examine"][name]] for name in ("pairs", "own"))
    tried = [
        gate.Trial(**{k: v for k, v in item.items() if k != "earns"}) for item in made["examine"]["held_out"].values()
    ]
    rules = _rules(bed)
    if not pairs:
        empty = made["examine"]["sat"] == Sat.WHOLE.value
        reasons = ["the exam is empty: nothing can be promoted past it"] if empty else []
        reasons = reasons or ([_nothing(made)] if not tried else _unearned(tried, rules))
        if tried:  # tests were made: they count among the month's
            nights.examined(
                bed.tools.db, bed.night.id, exam_hash=made["examine"]["exam"], tasks=0, baseline=0, challenger=0
            )
        return {
            **asdict(rules), "decision": gate.Decision.INCONCLUSIVE.value, "reasons": reasons, "routes": {}, "reach": {},
            "dropped": [], "tried": len(tried),
        }  # fmt: skip
    before = made["examine"].get("dropped", [])  # while the exam was sat
    judged = gate.decide(pairs, tried, rules, own=own, dropped=before)
    router = Router(made["examine"]["routes"], made["examine"]["reach"])
    serving = champion(bed, made).router
    carried = relearning.carried(serving, Subspace.load(bed.subspace), made["curate"]["patterns"])
    left = spared([*pairs, *own], judged.lost, router, serving, carried)
    dropped = list(dict.fromkeys([*before, *left.dropped]))
    if judged.lost and left.pairs is not None:
        sat = left.pairs[: len(pairs)], left.pairs[len(pairs) :]
        judged = gate.decide(sat[0], tried, rules, own=sat[1], dropped=dropped)
    nights.examined(
        bed.tools.db, bed.night.id, exam_hash=made["examine"]["exam"], tasks=judged.tasks,
        baseline=judged.baseline, challenger=judged.challenger,
    )  # fmt: skip
    reasons = [*judged.reasons, *(f"the route for {name} lost a task and was dropped" for name in dropped)]
    shortened = dict.fromkeys([*made["examine"].get("shortened", []), *map(relearning.at_rest, left.shortened)])
    reasons += [f"{name} lost a task near to its own and answers its own signature alone" for name in shortened]
    if made["examine"]["sat"] == Sat.CUT.value:
        reasons.append(f"the exam ended after the {len(pairs)} tasks that routes answer: nothing was left to promote")
    return {
        **asdict(rules),
        **asdict(judged),
        "tried": len(tried),
        "decision": judged.decision.value,
        "reasons": reasons,
        "routes": dict(left.router.accepted),
        "reach": dict(left.router.reach),
        "dropped": dropped,
    }


def _spared(pairs: Sequence[gate.Pair], router: Router, champion: Router, carried: Router) -> Spared:
    """What is left of the routes once those that lost are dropped."""
    lost = [pair.task for pair in pairs if pair.baseline and not pair.challenger]
    return spared(pairs, lost, router, champion, carried)


def _rules(bed: Bed) -> gate.Rules:
    config = bed.tools.config
    month = nights.promotions(bed.tools.db, since=bed.night.date.replace(day=1), before=bed.night.date)
    return gate.Rules(config.alpha, spending.level(month, config.alpha), config.margin, config.kl_cap)


def _unearned(tried: Sequence[gate.Trial], rules: gate.Rules) -> list[str]:
    """Why no route came to the exam."""
    reasons = [f"none of {len(tried)} routes beat the champion on its pattern's held-out tasks: no exam was held"]
    return reasons + [
        f"{trial.pattern} gained, but moves the model by {trial.kl:.2g} nats a token; allowed are {rules.kl_cap:g}"
        for trial in tried
        if trial.p <= rules.alpha
    ]


def _nothing(made: Artefacts) -> str:
    if not made["collect"]["rates"] and not made["collect"]["repaired"]:
        return history.NO_PRACTICE
    if not made["diagnose"]["failing"] and made["diagnose"]["resting"]:
        return "every pattern below the target rests: " + "; ".join(
            f"{name}: {why}" for name, why in made["diagnose"]["resting"].items()
        )
    if not made["diagnose"]["failing"]:
        return history.NONE_FAILING
    return "no failing pattern could be taught: too few lessons or held-out koans could be made"
