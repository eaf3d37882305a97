"""The one home that versions are changed in, and whether a forgetting in it was interrupted. Never loads torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sleepy.daemon.base import lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database

KEY = "forgetting"  # in the daemon's state, while one is not ended


@contextmanager
def opened(home: Home) -> Iterator[Database]:
    """The home's database with its lock held. `UserError` while another process works here, or nothing is here."""
    if not home.database.exists():
        raise UserError(f"nothing is remembered in {home.root}", remedy="name another --home, or SLEEPY_HOME")
    with lock.held(home), Database.open(home.database) as db:
        yield db


def pending(db: Database) -> str | None:
    """The digest of the name of a forgetting that was begun and not ended."""
    entry = state.get(db, KEY)
    return None if entry is None else str(entry.value["digest"])
