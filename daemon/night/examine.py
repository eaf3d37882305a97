"""The exam stage: each new route on held-out koans, then both versions on the sealed exam and the user's own cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sleepy.daemon.day import shelf
from sleepy.daemon.gate.blame import Pruned, prune, withdraws
from sleepy.daemon.gate.gate import Pair, Rules, Trial
from sleepy.daemon.night import curate, exam, measures, radius, relearning
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.exam import Sitting
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import Collected, Consolidated, Curated, Examined, HeldOut, Sat
from sleepy.daemon.stats import spending
from sleepy.memory.episodic import nights
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace


def examine(context: NightContext, collected: Collected, curated: Curated, consolidated: Consolidated) -> Examined:
    """The new routes' results on held-out koans, and both versions' results in the exam.

    The exam ends as soon as the decision is settled: before it begins if no route earned its place, and after the
    tasks that routes answer if every new route lost one.
    """
    if consolidated.subspace is None:
        return Examined(collected.exam)
    champion, subspace = context.champion(collected), Subspace.load(context.subspace)
    new = [name for name in curated.patterns if name in subspace.patterns]
    held_out, stopped = _trials(context, champion, subspace, new)
    found = Examined(collected.exam, held_out=held_out, stopped=stopped)
    earned = [name for name in new if held_out[name].earns]
    if not earned:
        return found
    carried = relearning.carried(champion.router, subspace, consolidated.aside, new)
    accepted = {**carried.accepted, **{name: name for name in earned}}  # others keep the route that serves
    others = champion.router
    for name in earned:
        others = others.without(name)  # what would answer near it without it, so not its own old radius
    beside = Served(champion.version, champion.subspace, others)
    near = radius.trials(context.tools, beside, subspace, accepted, earned, collected.rates)
    radii = {name: far for name, far in carried.reach.items() if name in accepted.values()}
    radii |= {name: item.radius for name, item in near.items() if item.radius is not None}
    return _hold_exam(
        context, replace(found, near=near), champion, subspace, Router(accepted, radii), carried, consolidated
    )


def rules(context: NightContext) -> Rules:
    """The gate's rules for this night; its level is what the month's earlier nights have left of alpha."""
    config, night = context.tools.config, context.night
    month = nights.promotions(context.tools.db, since=night.date.replace(day=1), before=night.date)
    return Rules(config.alpha, spending.level(month, config.alpha), config.margin, config.kl_cap)


def _trials(
    context: NightContext, champion: Served, subspace: Subspace, new: Sequence[str]
) -> tuple[dict[str, HeldOut], tuple[str, ...]]:
    """Each new route's trial on its held-out koans, and the patterns that were asked only half of theirs."""
    tools, asks = context.tools, rules(context)
    koans = [koan for name, koan in curate.read_held_out(context.folder) if name in new]
    every = Served("trial", subspace, Router({name: name for name in new}))
    asked = [item for item in exam.diagnoses(tools, koans) if item.signature in new]
    tried = exam.answer_held_out(tools, asked, champion, every)
    far = exam.divergences(tools.model, every, tried.answers)
    out = {}
    for name in new:
        mine = [pair for pair in tried.pairs if pair.signature == name]
        trial = Trial.of(name, mine, kl=round(far.get(name, 0.0), 4))
        out[name] = HeldOut(trial, trial.earns(asks))
    return out, tried.stopped


def _hold_exam(
    context: NightContext,
    found: Examined,
    champion: Served,
    subspace: Subspace,
    routes: Router,
    carried: Router,
    consolidated: Consolidated,
) -> Examined:
    """Holds the exam with these routes. Routes that lose a task are dropped here, and nowhere else.

    If what replaces a dropped route has not answered its tasks yet, the exam is held again.
    """
    tools = context.tools
    cases = exam.diagnoses(tools, shelf.cases(tools))
    challenger = Served("challenger", subspace, routes)
    routed, rest = exam.routed_first(exam.diagnoses(tools, tools.exam), champion, challenger)
    dropped: list[str] = []
    narrowed: list[str] = []
    own = sitting = Sitting((), ())
    while True:
        own = exam.sit(tools, cases, champion, challenger, what="your cases", known=own.baseline)
        sitting = exam.sit(tools, routed, champion, challenger, what="exam", known=sitting.baseline)
        pairs = [*sitting.pairs(), *own.pairs()]
        left = _prune(pairs, challenger.router, champion.router, carried)
        dropped, narrowed = [*dropped, *left.dropped], [*narrowed, *left.narrowed]
        if left.pairs is not None or withdraws(left.router, carried):
            break
        challenger = Served("challenger", subspace, left.router)
    earned = [name for name, item in found.held_out.items() if item.earns]
    whole = any(left.router.accepted.get(name) == name for name in earned)
    if whole:  # no route answers the rest: nothing can be lost there
        sitting += exam.sit(tools, rest, champion, challenger, what="exam")
    exam.record(tools, context.night.id, sitting, consolidated.aside)
    return replace(
        found,
        sat=Sat.WHOLE if whole else Sat.CUT,
        pairs=tuple(sitting.pairs()),
        own=tuple(own.pairs()),
        changed=measures.changed(sitting + own),
        routes=challenger.router,
        left=left.router,
        dropped=tuple(dict.fromkeys(dropped)),
        narrowed=tuple(dict.fromkeys(relearning.at_rest(name, consolidated.aside) for name in narrowed)),
        given_back=None if left.pairs is None else _restored(pairs, left.pairs),
        compute=replace(tools.model.compute, measured=None),
    )


def _prune(pairs: Sequence[Pair], router: Router, champion: Router, carried: Router) -> Pruned:
    """The routes that remain once those that lost a task are dropped."""
    lost = [pair.task for pair in pairs if pair.baseline and not pair.challenger]
    return prune(pairs, lost, router, champion, carried)


def _restored(held: Sequence[Pair], left: Sequence[Pair]) -> tuple[str, ...]:
    """The tasks whose result is the champion's again once the dropped routes are gone."""
    return tuple(before.task for before, after in zip(held, left, strict=True) if before != after)
