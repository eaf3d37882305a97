"""`sleepy experiment sequential`: failing patterns learnt one after another, a night each.

A first day finds the patterns that the base fails. Every night then follows a short day of one pattern's mistakes
and may learn that pattern alone; afterwards the champion is asked test koans of all of them. Test koans are of the
exam side's programs: none gives a lesson, and none decides over a route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Date
from datetime import timedelta

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.state_keys import EXPERIMENT_SEQUENTIAL
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Pair, Trial
from sleepy.daemon.lab.experiment.examined import Examined, examined
from sleepy.daemon.lab.experiment.matrix import Transfer, transfer
from sleepy.daemon.lab.experiment.patterns import failing, practised, tests
from sleepy.daemon.night import exam
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import episodes, nights, state

DAY = 280  # koans of the first day
AGAIN = 24  # koans of each pattern's own day


@dataclass(frozen=True, slots=True)
class Learnt:
    """One night. `decision` and exam are the night's own; rates are of the champion afterwards, on all test koans."""

    pattern: str
    date: str
    decision: str
    reasons: tuple[str, ...]
    baseline: int | None
    challenger: int | None
    tasks: int | None
    passed: tuple[tuple[bool, ...], ...]  # (patterns, test koans)


@dataclass(frozen=True, slots=True)
class Course:
    """The whole experiment. `gains`: each pattern after the last night against the base, paired, with intervals."""

    patterns: tuple[str, ...]
    tests: tuple[int, ...]
    before: tuple[tuple[bool, ...], ...]
    nights: tuple[Learnt, ...]
    transfer: Transfer
    gains: tuple[Trial, ...]
    exam: Examined  # base and last champion, side by side

    @property
    def rates(self) -> list[list[float]]:
        """The R matrix."""
        return [
            [sum(some) / len(some) for some in row] for row in (self.before, *(night.passed for night in self.nights))
        ]


def settings(config: Config) -> Config:
    """Nights that steps end, not the clock."""
    return replace(config, lessons=170, held_out=40, night_patterns=1)


def run(tools: Tools, first: Date, count: int, told: Callable[[Learnt], None], *, tasks: int = DAY) -> Course:
    """Lives the first day and `count` nights from `first` on; goes on where a run of this home was cut.

    `UserError` where the base fails fewer patterns that the forge can make.
    """
    practised(tools, tasks)
    kept = state.get(tools.db, EXPERIMENT_SEQUENTIAL)
    if kept is None:  # before the first night: later days fail other things
        state.put(tools.db, EXPERIMENT_SEQUENTIAL, {"patterns": failing(tools, first)}, now=tools.now())
        kept = state.get(tools.db, EXPERIMENT_SEQUENTIAL)
    assert kept is not None
    asked = tests(tools, kept.value["patterns"], count)
    if len(asked) < count:
        raise UserError(
            f"the model {tools.model.name} fails {len(asked)} patterns that the forge can make, fewer than {count}",
            remedy=f"give --nights {len(asked)}, or more --tasks",
        )
    before = _asked(tools, asked, Served())
    done = [_night(tools, first + timedelta(days=i), name, asked, told) for i, name in enumerate(asked)]
    rates = [[sum(some) / len(some) for some in row] for row in (before, *(night.passed for night in done))]
    gains = tuple(_gain(name, before[i], done[-1].passed[i]) for i, name in enumerate(asked))
    sizes = tuple(len(some) for some in before)
    return Course(tuple(asked), sizes, before, tuple(done), transfer(rates), gains, examined(tools))


def _night(
    tools: Tools, date: Date, name: str, asked: Mapping[str, Sequence[Diagnosis]], told: Callable[[Learnt], None]
) -> Learnt:
    """A short day of the pattern's mistakes, its night, and what the champion can do then."""
    key = f"{EXPERIMENT_SEQUENTIAL} {date.isoformat()}"
    kept = state.get(tools.db, key)
    if kept is None:
        known = nights.read(tools.db, date)
        if known is None:
            origins = [item.episode.task.origin for item in episodes.of_pattern(tools.db, name, passed=False, limit=50)]
            koans = shelf.practice(
                tools.judge, tools.config.seed + date.toordinal(), AGAIN, exam=tools.exam,
                mistakes=shelf.mistakes_behind(origins),
            )  # fmt: skip
            practise(tools, serve.serving(tools), koans)
        night = sleep(tools, date, only=[name])
        served = serve.serving(tools)
        made = Learnt(
            name, date.isoformat(), night.decision or "failed", tuple(reasons.sentences(night.decision_reasons)), night.baseline_passes,
            night.challenger_passes, night.exam_tasks, _asked(tools, asked, served),
        )  # fmt: skip
        state.put(tools.db, key, asdict(made), now=tools.now())
        kept = state.get(tools.db, key)
    assert kept is not None
    values = {**kept.value, "reasons": tuple(kept.value["reasons"]), "passed": _frozen(kept.value["passed"])}
    found = Learnt(**values)
    told(found)
    return found


def _asked(tools: Tools, asked: Mapping[str, Sequence[Diagnosis]], served: Served) -> tuple[tuple[bool, ...], ...]:
    """What a version passes of every pattern's test koans."""
    everything = [item for some in asked.values() for item in some]
    answers = iter(exam.answers(tools, everything, served, "test koans"))
    return tuple(tuple(next(answers).passed for _ in some) for some in asked.values())


def _gain(name: str, before: Sequence[bool], after: Sequence[bool]) -> Trial:
    return Trial.of(name, [Pair(str(i), b, a, name) for i, (b, a) in enumerate(zip(before, after, strict=True))])


def _frozen(passed: Sequence[Sequence[bool]]) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple(some) for some in passed)
