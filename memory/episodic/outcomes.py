"""How practice went lately, counted by the patterns of its koans or by what made them.

Unlike the tallies this reads episodes, the newest few thousand: a koan's origin is its task's, and no tally has it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import DAY
from sleepy.memory.episodic.tables import attempts, episodes, patterns, tasks
from sleepy.memory.episodic.tasks import TaskKind

NEWEST = 4000  # episodes that are read: some days of practice


class By(StrEnum):
    PATTERN = "pattern"  # the signature of the koan's error
    ORIGIN = "origin"  # what made the koan: `forge:` and a mistake's name


class PracticeOutcome(NamedTuple):
    """Koans practised, those that the first answer solved, and those that any answer did."""

    asked: int = 0
    alone: int = 0
    solved: int = 0


def outcomes(db: Database, by: By, version: str | None, *, others: bool = False) -> dict[str, PracticeOutcome]:
    """Name -> how koans of it went under a version (None: the bare base), or with `others` under all but that one."""
    under = episodes.c.version_id == version if version is not None else episodes.c.version_id.is_(None)
    name = {By.PATTERN: patterns.c.signature, By.ORIGIN: tasks.c.origin}[by]
    newest = (
        select(episodes.c.id, episodes.c.passed, name.label("name"))
        .join(tasks, tasks.c.id == episodes.c.task_id)
        .join(patterns, patterns.c.id == episodes.c.pattern_id)
        .where(
            episodes.c.phase == DAY,
            episodes.c.is_label.is_(True),
            tasks.c.kind == TaskKind.KOAN.value,
            ~func.coalesce(under, False) if others else under,
        )
        .order_by(episodes.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    query = (
        select(newest.c.name, func.count(), _count(attempts.c.passed), _count(newest.c.passed))
        .join(attempts, attempts.c.episode_id == newest.c.id)
        .where(attempts.c.ordinal == 0)
        .group_by(newest.c.name)
        .order_by(newest.c.name)
    )
    with db.reading() as connection:
        return {row[0]: PracticeOutcome(*map(int, row[1:])) for row in connection.execute(query)}


def _count(flag: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((flag.is_(True), 1), else_=0))
