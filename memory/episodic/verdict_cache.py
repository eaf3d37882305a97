"""Verdicts already paid for, by the sha256 of everything they depend on.

The caller makes the key (toolchain, flags, policy, tests, source) and decides what is kept. A
timeout or a failure of our own machinery says something about the moment, not about the program:
it must never be put here. Nothing here can tell.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import verdicts


def get(db: Database, key: str) -> Any | None:
    """The verdict kept under the key, as the JSON value it was put; None if there is none."""

    def kept() -> Any | None:
        with db.reading() as connection:
            return connection.execute(select(verdicts.c.verdict).where(verdicts.c.key == key)).scalar()

    return db.again(kept)


def put(db: Database, key: str, outcome: str, verdict: Any, *, now: datetime) -> None:
    """Keeps a verdict (a JSON value). One that is there already stays: the same key is the same verdict."""

    def keep() -> None:
        with db.writing() as connection:
            connection.execute(
                upsert(connection, verdicts)
                .values(key=key, outcome=outcome, verdict=verdict, created=now)
                .on_conflict_do_nothing(index_elements=[verdicts.c.key])
            )

    db.again(keep)


def prune(db: Database, *, before: datetime) -> int:
    """Drops what was kept before a time; returns how many verdicts that were."""
    with db.writing() as connection:
        return connection.execute(delete(verdicts).where(verdicts.c.created < before)).rowcount
