"""The night: nine stages in order, each recorded with what went in and what came out.

An interrupted night resumes where it stopped: a stage that is done is not run again unless its inputs have changed.
Until `promote`, which is one transaction, nothing changes in what is served.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date as Date
from typing import Any, TypeVar

from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Decision
from sleepy.daemon.gate.sequential import TrialState
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import history, measures, pieces, relearning, workers
from sleepy.daemon.night import train as training
from sleepy.daemon.night.claim import Claim, Elsewhere, claimed
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.course import write_held_out
from sleepy.daemon.night.decide import decide
from sleepy.daemon.night.examine import examine
from sleepy.daemon.night.selection import affordable, select, spread
from sleepy.daemon.report import report as reports
from sleepy.daemon.serve import evidence, serve
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import (
    STAGES,
    Collected,
    Consolidated,
    Curated,
    Decided,
    Diagnosed,
    Examined,
    NightRecord,
    Promoted,
    Reported,
    Trained,
    TrainedPattern,
    Way,
)
from sleepy.daemon.storage import home as stored
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import candidates, nights, patterns, recall, routes, stages, versions
from sleepy.memory.episodic import lessons as lesson_rows
from sleepy.memory.episodic.database import DatabaseAway
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import PatternState
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.scope import is_signature
from sleepy.memory.parametric.subspace import Subspace

_SPARE = 2  # scopes that lessons are sought for beyond the night's room: some cannot be taught
LESSONS = 0.25  # share of the night's minutes after which nothing more is forged
REHEARSAL = 0.35  # share after which the champion answers none of the forged koans any more
TRAINING = 0.6  # share of the night's minutes after which no pattern is begun: the trials and the exam take the rest

S = TypeVar("S")


def sleep(tools: Tools, date: Date, *, only: Collection[str] = (), lost: bool = False) -> Night:
    """Runs or resumes the night of a date and returns it; one that is done is returned as it is.

    A night that had nothing to learn is restarted once there is something to learn.
    `only` limits it to these patterns; empty means all. `Elsewhere` if it is that of another home with this database, whose
    files are not here either, unless they are `lost`.
    """
    with claimed(tools.db, tools.home, date, tools.now) as claim:
        return _slept(tools, date, claim, only, lost)


def _slept(tools: Tools, date: Date, claim: Claim, only: Collection[str], lost: bool) -> Night:
    known = nights.read(tools.db, date)
    if known is not None and history.is_over(tools.db, tools.home, known, target=tools.config.target, only=only):
        return known
    claim.begin(lost=lost)
    night = nights.begin(tools.db, date, seed=tools.config.seed + date.toordinal(), now=tools.now())
    if night.state is NightState.DONE:
        night = history.restart(tools.db, night, now=tools.now())
    context = NightContext(tools, night, only, claim)
    context.folder.mkdir(parents=True, exist_ok=True)
    stage = Recorder(context)

    collected = stage(Collected, lambda: collect(context))
    diagnosed = stage(Diagnosed, lambda: diagnose(context, collected))
    curated = stage(Curated, lambda: curate(context, collected, diagnosed))
    trained = stage(Trained, lambda: train(context, collected, curated))
    consolidated = stage(Consolidated, lambda: consolidate(context, collected, curated, trained))
    examined = stage(Examined, lambda: examine(context, collected, trained, consolidated))
    decided = stage(Decided, lambda: decide(context, collected, diagnosed, examined))
    promoted = stage(Promoted, lambda: promote(context, collected, consolidated, examined, decided))
    made = NightRecord(collected, diagnosed, curated, trained, consolidated, examined, decided, promoted)
    reported = stage(Reported, lambda: report(context, made))

    tools.db.again(lambda: nights.finish(tools.db, night.id, report=reported.path, now=tools.now()))
    ended = nights.read(tools.db, date)
    assert ended is not None
    return ended


class Recorder:
    """Runs the night's stages one after the other and records each; a stage that is already done is read back.

    A stage's inputs are the night's settings and the outputs of all stages before it. When these change, it is run
    again, and so is every stage after it.
    """

    def __init__(self, context: NightContext) -> None:
        self._context = context
        tools, night = context.tools, context.night
        self._inputs = stages.hashed(
            {
                "night": night.date.isoformat(),
                "seed": night.seed,
                "only": context.only,
                "settings": tools.config.learning(),
            }
        )

    def __call__(self, kind: type[S], act: Callable[[], S]) -> S:
        """The stage's output as the database stores it: resumed and uninterrupted nights see the same values."""
        name = store.NAMES[kind]
        tools, night = self._context.tools, self._context.night
        known = stages.read(tools.db, night.id, name)
        if known is not None and known.answers(self._inputs):
            found = store.decoded(kind, known.artefact)
            if not isinstance(found, Examined) or found.complete:
                self._inputs = stages.hashed([self._inputs, known.artefact_hash])
                return found
        tools.say(name, 0, 1)
        self._context.claim.check()
        ordinal = list(STAGES).index(name)
        stages.start(tools.db, night.id, name, ordinal=ordinal, inputs_hash=self._inputs, now=tools.now())
        measures.forget_peak()
        try:
            made = store.encoded(tools.db.again(act))  # a stage may be run again, as that of a killed night is
            pieces.keep(tools.home, self._context.folder)
        except (DatabaseAway, Elsewhere):
            raise  # the stage did not fail: it goes on when the server is back, or is another's
        except Exception as error:
            stages.fail(tools.db, night.id, name, str(error), now=tools.now())
            nights.fail(tools.db, night.id, f"{name}: {error}", now=tools.now())
            raise
        peak = measures.peak(self._context.peaks.get(name, 0))
        left = tools.db.again(lambda: self._finish(name, made, peak))
        self._inputs = stages.hashed([self._inputs, left])
        kept = stages.read(tools.db, night.id, name)
        assert kept is not None
        return store.decoded(kind, kept.artefact)

    def _finish(self, name: str, made: Any, peak: str) -> str:
        tools, night = self._context.tools, self._context.night
        with tools.db.writing():
            self._context.claim.confirm()
            return stages.finish(tools.db, night.id, name, made, detail=peak, now=tools.now())


