"""The night: nine stages in order, each recorded with what went in and what came out.

A night killed anywhere is gone on with where it was: a stage that is done, and whose inputs are the
same, is not done again. Nothing is served differently before `promote`, which is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date as Date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sleepy.daemon import serve, shelf
from sleepy.daemon.night import apart, exam, gate, near, over, spending, trials
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import report as reports
from sleepy.daemon.night import train as training
from sleepy.daemon.night.blame import spared
from sleepy.daemon.night.divergence import divergences
from sleepy.daemon.night.past import past
from sleepy.daemon.night.report import record
from sleepy.daemon.night.selection import select
from sleepy.daemon.serve import Served
from sleepy.daemon.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import lessons as lesson_rows
from sleepy.memory.episodic import nights, patterns, recall, stages, versions
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import State
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

Artefacts = dict[str, Any]


class Sat(StrEnum):
    """How much of the exam was held."""

    NOT = "not"  # nothing came to it
    CUT = "cut"  # the tasks that routes answer: after these nothing was left to promote
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Bed:
    """What every stage of one night works with."""

    tools: Tools
    night: Night
    folder: Path
    only: tuple[str, ...] = ()
    peaks: dict[str, int] = field(default_factory=dict)  # MiB that a process apart held, by stage

    @property
    def subspace(self) -> Path:
        return self.folder / "subspace"


def sleep(tools: Tools, date: Date, *, only: Collection[str] = ()) -> Night:
    """The night of a date: begun, gone on with, or, when it is done, as it ended.

    One that had nothing to learn is begun anew once there is something.
    `only` are the patterns it may learn, where not all.
    """
    night = nights.begin(tools.db, date, seed=tools.config.seed + date.toordinal(), now=tools.now())
    if over.is_over(tools.db, night, target=tools.config.target, only=only):
        return night
    if night.state is NightState.DONE:
        night = over.anew(tools.db, night, now=tools.now())
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
        record.forget_peak()
        try:
            made[name] = act(bed, made)
        except Exception as error:
            stages.fail(tools.db, night.id, name, str(error), now=tools.now())
            nights.fail(tools.db, night.id, f"{name}: {error}", now=tools.now())
            raise
        # read back as the next run would find it, so that resumed and undisturbed nights see the same values
        made[name] = json.loads(json.dumps(made[name]))
        left = stages.finish(
            tools.db, night.id, name, made[name], detail=record.peak(bed.peaks.get(name, 0)), now=tools.now()
        )
        inputs = stages.hashed([inputs, left])
    nights.finish(tools.db, night.id, report=made["report"]["path"], now=tools.now())
    ended = nights.read(tools.db, date)
    assert ended is not None
    return ended


def collect(bed: Bed, _made: Artefacts) -> Any:
    """What the champion did in practice, by signature, and which exam will judge."""
    served = serve.serving(bed.tools)
    rates = patterns.rates(bed.tools.db, version=served.version)
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
    """An adapter a pattern, made in a process apart."""
    if not made["curate"]["patterns"]:
        return []
    found, bed.peaks["train"] = apart.run(bed.tools, {"act": "train", **_job(bed, made)})
    return found


def consolidate(bed: Bed, made: Artefacts) -> Any:
    """All adapters in one subspace."""
    trained = [training.Trained(**item) for item in made["train"]]
    if not trained:
        return {"subspace": None, "refused": {}, "damage": {}, "patterns": []}
    job = {"act": "consolidate", **_job(bed, made), "trained": made["train"], "place": str(bed.subspace)}
    found, bed.peaks["consolidate"] = apart.run(bed.tools, job)
    subspace, refused = Subspace.load(bed.subspace), found["refused"]
    return {
        "subspace": found["subspace"],
        "refused": refused,
        "damage": {name: round(value, 6) for name, value in found["damage"].items()},
        "patterns": list(subspace.patterns),
        "k": [min(side.k for side in subspace.report()), max(side.k for side in subspace.report())],
        "memory": record.memory(
            subspace, [bed.folder / "adapters" / item.folder for item in trained if item.signature not in refused]
        ),
    }


def _job(bed: Bed, made: Artefacts) -> Artefacts:
    """What a process apart needs to know of the night."""
    champion = _champion(bed, made)
    start = serve.folder(bed.tools.db, bed.tools.home, champion.version) if champion.version else None
    return {
        "folder": str(bed.folder / "adapters"),
        "courses": {name: [asdict(item) for item in some] for name, some in _courses(bed, made).items()},
        "start": str(start) if start else None,
        "seed": bed.night.seed,
    }


def examine(bed: Bed, made: Artefacts) -> Any:
    """Each new route on its pattern's held-out koans, then both versions on the sealed exam and the user's cases.

    The exam ends where the decision cannot change any more: before it begins if no route earned its place, and
    after the tasks that routes answer if every new route lost one.
    """
    tools = bed.tools
    nothing: dict[str, Any] = {
        "routes": {}, "reach": {}, "near": {}, "held_out": {}, "stopped": [], "pairs": [], "own": [], "changed": {},
        "sat": Sat.NOT.value, "exam": made["collect"]["exam"],
    }  # fmt: skip
    if made["consolidate"]["subspace"] is None:
        return nothing
    champion, subspace = _champion(bed, made), Subspace.load(bed.subspace)
    new = [name for name in made["curate"]["patterns"] if name in subspace.patterns]
    held_out = [koan for name, koan in curation.read_held_out(bed.folder) if name in new]
    every = Served("trial", subspace, Router({name: name for name in new}))
    asked = [item for item in exam.diagnoses(tools, held_out) if item.signature in new]
    tried = trials.tried(tools, asked, champion, every)
    far = divergences(tools.model, every, tried.answers)
    results: dict[str, Any] = {}
    accepted = {name: served for name, served in champion.router.accepted.items() if served in subspace.patterns}
    for name in new:
        mine = [pair for pair in tried.pairs if pair.signature == name]
        trial = gate.Trial.of(name, mine, kl=round(far.get(name, 0.0), 4))
        earns = trial.earns(_rules(bed))
        results[name] = {**asdict(trial), "earns": earns}
        if earns:
            accepted[name] = name
        elif name in accepted:
            del accepted[name]  # the old coefficients are gone: without a proof the base answers
    earned = [name for name in new if accepted.get(name) == name]
    found = {**nothing, "held_out": results, "stopped": list(tried.stopped)}
    if not earned:
        return found
    known = {name: radius for name, radius in champion.router.reach.items() if name in accepted.values()}
    near_by = near.reaches(tools, champion, subspace, accepted, earned, made["collect"]["rates"])
    reach = {name: radius for name, radius in known.items() if name not in new}
    reach |= {name: item.radius for name, item in near_by.items() if item.radius is not None}
    challenger = Served("challenger", subspace, Router(accepted, reach))
    own = exam.sit(tools, exam.diagnoses(tools, shelf.cases(tools)), champion, challenger, what="your cases")
    routed, rest = exam.routed_first(exam.diagnoses(tools, tools.exam), champion, challenger)
    sitting = exam.sit(tools, routed, champion, challenger, what="exam")
    pairs = [*sitting.pairs(), *own.pairs()]
    lost = [pair.task for pair in pairs if pair.baseline and not pair.challenger]
    left = spared(pairs, lost, challenger.router, champion.router)
    whole = any(left.router.accepted.get(name) == name for name in earned)
    if whole:
        sitting += exam.sit(tools, rest, champion, challenger, what="exam")
    exam.record(tools, bed.night.id, sitting)
    return {
        **found,
        "routes": accepted,
        "reach": reach,
        "near": {name: asdict(item) for name, item in near_by.items()},
        "pairs": [asdict(pair) for pair in sitting.pairs()],
        "own": [asdict(pair) for pair in own.pairs()],
        "changed": record.changed(sitting + own),
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
        reasons = [_nothing(made)] if not tried else _unearned(tried, rules)
        if tried:  # tests were made: they count among the month's
            nights.examined(
                bed.tools.db, bed.night.id, exam_hash=made["examine"]["exam"], tasks=0, baseline=0, challenger=0
            )
        return {
            **asdict(rules), "decision": gate.Decision.INCONCLUSIVE.value, "reasons": reasons, "routes": {}, "reach": {},
            "dropped": [], "tried": len(tried),
        }  # fmt: skip
    judged = gate.decide(pairs, tried, rules, own=own)
    router = Router(made["examine"]["routes"], made["examine"]["reach"])
    left = spared([*pairs, *own], judged.lost, router, _champion(bed, made).router)
    if judged.lost and left.pairs is not None:
        again = left.pairs[: len(pairs)], left.pairs[len(pairs) :]
        judged = gate.decide(again[0], tried, rules, own=again[1], dropped=left.dropped)
    nights.examined(
        bed.tools.db, bed.night.id, exam_hash=made["examine"]["exam"], tasks=judged.tasks,
        baseline=judged.baseline, challenger=judged.challenger,
    )  # fmt: skip
    reasons = [*judged.reasons, *(f"the route for {name} lost a task and was dropped" for name in left.dropped)]
    reasons += [f"{name} lost a task near to its own and answers its own signature alone" for name in left.shortened]
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
        "dropped": list(left.dropped),
    }


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


def _champion(bed: Bed, made: Artefacts) -> Served:
    """The version the night began with, whatever the alias says by now."""
    return serve.load(bed.tools.db, bed.tools.home, made["collect"]["champion"], base=bed.tools.model.name)


def _courses(bed: Bed, made: Artefacts) -> dict[str, list[lesson_rows.Lesson]]:
    return {name: lesson_rows.read(bed.tools.db, bed.night.id, signature=name) for name in made["curate"]["patterns"]}


def _old_routes(bed: Bed, made: Artefacts) -> list[Route]:
    from sleepy.memory.episodic import routes

    champion = made["collect"]["champion"]
    return routes.of_version(bed.tools.db, champion) if champion is not None else []


def _nothing(made: Artefacts) -> str:
    if not made["collect"]["rates"] and not made["collect"]["repaired"]:
        return over.NO_PRACTICE
    if not made["diagnose"]["failing"] and made["diagnose"]["resting"]:
        return "every pattern below the target rests: " + "; ".join(
            f"{name}: {why}" for name, why in made["diagnose"]["resting"].items()
        )
    if not made["diagnose"]["failing"]:
        return over.NONE_FAILING
    return "no failing pattern could be taught: too few lessons or held-out koans could be made"
