"""The page for Prometheus: on loopback alone, figures as they are in the database when it is asked."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.service import metrics
from sleepy.memory.episodic import episodes, nights, state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.tasks import Task

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def samples(port: int) -> dict[tuple[str, ...], float]:
    text = httpx2.get(f"http://127.0.0.1:{port}/metrics", timeout=10.0).text
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[(sample.name, *sample.labels.values())] = sample.value
    return found


def test_the_figures_are_the_database_s(tmp_path: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as db, metrics.served(db, free_port(), lambda: NOW) as port:
        assert port is not None
        empty = samples(port)
        assert empty[("sleepy_database_up",)] == 1 and ("sleepy_last_good_night_age_seconds",) not in empty
        for number, passed in enumerate((True, False, True)):
            tried = LoggedAttempt("pass" if passed else "compile_error", passed, rung="model", seconds=0.5)
            task = Task(f"{number:064d}", f"koan{number}", "fn main() {", "fn main() {}", "")
            episodes.record(db, Episode(task, "E0308", (tried,), "scripted"), now=NOW)
        first = nights.begin(db, Date(2026, 11, 27), seed=1, now=NOW - timedelta(days=1))
        nights.decide(db, first.id, "inconclusive", ["x"])
        nights.finish(db, first.id, report=None, now=NOW - timedelta(hours=5))
        second = nights.begin(db, Date(2026, 11, 28), seed=1, now=NOW)
        nights.fail(db, second.id, "no", now=NOW)
        state.put(db, "doing", {"what": "practice", "done": 1, "total": 2, "pid": 1}, now=NOW)
        found = samples(port)
    assert found[("sleepy_attempts_total", "model")] == 3 and found[("sleepy_passes_total", "model")] == 2
    assert found[("sleepy_attempt_seconds_total", "model")] == 1.5
    assert found[("sleepy_nights_total", "inconclusive", "done")] == 1
    assert found[("sleepy_nights_total", "", "failed")] == 1
    assert found[("sleepy_last_good_night_age_seconds",)] == 5 * 3600
    assert found[("sleepy_doing", "practice")] == 1 and found[("sleepy_champion_routes",)] == 0
    assert found[("sleepy_paused",)] == 0


def test_only_the_loopback_interface_is_listened_on(tmp_path: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as db, metrics.served(db, free_port(), lambda: NOW) as port:
        here = [item[4][0] for item in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)]
        for address in {address for address in here if not str(address).startswith("127.")}:
            with socket.socket() as asking, pytest.raises(OSError):
                asking.settimeout(2)
                asking.connect((address, port))
        assert samples(port or 0)


def test_a_database_that_cannot_be_read_is_a_figure_and_no_error(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "sleepy.db")
    with metrics.served(db, free_port(), lambda: NOW) as port:
        db.close()
        (tmp_path / "sleepy.db").write_bytes(b"no database" * 1000)
        for extra in ("-wal", "-shm"):
            (tmp_path / f"sleepy.db{extra}").unlink(missing_ok=True)
        assert samples(port or 0) == {("sleepy_database_up",): 0.0}
    db.close()


def test_a_port_that_is_taken_is_named_and_none_is_served_by_default(tmp_path: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as db, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"metrics_port is {port}"), metrics.served(db, port, lambda: NOW):
            pass
        with metrics.served(db, 0, lambda: NOW) as none:
            assert none is None