def collect(context: NightContext) -> Collected:
    """The pass rates in practice of the version that serves, by signature, and the exam that will be used."""
    tools = context.tools
    served = context.serving()
    pieces.keep_what_is_needed(tools.db, tools.home)
    rates = evidence.rates(tools.db, tools.home, served.version)
    return Collected(
        served.version,
        library.seal_of(tools.exam),
        tools.model.name,
        {name: (tally.passes, tally.attempts) for name, tally in rates.items()},
        recall.repaired(tools.db),
        served.fallback,
        {item.scope: item.number for item in candidates.open_of(tools.db, tools.model.name)},
    )


def diagnose(context: NightContext, collected: Collected) -> Diagnosed:
    """The patterns to learn (reliably below the target, or repaired by the developer) and those that are mastered."""
    tools, config = context.tools, context.tools.config
    found = select(
        collected.rates,
        collected.repaired,
        history.past(tools.db, context.night.date),
        target=config.target, tries=config.tries, rest=config.rest, only=context.only,
        router=context.champion(collected).router, busy=collected.open,
        minutes=config.night_minutes,
    )  # fmt: skip
    for item in found.failing:
        if is_signature(item.signature):
            patterns.mark(tools.db, item.signature, PatternState.FAILING)
    for name in found.mastered:
        patterns.mark(tools.db, name, PatternState.MASTERED)
    return found


