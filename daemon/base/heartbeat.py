"""The heartbeat: what a process is doing and how far it is, stored for other processes to show."""

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

EVERY = 2.0  # least seconds between heartbeats: each is a commit
PRACTICE = "practice"  # what a day does; a night's activities are its stages and their parts


@dataclass(frozen=True, slots=True)
class Doing:
    """What a process is doing: `done` of `total`, since `started`, when the count was `start`.

    `updated` is when this was written; `started` is None where an earlier release wrote it.
    """

    what: str
    done: int
    total: int
    pid: int
    updated: datetime
    started: datetime | None = None
    start: int = 0

    def remaining(self, now: datetime) -> float | None:
        """Seconds until the activity ends at its pace so far; None while there is no pace yet."""
        more = self.done - self.start
        if more <= 0 or self.total <= self.done or self.started is None:
            return None
        took = (self.updated - self.started).total_seconds()
        if took <= 0:
            return None
        return max(0.0, took / more * (self.total - self.done) - (now - self.updated).total_seconds())


def doing(entries: Mapping[str, Entry]) -> Doing | None:
    """What the stored state says is being done; None if nothing is."""
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
    """Stores what is being done; an activity that continues keeps its start."""
    with db.writing():
        before = doing(state.everything(db))
        started, start = now, done
        if before is not None and (before.what, before.pid, before.total) == (what, os.getpid(), total):
            if before.started is not None and before.done <= done:
                started, start = before.started, before.start
        value = {"what": what, "done": done, "total": total, "pid": os.getpid()}
        state.put(db, DOING, {**value, "started": started.isoformat(), "from": start}, now=now)


def silence(db: Database) -> None:
    """Stores that nothing is being done."""
    state.drop(db, DOING)


class Pulse:
    """Stores heartbeats, at most one every few seconds."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = float("-inf")

    def beat(self, db: Database, what: str, done: int, total: int) -> None:
        """Stores a heartbeat if it is time for one; a failure to store it is ignored, so that the work goes on."""
        if time.monotonic() - self._last < EVERY:
            return
        self._last = time.monotonic()
        with contextlib.suppress(DatabaseError):
            heartbeat(db, what, done, total, now=self._now())

    def reset(self) -> None:
        """Lets the next heartbeat through at once."""
        self._last = float("-inf")


def beating(db: Database, say: Say, now: Callable[[], datetime]) -> Say:
    """A `Say` that passes progress to `say` and, every few seconds, to `sleepy status`."""
    pulse = Pulse(now)

    def told(what: str, done: int, total: int) -> None:
        say(what, done, total)
        pulse.beat(db, what, done, total)

    return told
