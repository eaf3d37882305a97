"""A circuit breaker: what failed several times in a row is left alone for a while, then tried once.

closed -> open      after `after` failures in a row
open -> half open   after `rest` seconds: one trial is let through
half open -> closed when the trial succeeds, open again when it fails

Not pybreaker: it holds a lock for the whole of a call, so that one request goes at a time, knows coroutines only
through tornado, and goes by the wall clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    CLOSED = "closed"  # everything goes through
    OPEN = "open"  # nothing does
    HALF_OPEN = "half open"  # one trial may


class Breaker:
    """Shared by threads. `clock` gives seconds that never go back."""

    def __init__(self, *, after: int, rest: float, clock: Callable[[], float]) -> None:
        self.after, self.rest, self._clock = after, rest, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until: float | None = None  # None: closed
        self._trying = False

    @property
    def state(self) -> State:
        with self._lock:
            return self._state()

    def _state(self) -> State:
        if self._until is None:
            return State.CLOSED
        return State.OPEN if self._clock() < self._until else State.HALF_OPEN

    def admit(self) -> float | None:
        """None: go on, and say how it went. Else seconds until the next trial, 0 while one is under way."""
        with self._lock:
            state = self._state()
            if state is State.OPEN:
                assert self._until is not None
                return self._until - self._clock()
            if state is State.HALF_OPEN:
                if self._trying:
                    return 0.0
                self._trying = True
            return None

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._until, self._trying = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._trying or self._failures >= self.after:
                self._until = self._clock() + self.rest
            self._trying = False

    def abandoned(self) -> None:
        """It was broken off from our side: that says nothing of the other."""
        with self._lock:
            self._trying = False
