"""Forgettings: that something was forgotten and what was rebuilt for it. Never what: a digest of its name is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import forgettings
from sleepy.memory.episodic.traces import Forgettable


@dataclass(frozen=True, slots=True)
class Forgetting:
    """`digest` is `named` of its name; `outcome` says which versions were removed and which rebuilt."""

    forgotten: datetime
    kind: Forgettable
    digest: str
    episodes: int
    lessons: int
    outcome: Any


def named(name: str) -> str:
    """What a forgotten thing is known by afterwards: enough to see that a name given again is the same."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def record(db: Database, item: Forgetting) -> None:
    with db.writing() as connection:
        connection.execute(
            insert(forgettings).values(
                forgotten=item.forgotten,
                kind=item.kind.value,
                digest=item.digest,
                episodes=item.episodes,
                lessons=item.lessons,
                outcome=item.outcome,
            )
        )


def recent(db: Database, *, limit: int = 100) -> list[Forgetting]:
    """The newest first."""
    query = select(forgettings).order_by(forgettings.c.id.desc()).limit(limit)
    with db.reading() as connection:
        return [
            Forgetting(row.forgotten, Forgettable(row.kind), row.digest, row.episodes, row.lessons, row.outcome)
            for row in connection.execute(query)
        ]
