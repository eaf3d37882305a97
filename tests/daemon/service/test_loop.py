"""What the loop begins, cuts and holds, with a clock, a machine and a worker in our hands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.daemon.evidence import bare, put

from sleepy.daemon.base import log
from sleepy.daemon.base.clock import Reading
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import HELD, SLEEP_NOW, WAKE
from sleepy.daemon.service import commands
from sleepy.daemon.service.beat import Beat, Interrupted
from sleepy.daemon.service.calendar import STARTS
from sleepy.daemon.service.leisure import Machine
from sleepy.daemon.service.loop import Senses, Service
from sleepy.daemon.service.plan import Hindrance, NextStep, Obstacle, Work, WorkKind
from sleepy.daemon.service.work import Ended
from sleepy.daemon.stages.stages import Diagnosed, Wanted
from sleepy.memory.episodic import episodes, nights, state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.episodic.tasks import Task

LEARNT = Diagnosed((Wanted("E0001:x@fn", 0, 9, 0.5),))

TONIGHT = Date(2026, 11, 29)
THREE = datetime(2026, 11, 29, 2, tzinfo=UTC)  # in Berlin
NIGHT = Work(WorkKind.NIGHT, TONIGHT)
ASKED = Work(WorkKind.NIGHT, TONIGHT, asked=True)
BATTERY, LOAD = Hindrance(Obstacle.BATTERY), Hindrance(Obstacle.LOAD, 2.0, 1.5)
PRACTICE = Work(WorkKind.PRACTICE)


class Hand:
    """A worker that works when the test says so."""

    def __init__(self) -> None:
        self.at_work: Work | None = None
        self.begun: list[Work] = []
        self._ended: Ended | None = None

    def begin(self, work: Work) -> None:
        self.at_work = work
        self.begun.append(work)

    def ended(self) -> Ended | None:
        if self._ended is not None:
            self.at_work = None
        found, self._ended = self._ended, None
        return found

    def end(self, **how: object) -> None:
        assert self.at_work is not None
        self._ended = Ended(self.at_work, **how)  # type: ignore[arg-type]


class Life:
    """A service with a clock, a machine and a worker in our hands."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.config, self.folder = config, folder
        self.db = Database.open(folder / "sleepy.db")
        self.now = THREE - timedelta(hours=6)
        self.steady = 0.0
        self.machine = Machine()
        self.beat = Beat(lambda: self.now)
        self.restart()

    def restart(self) -> None:
        self.hand = Hand()
        world = Senses(
            lambda: Reading(self.now, self.steady, None), lambda: ZoneInfo("Europe/Berlin"), lambda _: self.machine
        )
        self.service = Service(self.db, Home(self.folder), self.config, self.hand, self.beat, world)

    def pass_(self, **span: float) -> NextStep:
        self.now += timedelta(**span)
        self.steady += timedelta(**span).total_seconds()
        return self.service.tick()

    def cut(self) -> str | None:
        """Why the work should end, as the work itself learns it; it then ends."""
        try:
            self.beat.check()
        except Interrupted as why:
            self.hand.end(cut=str(why))
            return str(why)
        return None

    def begin_night(self) -> None:
        """As the night's own code does when it is begun."""
        nights.begin(self.db, TONIGHT, seed=1, now=self.now)

    def failed(self) -> None:
        """A dozen failures of one kind, as a day leaves them."""
        for number in range(12):
            tried = (LoggedAttempt("compile_error", False),)
            episode = Episode(Task(str(number), str(number), "fn main() { x }"), "E0425:x@fn", tried, "built-in")
            episodes.record(self.db, episode, now=self.now)

    def done(self, diagnosed: Diagnosed = LEARNT) -> None:
        night = nights.begin(self.db, TONIGHT, seed=1, now=self.now)
        put(self.db, night.id, replace(bare().made, diagnosed=diagnosed), now=self.now)
        nights.decide(self.db, night.id, "inconclusive", [])
        nights.finish(self.db, night.id, report=None, now=self.now)
        self.hand.end(said="done")

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in (self.folder / log.NAME).read_text().splitlines()]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Callable[..., Life]]:
    lives: list[Life] = []

    def make(**settings: object) -> Life:
        lives.append(Life(tmp_path, replace(Config(day_at="0 12 * * *"), **settings)))  # type: ignore[arg-type]
        return lives[-1]

    with log.written(tmp_path):
        yield make
    for each in lives:
        each.db.close()


