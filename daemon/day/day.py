"""The day: the champion attempts koans, and every episode is in the database before the next one begins."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import GREEDY, HINTED, Attempt, Diagnosis, attempt, fitting
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.day import shelf
from sleepy.daemon.model.hints import Hints
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.tasks import Task

_log = logging.getLogger("sleepy.day")


@dataclass(frozen=True, slots=True)
class Practice:
    """What a day's practice came to."""

    attempted: int
    passed: int
    failed: tuple[str, ...] = ()  # origins of the koans that were not solved
    skipped: tuple[str, ...] = ()  # koans that the model cannot hold, and why
    hinted: int = 0  # koans that were not solved, and then were with a hint

    def __add__(self, other: Practice) -> Practice:
        return Practice(
            self.attempted + other.attempted, self.passed + other.passed, self.failed + other.failed,
            self.skipped + other.skipped, self.hinted + other.hinted,
        )  # fmt: skip


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
    return done + practise(tools, served, again)


def practise(tools: Tools, served: Served, diagnoses: Sequence[Diagnosis]) -> Practice:
    """One greedy attempt at each koan; a killed day loses what was being judged and nothing recorded.

    With the setting `day_hints` those that failed are asked once more, with a hint.
    """
    able, too_long = fitting(diagnoses, tools.model)
    passed = 0
    failed: dict[int, Diagnosis] = {}
    with served.on(tools.model) as model:
        for done, item in enumerate(attempt(able, model, tools.judge, served.router.route), start=1):
            number = episodes.record(tools.db, episode(item, model.name, served.version), now=tools.now())
            passed += item.passed
            if not item.passed:
                failed[number] = item.diagnosis
            tools.say(PRACTICE, done, len(able))
        hinted = _hinted(tools, served, model, failed) if tools.config.day_hints else 0
    origins = tuple(item.koan.origin for item in failed.values())
    return Practice(len(able), passed, origins, tuple(f"{koan.id}: {why}" for koan, why in too_long), hinted)


def _hinted(tools: Tools, served: Served, model: LanguageModel, failed: Mapping[int, Diagnosis]) -> int:
    """One more attempt at episodes that failed, with their errors' hints; how many passed.

    What passes is taught by night without the hint, so koans of programs that give no lesson are not asked. The first
    attempt alone counts as the model's.
    """
    hints = Hints.at_hand(tools.home.hints, lambda what: _log.warning("%s", what))
    said = {
        number: item
        for number, item in failed.items()
        if hints.of(item.signature) and not shelf.is_held_out(item.koan.base)
    }
    asked = [(number, item) for number, item in said.items() if fitting([item], model, hints.of)[0]]
    passed = 0
    answers = attempt([item for _, item in asked], model, tools.judge, served.router.route, hint=hints.of)
    for done, ((number, _), tried) in enumerate(zip(asked, answers, strict=True), start=1):
        episodes.further(tools.db, number, tried_as(tried, HINTED))
        passed += tried.passed
        tools.say(PRACTICE, done, len(asked))
    return passed


def episode(item: Attempt, model: str, version: str | None) -> episodes.Episode:
    """An attempt as it is remembered."""
    tried = tried_as(item, GREEDY)
    return episodes.Episode(task(item.diagnosis.koan), item.diagnosis.signature, (tried,), model, version=version)


def tried_as(item: Attempt, rung: str) -> episodes.LoggedAttempt:
    """An attempt as a rung's."""
    return episodes.LoggedAttempt(
        item.verdict.outcome.value,
        item.passed,
        item.prompt,
        item.answer,
        item.source,
        rung,
        route=item.route,
        detail=item.verdict.detail,
        seconds=item.seconds,
        tokens=item.tokens,
        is_label=item.verdict.is_label,
    )


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
