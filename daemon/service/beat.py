"""How work is ended from outside: the next thing it says, or the next token it writes, raises `Interrupted`.

What was recorded by then stays, and a night that is called for again goes on at its stage.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sleepy.daemon.base.heartbeat import Pulse
from sleepy.memory.episodic.database import Database


class Interrupted(BaseException):
    """The work was told to end. Not an error: a night it ends is not a failed one."""


class Beat:
    """A `Say` that writes heartbeats, and ends the work that calls it when it was told to.

    It is told by one thread and called by another. `heard` is what was said last.
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
        """Raises `Interrupted` when the work was told to end."""
        if self._why is not None:
            raise Interrupted(self._why)

    def interrupt(self, why: str) -> None:
        """Tells the work to end; the first reason counts."""
        self._why = self._why or why

    def begin(self) -> None:
        """Forgets what was told and said: new work begins."""
        self._why = self.heard = None
        self._pulse.reset()

    def stirred(self) -> bool:
        """Whether anything was said since this was asked last."""
        stirred = self._said.is_set()
        self._said.clear()
        return stirred

    @contextlib.contextmanager
    def within(self, model: Any) -> Iterator[None]:
        """Has a torch model check before each of its steps: it says nothing for as long as it writes an answer."""
        hook = getattr(getattr(model, "model", None), "register_forward_pre_hook", None)
        if hook is None:
            yield
            return
        handle = hook(lambda *_: self.check())
        try:
            yield
        finally:
            handle.remove()