def test_a_night_is_slept_once(life: Callable[..., Life]) -> None:
    alive = life()
    assert alive.pass_(hours=5, minutes=59).begin is None
    assert alive.pass_(minutes=1).begin == NIGHT
    alive.done()
    assert alive.pass_(minutes=1) == NextStep()
    assert alive.pass_(hours=20).begin == PRACTICE  # noon has passed
    alive.hand.end(said="practised")
    assert alive.pass_(hours=5).begin == Work(WorkKind.NIGHT, TONIGHT + timedelta(days=1))


def test_a_user_who_is_back_ends_the_night_until_he_is_gone(life: Callable[..., Life]) -> None:
    alive = life(idle_minutes=10.0)
    alive.machine = Machine(idle=3600.0)
    alive.pass_(hours=6)
    assert alive.hand.begun == [NIGHT]
    alive.begin_night()
    alive.machine = Machine(idle=0.5)
    alive.pass_(seconds=1)
    assert alive.cut() == "used within the last 10 min"
    alive.pass_(seconds=1)
    assert [str(item) for item in alive.service.held] == ["used within the last 10 min"]
    assert state.get(alive.db, HELD).value["reasons"] == ["used within the last 10 min"]  # type: ignore[union-attr]
    assert alive.pass_(minutes=5).begin is None
    alive.machine = Machine(idle=601.0)
    assert alive.pass_(minutes=10).begin == NIGHT
    assert state.get(alive.db, HELD) is None
    assert alive.events().count("night_held") == 1 and "night_interrupted" in alive.events()


def test_what_is_not_known_of_the_machine_is_said_once(life: Callable[..., Life]) -> None:
    alive = life(idle_minutes=10.0)
    alive.pass_(hours=6)
    assert alive.hand.begun == [NIGHT]
    alive.pass_(seconds=5)
    assert alive.events().count("unknown") == 1


