"""The night: nine stages in order, each recorded with what went in and what came out.

A night killed anywhere is gone on with where it was: a stage that is done, and whose inputs are the
same, is not done again. Nothing is served differently before `promote`, which is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date as Date
from pathlib import Path
from typing import Any

from sleepy.daemon import serve
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import exam, gate, intervals, near, spending
from sleepy.daemon.night import report as reports
from sleepy.daemon.night import train as training
from sleepy.daemon.night.blame import spared
from sleepy.daemon.night.report import record
from sleepy.daemon.serve import Served
from sleepy.daemon.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import lessons as lesson_rows
from sleepy.memory.episodic import nights, patterns, stages, versions
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import State
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

Artefacts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bed:
    """What every stage of one night works with."""

    tools: Tools
    night: Night
    folder: Path

    @property
    def subspace(self) -> Path:
        return self.folder / "subspace"


def sleep(tools: Tools, date: Date) -> Night:
    """The night of a date: begun, gone on with, or, when it is done, as it ended."""
    night = nights.begin(tools.db, date, seed=tools.config.seed + date.toordinal(), now=tools.now())
    if night.state is NightState.DONE:
        return night
    bed = Bed(tools, night, tools.home.nights / date.isoformat())
    bed.folder.mkdir(parents=True, exist_ok=True)
    made: Artefacts = {}
    inputs = stages.hashed({"night": date.isoformat(), "seed": night.seed, "config": asdict(tools.config)})
    for ordinal, (name, act) in enumerate(STAGES.items()):
        known = stages.read(tools.db, night.id, name)
        if known is not None and known.answers(inputs):
            made[name] = known.artefact
            inputs = stages.hashed([inputs, known.artefact_hash])
            continue
        tools.say(name, 0, 1)
        stages.start(tools.db, night.id, name, ordinal=ordinal, inputs_hash=inputs, now=tools.now())
        record.forget_peak()
        try:
            made[name] = act(bed, made)
        except Exception as error:
            stages.fail(tools.db, night.id, name, str(error), now=tools.now())
            nights.fail(tools.db, night.id, f"{name}: {error}", now=tools.now())
            raise
        # read back as the next run would find it, so that resumed and undisturbed nights see the same values
        made[name] = json.loads(json.dumps(made[name]))
        left = stages.finish(tools.db, night.id, name, made[name], detail=record.peak(), now=tools.now())
        inputs = stages.hashed([inputs, left])
    nights.finish(tools.db, night.id, report=made["report"]["path"], now=tools.now())
    ended = nights.read(tools.db, date)
    assert ended is not None
    return ended


def collect(bed: Bed, _made: Artefacts) -> Any:
    """What the champion did in practice, by signature, and which exam will judge."""
    champion = versions.champion(bed.tools.db)
    rates = patterns.rates(bed.tools.db, version=champion)
    return {
        "champion": champion,
        "exam": library.seal_of(bed.tools.exam),
        "model": bed.tools.model.name,
        "rates": {name: [tally.passes, tally.attempts] for name, tally in rates.items()},
    }


def diagnose(bed: Bed, made: Artefacts) -> Any:
    """Failing patterns: credibly below the target, those with the most failures first; and the mastered."""
    config = bed.tools.config
    failing, mastered = [], []
    for name, (passes, attempts) in made["collect"]["rates"].items():
        if attempts > 1 and intervals.credibly_below(passes, attempts, config.target):
            failing.append((attempts - passes, name, passes, attempts))
            patterns.mark(bed.tools.db, name, State.FAILING)
        elif attempts and passes / attempts >= config.target:
            mastered.append(name)
            patterns.mark(bed.tools.db, name, State.MASTERED)
    failing.sort(key=lambda item: (-item[0], item[1]))
    return {
        "failing": [
            {"signature": name, "passes": passes, "attempts": attempts} for _, name, passes, attempts in failing
        ],
        "mastered": sorted(mastered),
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
        "held_out": {course.signature: len(course.held_out) for course in chosen},
        "held_out_hash": curation.write_held_out(bed.folder, chosen),
        "too_few": left,
    }


def train(bed: Bed, made: Artefacts) -> Any:
    """An adapter a pattern."""
    courses = _courses(bed, made)
    start = _champion(bed, made).subspace
    trained = training.train(bed.tools, bed.folder / "adapters", courses, start, bed.night.seed)
    return [asdict(item) for item in trained]


def consolidate(bed: Bed, made: Artefacts) -> Any:
    """All adapters in one subspace."""
    trained = [training.Trained(**item) for item in made["train"]]
    if not trained:
        return {"subspace": None, "refused": {}, "damage": {}, "patterns": []}
    subspace, refused, damage = training.consolidate(
        bed.tools, bed.folder / "adapters", trained, _courses(bed, made), _champion(bed, made).subspace, bed.night.seed
    )
    return {
        "subspace": subspace.save(bed.subspace),
        "refused": refused,
        "damage": {name: round(value, 6) for name, value in damage.items()},
        "patterns": list(subspace.patterns),
        "k": [min(side.k for side in subspace.report()), max(side.k for side in subspace.report())],
        "memory": record.memory(
            subspace, [bed.folder / "adapters" / item.folder for item in trained if item.signature not in refused]
        ),
    }


def examine(bed: Bed, made: Artefacts) -> Any:
    """Each new route on its pattern's held-out koans, then both versions on the sealed exam."""
    tools = bed.tools
    if made["consolidate"]["subspace"] is None:
        return {"routes": {}, "reach": {}, "near": {}, "held_out": {}, "pairs": [], "exam": made["collect"]["exam"]}
    champion, subspace = _champion(bed, made), Subspace.load(bed.subspace)
    new = [name for name in made["curate"]["patterns"] if name in subspace.patterns]
    held_out = [koan for name, koan in curation.read_held_out(bed.folder) if name in new]
    every = Served("trial", subspace, Router({name: name for name in new}))
    asked = [item for item in exam.diagnoses(tools, held_out) if item.signature in new]
    sitting = exam.sit(tools, asked, champion, every, what="held-out koans")
    results: dict[str, Any] = {}
    accepted = {name: served for name, served in champion.router.accepted.items() if served in subspace.patterns}
    for name in new:
        trial = gate.Trial.of(name, [pair for pair in sitting.pairs() if pair.signature == name])
        earns = trial.earns(tools.config.alpha)
        results[name] = {**asdict(trial), "earns": earns}
        if earns:
            accepted[name] = name
        elif name in accepted:
            del accepted[name]  # the old coefficients are gone: without a proof the base answers
    known = {name: radius for name, radius in champion.router.reach.items() if name in accepted.values()}
    earned = [name for name in new if accepted.get(name) == name]
    tried = near.reaches(tools, champion, subspace, accepted, earned, made["collect"]["rates"])
    reach = {name: radius for name, radius in known.items() if name not in new}
    reach |= {name: item.radius for name, item in tried.items() if item.radius is not None}
    challenger = Served("challenger", subspace, Router(accepted, reach))
    final = exam.sit(tools, exam.diagnoses(tools, tools.exam), champion, challenger, what="exam")
    exam.record(tools, bed.night.id, final)
    return {
        "routes": accepted,
        "reach": reach,
        "near": {name: asdict(item) for name, item in tried.items()},
        "held_out": results,
        "pairs": [asdict(pair) for pair in final.pairs()],
        "changed": record.changed(final),
        "exam": made["collect"]["exam"],
    }


