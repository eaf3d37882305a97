"""The heartbeat: what a process is doing, written for the view of another one; and how long it has yet to go."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sleepy.daemon.base.state_keys import DOING
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.state import Entry

if TYPE_CHECKING:
    from sleepy.daemon.base.listener import Say

EVERY = 2.0  # seconds between heartbeats at least: each is a commit
PRACTICE = "practice"  # what a day does; a night's activities are its stages and their parts


@dataclass(frozen=True, slots=True)
class Doing:
    """What a process does, how much of it is done, of how much; when, and at which count, it began with that.

    `updated` is when it was written; `started` is None in what a version before wrote.
    """

    what: str
    done: int
    total: int
    pid: int
    updated: datetime
    started: datetime | None = None
    start: int = 0

    def remaining(self, now: datetime) -> float | None:
        """Seconds to the end of the activity at its pace so far, counted from `now`; None before there is a pace."""
        more = self.done - self.start
        if more <= 0 or self.total <= self.done or self.started is None:
            return None
        took = (self.updated - self.started).total_seconds()
        if took <= 0:
            return None
        return max(0.0, took / more * (self.total - self.done) - (now - self.updated).total_seconds())


def doing(entries: Mapping[str, Entry]) -> Doing | None:
    """What is being done, as the state has it; None when nothing is."""
    entry = entries.get(DOING)
    if entry is None or not isinstance(entry.value, dict):
        return None
    value: dict[str, Any] = entry.value
    started = value.get("started")
    return Doing(
        str(value["what"]), int(value.get("done", 0)), int(value.get("total", 0)), int(value.get("pid", 0)),
        entry.updated, datetime.fromisoformat(started) if started else None, int(value.get("from", 0)),
    )  # fmt: skip


def heartbeat(db: Database, what: str, done: int, total: int, *, now: datetime) -> None:
    """Says what is being done. The same activity of the same process keeps when, and at which count, it began."""
    with db.writing():
        before = doing(state.everything(db))
        started, start = now, done
        if before is not None and (before.what, before.pid, before.total) == (what, os.getpid(), total):
            if before.started is not None and before.done <= done:
                started, start = before.started, before.start
        value = {"what": what, "done": done, "total": total, "pid": os.getpid()}
        state.put(db, DOING, {**value, "started": started.isoformat(), "from": start}, now=now)


def silence(db: Database) -> None:
    """Says that nothing is being done any more."""
    state.drop(db, DOING)


class Pulse:
    """Writes heartbeats, one every few seconds at most."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = float("-inf")

    def beat(self, db: Database, what: str, done: int, total: int) -> None:
        """A heartbeat, if it is time for one; one that cannot be written is no reason to end the work."""
        if time.monotonic() - self._last < EVERY:
            return
        self._last = time.monotonic()
        with contextlib.suppress(DatabaseError):
            heartbeat(db, what, done, total, now=self._now())

    def reset(self) -> None:
        """The next one is written however soon it comes."""
        self._last = float("-inf")


def beating(db: Database, say: Say, now: Callable[[], datetime]) -> Say:
    """What says something to a person and, every few seconds, to `sleepy status` as well."""
    pulse = Pulse(now)

    def told(what: str, done: int, total: int) -> None:
        say(what, done, total)
        pulse.beat(db, what, done, total)

    return told
