"""Forgetting: removes what was traced, with its attempts, lessons, exam results and counts.

What was trained is not here: the caller rebuilds it.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from sleepy.memory.episodic import candidates, traces
from sleepy.memory.episodic import engine as engines
from sleepy.memory.episodic import episodes as episode_rows
from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import PatternState
from sleepy.memory.episodic.tables import episodes, fixes, lessons, patterns, tasks
from sleepy.memory.episodic.traces import Forgettable, Trace


def erase(connection: Connection, trace: Trace) -> None:
    """Removes every row that `trace` told of, in the caller's transaction; stages and verdicts are `scrub`'s.

    The patterns that were taught with it count as failing again: the next night that may learns them anew. Their
    candidates are dropped; the numbers of their tests stay spent.
    """
    for item in trace.episodes:
        _uncount(connection, item)
    going = connection.execute(select(tasks.c.id).where(traces.going(trace.kind, trace.name))).scalars().all()
    connection.execute(delete(lessons).where(traces.taught(trace.kind, trace.name)))
    for item in trace.episodes:
        connection.execute(delete(episodes).where(episodes.c.id == item.id))
    for number in going:
        connection.execute(delete(tasks).where(tasks.c.id == number))
    candidates.forget(connection, trace.learnt, trace.name if trace.kind is Forgettable.PATTERN else None)
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