def curate(context: NightContext, collected: Collected, diagnosed: Diagnosed) -> Curated:
    """Makes lessons and held-out koans for as many failing patterns as the night has room for."""
    tools, config = context.tools, context.tools.config
    some = affordable(diagnosed.failing, config.lessons, config.night_minutes, config.night_patterns)
    spare = [item for item in diagnosed.failing if item not in some and is_signature(item.signature)][:_SPARE]
    wanted = [item.signature for item in (*some, *spare)]
    champion = context.champion(collected)
    router = champion.router
    courses = curation.curate(
        tools, wanted, diagnosed.mastered, context.night.seed,
        weights=spread(collected.rates, router, wanted, failures=False),
        served=champion, until=context.until(LESSONS), rehearsed=context.until(REHEARSAL),
    ) if wanted else []  # fmt: skip
    chosen = [course for course in courses if course.teachable][: len(some)]
    lesson_rows.write(
        tools.db, context.night.id, [item for course in chosen for item in course.lessons], now=tools.now()
    )
    return Curated(
        tuple(course.scope for course in chosen),
        {course.scope: course.kinds() for course in chosen},
        {course.scope: course.replayed for course in chosen},
        {course.scope: len(course.held_out) for course in chosen},
        write_held_out(context.folder, chosen),
        {course.scope: why for course in courses if (why := course.why) is not None},
        {course.scope: count for course in chosen if (count := course.own_code)},
    )


def train(context: NightContext, collected: Collected, curated: Curated) -> Trained:
    """The adapters of earlier nights that are still being tried, and one more per pattern, trained in worker processes.

    The patterns come in the order of their worth, as many as the night's minutes allow.
    """
    kept = tried_further(context, collected)
    if not curated.patterns:
        return Trained(tuple(kept))
    start, courses = context.champion_folder(collected), context.courses(curated)
    known = Subspace.load(start).patterns if start else ()
    router = context.champion(collected).router
    serves = {name: by for name in curated.patterns if (by := router.serves(name)) in known}
    recipe = workers.probed(context.tools, courses[curated.patterns[0]], context.night.seed)
    found, context.peaks["train"] = workers.train(
        context.tools, context.adapters, courses, start, len(known), context.night.seed, kept,
        context.until(TRAINING), serves,
    )  # fmt: skip
    return Trained((*kept, *found), recipe.lr, recipe.tried)


def tried_further(context: NightContext, collected: Collected) -> list[TrainedPattern]:
    """The open candidates' adapters, copied into this night's folder; those whose files are gone are dropped."""
    tools, found = context.tools, []
    for scope, number in collected.open.items():
        if context.only and scope not in context.only:
            continue
        known = candidates.read(tools.db, number)
        source = tools.home.root / known.folder
        place = context.adapters / source.name
        if source != place:
            if not stored.bring(tools.home, source):
                candidates.settle(tools.db, number, candidates.CandidateState.DROPPED, now=tools.now())
                continue
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)
        found.append(TrainedPattern(scope, Way.LORA, place.name, 0.0, 0, 0.0, (), candidate=number))
    return found


def consolidate(context: NightContext, collected: Collected, curated: Curated, trained: Trained) -> Consolidated:
    """Merges all adapters into one subspace, and records the device and precision they were trained with."""
    if not trained.patterns:
        return Consolidated()
    courses = {name: tuple(some) for name, some in context.courses(curated).items()}
    start, seed = context.champion_folder(collected), context.night.seed
    job = workers.ConsolidateJob(context.adapters, start, seed, trained.patterns, courses, context.subspace)
    merged, context.peaks["consolidate"] = workers.consolidate(context.tools, job)
    subspace = Subspace.load(context.subspace)
    merged_in = [context.adapters / item.folder for item in trained.patterns if item.signature not in merged.refused]
    sides = subspace.report()
    return Consolidated(
        merged.subspace,
        tuple(subspace.patterns),
        merged.aside,
        merged.refused,
        {name: round(value, 6) for name, value in merged.damage.items()},
        (min(side.k for side in sides), max(side.k for side in sides)),
        measures.memory(subspace, merged_in),
        replace(context.tools.model.compute, measured=None),
        _abandoned_precisions(context, trained.patterns),
    )


