"""What is remembered: whether the database is sound, its times are past, and nights come to their end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.doctor.finding import Unwell, Warned
from sleepy.daemon.versions import unfinished
from sleepy.memory.episodic import nights, patterns, state
from sleepy.memory.episodic.database import Database, DatabaseError, DatabaseMissing
from sleepy.memory.episodic.tables import REVISION

_AHEAD = timedelta(minutes=2)  # clocks of one machine agree better
_STALE = 3  # days without a night that came to its end
_LOOK = 0.2  # seconds that the two clocks are compared for


def database(home: Home) -> str:
    """Integrity and foreign keys of the whole file."""
    try:
        with Database.open(home.database, read_only=True) as db:
            wrong = db.check()
            interrupted = unfinished.pending(db) is not None
    except DatabaseMissing:
        return f"none yet in {home.root}"
    if wrong:
        raise Unwell(f"{home.database}: {wrong[0]}", remedy="restore a copy of it, or move it aside")
    if interrupted:
        raise Unwell("a forgetting was interrupted, and the bare base serves", remedy="`sleepy forget` ends it")
    return f"{home.database}: sound, at revision {REVISION}"


def clock(
    home: Home,
    now: datetime,
    *,
    wall: Callable[[], float] = time.time,
    steady: Callable[[], float] = time.monotonic,
) -> str:
    """Whether the wall clock runs as the steady one, and is past everything that was written down by it."""
    before = wall() - steady()
    time.sleep(_LOOK)
    drift = wall() - steady() - before
    if abs(drift) > _LOOK / 2:
        raise Warned(
            f"the clock leapt by {drift:+.1f} s while it was looked at",
            remedy="let one service alone set it (`timedatectl`); nights go by its dates",
        )
    with _opened(home) as db:
        newest = _newest(db) if db is not None else None
    if newest is not None and newest - now > _AHEAD:
        raise Warned(
            f"it is {now:%Y-%m-%d %H:%M} UTC, and something was written down at {newest:%Y-%m-%d %H:%M}",
            remedy="set the clock right; if it was wrong then, no harm is done: nights go on as their dates come",
        )
    return f"{now:%Y-%m-%d %H:%M} UTC, steady, nothing is written down for later"


def schedule(home: Home, config: Config, now: datetime) -> str:
    """When the next night is, and whether the last ones came to their end."""
    from sleepy.daemon.status import next_night

    following = next_night(config, now)
    if following is None:
        raise Unwell(f"night_at {config.night_at!r} never comes", remedy="`sleepy config set night_at '0 3 * * *'`")
    told = f"sleeps next at {following.replace('T', ' ')}"
    with _opened(home) as db:
        good = nights.last_good(db) if db is not None else None
        last = nights.last(db) if db is not None else None
    if last is not None and last.reason:
        raise Warned(
            f"{told}; the night of {last.date} failed: {last.reason}",
            remedy="mend what it says, then `sleepy night` goes on with it; `sleepy logs --level error` has more",
        )
    if good is None:
        return f"{told}; no night yet"
    old = (now.astimezone().date() - good.date).days
    if old > _STALE:
        raise Warned(
            f"{told}; the last good night is {old} days old",
            remedy="keep `sleepy run` running over night_at, or call `sleepy night`",
        )
    return f"{told}; last good night {good.date}"


def _newest(db: Database) -> datetime | None:
    times = [patterns.newest(db), nights.newest(db), *(entry.updated for entry in state.everything(db).values())]
    return max((when for when in times if when is not None), default=None)


@contextmanager
def _opened(home: Home) -> Iterator[Database | None]:
    """The database; None where there is none, or none that can be read: that is another line's finding."""
    try:
        db = Database.open(home.database, read_only=True)
    except (DatabaseError, OSError):
        yield None
        return
    with db:
        yield db