def decide(bed: Bed, made: Artefacts) -> Any:
    """The gate's arithmetic. Routes that lost a task are dropped first, and what is left is judged again."""
    pairs = [gate.Pair(**item) for item in made["examine"]["pairs"]]
    if not pairs:
        return {
            "decision": gate.Decision.INCONCLUSIVE.value,
            "reasons": [_nothing(made)],
            "routes": {},
            "reach": {},
            "dropped": [],
        }
    config = bed.tools.config
    month = nights.promotions(bed.tools.db, since=bed.night.date.replace(day=1), before=bed.night.date)
    level = spending.level(month, config.alpha)
    rules = gate.Rules(config.alpha, level, config.margin)
    trials = [_trial(found) for found in made["examine"]["held_out"].values()]
    judged = gate.decide(pairs, trials, rules)
    router = Router(made["examine"]["routes"], made["examine"]["reach"])
    left = spared(pairs, judged.lost, router, _champion(bed, made).router)
    if judged.lost and left.pairs is not None:
        judged = gate.decide(left.pairs, trials, rules, dropped=left.dropped)
    nights.examined(
        bed.tools.db, bed.night.id, exam_hash=made["examine"]["exam"], tasks=judged.tasks,
        baseline=judged.baseline, challenger=judged.challenger,
    )  # fmt: skip
    reasons = [*judged.reasons, *(f"the route for {name} lost a task and was dropped" for name in left.dropped)]
    reasons += [f"{name} lost a task near to its own and answers its own signature alone" for name in left.shortened]
    return {
        **asdict(rules),
        **asdict(judged),
        "tried": len(trials),
        "decision": judged.decision.value,
        "reasons": reasons,
        "routes": dict(left.router.accepted),
        "reach": dict(left.router.reach),
        "dropped": list(left.dropped),
    }


