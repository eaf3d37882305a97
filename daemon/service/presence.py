"""What a daemon says of itself in the database, for whoever asks from outside: that it is there, and why it waits."""

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
    """A night that is due waits: its date, and the reasons in words."""

    date: str
    reasons: tuple[str, ...]


def arrive(db: Database, pid: int, *, now: datetime) -> None:
    """This process is the home's daemon, and does nothing yet."""
    with db.writing():
        state.put(db, DAEMON, {"pid": pid}, now=now)
        state.drop(db, DOING)


def leave(db: Database) -> None:
    """There is no daemon any more."""
    with db.writing():
        for key in (DOING, HELD, DAEMON):
            state.drop(db, key)


def pid(db: Database) -> int | None:
    """The process that said last that it is the home's daemon; it may have died since."""
    entry = state.get(db, DAEMON)
    return int(entry.value["pid"]) if entry is not None else None


def hold(db: Database, held: Held | None, *, now: datetime) -> None:
    """A night waits, or none does."""
    if held is None:
        state.drop(db, HELD)
    else:
        state.put(db, HELD, {"date": held.date, "reasons": list(held.reasons)}, now=now)


def held(entries: Mapping[str, Entry]) -> Held | None:
    """The night that waits, as the state has it."""
    entry = entries.get(HELD)
    return None if entry is None else Held(str(entry.value["date"]), tuple(entry.value["reasons"]))
