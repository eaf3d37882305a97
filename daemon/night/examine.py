"""The exam stage: each candidate's trial on fresh koans, then both versions on the sealed exam and the user's cases."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sleepy.daemon.attempt.attempt import fitting
from sleepy.daemon.day import own_code, shelf
from sleepy.daemon.gate.blame import Pruned, prune, withdraws
from sleepy.daemon.gate.gate import Pair
from sleepy.daemon.gate.sequential import Rules, TrialEvidence
from sleepy.daemon.night import exam, fresh, measures, relearning, trials
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.exam import Sitting
from sleepy.daemon.night.selection import spread
from sleepy.daemon.night.trials import CandidateOnTrial
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Collected, Consolidated, Examined, HeldOut, Sat, Trained
from sleepy.memory.episodic import candidates
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

_TRIALS = 0.9  # share of the night's minutes after which the trials end; what is open then goes on the next night


def examine(context: NightContext, collected: Collected, trained: Trained, consolidated: Consolidated) -> Examined:
    """The candidates' results on fresh koans, and both versions' results in the exam.

    The exam ends as soon as the decision is settled: before it begins if no route earned its place, and after the
    tasks that routes answer if every new route lost one.
    """
    if consolidated.subspace is None:
        return Examined(collected.exam)
    champion, subspace = context.champion(collected), Subspace.load(context.subspace)
    new = [item.signature for item in trained.patterns if item.signature in subspace.patterns]
    held_out = _trials(context, collected, champion, subspace, trained, new)
    found = Examined(collected.exam, held_out=held_out)
    earned = [name for name in new if held_out[name].earns]
    if not earned:
        return found
    carried = relearning.carried(champion.router, subspace, consolidated.aside, new)
    kept = {at: by for name in earned for at, by in relearning.kept_at(name, held_out[name].withdrawn, carried).items()}
    routes = Router(
        {**kept, **carried.accepted, **{name: name for name in earned}},  # others keep the route that serves
        {name: far for name, far in carried.reach.items() if name not in earned},
        {**carried.withdrawn, **{name: at for name in earned if (at := held_out[name].withdrawn)}},
    )
    routes = routes.only(routes.accepted)
    return _hold_exam(context, found, champion, subspace, routes, carried, consolidated)


def rules(context: NightContext) -> Rules:
    """What every trial is held to."""
    return Rules(context.tools.config.alpha)


def _trials(
    context: NightContext,
    collected: Collected,
    champion: Served,
    subspace: Subspace,
    trained: Trained,
    new: Sequence[str],
) -> dict[str, HeldOut]:
    """Each candidate's trial; its evidence is recorded, so that an open one goes on the next night."""
    tools, night, asks = context.tools, context.night, rules(context)
    begun = []
    for item in trained.patterns:
        if item.signature not in new:
            continue
        number = item.candidate
        if number is None:
            place = context.adapters / item.folder
            number = candidates.begin(
                tools.db, night.id, item.signature, base=tools.model.name, now=tools.now(),
                folder=str(place.relative_to(tools.home.root)), adapter_hash=adapter_hash(place),
            )  # fmt: skip
        known = candidates.read(tools.db, number)
        before = TrialEvidence(*known.evidence_before(night.id))
        begun.append(CandidateOnTrial(item.signature, number, before, _withdrawn(context, known)))
    proven = candidates.promoted(tools.db)
    catchment = spread(collected.rates, champion.router, new, failures=False)
    with fresh.Supply(context, begun, catchment) as supply:
        trials.run(tools, champion, subspace, begun, supply, proven=proven, rules=asks, until=context.until(_TRIALS))
    everything = Served("trial", subspace, Router({tried.scope: tried.scope for tried in begun}))
    far = exam.divergences(tools.model, everything, [answer for tried in begun for answer in tried.answers])
    out = {}
    for tried in begun:
        out[tried.scope] = trials.held_out(tried, far.get(tried.scope, 0.0), asks, proven, tools.config.kl_cap)
        candidates.record(tools.db, tried.number, night.id, tried.tonight, now=tools.now())
    return out


def _withdrawn(context: NightContext, known: candidates.KeptCandidate) -> frozenset[str]:
    """The signatures at which a candidate was withdrawn on earlier nights."""
    found: set[str] = set()
    for night in known.nights.keys() - {context.night.id}:
        made = store.read(context.tools.db, night, Examined)
        trial = made.held_out.get(known.scope) if made is not None else None
        if trial is not None and trial.number == known.number:
            found.update(trial.withdrawn)
    return frozenset(found)


def adapter_hash(folder: Path) -> str:
    """sha256 over the files of an adapter in PEFT's format, in the order of their names."""
    parts = [path.read_bytes() for path in sorted(folder.glob("adapter*"))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _hold_exam(
    context: NightContext,
    found: Examined,
    champion: Served,
    subspace: Subspace,
    routes: Router,
    carried: Router,
    consolidated: Consolidated,
) -> Examined:
    """Holds the exam with these routes. Those that lose a task are dropped or withdrawn here, and nowhere else.

    If what replaces a dropped route has not answered its tasks yet, the exam is held again.
    """
    tools = context.tools
    cases = [*exam.diagnoses(tools, shelf.cases(tools)), *fitting(own_code.cases(tools), tools.model)[0]]
    challenger = Served("challenger", subspace, routes)
    routed, rest = exam.routed_first(exam.diagnoses(tools, tools.exam), champion, challenger)
    dropped: list[str] = []
    narrowed: list[tuple[str, str]] = []
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
        withdrawn={
            scope: tuple(sorted({signature for name, signature in narrowed if name == scope}))
            for scope in dict.fromkeys(scope for scope, _ in narrowed)
        },
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
