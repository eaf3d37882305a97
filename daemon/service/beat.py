"""Ends work from another thread: its next report of progress, or its next token, raises `Interrupted`.

What was recorded by then stays, and an interrupted night resumes at its stage.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sleepy.daemon.base.heartbeat import Pulse
from sleepy.memory.episodic.database import Database, DatabaseAway

_AGAIN = 1.0  # seconds


class Interrupted(BaseException):
    """Raised in work that was told to end. Not an error: the night it ends has not failed."""


class Beat:
    """A `Say` that stores heartbeats, and ends the work that calls it if `interrupt` was called.

    One thread interrupts, another one works. `heard` is the latest progress.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.db: Database | None = None  # none yet: nothing is written
        self.heard: tuple[str, int, int] | None = None
        self._pulse = Pulse(now)
        self._why: str | None = None
        self._said = threading.Event()

    def __call__(self, what: str, done: int, total: int) -> None:
        self.check()
        self.heard = (what, done, total)
        self._said.set()
        if self.db is not None:
            self._pulse.beat(self.db, what, done, total)

    def check(self) -> None:
        """Raises `Interrupted` if the work was told to end."""
        if self._why is not None:
            raise Interrupted(self._why)

    def interrupt(self, why: str) -> None:
        """Tells the work to end; the first reason counts."""
        self._why = self._why or why

    def wait(self, _away: DatabaseAway) -> None:
        """Waits a second for a database that is away; that is no hanging, and ends when the work is told to end."""
        self._said.set()
        self.check()
        time.sleep(_AGAIN)
        self.check()

    def begin(self) -> None:
        """Resets everything for new work."""
        self._why = self.heard = None
        self._pulse.reset()

    def stirred(self) -> bool:
        """Whether there was progress since the last call."""
        stirred = self._said.is_set()
        self._said.clear()
        return stirred

    @contextlib.contextmanager
    def within(self, model: Any) -> Iterator[None]:
        """Makes a torch model check before each of its steps, since it reports nothing while it writes an answer."""
        hook = getattr(getattr(model, "model", None), "register_forward_pre_hook", None)
        if hook is None:
            yield
            return
        handle = hook(lambda *_: self.check())
        try:
            yield
        finally:
            handle.remove()
