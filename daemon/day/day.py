"""The day: the champion attempts koans, and every episode is in the database before the next one begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sleepy.daemon.attempt.attempt import GREEDY, Attempt, Diagnosis, attempt, fitting
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.day import own_code, shelf
from sleepy.daemon.day.difficulty import difficulty, draw
from sleepy.daemon.day.explore import Failed, explore, tried_as
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools import answering
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.forge.mistakes import MISTAKES, Mistake
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.outcomes import By
from sleepy.memory.episodic.tasks import Task

_AGAIN = 6  # draws until as many koans are found as were asked for; the later half from all mistakes
_APART = 1_000_003  # between their seeds, which other days' clocks do not reach


@dataclass(frozen=True, slots=True)
class Practice:
    """What a day's practice came to."""

    attempted: int
    passed: int
    failed: tuple[str, ...] = ()  # origins of the koans that were not solved
    skipped: tuple[str, ...] = ()  # koans that the model cannot hold, and why
    explored: Mapping[str, int] = field(default_factory=dict)  # rung -> koans that were not solved, and then were by it
    left_out: tuple[str, ...] = ()  # crates of the user's that could not be practised on, and why

    def __add__(self, other: Practice) -> Practice:
        return Practice(
            self.attempted + other.attempted, self.passed + other.passed, self.failed + other.failed,
            self.skipped + other.skipped, dict(Counter(self.explored) + Counter(other.explored)),
            tuple(dict.fromkeys((*self.left_out, *other.left_out))),
        )  # fmt: skip


def day(tools: Tools, served: Served, seed: int, tasks: int) -> Practice:
    """Practises `tasks` koans: up to a quarter the user's own, and as many of their crates' functions as the setting says.

    The others are a spread over all mistakes, and more of what failed (of all, where nothing did). All but the user's own koans hold most of what is
    neither always nor never solved.
    """
    sealed = [*tools.exam, *shelf.cases(tools)]

    def drawn(mistakes: Sequence[Mistake], count: int, seed: int) -> list[Diagnosis]:
        """As many as asked: a program may have no place for a mistake, and some koans are near the exam's."""
        known = difficulty(tools.db, By.ORIGIN, served.version)
        found: dict[str, Diagnosis] = {}
        for again in range(_AGAIN):
            lacking, pool = count - len(found), mistakes if again < _AGAIN // 2 else MISTAKES
            if lacking <= 0:
                break
            other = seed + again * _APART
            chosen = draw(pool, [known.weight(f"forge:{mistake.name}") for mistake in pool], lacking, other)
            made = shelf.practice(tools.judge, other, lacking, exam=sealed, mistakes=chosen)
            found |= {item.koan.digest: item for item in made}
        return list(found.values())

    mine = shelf.own(tools.judge, seed, tasks // 4, folder=tools.home.koans, exam=sealed)
    theirs: list[Diagnosis] = []
    if tools.crates is not None:
        known = difficulty(tools.db, By.ORIGIN, served.version)
        theirs = own_code.practice(tools, seed, int(tasks * tools.config.own_code), known=known, exam=sealed)
    rest = tasks - len(theirs)
    first = rest - rest // 2 - len(mine)
    done = practise(tools, served, [*mine, *theirs, *drawn(MISTAKES, first, seed)], seed=seed)
    if tools.crates is not None:
        done = replace(done, left_out=tools.crates.left_out)
    first += len(mine) + len(theirs)
    if tasks == first:
        return done
    return done + practise(
        tools, served, drawn(shelf.mistakes_behind(done.failed), tasks - first, seed + 1), seed=seed + 1
    )


def practise(tools: Tools, served: Served, diagnoses: Sequence[Diagnosis], *, seed: int = 0) -> Practice:
    """One greedy attempt at each koan; a killed day loses what was being judged and nothing recorded.

    Those that failed are explored as far as the setting `explore` allows: those of patterns with a mixed outcome first.
    """
    able, too_long = fitting(diagnoses, tools.model)
    done = passed = 0
    failed: list[Failed] = []
    with served.on(tools.model) as model:
        by = answering.answers(tools, served.answering, lambda: tools.say(PRACTICE, done, len(able)))
        for item in attempt(able, model, tools.judge, served.router.route, answers=by):
            done += 1
            number = episodes.record(tools.db, episode(item, model.name, served.version), now=tools.now())
            passed += item.passed
            if not item.passed:
                failed.append(Failed(number, item))
            tools.say(PRACTICE, done, len(able))
        answers = round(tools.config.explore * len(able))
        explored: Mapping[str, int] = {}
        if failed and answers:
            known = difficulty(tools.db, By.PATTERN, served.version)
            order = sorted(failed, key=lambda item: -known.weight(item.diagnosis.signature))
            explored = explore(tools, served, model, order, answers, seed)
    origins = tuple(item.diagnosis.koan.origin for item in failed)
    return Practice(len(able), passed, origins, tuple(f"{koan.id}: {why}" for koan, why in too_long), explored)


def episode(item: Attempt, model: str, version: str | None) -> episodes.Episode:
    """An attempt as it is remembered."""
    tried = tried_as(item, GREEDY)
    return episodes.Episode(task(item.diagnosis.koan), item.diagnosis.signature, (tried,), model, version=version)


def task(koan: Koan) -> Task:
    return Task(
        koan.digest, koan.id, koan.broken, koan.fixed, koan.tests,
        family=koan.family, base=koan.base, origin=koan.origin, edition=koan.edition,
    )  # fmt: skip


def remembered(known: Task) -> Koan:
    """A remembered task as it can be attempted again."""
    return Koan(
        known.name, known.family or "items", "", known.broken, known.fixed, known.tests, known.edition, known.origin,
        known.base,
    )  # fmt: skip
