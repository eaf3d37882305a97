"""A home with some days and nights behind it, made by the functions that make a real one.

Run as a module with a path, it draws the status screen of such a home, with a daemon at work: docs/status.svg.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.daemon.evidence import bare, put

from sleepy.daemon import status
from sleepy.daemon.base import heartbeat, lock
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Role
from sleepy.daemon.base.state_keys import CRATE, OFFER
from sleepy.daemon.gate.gate import Trial
from sleepy.daemon.gate.reasons import Gained, MayBeLuck, stored
from sleepy.daemon.stages.stages import Diagnosed, Examined, HeldOut, Wanted
from sleepy.daemon.status.display import svg
from sleepy.memory.episodic import episodes, nights, patterns, state, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.patterns import PatternState
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tasks import Task

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
VERSION = "3f9a1c77d2e84b60"
_A_DAY = 5  # attempts at each pattern
PATTERNS = (
    ("E0063:missing field `_` in initializer of `_`@fn", [0.0, 0.2, 0.0, 0.4, 0.8, 1.0, 1.0], PatternState.MASTERED),
    ("E0124:field `_` is already declared@struct", [0.2, 0.0, 0.4, 0.2, 0.8, 0.8, 1.0], PatternState.MASTERED),
    ("E0382:use of moved value: `_`@fn", [0.6, 0.8, 0.8, 1.0, 0.8, 1.0, 1.0], PatternState.MASTERED),
    ("E0308:String<-Option@fn", [0.0, 0.2, 0.0, 0.2, 0.4, 0.2, 0.4], PatternState.FAILING),
    ("E0277:Hash@struct", [0.0, 0.0, 0.2, 0.0, 0.0, 0.2, 0.0], PatternState.FAILING),
    (
        "E0502:cannot borrow `_` as mutable because it is also borrowed as immutable@fn",
        [0.4, 0.2, 0.4],
        PatternState.SEEN,
    ),
)
ROUTE = PATTERNS[0][0]


def attempt(passed: bool, rung: str = "model") -> LoggedAttempt:
    return LoggedAttempt("passed" if passed else "compile_error", passed, rung=rung, seconds=1.5, tokens=30)


def live(root: Path, *, now: datetime = NOW) -> Home:
    """Seven days of practice, a night that promoted five days ago and three that did not."""
    home = Home(root).make()
    with Database.open(home.database) as db, db.writing():
        past_night = _night(db, now.date() - timedelta(days=5), "promote", now - timedelta(days=5), tried={ROUTE: True})
        versions.register(
            db, VERSION, path=f"versions/{VERSION}", files={}, parent=None, night=past_night, note="built-in",
            routes=[Route(ROUTE, ROUTE, 12, 0, 20, 0.0002, active=True)], now=now - timedelta(days=5),
        )  # fmt: skip
        versions.promote(
            db, VERSION, night=past_night, reasons=["2 routes beat the champion, p = 0.0002 of 0.025"],
            now=now - timedelta(days=5),
        )  # fmt: skip
        for number, (signature, course, state) in enumerate(PATTERNS):
            for ago, rate in enumerate(reversed(course)):
                for i in range(_A_DAY):
                    passed = i < round(rate * _A_DAY)
                    tried: tuple[LoggedAttempt, ...] = (attempt(passed),)
                    if ago == 0 and not passed and i % 2:
                        tried += (attempt(i == 3, "hints"), attempt(i == 1, "samples"))
                    text = f"{number}-{ago}-{i}"
                    record(db, signature, text, tried, ago, now)
            patterns.mark(db, signature, state)
        for ago in (2, 1, 0):
            when = now - timedelta(days=ago, hours=7)
            _night(db, now.date() - timedelta(days=ago), "inconclusive", when, tried={PATTERNS[4][0]: False})
    return home


def picture(path: Path) -> None:
    """Draws the screen of a lived-in home whose daemon practises; the same text at every call in the same zone."""
    with tempfile.TemporaryDirectory() as folder:
        home = live(Path(folder) / "home")
        with Database.open(home.database) as db, lock.held(home, Role.DAEMON):
            for crate, health, files, signature in (
                ("shop", "red", ["src/basket.rs"], "E0277:the type `[_]` cannot be indexed by `int`@fn"),
                ("parser", "green", [], ""),
            ):
                since = (NOW - timedelta(minutes=4)).isoformat()
                entry = {"state": health, "files": files, "signature": signature, "since": since}
                state.put(db, f"{CRATE}/src/{crate}", entry, now=NOW)
            state.put(db, OFFER, {"crate": "/src/shop", "file": "src/basket.rs", "rung": "recall"}, now=NOW)
            heartbeat.heartbeat(db, heartbeat.PRACTICE, 0, 60, now=NOW - timedelta(seconds=46))
            heartbeat.heartbeat(db, heartbeat.PRACTICE, 23, 60, now=NOW)
            found = status.read(home, Config(), now=NOW + timedelta(seconds=1)).data
    found["holder"]["pid"] = 4711  # this and the sizes are the machine's: any will do
    found["health"] |= {"disk_free": 212 * 2**30, "database_size": 3 * 2**20}
    path.write_text(svg(status.view(status.Status(found))), encoding="utf-8")


def record(db: Database, signature: str, text: str, tried: tuple[LoggedAttempt, ...], ago: int, now: datetime) -> None:
    version = VERSION if ago < 5 else None
    episodes.record(
        db,
        Episode(Task(text, text, text), signature, tried, "built-in", version=version),
        now=now - timedelta(days=ago),
    )


def _night(db: Database, day: date, decision: str, now: datetime, *, tried: dict[str, bool]) -> int:
    night = nights.begin(db, day, seed=1, now=now)
    held_out = {name: HeldOut(Trial(name, 8, 0, 0, 0, 0, 1.0, -0.3, 0.3), earns) for name, earns in tried.items()}
    wanted = tuple(Wanted(name, 0, 9, 0.5) for name in tried)
    put(
        db,
        night.id,
        replace(bare().made, diagnosed=Diagnosed(wanted), examined=Examined(held_out=held_out)),
        now=now,
    )
    nights.examined(db, night.id, exam_hash="0" * 64, tasks=522, baseline=272, challenger=283)
    why = Gained(1, 0.0002, 0.025) if decision == "promote" else MayBeLuck(1, 0.25, 0.01)
    nights.decide(db, night.id, decision, [stored(why)])
    nights.finish(db, night.id, report=None, now=now + timedelta(minutes=9))
    return night.id


if __name__ == "__main__":
    picture(Path(sys.argv[1]))
