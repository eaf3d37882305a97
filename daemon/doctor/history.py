"""Checks of what is stored: the database, the clock against the times in it, and the schedule of nights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.doctor.finding import Unwell, Warned
from sleepy.daemon.versions import unfinished
from sleepy.memory.episodic import nights, patterns, server, state
from sleepy.memory.episodic.database import Database, DatabaseError, DatabaseMissing
from sleepy.memory.episodic.tables import REVISION

_AHEAD = timedelta(minutes=2)  # one machine's clocks agree better than that
_STALE = 3  # days without a completed night
_SLOW = 50.0  # milliseconds
_LOOK = 0.2  # seconds for which the two clocks are compared


def database(home: Home) -> str:
    """The finding on the database: integrity and foreign keys of the whole file, or what its server says."""
    told = f"{home.database}: intact, at revision {REVISION}"
    try:
        with Database.open(home.database, read_only=True) as db:
            wrong = db.check()
            if db.shared is not None:
                told = _server(db)
            interrupted = unfinished.pending(db) is not None
    except DatabaseMissing:
        try:
            home.checked()
        except UserError as error:
            raise Unwell(str(error), remedy=error.remedy) from error
        return f"{home.database}: reachable, nothing in it yet" if home.url else f"none yet in {home.root}"
    if wrong:
        raise Unwell(f"{home.database}: {wrong[0]}", remedy="restore a backup, or move the file away")
    if interrupted:
        raise Unwell(
            "a forgetting was interrupted; until it is complete, the base model serves",
            remedy="`sleepy forget` completes it",
        )
    return told


def _server(db: Database) -> str:
    """The finding on a shared database."""
    found = server.look(db)
    if found.denied:
        raise Unwell(
            f"{db.where}: this user may not change {', '.join(found.denied)}",
            remedy="GRANT ALL ON ALL TABLES IN SCHEMA public and ON ALL SEQUENCES to it, or make it their owner",
        )
    latency = found.seconds * 1000
    told = f"{db.where}: PostgreSQL {found.version}, at revision {REVISION}, answers in {latency:.1f} ms"
    if latency > _SLOW:
        raise Warned(told, remedy="every episode waits for some ten answers: put the server nearer")
    return told


def clock(
    home: Home,
    now: datetime,
    *,
    wall: Callable[[], float] = time.time,
    steady: Callable[[], float] = time.monotonic,
) -> str:
    """The finding on the clock: it runs evenly, and nothing in the database is later than now."""
    before = wall() - steady()
    time.sleep(_LOOK)
    drift = wall() - steady() - before
    if abs(drift) > _LOOK / 2:
        raise Warned(
            f"the clock jumped by {drift:+.1f} s during the check",
            remedy="let only one service set it (`timedatectl`); nights follow its dates",
        )
    with _opened(home) as db:
        newest = _newest(db) if db is not None else None
    if newest is not None and newest - now > _AHEAD:
        raise Warned(
            f"it is {now:%Y-%m-%d %H:%M} UTC, but something was recorded at {newest:%Y-%m-%d %H:%M}",
            remedy="set the clock; if it was wrong only then, nothing needs to be done",
        )
    return f"{now:%Y-%m-%d %H:%M} UTC; it runs evenly, and no record is later"


def schedule(home: Home, config: Config, now: datetime) -> str:
    """The finding on the schedule: when the next night is, and whether the last ones were completed."""
    from sleepy.daemon.status import next_night

    following = next_night(config, now)
    if following is None:
        raise Unwell(f"night_at {config.night_at!r} never comes", remedy="`sleepy config set night_at '0 3 * * *'`")
    told = f"next night {datetime.fromisoformat(following):%Y-%m-%d %H:%M}"
    with _opened(home) as db:
        good = nights.last_good(db) if db is not None else None
        last = nights.last(db) if db is not None else None
    if last is not None and last.reason:
        raise Warned(
            f"{told}; the night of {last.date} failed: {last.reason}",
            remedy="correct the cause, then `sleepy night` resumes it; `sleepy logs --level error` says more",
        )
    if good is None:
        return f"{told}; no night yet"
    old = (now.astimezone().date() - good.date).days
    if old > _STALE:
        raise Warned(
            f"{told}; the last good night was {old} days ago",
            remedy="have the daemon running at night_at (`sleepy start`), or run `sleepy night`",
        )
    return f"{told}; last good night {good.date}"


def _newest(db: Database) -> datetime | None:
    times = [patterns.newest(db), nights.newest(db), *(entry.updated for entry in state.everything(db).values())]
    return max((when for when in times if when is not None), default=None)


@contextmanager
def _opened(home: Home) -> Iterator[Database | None]:
    """The database; None where it is missing or unreadable, which another check reports."""
    try:
        db = Database.open(home.database, read_only=True)
    except (DatabaseError, OSError):
        yield None
        return
    with db:
        yield db