def test_a_pause_holds_until_its_end_and_what_was_cut_goes_on(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    alive.begin_night()
    commands.pause(alive.db, until=alive.now + timedelta(hours=2), now=alive.now)
    alive.pass_(seconds=0.5)
    assert alive.cut() == "paused"
    assert alive.pass_(seconds=1).begin is None
    assert alive.pass_(hours=1).begin is None
    assert alive.pass_(hours=1).begin == NIGHT
    assert commands.resume(alive.db)
    assert not commands.resume(alive.db)


def test_sleep_now_begins_a_night_at_once_and_ends_the_practice_before_it(life: Callable[..., Life]) -> None:
    alive = life(only_on_ac=True)
    alive.machine = Machine(on_battery=True)
    alive.pass_(hours=-10)
    assert alive.pass_(hours=3).begin == PRACTICE
    commands.pause(alive.db, now=alive.now)
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    alive.pass_(seconds=0.5)
    assert alive.cut() == "a night was asked for"
    assert alive.pass_(seconds=0.5).begin == ASKED
    alive.pass_(seconds=0.5)
    assert alive.cut() is None
    alive.done()
    alive.pass_(seconds=0.5)
    assert state.get(alive.db, SLEEP_NOW) is None
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    assert alive.pass_(seconds=0.5).begin is None and "night_done_before" in alive.events()


def test_a_night_with_nothing_to_learn_leaves_its_date_to_a_later_one(life: Callable[..., Life]) -> None:
    alive = life()
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    assert alive.pass_(seconds=1).begin == ASKED
    alive.done(Diagnosed())
    alive.pass_(seconds=1)
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    assert alive.pass_(seconds=1).begin is None and "night_done_before" in alive.events()
    alive.failed()
    assert alive.pass_(hours=6).begin == NIGHT  # its time has come, and there is something to learn
    alive.done(Diagnosed(mastered=("a",)))
    alive.pass_(minutes=1)
    assert alive.pass_(hours=1) == NextStep()  # by itself once at its time
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    assert alive.pass_(seconds=1).begin == ASKED


def test_sleep_now_outlives_the_daemon_that_was_told(life: Callable[..., Life]) -> None:
    alive = life()
    commands.sleep_now(alive.db, TONIGHT, now=alive.now)
    assert alive.pass_(seconds=1).begin == ASKED
    alive.begin_night()
    alive.restart()
    assert alive.pass_(seconds=1).begin == ASKED


def test_a_night_that_was_woken_is_not_gone_on_with_and_the_next_is_slept(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    alive.begin_night()
    commands.wake(alive.db, now=alive.now)
    alive.pass_(seconds=0.5)
    assert alive.cut() == "ended by `sleepy wake`"
    alive.pass_(seconds=0.5)
    assert state.get(alive.db, WAKE) is None
    row = nights.read(alive.db, TONIGHT)
    assert row is not None and row.state is NightState.FAILED and "sleepy wake" in row.reason
    alive.restart()
    assert alive.pass_(hours=3).begin is None
    assert alive.pass_(hours=21).begin == Work(WorkKind.NIGHT, TONIGHT + timedelta(days=1))


def test_waking_a_night_that_waits_lets_it_be(life: Callable[..., Life]) -> None:
    alive = life(only_on_ac=True)
    alive.machine = Machine(on_battery=True)
    alive.pass_(hours=6)
    commands.wake(alive.db, now=alive.now)
    alive.pass_(seconds=0.5)
    alive.machine = Machine(on_battery=False)
    assert alive.pass_(minutes=5) == NextStep()
    commands.wake(alive.db, now=alive.now)  # and where nothing waits, nothing happens
    assert alive.pass_(minutes=5) == NextStep() and state.get(alive.db, WAKE) is None


def test_a_failed_night_is_logged_with_its_remedy_and_not_begun_again(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    alive.hand.end(fault=UserError("the version is damaged", remedy="sleepy rollback"))
    night = nights.begin(alive.db, TONIGHT, seed=1, now=alive.now)
    nights.fail(alive.db, night.id, "damaged", now=alive.now)
    alive.pass_(seconds=1)
    assert alive.pass_(hours=3).begin is None
    lines = [json.loads(line) for line in (alive.folder / log.NAME).read_text().splitlines()]
    failed = next(line for line in lines if line["event"] == "night_failed")
    assert failed["remedy"] == "sleepy rollback" and failed["level"] == "error" and "trace" not in failed


def test_a_night_the_daemon_dies_of_is_left_alone_after_three_times(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    alive.begin_night()
    for _ in range(STARTS - 1):
        alive.restart()  # as after kill -9: nothing was put in order
        assert alive.pass_(minutes=1).begin == NIGHT
        alive.pass_(minutes=1)
    alive.restart()
    assert alive.pass_(minutes=1).begin is None
    row = nights.read(alive.db, TONIGHT)
    assert row is not None and row.state is NightState.FAILED and "died during it 3 times" in row.reason


def test_a_clock_set_back_is_reported_and_brings_no_second_night(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    alive.done()
    alive.pass_(minutes=1)
    alive.now -= timedelta(hours=2)
    alive.pass_(seconds=1)
    assert alive.hand.begun == [NIGHT]
    alive.pass_(hours=3)
    assert alive.hand.begun == [NIGHT]
    assert "clock_set" in alive.events()
    alive.now += timedelta(hours=10)  # suspended: the steady clock stood still
    assert alive.pass_(seconds=1).begin == PRACTICE and "resumed" in alive.events()


def test_work_that_failed_is_not_begun_again_at_once(life: Callable[..., Life]) -> None:
    alive = life(day_at="* * * * *")
    assert alive.pass_(minutes=1).begin == PRACTICE
    alive.hand.end(fault=RuntimeError("no"))
    alive.pass_(seconds=30)
    alive.pass_(seconds=29)
    assert len(alive.hand.begun) == 1
    alive.pass_(minutes=1)
    assert len(alive.hand.begun) == 2


def test_a_home_without_a_usable_database_stops_nothing_and_says_so_once(life: Callable[..., Life]) -> None:
    alive = life()
    alive.pass_(hours=6)
    assert alive.hand.at_work == NIGHT
    alive.db.close()
    for path in alive.folder.glob("sleepy.db*"):
        path.unlink()
    (alive.folder / "sleepy.db").mkdir()
    alive.pass_(seconds=1)
    alive.pass_(seconds=1)
    assert alive.hand.at_work == NIGHT and alive.events().count("database") == 1
    alive.service.tick(stopping=True)
    assert alive.cut() == "the daemon is stopping"
