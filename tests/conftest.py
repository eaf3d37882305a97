"""What every test may ask for: one probed sandbox for the whole run, and the `slow` mark.

`pytest` leaves the slow tests out; `pytest -m slow` runs them alone. Files that take minutes come first, so that no
worker is left with one at the end.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests import postgresql
from tests.postgresql import Server

from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox

LONG = (  # files of a minute or more, the dearest first; the others take seconds
    "daemon/night/test_night.py",
    "daemon/night/test_workers.py",
    "daemon/night/test_curate.py",
    "sandbox/test_hostile.py",
    "daemon/night/test_earlier_home.py",
    "sandbox/test_isolation.py",
    "daemon/service/test_service.py",
    "daemon/service/test_shared.py",
    "daemon/day/test_own_code.py",
    "memory/parametric/test_memory.py",
    "daemon/night/test_own_lessons.py",
    "daemon/day/test_day.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # a shell's background job: programs under test would ignore it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("sleepy", deadline=None)  # a busy machine is not a fault
    settings.load_profile("sleepy")
    config.addinivalue_line("markers", "slow: minutes of compiling; run with `pytest -m slow`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0].removeprefix("tests/"), len(LONG)))
    if "slow" in str(config.option.markexpr):
        return
    for item in items:
        if item.get_closest_marker("slow") is not None:
            item.add_marker(pytest.mark.skip(reason="minutes of compiling: run with `pytest -m slow`"))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The sandbox as a user gets it: the first tier whose probe holds."""
    with Sandbox.open() as opened:
        yield opened


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest revision, to be copied: migrating one a test takes thirty times as long."""
    path = tmp_path_factory.mktemp("blank") / "sleepy.db"
    Database.open(path).close()
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing of it is in a log beside it"
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests of a worker; whoever stops it starts it again."""
    with postgresql.running() as found:
        yield found
