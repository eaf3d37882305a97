"""The night: nine stages in order, each recorded with what went in and what came out.

A night killed anywhere is gone on with where it was: a stage that is done, and whose inputs are the
same, is not done again. Nothing is served differently before `promote`, which is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import date as Date
from pathlib import Path
from typing import Any

from sleepy.daemon.gate import gate
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import history, measures, relearning, workers
from sleepy.daemon.night import train as training
from sleepy.daemon.night.context import Artefacts, Bed, champion, courses
from sleepy.daemon.night.history import past
from sleepy.daemon.night.judged import decide, examine
from sleepy.daemon.night.selection import select
from sleepy.daemon.report import report as reports
from sleepy.daemon.serve import evidence, serve
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import lessons as lesson_rows
from sleepy.memory.episodic import nights, patterns, recall, stages, versions
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import State
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.subspace import Subspace


def sleep(tools: Tools, date: Date, *, only: Collection[str] = ()) -> Night:
    """The night of a date: begun, gone on with, or, when it is done, as it ended.

    One that had nothing to learn is begun anew once there is something.
    `only` are the patterns it may learn, where not all.
    """
    night = nights.begin(tools.db, date, seed=tools.config.seed + date.toordinal(), now=tools.now())
    if history.is_over(tools.db, tools.home, night, target=tools.config.target, only=only):
        return night
    if night.state is NightState.DONE:
        night = history.anew(tools.db, night, now=tools.now())
    bed = Bed(tools, night, tools.home.nights / date.isoformat(), tuple(sorted(only)))
    bed.folder.mkdir(parents=True, exist_ok=True)
    made: Artefacts = {}
    inputs = stages.hashed(
        {"night": date.isoformat(), "seed": night.seed, "only": bed.only, "settings": tools.config.learning()}
    )
    for ordinal, (name, act) in enumerate(STAGES.items()):
        known = stages.read(tools.db, night.id, name)
        if known is not None and known.answers(inputs):
            made[name] = known.artefact
            inputs = stages.hashed([inputs, known.artefact_hash])
            continue
        tools.say(name, 0, 1)
        stages.start(tools.db, night.id, name, ordinal=ordinal, inputs_hash=inputs, now=tools.now())
        measures.forget_peak()
        try:
            made[name] = act(bed, made)
        except Exception as error:
            stages.fail(tools.db, night.id, name, str(error), now=tools.now())
            nights.fail(tools.db, night.id, f"{name}: {error}", now=tools.now())
            raise
        # read back as the next run would find it, so that resumed and undisturbed nights see the same values
        made[name] = json.loads(json.dumps(made[name]))
        left = stages.finish(
            tools.db, night.id, name, made[name], detail=measures.peak(bed.peaks.get(name, 0)), now=tools.now()
        )
        inputs = stages.hashed([inputs, left])
    nights.finish(tools.db, night.id, report=made["report"]["path"], now=tools.now())
    ended = nights.read(tools.db, date)
    assert ended is not None
    return ended


def collect(bed: Bed, _made: Artefacts) -> Any:
    """What those did in practice who answer now, by signature, and which exam will judge."""
    served = serve.serving(bed.tools)
    rates = evidence.rates(bed.tools.db, bed.tools.home, served.version)
    return {
        "champion": served.version,
        "fallback": served.fallback,
        "exam": library.seal_of(bed.tools.exam),
        "model": bed.tools.model.name,
        "rates": {name: [tally.passes, tally.attempts] for name, tally in rates.items()},
        "repaired": recall.repaired(bed.tools.db),
    }


def diagnose(bed: Bed, made: Artefacts) -> Any:
    """What to learn: patterns credibly below the target, or repaired by the developer; and the mastered."""
    tools, config = bed.tools, bed.tools.config
    found = select(
        {name: (passes, attempts) for name, (passes, attempts) in made["collect"]["rates"].items()},
        made["collect"]["repaired"],
        past(tools.db, bed.night.date),
        target=config.target, tries=config.tries, rest=config.rest, only=bed.only,
    )  # fmt: skip
    for item in found.failing:
        patterns.mark(tools.db, item.signature, State.FAILING)
    for name in found.mastered:
        patterns.mark(tools.db, name, State.MASTERED)
    return {
        "failing": [asdict(item) for item in found.failing],
        "resting": dict(found.resting),
        "mastered": list(found.mastered),
    }


def curate(bed: Bed, made: Artefacts) -> Any:
    """Lessons and held-out koans for as many failing patterns as the night has room for."""
    tools = bed.tools
    candidates = [item["signature"] for item in made["diagnose"]["failing"]][: tools.config.night_patterns + 4]
    courses = curation.curate(tools, candidates, made["diagnose"]["mastered"], bed.night.seed) if candidates else []
    chosen = [course for course in courses if course.teachable][: tools.config.night_patterns]
    left = {
        course.signature: f"{len(course.lessons)} lessons, {len(course.held_out)} held-out koans"
        for course in courses
        if not course.teachable
    }
    lesson_rows.write(tools.db, bed.night.id, [item for course in chosen for item in course.lessons], now=tools.now())
    return {
        "patterns": [course.signature for course in chosen],
        "lessons": {
            course.signature: {
                kind: sum(item.provenance.value == kind for item in course.lessons)
                for kind in sorted({item.provenance.value for item in course.lessons})
            }
            for course in chosen
        },
        "replayed": {course.signature: course.replayed for course in chosen},
        "held_out": {course.signature: len(course.held_out) for course in chosen},
        "held_out_hash": curation.write_held_out(bed.folder, chosen),
        "too_few": left,
    }


def train(bed: Bed, made: Artefacts) -> Any:
    """An adapter a pattern, made in processes apart."""
    if not made["curate"]["patterns"]:
        return []
    start = _start(bed, made)
    known = len(Subspace.load(start).patterns) if start else 0
    found, bed.peaks["train"] = workers.train(
        bed.tools, bed.folder / "adapters", courses(bed, made), start, known, bed.night.seed
    )
    return [asdict(item) for item in found]


def consolidate(bed: Bed, made: Artefacts) -> Any:
    """All adapters in one subspace; and what they were trained with."""
    trained = [training.Trained(**item) for item in made["train"]]
    if not trained:
        return {"subspace": None, "refused": {}, "damage": {}, "patterns": []}
    start = _start(bed, made)
    job = {
        "act": "consolidate",
        "folder": str(bed.folder / "adapters"),
        "courses": {name: [asdict(item) for item in some] for name, some in courses(bed, made).items()},
        "start": str(start) if start else None,
        "seed": bed.night.seed,
        "trained": made["train"],
        "place": str(bed.subspace),
    }
    found, bed.peaks["consolidate"] = workers.run(bed.tools, job)
    subspace, refused = Subspace.load(bed.subspace), found["refused"]
    return {
        "subspace": found["subspace"],
        "refused": refused,
        "damage": {name: round(value, 6) for name, value in found["damage"].items()},
        "patterns": list(subspace.patterns),
        "compute": bed.tools.model.compute.told(),
        "anew": _begun_before(bed, trained),
        "k": [min(side.k for side in subspace.report()), max(side.k for side in subspace.report())],
        "memory": measures.memory(
            subspace, [bed.folder / "adapters" / item.folder for item in trained if item.signature not in refused]
        ),
    }


def _start(bed: Bed, made: Artefacts) -> Path | None:
    """The folder of the subspace that serves."""
    version = champion(bed, made).version
    return serve.folder(bed.tools.db, bed.tools.home, version) if version else None


def _begun_before(bed: Bed, trained: Sequence[training.Trained]) -> list[str]:
    """Precisions in which this night's training was begun, and given up when it was resumed in another."""
    found = {name for name in training.precisions(bed.folder / "adapters") if name}
    return sorted(found - {item.dtype for item in trained})


