"""What is being done, as one process writes it and another reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sleepy.daemon.base.heartbeat import Doing, Pulse, doing, heartbeat, silence
from sleepy.daemon.base.state_keys import DOING
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def read(db: Database) -> Doing:
    found = doing(state.everything(db))
    assert found is not None
    return found


def test_remaining_time_needs_a_pace() -> None:
    began = Doing("practice", 3, 9, 1, NOW + timedelta(minutes=1), started=NOW, start=3)
    assert began.remaining(NOW + timedelta(minutes=1)) is None
    going = Doing("practice", 6, 9, 1, NOW + timedelta(seconds=60), started=NOW, start=3)
    assert going.remaining(NOW + timedelta(seconds=75)) == 45.0
    assert Doing("practice", 9, 9, 1, NOW + timedelta(seconds=60), started=NOW, start=3).remaining(NOW) is None
    assert Doing("practice", 1, 2, 1, NOW).remaining(NOW) is None


def test_the_heartbeat_of_a_version_before_is_read(db: Database) -> None:
    state.put(db, DOING, {"what": "practice", "done": 1, "total": 2, "pid": 7}, now=NOW)
    assert read(db) == Doing("practice", 1, 2, 7, NOW)


def test_the_same_activity_keeps_its_beginning_and_another_begins_a_new_pace(db: Database) -> None:
    heartbeat(db, "practice", 0, 60, now=NOW)
    heartbeat(db, "practice", 5, 60, now=NOW + timedelta(seconds=9))
    assert (read(db).started, read(db).start, read(db).done) == (NOW, 0, 5)
    later = NOW + timedelta(minutes=1)
    heartbeat(db, "practice", 2, 60, now=later)  # begun again
    assert (read(db).started, read(db).start) == (later, 2)
    heartbeat(db, "train", 3, 60, now=later + timedelta(seconds=1))
    assert read(db).start == 3


def test_silence_says_that_nothing_is_being_done(db: Database) -> None:
    heartbeat(db, "practice", 0, 60, now=NOW)
    silence(db)
    assert doing(state.everything(db)) is None


def test_a_pulse_writes_seldom_until_it_is_reset(db: Database) -> None:
    pulse = Pulse(lambda: NOW)
    for done in (1, 2, 3):
        pulse.beat(db, "practice", done, 60)
    assert read(db).done == 1
    pulse.reset()
    pulse.beat(db, "practice", 4, 60)
    assert read(db).done == 4


def test_a_heartbeat_that_cannot_be_written_ends_no_work(db: Database, tmp_path: Path) -> None:
    db.close()
    with Database.open(tmp_path / "sleepy.db", read_only=True) as closed:
        Pulse(lambda: NOW).beat(closed, "practice", 1, 60)
