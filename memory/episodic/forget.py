"""Forgetting: removes episodes with their text, and says which nights and versions learnt from them.

The rows go, with their attempts, lessons, exam results and counts. What was trained is not here:
the caller rebuilds it from the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, select, update

from sleepy.memory.episodic import engine as engines
from sleepy.memory.episodic import episodes as episode_rows
from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic import traces
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import PatternState
from sleepy.memory.episodic.tables import episodes, fixes, lessons, nights, patterns, tasks, versions
from sleepy.memory.episodic.traces import Forgettable, Trace


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went; `nights` had lessons from it, `versions` were made in those nights."""

    episodes: int
    lessons: int
    nights: tuple[date, ...]
    versions: tuple[str, ...]


def episode(db: Database, number: int) -> Forgotten:
    """Forgets one episode and the lessons drawn from it."""
    with db.writing() as connection:
        told = _told(connection, episodes.c.id == number, lessons.c.episode_id == number)
        connection.execute(delete(episodes).where(episodes.c.id == number))
    return told


def task(db: Database, name: str) -> Forgotten:
    """Forgets every task with this digest or name (a koan's id, a file's path), and all about it."""
    wanted = (tasks.c.digest == name) | (tasks.c.name == name)
    ids, digests = select(tasks.c.id).where(wanted), select(tasks.c.digest).where(wanted)
    with db.writing() as connection:
        mine = lessons.c.task_digest.in_(digests) | lessons.c.episode_id.in_(
            select(episodes.c.id).where(episodes.c.task_id.in_(ids))
        )
        told = _told(connection, episodes.c.task_id.in_(ids), mine)
        connection.execute(delete(lessons).where(mine))
        connection.execute(delete(tasks).where(wanted))
    return told


def pattern(db: Database, signature: str) -> Forgotten:
    """Forgets a pattern, every episode of it, its lessons and its routes."""
    ids = select(patterns.c.id).where(patterns.c.signature == signature)
    with db.writing() as connection:
        told = _told(connection, episodes.c.pattern_id.in_(ids), lessons.c.pattern_id.in_(ids))
        connection.execute(delete(patterns).where(patterns.c.signature == signature))
    return told


def erase(connection: Connection, trace: Trace) -> None:
    """Removes every row that `trace` told of, in the caller's transaction; stages and verdicts are `scrub`'s.

    The patterns that were taught with it count as failing again: the next night that may learns them anew.
    """
    for item in trace.episodes:
        _uncount(connection, item)
    going = connection.execute(select(tasks.c.id).where(traces.going(trace.kind, trace.name))).scalars().all()
    connection.execute(delete(lessons).where(traces.taught(trace.kind, trace.name)))
    for item in trace.episodes:
        connection.execute(delete(episodes).where(episodes.c.id == item.id))
    for number in going:
        connection.execute(delete(tasks).where(tasks.c.id == number))
    if trace.kind is Forgettable.PATTERN:
        mine = select(patterns.c.id).where(patterns.c.signature == trace.name)
        connection.execute(delete(fixes).where(fixes.c.pattern_id.in_(mine)))
        connection.execute(delete(patterns).where(patterns.c.signature == trace.name))
    for name in trace.patterns:
        again = update(patterns).where(patterns.c.signature == name)
        connection.execute(again.values(state=PatternState.FAILING.value))


def settle(db: Database) -> None:
    """Empties SQLite's log, in which removed rows still lie until it is. On PostgreSQL its own vacuum does."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            engines.pragma(connection, "wal_checkpoint(TRUNCATE)")


def _told(connection: Connection, which: ColumnElement[bool], drawn: ColumnElement[bool]) -> Forgotten:
    gone = episode_rows.collect(connection, episode_rows.whole().where(which))
    for item in gone:
        _uncount(connection, item)
    learnt = connection.execute(select(lessons.c.night_id).where(drawn)).scalars().all()
    affected = set(learnt)
    dates = select(nights.c.date).where(nights.c.id.in_(affected)).order_by(nights.c.date)
    made = select(versions.c.id).where(versions.c.night_id.in_(affected)).order_by(versions.c.created)
    return Forgotten(len(gone), len(learnt), _column(connection, dates), _column(connection, made))


def _uncount(connection: Connection, item: episode_rows.Recorded) -> None:
    ours = select(patterns.c.id).where(patterns.c.signature == item.episode.signature)
    pattern_id = connection.execute(ours).scalar_one()
    taken = episode_rows.tally(item.episode, pattern_id, item.started, sign=-1)
    pattern_counts.count(connection, taken.items())
    if item.episode.is_label:
        passes = patterns.c.passes - int(item.episode.passed)
        connection.execute(
            update(patterns).where(patterns.c.id == pattern_id).values(episodes=patterns.c.episodes - 1, passes=passes)
        )


def _column(connection: Connection, query: Select[Any]) -> tuple[Any, ...]:
    return tuple(connection.execute(query).scalars())
