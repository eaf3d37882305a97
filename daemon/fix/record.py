"""Episodes of what `sleepy fix` tried: an error is a task, its candidates are the attempts, by their rungs.

A repair counts as passed where the whole came to compile, to pass its tests, and to be without doubts. One that removed its error in a tree
that in the end did not compile is kept and not counted: nobody knows. Secrets are taken out first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.fix.ladder import Climb, Try
from sleepy.daemon.fix.mended import Mended
from sleepy.koans.koan import digest
from sleepy.memory.episodic import episodes, tasks
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.tasks import Task, TaskKind
from sleepy.sandbox.verdict import Outcome

TaskName = Callable[[Path], str]
_LONGEST = 400_000  # characters of a file that is kept


def record(
    db: Database,
    mended: Mended,
    *,
    model: str,
    version: str | None,
    now: Callable[[], datetime],
    task_name: TaskName = Path.as_posix,
) -> list[int]:
    """Records an episode for each error that had a candidate; returns their numbers. `task_name` names a file's task."""
    found = [episode(each, mended, model=model, version=version, task_name=task_name) for each in mended.climbs]
    return [episodes.record(db, _as_known(db, each), now=now()) for each in found if each is not None]


def _as_known(db: Database, found: Episode) -> Episode:
    """The episode, its task as memory already has it, with a developer's own repair."""
    known = next((each for each in tasks.find(db, found.task.digest) if each.digest == found.task.digest), None)
    return replace(found, task=known) if known is not None else found


def episode(
    climb: Climb, mended: Mended, *, model: str, version: str | None, task_name: TaskName = Path.as_posix
) -> Episode | None:
    """A climb as it is remembered; None without a candidate, or of a file too large to keep.

    What edits other files too is left out: it is no repair of this text.
    """
    problem = climb.problem
    tried = [each for each in climb.tries if not each.trial.candidate.more]
    if not tried or len(problem.source) > _LONGEST:
        return None
    scrubber = Scrubber()
    broken = scrubber.text(problem.source)
    known = digest(broken)
    task = Task(known, task_name(problem.file), broken, kind=TaskKind.CRATE, base=known, origin="crate")
    tries = tuple(_attempt(each, each is climb.found, mended, scrubber) for each in tried)
    return Episode(task, problem.signature, tries, model, version=version)


def _attempt(tried: Try, is_find: bool, mended: Mended, scrubber: Scrubber) -> LoggedAttempt:
    trial, said = tried.trial, tried.trial.checked
    passed = is_find and mended.fixed
    outcome = Outcome.PASS if passed else said.outcome if said is not None else Outcome.COMPILE_ERROR
    if outcome is Outcome.PASS and not passed:
        outcome = Outcome.FAIL  # it compiled, and its tests did not pass
    known = said is None or said.is_label
    note = trial.candidate.note
    detail = said.detail if said is not None and said.detail else note
    return LoggedAttempt(
        outcome.value,
        passed,
        scrubber.excerpt(trial.candidate.prompt),
        scrubber.excerpt(trial.candidate.answer),
        scrubber.text(trial.candidate.source),
        rung=tried.rung,
        route=trial.candidate.route,
        detail=scrubber.said(detail),
        seconds=trial.candidate.seconds + trial.seconds,
        tokens=trial.candidate.tokens,
        is_label=known and (passed or not is_find or (mended.tested is not None and not mended.doubts)),
    )
