"""`sleepy run`: opens everything, ticks twice a second, and closes everything in order.

SIGTERM and SIGINT end the current work at its next step; a second one ends the process at once. Only the ticking
thread feeds systemd's watchdog, and it stops when the work has been silent for hours: systemd then restarts the
daemon.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import tzinfo
from types import FrameType

import tzlocal

from sleepy.daemon.base import clock, lock, log, priority
from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import remedy
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Role
from sleepy.daemon.base.log import log_event
from sleepy.daemon.service import leisure, metrics, presence, systemd
from sleepy.daemon.service.beat import Beat
from sleepy.daemon.service.crates import watched
from sleepy.daemon.service.loop import Senses, Service
from sleepy.daemon.service.work import Thread, act
from sleepy.daemon.tools.cancellable_judge import CancellableJudge
from sleepy.daemon.tools.equip import equipped
from sleepy.memory.episodic.database import Database, DatabaseError

_NICE = 10  # other work on the machine goes first
_TICK = 0.5  # seconds
_HUNG = 6 * 3600.0  # seconds of silence: a large model on a slow machine may take an hour for one batch


def run(config: Config, home: Home) -> None:
    """Runs until SIGTERM or SIGINT. Raises `UserError` if another process works in this home."""
    stopping = threading.Event()
    beat = Beat(utc)
    with (
        _stopped_by_signals(stopping),
        lock.held(home, Role.DAEMON),
        log.written(home.logs),
        _explained(),
        equipped(config, home, say=beat) as opened,
        _present(opened.db),
        metrics.served(opened.db, config.metrics_port, utc),
        beat.within(opened.model),
        closing(CancellableJudge(opened.judge, beat.check)) as judge,
    ):
        priority.lower(_NICE)  # only now: somebody may wait for the start
        tools = replace(opened, say=beat, judge=judge)
        beat.db = tools.db
        readers = leisure.real()
        config = replace(
            config, device=tools.model.compute.device
        )  # what auto came to: another's GPU is no reason to wait
        senses = Senses(clock.read, _zone(), lambda at_work: leisure.look(config, readers, at_work=at_work))
        worker = Thread(act(tools, beat.check, beat.wait))
        with watched(tools, stopping):
            service = Service(tools.db, home, config, worker, beat, senses)
            log_event(
                "started",
                f"started: day at {config.day_at}, night at {config.night_at}",
                pid=os.getpid(),
                model=config.model,
            )
            systemd.notify(systemd.READY, "STATUS=idle")
            _ticking(service, worker, beat, stopping)
            systemd.notify("STOPPING=1")


def _zone() -> Callable[[], tzinfo]:
    """A function that returns the machine's time zone, read again every minute: laptops travel."""
    minute = -1

    def zone() -> tzinfo:
        nonlocal minute
        now = int(time.monotonic() / 60)
        if now == minute:
            return tzlocal.get_localzone()
        minute = now
        return tzlocal.reload_localzone()

    return zone


def _ticking(service: Service, worker: Thread, beat: Beat, stopping: threading.Event) -> None:
    watch = systemd.watchdog() is not None
    said, stirred = "", time.monotonic()
    while not stopping.is_set() or worker.at_work is not None:
        service.tick(stopping=stopping.is_set())
        now = time.monotonic()
        if beat.stirred() or worker.at_work is None:
            stirred = now
        status = _status(service, worker, beat)
        alive = watch and now - stirred < _HUNG
        if alive or status != said:
            systemd.notify(*(["WATCHDOG=1"] if alive else []), f"STATUS={status}")
        said = status
        if stopping.is_set():
            time.sleep(0.1)
        else:
            stopping.wait(_TICK)


def _status(service: Service, worker: Thread, beat: Beat) -> str:
    if worker.at_work is not None:
        what, done, total = beat.heard or (str(worker.at_work.kind), 0, 0)
        return f"{what}: {done} of {total}" if total > 1 else what
    return f"night on hold: {'; '.join(map(str, service.held))}" if service.held else "idle"


@contextmanager
def _stopped_by_signals(stopping: threading.Event) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            os._exit(130)  # children die with us, and the next start resumes the interrupted night
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _present(db: Database) -> Iterator[None]:
    """Stores in the database that a daemon runs, and which process it is, until the end."""
    presence.arrive(db, os.getpid(), now=utc())
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError):  # for instance on a full disk: the lock tells the truth anyway
            presence.leave(db)
        log_event("stopped", "stopped")


@contextmanager
def _explained() -> Iterator[None]:
    """Logs the error that ends the daemon."""
    try:
        yield
    except Exception as error:
        log_event("died", str(error), level=logging.CRITICAL, fault=None if remedy(error) else error)
        raise
