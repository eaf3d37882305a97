"""What the daemon does by itself: practices, nights and their notifications, one at a time in a thread of its own.

The daemon can take orders meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sleepy.daemon.day.day import day
from sleepy.daemon.gate import reasons
from sleepy.daemon.night.claim import Elsewhere
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.service import notice
from sleepy.daemon.service.beat import Interrupted
from sleepy.daemon.service.plan import Work, WorkKind
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.database import DatabaseAway

Act = Callable[[Work], str]  # does a work and returns a line about the outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """How work ended: with a line about the outcome, interrupted for a reason, or by an error."""

    work: Work
    said: str = ""
    cut: str | None = None
    fault: Exception | None = None


class Worker(Protocol):
    """What the daemon needs from the part that does the work."""

    @property
    def at_work(self) -> Work | None: ...

    def begin(self, work: Work) -> None: ...

    def ended(self) -> Ended | None:
        """How the last work ended, returned once; None while it is running."""
        ...


def done(act: Act, work: Work) -> Ended:
    """Does the work and returns how it ended; only exceptions that end the process pass through."""
    try:
        return Ended(work, act(work))
    except (Interrupted, Elsewhere) as cut:
        return Ended(work, cut=str(cut))
    except Exception as fault:
        return Ended(work, fault=fault)


class Thread:
    """A `Worker` that works in the background. Its thread does not keep the process from ending."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._work: Work | None = None
        self._thread: threading.Thread | None = None
        self._ended: Ended | None = None

    @property
    def at_work(self) -> Work | None:
        return self._work

    def begin(self, work: Work) -> None:
        assert self._work is None, "one thing at a time"
        self._work, self._ended = work, None
        self._thread = threading.Thread(target=self._do, args=(work,), name=work.kind, daemon=True)
        self._thread.start()

    def ended(self) -> Ended | None:
        if self._thread is None or self._thread.is_alive():
            return None
        work, self._work, self._thread = self._work, None, None
        assert work is not None
        return self._ended or Ended(work, fault=RuntimeError("its thread ended by itself"))

    def _do(self, work: Work) -> None:
        self._ended = done(self._act, work)


def act(tools: Tools, check: Callable[[], None], wait: Callable[[DatabaseAway], None]) -> Callable[[Work], str]:
    """A function that does a work with these tools; `check` raises when the work is to end.

    `wait` is called again and again while the database is away: the work pauses.
    """

    def do(work: Work) -> str:
        with tools.db.patient(wait):
            return practice(tools) if work.kind is WorkKind.PRACTICE else night(tools, work, check)

    return do


def practice(tools: Tools) -> str:
    """Practises with what serves; returns a line for the log."""
    served = serve.serving(tools)
    done = day(tools, served, int(tools.now().timestamp()), tools.config.day_tasks)
    explored = sum(done.explored.values())
    said = f"practised: {done.passed} of {done.attempted} solved" + (f", {explored} more explored" if explored else "")
    return said + "".join(f"; not practised on {crate}" for crate in done.left_out)


def night(tools: Tools, work: Work, check: Callable[[], None]) -> str:
    """Runs the night of the work's date and notifies the user; returns a line for the log."""
    assert work.date is not None
    config = tools.config
    try:
        slept = sleep(tools, work.date)
    except Elsewhere:
        raise  # nothing failed
    except Exception as error:
        if config.notify:
            notice.command(config.notify, f"night of {work.date} failed: {error}", check=check)
        raise
    line = f"night of {slept.date}: {slept.decision}: {'; '.join(reasons.sentences(slept.decision_reasons))}"
    if config.notify:
        notice.command(config.notify, line, check=check)
    if config.ping_url:
        notice.ping(config.ping_url, check=check)
    return line
