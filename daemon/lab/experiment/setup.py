"""The setup that all strategies of an experiment share: one base model, one day, one night's lessons, one exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path

from sleepy.daemon.attempt.attempt import Attempt, Diagnosis
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.experiment.patterns import practised
from sleepy.daemon.lab.experiment.strategy import Teach
from sleepy.daemon.night import curate as curation
from sleepy.daemon.night import exam
from sleepy.daemon.night.night import sleep
from sleepy.daemon.night.train import Trainer
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import NightRecord
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import lessons, nights, patterns
from sleepy.memory.episodic.lessons import Lesson, Provenance

MASTERED = 6  # mastered patterns that "every pattern" takes in beside the failing ones


@dataclass(frozen=True, slots=True)
class SharedSetup:
    """`failing` and `mastered`: lessons by pattern. `made`: what the night's stages left."""

    tools: Tools
    folder: Path
    seed: int
    asked: tuple[Diagnosis, ...]
    baseline: tuple[Attempt, ...]
    failing: Mapping[str, tuple[Lesson, ...]]
    mastered: Mapping[str, tuple[Lesson, ...]]
    made: NightRecord

    @property
    def trainer(self) -> Trainer:
        return Trainer(
            lambda: self.tools.model,
            self.tools.config.training_steps,
            self.tools.config.pattern_seconds,
            self.tools.say,
            lessons=self.tools.config.lessons,
        )

    @property
    def adapters(self) -> Path:
        return self.folder / "adapters"


def set_up(tools: Tools, date: Date, tasks: int, *, everything: bool) -> SharedSetup:
    """The setup: the day, the night and the base's exam, done here unless this home has done them.

    `everything`: lessons for mastered patterns too. `UserError` where the base fails nothing that can be taught.
    """
    practised(tools, tasks)
    mastered = sorted(
        (-tally.passes, name)
        for name, tally in patterns.rates(tools.db).items()
        if tally.attempts > 2 and tally.passes / tally.attempts >= tools.config.target
    )
    night = sleep(tools, date)
    made = store.record(tools.db, night.id)
    assert made is not None, "the night is done"
    failing = {name: tuple(lessons.read(tools.db, night.id, signature=name)) for name in made.curated.patterns}
    if not failing:
        raise UserError(
            f"the model {tools.model.name} failed nothing that could be taught in {tasks} koans",
            remedy="give more --tasks, or --model novice",
        )
    asked = exam.diagnoses(tools, tools.exam)
    base = exam.sit(tools, asked, Served(), Served(), what="exam").baseline
    return SharedSetup(
        tools, tools.home.nights / date.isoformat(), night.seed, tuple(asked), base, failing,
        _mastered(tools, [name for _, name in mastered[:MASTERED]], date) if everything else {}, made,
    )  # fmt: skip


def _mastered(tools: Tools, names: Sequence[str], date: Date) -> dict[str, tuple[Lesson, ...]]:
    """Lessons of mastered patterns, stored under a night of their own that is never run."""
    night = nights.begin(tools.db, Date(1, 1, 1), seed=tools.config.seed, now=tools.now())
    if not lessons.read(tools.db, night.id):
        few = replace(tools, config=replace(tools.config, held_out=8))
        courses = curation.curate(few, names, [], tools.config.seed + date.toordinal() + 1)
        lessons.write(tools.db, night.id, [item for course in courses for item in course.lessons], now=tools.now())
    return {name: tuple(found) for name in names if (found := lessons.read(tools.db, night.id, signature=name))}


def of_kind(found: Sequence[Lesson], teach: Teach) -> list[Lesson]:
    """The lessons that a strategy teaches: the model's own successes, the others, or both."""
    return [
        item
        for item in found
        if teach is Teach.BOTH or (item.provenance in (Provenance.OWN, Provenance.REPLAY)) is (teach is Teach.OWN)
    ]
