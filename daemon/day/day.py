"""The day: the champion attempts koans, and every episode is in the database before the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import Attempt, Diagnosis, attempt, fitting
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.day import shelf
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.tasks import Task


@dataclass(frozen=True, slots=True)
class Practice:
    """What a day's practice came to."""

    attempted: int
    passed: int
    failed: tuple[str, ...] = ()  # origins of the koans that were not solved
    skipped: tuple[str, ...] = ()  # koans that the model cannot hold, and why


def day(tools: Tools, served: Served, seed: int, tasks: int) -> Practice:
    """Practises `tasks` koans: up to a quarter of the user's own, a spread over all mistakes, more of what failed."""
    sealed = [*tools.exam, *shelf.cases(tools)]
    mine = shelf.own(tools.judge, seed, tasks // 4, folder=tools.home.koans, exam=sealed)
    first = tasks - tasks // 2 - len(mine)
    done = practise(tools, served, [*mine, *shelf.practice(tools.judge, seed, first, exam=sealed)])
    first += len(mine)
    if not done.failed or tasks == first:
        return done
    mistakes = shelf.mistakes_behind(done.failed)
    again = shelf.practice(tools.judge, seed + 1, tasks - first, exam=sealed, mistakes=mistakes)
    more = practise(tools, served, again)
    return Practice(
        done.attempted + more.attempted,
        done.passed + more.passed,
        (*done.failed, *more.failed),
        (*done.skipped, *more.skipped),
    )


def practise(tools: Tools, served: Served, diagnoses: Sequence[Diagnosis]) -> Practice:
    """One greedy attempt at each koan; a killed day loses what was being judged and nothing recorded."""
    able, too_long = fitting(diagnoses, tools.model)
    passed = done = 0
    failed: list[str] = []
    with served.on(tools.model) as model:
        for item in attempt(able, model, tools.judge, served.router.route):
            episodes.record(tools.db, episode(item, model.name, served.version), now=tools.now())
            done += 1
            passed += item.passed
            if not item.passed:
                failed.append(item.diagnosis.koan.origin)
            tools.say(PRACTICE, done, len(able))
    return Practice(done, passed, tuple(failed), tuple(f"{koan.id}: {why}" for koan, why in too_long))


def episode(item: Attempt, model: str, version: str | None) -> episodes.Episode:
    """An attempt as it is remembered."""
    tried = episodes.Attempt(
        item.verdict.outcome.value,
        item.passed,
        item.prompt,
        item.answer,
        item.source,
        route=item.route,
        detail=item.verdict.detail,
        seconds=item.seconds,
        tokens=item.tokens,
        is_label=item.verdict.is_label,
    )
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
