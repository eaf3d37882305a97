"""Tasks: what was broken. Each is kept once, by the digest of its program and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import tasks


class TaskKind(StrEnum):
    KOAN = "koan"  # one file with hidden tests
    CRATE = "crate"  # a snapshot from a user's crate


@dataclass(frozen=True, slots=True)
class Task:
    """`digest` identifies it; `name` is a koan's id or a file's path; `fixed` is empty if unknown."""

    digest: str
    name: str
    broken: str
    fixed: str = ""
    tests: str = ""
    kind: TaskKind = TaskKind.KOAN
    family: str = ""
    base: str = ""
    origin: str = ""
    edition: str = "2021"


def keep(connection: Connection, task: Task, now: datetime) -> int:
    """The task's row id. A task known by its digest takes the newer name, reference and origin."""
    values = _values(task)
    known = select(tasks).where(tasks.c.digest == task.digest)
    row = connection.execute(known).one_or_none()
    if row is None:
        new = upsert(connection, tasks).values(**values, created=now)
        made = connection.execute(
            new.on_conflict_do_nothing(index_elements=[tasks.c.digest]).returning(tasks.c.id)
        ).scalar()
        if made is not None:
            return int(made)
        row = connection.execute(known).one()  # another process was first
    if of_row(row) != task:
        connection.execute(update(tasks).where(tasks.c.id == row.id).values(**values))
    return int(row.id)


def find(db: Database, name: str) -> list[Task]:
    """The tasks with this digest or name, the newest first."""
    wanted = select(tasks).where((tasks.c.digest == name) | (tasks.c.name == name))
    with db.reading() as connection:
        return [of_row(row) for row in connection.execute(wanted.order_by(tasks.c.id.desc()))]


def of_row(row: Row[Any]) -> Task:
    """A task from a row that holds the columns of `tasks`."""
    return Task(
        row.digest,
        row.name,
        row.broken,
        row.fixed,
        row.tests,
        TaskKind(row.kind),
        row.family,
        row.base,
        row.origin,
        row.edition,
    )


def _values(task: Task) -> dict[str, str]:
    return {name: str(getattr(task, name)) for name in Task.__slots__}
