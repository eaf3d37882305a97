"""`sleepy experiment sequential`: failing patterns learnt one after another, a night each.

A first day finds the patterns that the base fails. Every night then follows a short day of one pattern's mistakes
and may learn that pattern alone; afterwards the champion is asked test koans of all of them. Test koans are of the
exam side's programs: none gives a lesson, and none decides over a route.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Date
from datetime import timedelta

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.state_keys import EXPERIMENT_SEQUENTIAL
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Pair, Trial
from sleepy.daemon.lab.experiment.nights import FinalExam, final_exam
from sleepy.daemon.lab.experiment.patterns import failing, practised, tests
from sleepy.daemon.night import exam
from sleepy.daemon.night.night import sleep
from sleepy.daemon.report import plots
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stats.intervals import wilson
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import episodes, nights, state

DAY = 280  # koans of the first day
AGAIN = 24  # koans of each pattern's own day


@dataclass(frozen=True, slots=True)
class LearntNight:
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
class SequentialResult:
    """The whole experiment. `gains`: each pattern after the last night against the base, paired, with intervals."""

    patterns: tuple[str, ...]
    tests: tuple[int, ...]
    before: tuple[tuple[bool, ...], ...]
    nights: tuple[LearntNight, ...]
    transfer: Transfer
    gains: tuple[Trial, ...]
    exam: FinalExam  # base and last champion, side by side

    @property
    def rates(self) -> list[list[float]]:
        """The R matrix."""
        return [
            [sum(some) / len(some) for some in row] for row in (self.before, *(night.passed for night in self.nights))
        ]


def settings(config: Config) -> Config:
    """The settings of nights whose training ends by steps, not by the clock."""
    return replace(config, lessons=170, held_out=40, night_patterns=1)


def run(
    tools: Tools, first: Date, count: int, told: Callable[[LearntNight], None], *, tasks: int = DAY
) -> SequentialResult:
    """The first day and `count` nights from `first` on; resumes where a run in this home was interrupted.

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
    return SequentialResult(tuple(asked), sizes, before, tuple(done), transfer(rates), gains, final_exam(tools))


def _night(
    tools: Tools, date: Date, name: str, asked: Mapping[str, Sequence[Diagnosis]], told: Callable[[LearntNight], None]
) -> LearntNight:
    """One night of a pattern, after a short day of its mistakes, and what the champion can do then."""
    key = f"{EXPERIMENT_SEQUENTIAL} {date.isoformat()}"
    kept = state.get(tools.db, key)
    if kept is None:
        known = nights.read(tools.db, date)
        if known is None:
            origins = [item.episode.task.origin for item in episodes.failed_alone(tools.db, name, limit=50)]
            koans = shelf.practice(
                tools.judge, tools.config.seed + date.toordinal(), AGAIN, exam=tools.exam,
                mistakes=shelf.mistakes_behind(origins),
            )  # fmt: skip
            practise(tools, serve.serving(tools), koans)
        night = sleep(tools, date, only=[name])
        served = serve.serving(tools)
        made = LearntNight(
            name, date.isoformat(), night.decision or "failed", tuple(reasons.sentences(night.decision_reasons)), night.baseline_passes,
            night.challenger_passes, night.exam_tasks, _asked(tools, asked, served),
        )  # fmt: skip
        state.put(tools.db, key, asdict(made), now=tools.now())
        kept = state.get(tools.db, key)
    assert kept is not None
    values = {**kept.value, "reasons": tuple(kept.value["reasons"]), "passed": _frozen(kept.value["passed"])}
    found = LearntNight(**values)
    told(found)
    return found


def _asked(tools: Tools, asked: Mapping[str, Sequence[Diagnosis]], served: Served) -> tuple[tuple[bool, ...], ...]:
    """Which of every pattern's test koans a version passes."""
    everything = [item for some in asked.values() for item in some]
    answers = iter(exam.answers(tools, everything, served, "test koans"))
    return tuple(tuple(next(answers).passed for _ in some) for some in asked.values())