def _abandoned_precisions(context: NightContext, trained: Sequence[TrainedPattern]) -> tuple[str, ...]:
    """Precisions in which this night's training started, but which it left when it resumed in another."""
    started = {name for name in training.precisions(context.adapters) if name}
    return tuple(sorted(started - {item.dtype for item in trained}))


def promote(
    context: NightContext, collected: Collected, consolidated: Consolidated, examined: Examined, decided: Decided
) -> Promoted:
    """Writes the version and moves the champion's alias in one transaction, or records why not."""
    tools, night = context.tools, context.night
    why = [reasons.stored(item) for item in decided.reasons]
    if decided.decision is not Decision.PROMOTE:
        with tools.db.writing():
            context.claim.confirm()
            nights.decide(tools.db, night.id, decided.decision.value, why)
            settle(context, examined, decided)
        return Promoted()
    subspace, router = relearning.settled(Subspace.load(context.subspace), decided.routes, consolidated.aside)
    version, path, files = serve.write(tools.home, subspace, router, base=tools.model.name)
    proven = [  # learnt tonight; the evidence for the others is from the night that learnt them
        Route(name, served, shown.wins, shown.losses, shown.asked, math.exp(-shown.log_e), active=True)
        for name, served in decided.routes.accepted.items()
        if served == name and (item := examined.held_out.get(name)) is not None
        for shown in [item.evidence]
    ]
    tonight = {route.signature for route in proven}
    champion = collected.champion
    earlier = routes.of_version(tools.db, champion) if champion is not None else []
    proven += [route for route in earlier if route.signature not in tonight]
    proven += [  # what serves on at single signatures of a pattern that was learnt again
        replace(route, signature=scope)
        for scope, served in decided.routes.accepted.items()
        if served in consolidated.aside.values() and scope not in {item.signature for item in proven}
        for route in earlier
        if route.signature == relearning.at_rest(served, consolidated.aside)
    ]
    versions.register(
        tools.db, version, path=str(path), files=files, parent=champion, night=night.id,
        routes=serve.rows(router, proven), note=tools.model.name, now=tools.now(),
    )  # fmt: skip
    with tools.db.writing():
        context.claim.confirm()
        versions.promote(tools.db, version, night=night.id, reasons=why, now=tools.now())
        settle(context, examined, decided)
        if collected.fallback:  # roll back to what served instead of the damaged champion
            versions.point(
                tools.db, versions.Alias.PREVIOUS, champion,
                reason="served in place of the damaged champion", now=tools.now(),
            )  # fmt: skip
    return Promoted(version)


def settle(context: NightContext, examined: Examined, decided: Decided) -> None:
    """Ends the tests that are over: promoted, dropped by the exam, too far from the base, or without a gain.

    A proven candidate whose night was refused for another reason stays open, with all its evidence.
    """
    tools, promoted = context.tools, decided.decision is Decision.PROMOTE
    for scope, item in examined.held_out.items():
        if item.state is TrialState.FUTILE:
            state = candidates.CandidateState.FUTILE
        elif scope in examined.dropped or (item.state is TrialState.PROVEN and not item.earns):
            state = candidates.CandidateState.DROPPED
        elif item.earns and promoted and decided.routes.accepted.get(scope) == scope:
            state = candidates.CandidateState.PROVEN
        else:
            continue
        candidates.settle(tools.db, item.number, state, now=tools.now())


def report(context: NightContext, made: NightRecord) -> Reported:
    """Writes the report, as Markdown and as a page with charts, and returns both paths."""
    home = context.tools.home
    path, page = reports.write_both(home.reports, reports.gather(context.tools.db, context.night, made))
    for written in (path, page):
        stored.keep(home, written)
    return Reported(str(path.relative_to(home.root)), str(page.relative_to(home.root)))
