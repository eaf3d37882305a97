"""`sleepy run`: the long-running daemon. Practises by day, sleeps at night, stops when told to.

APScheduler 3 with one worker: a night that is due while a practice runs waits for it. A run missed while
the machine slept is made up once (`misfire_grace_time=None`, `coalesce=True`). SIGTERM and SIGINT end
the work in hand at its next step: what was recorded stays, a night is gone on with at the next start.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from logging.handlers import RotatingFileHandler
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from sleepy.daemon import lock, serve
from sleepy.daemon.config import Config
from sleepy.daemon.day.day import day
from sleepy.daemon.equip import equipped
from sleepy.daemon.home import Home
from sleepy.daemon.night.night import sleep
from sleepy.daemon.status import heartbeat
from sleepy.daemon.tools import Tools
from sleepy.memory.episodic import state

_log = logging.getLogger("sleepy")
_BEAT = 2.0  # seconds between heartbeats at most: each is a commit


class Interrupted(BaseException):
    """The daemon was told to stop. Not an error: a night it ends is not a failed one."""


class Beat:
    """A `Say` that writes heartbeats and ends the work when the daemon stops."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._last = float("-inf")
        self.tools: Tools | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._stopping.is_set():
            raise Interrupted
        assert self.tools is not None
        now = self.tools.now()
        if now.timestamp() - self._last >= _BEAT:
            self._last = now.timestamp()
            heartbeat(self.tools.db, what, done, total, now=now)


def run(config: Config, home: Home) -> None:
    """Runs until SIGTERM or SIGINT. `UserError` when another process works in this home."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    beat = Beat(stopping)
    with lock.held(home), equipped(config, home, say=beat) as opened:
        tools = replace(opened, say=beat)
        beat.tools = tools
        _logged(home)
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)})
        settings = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler.add_job(_job(_day, tools), CronTrigger.from_crontab(config.day_at), id="day", **settings)
        scheduler.add_job(_job(_night, tools), CronTrigger.from_crontab(config.night_at), id="night", **settings)
        scheduler.start()
        _log.info("started: day at %s, night at %s", config.day_at, config.night_at)
        state.drop(tools.db, "doing")
        stopping.wait()
        _log.info("stopping")
        scheduler.shutdown(wait=True)  # the job in hand ends at its next step
        state.drop(tools.db, "doing")
        _log.info("stopped")


def _job(act: Callable[[Tools], str], tools: Tools) -> Callable[[], None]:
    """A job that logs how it ended; one that fails does not end the daemon."""

    def job() -> None:
        try:
            _log.info("%s", act(tools))
        except Interrupted:
            _log.info("%s interrupted", act.__name__.strip("_"))
        except Exception:
            _log.exception("%s failed", act.__name__.strip("_"))
        finally:
            state.drop(tools.db, "doing")

    return job


def _day(tools: Tools) -> str:
    served = serve.champion(tools.db, tools.home, base=tools.model.name)
    seed = int(tools.now().timestamp())
    done = day(tools, served, seed, tools.config.day_tasks)
    return f"practised: {done.passed} of {done.attempted} solved"


def _night(tools: Tools) -> str:
    night = sleep(tools, datetime.now().astimezone().date())
    return f"night of {night.date}: {night.decision}: {'; '.join(night.decision_reasons)}"


def _logged(home: Home) -> None:
    handler = RotatingFileHandler(home.logs / "sleepy.log", maxBytes=2_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("sleepy", "apscheduler"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO if name == "sleepy" else logging.WARNING)
