"""Routes: which patterns a version answers with coefficients of its own, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import patterns, routes


@dataclass(frozen=True, slots=True)
class Route:
    """`serves` names the coefficient set; wins and losses are against the base on `exam_n` held-out tasks.

    `radius` is how far from its own signature that set answers, None: not at all.
    """

    signature: str
    serves: str
    wins: int
    losses: int
    exam_n: int
    p_value: float
    active: bool
    radius: float | None = None

    @property
    def proof(self) -> Route:
        """The same without its radius: equal where the coefficients are the same."""
        return replace(self, radius=None)


def write(db: Database, version: str, chosen: Iterable[Route], *, now: datetime) -> None:
    """The version's routes, in place of any it had."""
    with db.writing() as connection:
        written(connection, version, chosen, now)


def written(connection: Connection, version: str, chosen: Iterable[Route], now: datetime) -> None:
    """`write`, in the caller's transaction."""
    connection.execute(delete(routes).where(routes.c.version_id == version))
    rows = [
        {
            "version_id": version,
            "pattern_id": pattern_counts.identify(connection, item.signature, now),
            **{name: getattr(item, name) for name in Route.__slots__ if name != "signature"},
        }
        for item in sorted(chosen, key=lambda item: item.signature)
    ]
    if rows:
        connection.execute(insert(routes), rows)


def of_version(db: Database, version: str) -> list[Route]:
    """The version's routes by signature, those that are not active included."""
    query = (
        select(patterns.c.signature, *(routes.c[name] for name in Route.__slots__ if name != "signature"))
        .join(patterns, patterns.c.id == routes.c.pattern_id)
        .where(routes.c.version_id == version)
        .order_by(patterns.c.signature)
    )
    with db.reading() as connection:
        return [Route(*row) for row in connection.execute(query)]


def active(db: Database) -> dict[str, int]:
    """Version -> how many of its routes serve; those without any are left out."""
    query = (
        select(routes.c.version_id, func.count())
        .where(routes.c.active.is_(True))
        .group_by(routes.c.version_id)
        .order_by(routes.c.version_id)
    )
    with db.reading() as connection:
        return {str(version): int(number) for version, number in connection.execute(query)}
