"""The heartbeat: what a process is doing, written for the view of another one; and how long it has yet to go."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database, DatabaseError

if TYPE_CHECKING:
    from sleepy.daemon.base.listener import Say

DOING = "doing"
EVERY = 2.0  # seconds between heartbeats at least: each is a commit


def heartbeat(db: Database, what: str, done: int, total: int, *, now: datetime) -> None:
    """Says what is being done. The same activity of the same process keeps when, and at which count, it began."""
    began: dict[str, Any] = {"started": now.isoformat(), "from": done}
    with db.writing():
        entry = state.get(db, DOING)
        before = entry.value if entry is not None and isinstance(entry.value, dict) else {}
        same = (before.get("what"), before.get("pid"), before.get("total")) == (what, os.getpid(), total)
        if same and before.get("done", total + 1) <= done and {"started", "from"} <= before.keys():
            began = {"started": before["started"], "from": before["from"]}
        state.put(db, DOING, {"what": what, "done": done, "total": total, "pid": os.getpid(), **began}, now=now)


def beating(db: Database, say: Say, now: Callable[[], datetime]) -> Say:
    """What says something to a person and, every few seconds, to `sleepy status` as well."""
    last = float("-inf")

    def told(what: str, done: int, total: int) -> None:
        nonlocal last
        say(what, done, total)
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            with contextlib.suppress(DatabaseError):  # a beat that cannot be written is no reason to end the work
                heartbeat(db, what, done, total, now=now())

    return told


def remaining(doing: Mapping[str, Any], *, updated: datetime, now: datetime) -> float | None:
    """Seconds to the end of an activity at its pace so far, counted from `now`; None before there is a pace."""
    done, total = int(doing.get("done", 0)), int(doing.get("total", 0))
    more = done - int(doing.get("from", 0))
    if more <= 0 or total <= done or "started" not in doing:
        return None
    took = (updated - datetime.fromisoformat(doing["started"])).total_seconds()
    if took <= 0:
        return None
    return max(0.0, took / more * (total - done) - (now - updated).total_seconds())
