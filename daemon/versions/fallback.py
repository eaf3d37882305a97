"""What serves in a damaged champion's place, as other processes see it. Never loads torch."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime

from sleepy.memory.episodic import state, versions
from sleepy.memory.episodic.database import Database

KEY = "fallback"  # in the daemon's state
_log = logging.getLogger("sleepy.serve")


@dataclass(frozen=True, slots=True)
class Fallback:
    """`champion` cannot be served for `reason`; `serves` answers instead, None: the bare base."""

    reason: str
    champion: str | None
    serves: str | None


def read(db: Database) -> Fallback | None:
    """The one in force; None when the champion serves."""
    entry = state.get(db, KEY)
    return None if entry is None else Fallback(**entry.value)


def serving(db: Database) -> str | None:
    """The version that answers: the champion, or what serves in its place; None is the bare base."""
    found = read(db)
    return versions.champion(db) if found is None else found.serves


def note(db: Database, found: Fallback | None, *, now: datetime) -> None:
    """Logs a new one and writes it down; None: the champion serves again."""
    known = read(db)
    if found == known:
        return
    if found is None:
        state.drop(db, KEY)
        _log.info("the champion serves again")
    else:
        state.put(db, KEY, asdict(found), now=now)
        _log.warning("%s", found.reason)
