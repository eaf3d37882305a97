"""Lessons from a developer's repairs: how a verified repair is stored, and what a night can train on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.prompt import errors
from sleepy.daemon.model.request import Format, ask
from sleepy.daemon.model.window import LIMIT as SHOWN
from sleepy.koans.koan import digest
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.recall import Author
from sleepy.memory.episodic.tasks import Task, TaskKind
from sleepy.sandbox.package import Package
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, diagnostic_of

LIMIT = 200  # developer's repairs of one pattern that a night may learn from: the newest


@dataclass(frozen=True, slots=True)
class ScrubbedRepair:
    """What is kept of a mistake and its repair: texts and words without secrets. `changed` says there were some."""

    broken: str
    fixed: str
    diagnostics: tuple[Diagnostic, ...]
    signature: str
    changed: bool


def scrubbed(broken: str, fixed: str, diagnostics: Sequence[Diagnostic]) -> ScrubbedRepair:
    """A repair without the secrets in it. `ValueError` without an error that has a place."""
    scrubber = Scrubber()
    was, now = scrubber.text(broken), scrubber.text(fixed)
    said = tuple(scrubber.diagnostic(item, was) for item in errors(tuple(diagnostics)))
    if not said:
        raise ValueError("no error with a place in the file")
    return ScrubbedRepair(was, now, said, signature(said[0], was), changed=(was, now) != (broken, fixed))


def task_name(path: Path, packages: Sequence[Package]) -> str:
    """The name of the task that a crate's file is: its package and its path in that, `parser/src/lib.rs`."""
    owners = [package for package in packages if path.is_relative_to(package.folder)]
    if not owners:
        return path.name
    owner = max(owners, key=lambda package: len(package.folder.parts))
    return f"{owner.name}/{path.relative_to(owner.folder).as_posix()}"


def task(name: str, broken: str, fixed: str = "") -> Task:
    """A broken file of a crate as a task; the same broken program is the same task, whatever its layout."""
    return Task(digest(broken), name, broken, fixed, kind=TaskKind.CRATE, base=digest(fixed or broken), origin="crate")


def keep(db: Database, name: str, repair: ScrubbedRepair, *, now: datetime) -> None:
    """Remembers a verified repair."""
    recall.remember(
        db,
        task(name, repair.broken, repair.fixed),
        repair.signature,
        repair.fixed,
        diagnostics=[asdict(item) for item in repair.diagnostics],
        now=now,
    )


def developer_lessons(
    db: Database, signature: str, form: Format, *, limit: int = LIMIT, window: int = SHOWN
) -> list[Lesson]:
    """The developer's own repairs of a pattern as (prompt, answer) pairs, the newest first.

    Left out are those that the format cannot say, or whose diagnostics were not kept.
    """
    found = []
    for fix in recall.recall(db, signature, limit=limit):
        if fix.author is not Author.DEVELOPER or not fix.diagnostics:
            continue
        try:
            request = ask(fix.broken, tuple(map(diagnostic_of, fix.diagnostics)), form, window=window)
            answer = request.taught(fix.source)
            if tokens(request.repaired(answer)) != tokens(fix.source):
                continue
        except (EditError, ValueError, LookupError, TypeError):
            continue
        found.append(Lesson(request.text, answer, signature, Provenance.DEVELOPER, task_digest=fix.digest))
    return found