def promote(bed: Bed, made: Artefacts) -> Any:
    """Writes the version and moves the alias in one transaction, or records why not."""
    tools, decided = bed.tools, made["decide"]
    if decided["decision"] != gate.Decision.PROMOTE.value:
        nights.decide(tools.db, bed.night.id, decided["decision"], decided["reasons"])
        return {"version": None}
    subspace, router = relearning.settled(Subspace.load(bed.subspace), decided["routes"], decided["reach"])
    version, path, files = serve.write(tools.home, subspace, router, base=tools.model.name)
    held_out = made["examine"]["held_out"]
    routes = [  # learnt tonight; of the others the proof is that of their own night
        Route(name, served, found["wins"], found["losses"], found["n"], found["p"], active=True)
        for name, served in decided["routes"].items()
        if served == name and (found := held_out.get(name)) is not None
    ]
    kept = {route.signature for route in routes}
    routes += [
        route
        for route in _old_routes(bed, made)
        if route.signature in decided["routes"] and route.signature not in kept
    ]
    versions.register(
        tools.db, version, path=str(path), files=files, parent=made["collect"]["champion"], night=bed.night.id,
        routes=routes, note=tools.model.name, now=tools.now(),
    )  # fmt: skip
    with tools.db.writing():
        versions.promote(tools.db, version, night=bed.night.id, reasons=decided["reasons"], now=tools.now())
        if made["collect"]["fallback"]:  # not the damaged champion: what served in its place
            versions.point(
                tools.db, versions.Alias.PREVIOUS, made["collect"]["champion"],
                reason="it served in the damaged champion's place", now=tools.now(),
            )  # fmt: skip
    return {"version": version}


def report(bed: Bed, made: Artefacts) -> Any:
    """What changed, or why nothing did: as Markdown, and as a page with charts."""
    home = bed.tools.home
    path, page = reports.write_both(home.reports, reports.gather(bed.tools.db, bed.night, made))
    return {"path": str(path.relative_to(home.root)), "html": str(page.relative_to(home.root))}


STAGES: dict[str, Callable[[Bed, Artefacts], Any]] = {
    act.__name__: act for act in (collect, diagnose, curate, train, consolidate, examine, decide, promote, report)
}


def _old_routes(bed: Bed, made: Artefacts) -> list[Route]:
    from sleepy.memory.episodic import routes

    champion = made["collect"]["champion"]
    return routes.of_version(bed.tools.db, champion) if champion is not None else []
