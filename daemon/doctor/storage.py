"""The check of the store: that it can be reached, written and read, how fast, and that it has what serves."""

from __future__ import annotations

from sleepy.daemon.base.home import Home
from sleepy.daemon.doctor.finding import Warned
from sleepy.daemon.storage import home as stored
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database, DatabaseError

_SLOW = 500.0  # milliseconds


def storage(home: Home) -> str:
    """The finding on the home's store."""
    store = stored.of(home)
    assert store is not None, "a home without one is not asked"
    took = store.tried()
    written, read = took.written * 1000, took.read * 1000
    told = f"{store}: an object is written in {written:.1f} ms, read in {read:.1f} ms"
    if (lacking := _lacking(home)) is not None:
        raise Warned(
            f"{told}; it does not have {lacking}, which serves",
            remedy="the next night of a home that has it puts it there: `sleepy night`",
        )
    if max(written, read) > _SLOW:
        raise Warned(told, remedy="a night asks it some hundred times: choose one that is nearer")
    return told


def _lacking(home: Home) -> str | None:
    """The champion's folder, if the store does not have it; a database that cannot be read is another check's."""
    try:
        with Database.open(home.database, read_only=True) as db:
            champion = versions.champion(db)
            path = None if champion is None else versions.read(db, champion).path
    except (DatabaseError, OSError):
        return None
    return path if path is not None and not stored.has(home, home.root / path) else None
