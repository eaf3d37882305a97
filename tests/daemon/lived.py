"""A home with some days and nights behind it, made by the functions that make a real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.daemon.evidence import bare, put

from sleepy.daemon.base.home import Home
from sleepy.daemon.gate.gate import Trial
from sleepy.daemon.stages.stages import Diagnosed, Examined, HeldOut, Wanted
from sleepy.memory.episodic import episodes, nights, patterns, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Attempt, Episode
from sleepy.memory.episodic.patterns import State
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tasks import Task

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
VERSION = "3f9a1c77d2e84b60"
_A_DAY = 5  # attempts at each pattern
PATTERNS = (
    ("E0063:missing field `_` in initializer of `Point`@fn", [0.0, 0.2, 0.0, 0.4, 0.8, 1.0, 1.0], State.MASTERED),
    ("E0124:field `_` is already declared@struct", [0.2, 0.0, 0.4, 0.2, 0.8, 0.8, 1.0], State.MASTERED),
    ("E0382:use of moved value@fn", [0.6, 0.8, 0.8, 1.0, 0.8, 1.0, 1.0], State.MASTERED),
    ("E0308:String<-Option@fn", [0.0, 0.2, 0.0, 0.2, 0.4, 0.2, 0.4], State.FAILING),
    ("E0277:trait bound `_: Hash` is not satisfied@impl", [0.0, 0.0, 0.2, 0.0, 0.0, 0.2, 0.0], State.FAILING),
    ("E0502:cannot borrow `_` as mutable, also borrowed as immutable@method", [0.4, 0.2, 0.4], State.SEEN),
)
ROUTE = PATTERNS[0][0]


def attempt(passed: bool, rung: str = "model") -> Attempt:
    return Attempt("passed" if passed else "compile_error", passed, rung=rung, seconds=1.5, tokens=30)


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
                    tried: tuple[Attempt, ...] = (attempt(passed),)
                    if ago == 0 and not passed and i % 2:
                        tried += (attempt(i == 3, "hints"), attempt(i == 1, "samples"))
                    text = f"{number}-{ago}-{i}"
                    record(db, signature, text, tried, ago, now)
            patterns.mark(db, signature, state)
        for ago in (2, 1, 0):
            when = now - timedelta(days=ago, hours=7)
            _night(db, now.date() - timedelta(days=ago), "inconclusive", when, tried={PATTERNS[4][0]: False})
    return home


def record(db: Database, signature: str, text: str, tried: tuple[Attempt, ...], ago: int, now: datetime) -> None:
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
    nights.decide(db, night.id, decision, [f"a reason to {decision}, in a sentence that is as long as a gate's are"])
    nights.finish(db, night.id, report=None, now=now + timedelta(minutes=9))
    return night.id
