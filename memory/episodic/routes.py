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
    """A route from a scope to a coefficient set, `serves`; `signature` is the scope: a signature, a code, or `all`.

    Wins and losses are against what served before, on `exam_n` held-out tasks. `withdrawn` are the signatures in the
    scope at which it does not answer. `radius`, of earlier versions, is how far from its own signature it answers.
    """

    signature: str
    serves: str
    wins: int
    losses: int
    exam_n: int
    p_value: float
    active: bool
    radius: float | None = None
    withdrawn: tuple[str, ...] = ()

    @property
    def proof(self) -> Route:
        """The same without what limits it: equal where the coefficients are the same."""
        return replace(self, radius=None, withdrawn=())


_COLUMNS = ("serves", "wins", "losses", "exam_n", "p_value", "active", "radius")  # as the table has them


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
            **{name: getattr(item, name) for name in _COLUMNS},
            "withdrawn": list(item.withdrawn) or None,
        }
        for item in sorted(chosen, key=lambda item: item.signature)
    ]
    if rows:
        connection.execute(insert(routes), rows)


def of_version(db: Database, version: str) -> list[Route]:
    """The version's routes by signature, those that are not active included."""
    query = (
        select(patterns.c.signature, *(routes.c[name] for name in _COLUMNS), routes.c.withdrawn)
        .join(patterns, patterns.c.id == routes.c.pattern_id)
        .where(routes.c.version_id == version)
        .order_by(patterns.c.signature)
    )
    with db.reading() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return [replace(Route(*row[:8]), withdrawn=tuple(row[8] or ())) for row in rows]


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