def _gain(name: str, before: Sequence[bool], after: Sequence[bool]) -> Trial:
    return Trial.of(name, [Pair(str(i), b, a, name) for i, (b, a) in enumerate(zip(before, after, strict=True))])


def _frozen(passed: Sequence[Sequence[bool]]) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple(some) for some in passed)


# the R matrix


RMatrix = Sequence[Sequence[float]]  # (nights + 1, patterns); night i learns pattern i - 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the R matrix says in four figures: shares of tasks, -1 to 1.

    R[i][j] is the pass rate on pattern j after night i; row 0 is before the first. Average, backward and forward
    transfer after Lopez-Paz & Ranzato (arXiv:1706.08840); forgetting after Chaudhry et al. (arXiv:1801.10112), the best
    a pattern ever was minus what it is at the end.
    """

    average: float  # over all patterns, after the last night
    backward: float  # of each but the last: after the last night minus after its own
    forgetting: float  # of each but the last: its best after any night minus after the last
    forward: float  # of each but the first: after the night before its own minus before the first


def transfer(rates: RMatrix) -> Transfer:
    """The four figures. `ValueError` unless there is a row before the first night and one for each pattern's."""
    count = len(rates) - 1
    if count < 1 or any(len(row) != count for row in rates):
        raise ValueError(
            f"{len(rates)} rows want {len(rates) - 1} columns each: one night a pattern, and one row before"
        )
    last = rates[-1]
    backward = [last[j] - rates[j + 1][j] for j in range(count - 1)]
    forgotten = [max(row[j] for row in rates[1:]) - last[j] for j in range(count - 1)]
    forward = [rates[j][j] - rates[0][j] for j in range(1, count)]
    return Transfer(_mean(last), _mean(backward), _mean(forgotten), _mean(forward))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# for people and programs


def markdown(course: SequentialResult) -> str:
    """The figures, then a table with a line for each pattern."""
    found, exam = course.transfer, course.exam
    low, high = wilson(exam.champion, exam.n)
    out = [
        f"Exam: {exam.baseline} -> {exam.champion} of {exam.n} "
        f"({100 * exam.champion / exam.n:.1f} %, {100 * low:.0f}-{100 * high:.0f}), {len(exam.lost)} lost, "
        f"{exam.routes} routes after {len(course.nights)} nights.",
        f"Average {found.average:.3f}, backward transfer {found.backward:+.3f}, forgetting {found.forgetting:.3f}, "
        f"forward transfer {found.forward:+.3f} (shares of the test koans).",
        "",
        "| night | pattern | decision | base | after its night | after the last | gain, 95 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for i, (night, gain) in enumerate(zip(course.nights, course.gains, strict=True)):
        after = sum(night.passed[i])
        pattern = spoken(night.pattern).replace("|", "\\|")
        out.append(
            f"| {i + 1} | {pattern} | {night.decision} | {gain.baseline} of {gain.n} | {after} | {gain.challenger} "
            f"| {100 * (gain.challenger - gain.baseline) / gain.n:+.0f} points, {100 * gain.low:+.0f} to {100 * gain.high:+.0f} |"
        )
    return "\n".join(out) + "\n"


def chart(course: SequentialResult) -> str:
    """The R matrix as a heat map, SVG."""
    names = [str(i + 1) for i in range(len(course.patterns))]
    down = ["before", *(f"night {name}" for name in names)]
    return plots.heat(
        "Pass rate on each pattern after each night", names, down, course.rates, low=0.0, high=1.0, axis="pattern"
    )


def line(course: SequentialResult) -> str:
    """Everything as one line of JSON."""
    return json.dumps(
        {
            "patterns": course.patterns,
            "tests": course.tests,
            "rates": course.rates,
            "transfer": asdict(course.transfer),
            "gains": [asdict(item) for item in course.gains],
            "decisions": [night.decision for night in course.nights],
            "exam": asdict(course.exam),
        },
        ensure_ascii=False,
    )
