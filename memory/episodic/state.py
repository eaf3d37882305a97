"""The daemon's state: small JSON values by name, each with the time it was set (the heartbeat is one).

In a database that homes share, some names are each home's own: an entry of the same name that another home set is
neither seen nor changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from sleepy.memory.episodic import tables
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert

_OF = " of home "


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
            .values(key=_kept_as(db, key), value=value, updated=now)
            .on_conflict_do_update(index_elements=[tables.state.c.key], set_={"value": value, "updated": now})
        )


def get(db: Database, key: str) -> Entry | None:
    """The value and its time; None if it was never set."""
    return everything(db).get(key)


def everything(db: Database) -> dict[str, Entry]:
    """All values by name."""
    with db.reading() as connection:
        rows = connection.execute(select(tables.state).order_by(tables.state.c.key)).all()
    ours = f"{_OF}{db.shared.home}" if db.shared is not None else ""
    return {
        row.key.removesuffix(ours): Entry(row.value, row.updated)
        for row in rows
        if db.shared is None or row.key.endswith(ours) or _OF not in row.key
    }


def lock(db: Database, key: str) -> None:
    """Keeps others from changing a value until the transaction is over."""
    with db.writing() as connection:
        connection.execute(select(tables.state.c.key).where(tables.state.c.key == _kept_as(db, key)).with_for_update())


def drop(db: Database, key: str) -> None:
    """Removes a value; one that is not there is no error."""
    with db.writing() as connection:
        connection.execute(delete(tables.state).where(tables.state.c.key == _kept_as(db, key)))


def _kept_as(db: Database, key: str) -> str:
    """The name under which the entry is stored: with the home's behind it where it is the home's own."""
    if db.shared is None or not {key, key.partition(":")[0] + ":"} & db.shared.own:
        return key
    return f"{key}{_OF}{db.shared.home}"
