"""Who is at work in a home, as it is told from outside."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest

from sleepy.daemon.base import lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Role
from sleepy.daemon.service import control
from sleepy.daemon.service.control import AtWork
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database

NOW = datetime(2031, 3, 4, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").make()
    Database.open(made.database).close()
    return made


@pytest.fixture
def earlier(home: Home) -> Iterator[IO[str]]:
    """The lock as a version before holds it."""
    with home.lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("sleepy (process 4711)\n")
        file.flush()
        yield file


def test_nobody_is_at_work_where_the_lock_is_free(home: Home) -> None:
    assert control.at_work(home) is None
    assert control.stop(home) is None


def test_a_daemon_is_told_from_a_command_by_the_lock(home: Home) -> None:
    with lock.held(home):
        found = control.at_work(home)
        assert found is not None and not found.is_daemon
        with pytest.raises(UserError, match="another command, not the daemon"):
            control.stop(home)
    with lock.held(home, Role.DAEMON):
        found = control.at_work(home)
        assert found is not None and found.is_daemon


@pytest.mark.usefixtures("earlier")
def test_a_daemon_of_a_version_before_is_known_by_the_database(home: Home) -> None:
    assert control.at_work(home) == AtWork(4711, is_daemon=False)
    with Database.open(home.database) as db:
        state.put(db, "daemon", {"pid": 4711}, now=NOW)
    assert control.at_work(home) == AtWork(4711, is_daemon=True)
