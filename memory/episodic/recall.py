"""Recall: how a mistake like this one was repaired before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic import tasks as task_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.patterns import DAY
from sleepy.memory.episodic.tables import attempts, episodes, fixes, patterns, tasks
from sleepy.memory.episodic.tasks import Task, TaskKind


class Author(StrEnum):
    DEVELOPER = "developer"  # the user's own repair
    OWN = "own"  # an answer that passed


@dataclass(frozen=True, slots=True)
class Fix:
    """A verified repair: `broken` became `source`. `prompt` and what follows it are set for OWN ones only.

    diagnostics are what the compiler said of a DEVELOPER's broken text, as plain data.
    """

    digest: str
    name: str
    broken: str
    source: str
    author: Author
    when: datetime
    diagnostics: tuple[Mapping[str, Any], ...] = ()
    prompt: str = ""
    answer: str = ""
    rung: str = ""
    episode: int | None = None


def remember(
    db: Database,
    task: Task,
    signature: str,
    source: str,
    *,
    diagnostics: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> None:
    """Keeps a developer's own, verified repair of a task; a later one takes its place.

    diagnostics are what the compiler said of the broken text, as plain data: with them it can become a lesson.
    """
    with db.writing() as connection:
        values = {
            "pattern_id": pattern_counts.identify(connection, signature, now),
            "source": source,
            "created": now,
            "diagnostics": [dict(item) for item in diagnostics],
        }
        connection.execute(
            upsert(connection, fixes)
            .values(task_id=task_rows.keep(connection, task, now), **values)
            .on_conflict_do_update(index_elements=[fixes.c.task_id], set_=values)
        )


def developer_repair(db: Database, digest: str) -> str | None:
    """The developer's repair of a task that is remembered; None where there is none."""
    query = select(fixes.c.source).join(tasks, tasks.c.id == fixes.c.task_id).where(tasks.c.digest == digest)
    with db.reading() as connection:
        return connection.execute(query).scalar()


def repaired(db: Database) -> dict[str, int]:
    """How many repairs of the developer's own there are, by signature."""
    query = (
        select(patterns.c.signature, func.count())
        .join(fixes, fixes.c.pattern_id == patterns.c.id)
        .group_by(patterns.c.signature)
    )
    with db.reading() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query)}


def developers(db: Database, signature: str, *, limit: int) -> list[Fix]:
    """The developer's own repairs of the pattern, the newest first."""
    return [item for item in recall(db, signature, limit=limit) if item.author is Author.DEVELOPER]


def learnt_in(db: Database, names: Collection[str], *, limit: int = 2000) -> list[tuple[str, str, str]]:
    """What was repaired in crates' files of these names, by the developer or by an answer that passed, the newest first.

    Each as (name, broken, repaired).
    """
    mine = (tasks.c.kind == TaskKind.CRATE.value) & tasks.c.name.in_(sorted(names))
    theirs = (
        select(tasks.c.name, tasks.c.broken, fixes.c.source)
        .join(fixes, fixes.c.task_id == tasks.c.id)
        .where(mine)
        .order_by(fixes.c.created.desc())
    )
    own = (
        select(tasks.c.name, tasks.c.broken, attempts.c.source)
        .join(episodes, episodes.c.task_id == tasks.c.id)
        .join(attempts, attempts.c.episode_id == episodes.c.id)
        .where(mine, attempts.c.passed.is_(True))
        .order_by(episodes.c.id.desc())
    )
    with db.reading() as connection:
        return [tuple(row) for query in (theirs, own) for row in connection.execute(query.limit(limit))]


@dataclass(frozen=True, slots=True)
class DeveloperRepair:
    """A developer's own repair, with its pattern."""

    signature: str
    name: str
    broken: str
    source: str
    when: datetime


def repairs(db: Database, *, since: datetime | None = None, limit: int = 5) -> list[DeveloperRepair]:
    """The developer's own repairs of all patterns since a time, the newest first."""
    query = (
        select(patterns.c.signature, tasks.c.name, tasks.c.broken, fixes.c.source, fixes.c.created)
        .join(patterns, patterns.c.id == fixes.c.pattern_id)
        .join(tasks, tasks.c.id == fixes.c.task_id)
        .order_by(fixes.c.created.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(fixes.c.created >= since)
    with db.reading() as connection:
        return [DeveloperRepair(*row) for row in connection.execute(query)]


def recall(db: Database, signature: str, *, limit: int = 5) -> list[Fix]:
    """Past repairs of the pattern: the developer's first, then own ones; the newest first of each."""
    wanted = select(patterns.c.id).where(patterns.c.signature == signature).scalar_subquery()
    developers = (
        select(tasks.c.digest, tasks.c.name, tasks.c.broken, fixes.c.source, fixes.c.created, fixes.c.diagnostics)
        .join(tasks, tasks.c.id == fixes.c.task_id)
        .where(fixes.c.pattern_id == wanted)
        .order_by(fixes.c.created.desc())
        .limit(limit)
    )
    with db.reading() as connection:
        found = [
            Fix(row.digest, row.name, row.broken, row.source, Author.DEVELOPER, row.created, tuple(row.diagnostics))
            for row in connection.execute(developers)
        ]
        query = (
            select(
                tasks.c.digest,
                tasks.c.name,
                tasks.c.broken,
                attempts.c.source,
                episodes.c.started,
                attempts.c.prompt,
                attempts.c.answer,
                attempts.c.rung,
                episodes.c.id,
            )
            .join(tasks, tasks.c.id == episodes.c.task_id)
            .join(attempts, attempts.c.episode_id == episodes.c.id)
            .where(
                episodes.c.pattern_id == wanted,
                episodes.c.phase == DAY,  # read newest first off the index, and stops at the limit
                episodes.c.passed.is_(True),
                attempts.c.passed.is_(True),
            )
            .order_by(episodes.c.id.desc())
            .limit(limit)
        )
        found += [
            Fix(digest, name, broken, source, Author.OWN, when, (), prompt, answer, rung, number)
            for digest, name, broken, source, when, prompt, answer, rung, number in connection.execute(query)
        ]
    return found[:limit]
