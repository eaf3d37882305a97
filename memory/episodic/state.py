"""The daemon's state: small JSON values by name, each with the time it was set (the heartbeat is one)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from sleepy.memory.episodic import tables
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and when it was set (UTC)."""

    value: Any
    updated: datetime


def put(db: Database, key: str, value: Any, *, now: datetime) -> None:
    """Sets a value."""
    with db.writing() as connection:
        connection.execute(
            upsert(connection, tables.state)
            .values(key=key, value=value, updated=now)
            .on_conflict_do_update(index_elements=[tables.state.c.key], set_={"value": value, "updated": now})
        )


def get(db: Database, key: str) -> Entry | None:
    """The value and its time; None if it was never set."""
    return everything(db).get(key)


def everything(db: Database) -> dict[str, Entry]:
    """All values by name."""
    with db.reading() as connection:
        return {
            row.key: Entry(row.value, row.updated)
            for row in connection.execute(select(tables.state).order_by(tables.state.c.key))
        }


def drop(db: Database, key: str) -> None:
    """Removes a value; one that is not there is no error."""
    with db.writing() as connection:
        connection.execute(delete(tables.state).where(tables.state.c.key == key))