def promote(bed: Bed, made: Artefacts) -> Any:
    """Writes the version and moves the alias in one transaction, or records why not."""
    tools, decided = bed.tools, made["decide"]
    if decided["decision"] != gate.Decision.PROMOTE.value:
        nights.decide(tools.db, bed.night.id, decided["decision"], decided["reasons"])
        return {"version": None}
    subspace = Subspace.load(bed.subspace)
    for name in subspace.patterns:
        if name not in decided["routes"].values():
            subspace = subspace.without(name)
    version, path, files = serve.write(
        tools.home, subspace, Router(decided["routes"], decided["reach"]), base=tools.model.name
    )
    held_out = made["examine"]["held_out"]
    routes = [
        Route(name, served, found["wins"], found["losses"], found["n"], found["p"], active=True)
        for name, served in decided["routes"].items()
        if (found := held_out.get(name)) is not None
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
    versions.promote(tools.db, version, night=bed.night.id, reasons=decided["reasons"], now=tools.now())
    return {"version": version}


def report(bed: Bed, made: Artefacts) -> Any:
    """What changed, or why nothing did: as Markdown, and as a page with charts."""
    home = bed.tools.home
    path, page = reports.write_both(home.reports, reports.gather(bed.tools.db, bed.night, made))
    return {"path": str(path.relative_to(home.root)), "html": str(page.relative_to(home.root))}


STAGES: dict[str, Callable[[Bed, Artefacts], Any]] = {
    act.__name__: act for act in (collect, diagnose, curate, train, consolidate, examine, decide, promote, report)
}


def _champion(bed: Bed, made: Artefacts) -> Served:
    """The version the night began with, whatever the alias says by now."""
    return serve.load(bed.tools.db, bed.tools.home, made["collect"]["champion"], base=bed.tools.model.name)


def _courses(bed: Bed, made: Artefacts) -> dict[str, list[lesson_rows.Lesson]]:
    return {name: lesson_rows.read(bed.tools.db, bed.night.id, signature=name) for name in made["curate"]["patterns"]}


def _old_routes(bed: Bed, made: Artefacts) -> list[Route]:
    from sleepy.memory.episodic import routes

    champion = made["collect"]["champion"]
    return routes.of_version(bed.tools.db, champion) if champion is not None else []


def _trial(found: dict[str, Any]) -> gate.Trial:
    return gate.Trial(**{name: value for name, value in found.items() if name != "earns"})


def _nothing(made: Artefacts) -> str:
    if not made["collect"]["rates"]:
        return "nothing was practised since the champion began to serve: run `sleepy day` first"
    if not made["diagnose"]["failing"]:
        return "no pattern is credibly below the target: there is nothing to learn"
    return "no failing pattern could be taught: too few lessons or held-out koans could be made"
