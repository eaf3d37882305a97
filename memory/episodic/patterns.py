"""Patterns: recurring mistakes by signature, with running counts of what was attempted and passed.

Two counts are kept. A pattern's own (`episodes`, `passes`) says how practice went for the user,
whichever rung of the ladder solved it. The tallies count attempts by day, version and rung:
they say how well one version answers a pattern by itself, and what each rung is worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select, update
from sqlalchemy.dialects import sqlite

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import patterns, tallies

DAY = "day"  # the phase of every episode and tally: what is examined is never recorded as one


class PatternState(StrEnum):
    SEEN = "seen"  # nothing has been decided about it
    FAILING = "failing"  # its pass rate is credibly below the target
    MASTERED = "mastered"  # it is not: never trained
    RESTING = "resting"  # nights have not moved it: left alone for a while


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern and its practice so far: `passes` of `episodes`, over its whole life."""

    signature: str
    code: str
    state: PatternState
    first_seen: datetime
    last_seen: datetime
    episodes: int
    passes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Attempts summed; seconds of wall clock, tokens generated."""

    attempts: int
    passes: int
    seconds: float
    tokens: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.attempts + other.attempts,
            self.passes + other.passes,
            self.seconds + other.seconds,
            self.tokens + other.tokens,
        )


class Key(NamedTuple):
    """What a tally is kept by; `version` is '' for the bare base model, `day` is in UTC."""

    phase: str
    version: str
    rung: str
    pattern_id: int
    day: date


def overview(db: Database, *, limit: int = 1000) -> list[Pattern]:
    """Every pattern with its counts, the most practised first. Reads no episode."""
    query = select(patterns).order_by(patterns.c.episodes.desc(), patterns.c.signature).limit(limit)
    with db.reading() as connection:
        return [
            Pattern(
                row.signature,
                row.code,
                PatternState(row.state),
                row.first_seen,
                row.last_seen,
                row.episodes,
                row.passes,
            )
            for row in connection.execute(query)
        ]


def rates(
    db: Database,
    *,
    version: str | None = None,
    rung: str = "model",
    since: date | None = None,
) -> dict[str, Tally]:
    """Signature -> what one version (None: the bare base) did on one rung, since a day (UTC) on."""
    query = (
        select(patterns.c.signature, *_sums())
        .join(patterns, patterns.c.id == tallies.c.pattern_id)
        .where(tallies.c.phase == DAY, tallies.c.version == (version or ""), tallies.c.rung == rung)
        .group_by(patterns.c.signature)
        .order_by(patterns.c.signature)
    )
    if since is not None:
        query = query.where(tallies.c.day >= since)
    with db.reading() as connection:
        return {row[0]: _tally(*row[1:]) for row in connection.execute(query)}


def rungs(db: Database, *, since: date) -> dict[str, Tally]:
    """Rung -> what it attempted, solved and cost from a day (UTC) on."""
    query = (
        select(tallies.c.rung, *_sums())
        .where(tallies.c.day >= since, tallies.c.phase == DAY)
        .group_by(tallies.c.rung)
        .order_by(tallies.c.rung)
    )
    with db.reading() as connection:
        return {row[0]: _tally(*row[1:]) for row in connection.execute(query)}


def history(db: Database, *, since: date, rung: str = "model") -> dict[str, list[tuple[date, int, int]]]:
    """Signature -> (day, passes, attempts) on one rung, of every day (UTC) from `since` on that had any, in order.

    All versions together: it shows what a pattern came to under whichever served at the time.
    """
    query = (
        select(patterns.c.signature, tallies.c.day, func.sum(tallies.c.passes), func.sum(tallies.c.attempts))
        .join(patterns, patterns.c.id == tallies.c.pattern_id)
        .where(tallies.c.day >= since, tallies.c.phase == DAY, tallies.c.rung == rung)
        .group_by(patterns.c.signature, tallies.c.day)
        .order_by(patterns.c.signature, tallies.c.day)
    )
    found: dict[str, list[tuple[date, int, int]]] = {}
    with db.reading() as connection:
        for signature, day, passes, attempts in connection.execute(query):
            found.setdefault(signature, []).append((day, int(passes), int(attempts)))
    return found


def newest(db: Database) -> datetime | None:
    """When any pattern was last seen; None before the first."""
    with db.reading() as connection:
        return connection.execute(select(func.max(patterns.c.last_seen))).scalar()


def mark(db: Database, signature: str, state: PatternState) -> None:
    """Sets the pattern's state; `KeyError` if it was never seen."""
    with db.writing() as connection:
        done = connection.execute(update(patterns).where(patterns.c.signature == signature).values(state=state.value))
        if done.rowcount == 0:
            raise KeyError(signature)


def identify(connection: Connection, signature: str, now: datetime) -> int:
    """The pattern's row id, made if it is new; counts and times of a known one stay."""
    known = select(patterns.c.id).where(patterns.c.signature == signature)
    found = connection.execute(known).scalar()
    if found is None:
        connection.execute(_new(connection, signature, now).on_conflict_do_nothing())
        found = connection.execute(known).scalar_one()
    return int(found)


def practise(connection: Connection, signature: str, now: datetime, *, episodes: int, passes: int) -> int:
    """Adds to the pattern's counts and returns its row id."""
    new = _new(connection, signature, now, episodes=episodes, passes=passes)
    seen = new.excluded.last_seen
    later = case((seen > patterns.c.last_seen, seen), else_=patterns.c.last_seen)
    done = new.on_conflict_do_update(
        index_elements=[patterns.c.signature],
        set_={
            "last_seen": later,
            "episodes": patterns.c.episodes + new.excluded.episodes,
            "passes": patterns.c.passes + new.excluded.passes,
        },
    )
    return int(connection.execute(done.returning(patterns.c.id)).scalar_one())


def count(connection: Connection, changes: Iterable[tuple[Key, Tally]]) -> None:
    """Adds to the tallies; negative counts take away. Sorted, so that two writers cannot deadlock."""
    for key, change in sorted(changes, key=lambda item: item[0]):
        new = upsert(connection, tallies).values(
            **key._asdict(),
            attempts=change.attempts,
            passes=change.passes,
            seconds=change.seconds,
            tokens=change.tokens,
        )
        added = {name: tallies.c[name] + new.excluded[name] for name in ("attempts", "passes", "seconds", "tokens")}
        connection.execute(new.on_conflict_do_update(index_elements=list(Key._fields), set_=added))


def _new(connection: Connection, signature: str, now: datetime, *, episodes: int = 0, passes: int = 0) -> sqlite.Insert:
    return upsert(connection, patterns).values(
        signature=signature,
        code=signature.split(":")[0],
        state=PatternState.SEEN.value,
        first_seen=now,
        last_seen=now,
        episodes=episodes,
        passes=passes,
    )


def _sums() -> tuple[ColumnElement[Any], ...]:
    return (
        func.sum(tallies.c.attempts),
        func.sum(tallies.c.passes),
        func.sum(tallies.c.seconds),
        func.sum(tallies.c.tokens),
    )


def _tally(attempts: int, passes: int, seconds: float, tokens: int) -> Tally:
    return Tally(int(attempts), int(passes), float(seconds), int(tokens))
