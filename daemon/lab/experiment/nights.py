"""`sleepy experiment nights`: ordinary days, each with its night, and what the sealed exam says of them.

Every day practises with the champion of the night before, every night learns as many failing patterns as a night
does, with nothing chosen for it. At the end base and last champion answer the whole exam side by side.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date as Date
from datetime import timedelta

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.state_keys import EXPERIMENT_NIGHTS
from sleepy.daemon.day.day import day
from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import ExamPart
from sleepy.daemon.model.source import HELD_BACK
from sleepy.daemon.night import exam
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages import store
from sleepy.daemon.stats.intervals import wilson
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import lessons, nights, state
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.parametric.scope import code_of

TASKS = 280  # koans of a day


@dataclass(frozen=True, slots=True)
class LivedNight:
    """A day and its night: koans solved, patterns taught, those that earned a route, the exam's gains and losses.

    own: lessons that are the model's own answers, by rung.
    """

    date: str
    attempted: int
    solved: int
    decision: str
    reasons: tuple[str, ...]
    taught: tuple[str, ...]
    earned: tuple[str, ...]
    gained: int
    lost: int
    gained_taught: int  # of those gained, the ones of codes that pretraining does not hold back
    seconds: float  # of the night
    lessons: int = 0
    own: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nights:
    lived: tuple[LivedNight, ...]
    exam: FinalExam


def run(tools: Tools, first: Date, count: int, told: Callable[[LivedNight], None], *, tasks: int = TASKS) -> Nights:
    """The days and nights from `first` on; resumes where a run in this home was interrupted."""
    lived = []
    for number in range(count):
        lived.append(_lived(tools, first + timedelta(days=number), tasks))
        told(lived[-1])
    return Nights(tuple(lived), final_exam(tools))


def _lived(tools: Tools, date: Date, tasks: int) -> LivedNight:
    practised = f"{EXPERIMENT_NIGHTS} day {date.isoformat()}"
    kept = state.get(tools.db, practised)
    if kept is None:
        if nights.read(tools.db, date) is not None:
            raise UserError(
                f"this home has already had a night of {date}, in another experiment or by itself",
                remedy="name another --home, or none",
            )
        lived = day(tools, serve.serving(tools), tools.config.seed + date.toordinal(), tasks)
        state.put(tools.db, practised, {"attempted": lived.attempted, "solved": lived.passed}, now=tools.now())
        kept = state.get(tools.db, practised)
    assert kept is not None
    known = nights.read(tools.db, date)
    done = known is not None and known.state is NightState.DONE  # one with nothing to learn is not begun anew
    night = known if known is not None and done else sleep(tools, date)
    made = store.record(tools.db, night.id)
    assert made is not None, "the night is done"
    routes = made.decided.routes.accepted if made.promoted.version else {}
    taught = made.curated.patterns
    return LivedNight(
        date.isoformat(), kept.value["attempted"], kept.value["solved"], night.decision or "failed",
        tuple(reasons.sentences(night.decision_reasons)),
        taught, tuple(name for name in taught if routes.get(name) == name),
        len(made.decided.gained) if routes else 0, len(made.decided.lost) if routes else 0,
        made.decided.taught.gained if routes and made.decided.taught else 0,
        (night.ended - night.started).total_seconds() if night.ended else 0.0,
        sum(sum(kinds.values()) for kinds in made.curated.lessons.values()), lessons.own_rungs(tools.db, night.id),
    )  # fmt: skip


def markdown(found: Nights) -> str:
    """The figures, by whether pretraining holds a code back, then a table with a line for each night."""
    exam = found.exam
    low, high = wilson(exam.champion, exam.n)
    out = [
        f"Exam: {exam.baseline} -> {exam.champion} of {exam.n} ({100 * exam.champion / exam.n:.1f} %, "
        f"95 % interval {100 * low:.0f}-{100 * high:.0f}), {len(exam.fixed)} gained, {len(exam.lost)} lost, "
        f"{exam.routes} routes after {len(found.lived)} nights.",
        *(
            f"{name}: {part.baseline} -> {part.challenger} of {part.tasks}, {part.gained} gained, {part.lost} lost."
            for name, part in (("Codes that pretraining teaches", exam.taught), ("Held back", exam.held_back))
        ),
        "",
        "| night | practice | taught | lessons, the model's own | earned a route "
        "| exam: gained (of codes that pretraining teaches), lost | decision | minutes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, night in enumerate(found.lived, start=1):
        out.append(
            f"| {number} | {night.solved} of {night.attempted} | {len(night.taught)} "
            f"| {night.lessons}, {sum(night.own.values())} | {len(night.earned)} "
            f"| {night.gained} ({night.gained_taught}), {night.lost} | {night.decision} | {night.seconds / 60:.1f} |"
        )
    return "\n".join(out) + "\n"


def line(found: Nights) -> str:
    """Everything as one line of JSON."""
    return json.dumps(asdict(found), ensure_ascii=False)


# the exam at the end


@dataclass(frozen=True, slots=True)
class FinalExam:
    """The sealed exam of base model and champion side by side, of `n` tasks. A loss counts when it is lost again in two of three runs."""

    n: int
    baseline: int
    champion: int
    fixed: tuple[str, ...]
    lost: tuple[str, ...]
    routes: int
    taught: ExamPart
    held_back: ExamPart


def final_exam(tools: Tools) -> FinalExam:
    """The final exam: both answer all of it, with one greedy answer for each task."""
    champion = serve.serving(tools)
    pairs = exam.sit(tools, exam.diagnoses(tools, tools.exam), Served(), champion, what="exam").pairs()
    return FinalExam(
        len(pairs),
        sum(pair.baseline for pair in pairs),
        sum(pair.challenger for pair in pairs),
        tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline),
        tuple(pair.task for pair in pairs if pair.baseline and not pair.challenger),
        len(champion.router.accepted),
        ExamPart.of([pair for pair in pairs if code_of(pair.signature) not in HELD_BACK]),
        ExamPart.of([pair for pair in pairs if code_of(pair.signature) in HELD_BACK]),
    )
