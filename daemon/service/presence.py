"""What a daemon stores about itself for other processes: that it runs, and why a night is on hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sleepy.daemon.base.state_keys import DAEMON, DOING, HELD
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.state import Entry


@dataclass(frozen=True, slots=True)
class Held:
    """A due night that is on hold: its date, and the reasons in words."""

    date: str
    reasons: tuple[str, ...]


def arrive(db: Database, pid: int, *, now: datetime) -> None:
    """Stores that this process is the home's daemon and idle."""
    with db.writing():
        state.put(db, DAEMON, {"pid": pid}, now=now)
        state.drop(db, DOING)


def leave(db: Database) -> None:
    """Stores that there is no daemon."""
    with db.writing():
        for key in (DOING, HELD, DAEMON):
            state.drop(db, key)


def pid(db: Database) -> int | None:
    """The process stored as the home's daemon; it may have died since."""
    entry = state.get(db, DAEMON)
    return int(entry.value["pid"]) if entry is not None else None


def hold(db: Database, held: Held | None, *, now: datetime) -> None:
    """Stores that a night is on hold, or that none is."""
    if held is None:
        state.drop(db, HELD)
    else:
        state.put(db, HELD, {"date": held.date, "reasons": list(held.reasons)}, now=now)


def held(entries: Mapping[str, Entry]) -> Held | None:
    """The night that the stored state says is on hold, or None."""
    entry = entries.get(HELD)
    return None if entry is None else Held(str(entry.value["date"]), tuple(entry.value["reasons"]))
