"""What every test may ask for: one probed sandbox for the whole run, and the `slow` mark.

`pytest` leaves the slow tests out; `pytest -m slow` runs them alone. Files that take minutes come first, so that no
worker is left with one at the end.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from tests import postgresql
from tests.postgresql import Server

from sleepy.sandbox.sandbox import Sandbox

LONG = (  # files of some minutes; the others take seconds
    "daemon/night/test_night.py",
    "daemon/night/test_curate.py",
    "daemon/night/test_relearning.py",
    "sandbox/test_isolation.py",
    "sandbox/test_hostile.py",
    "daemon/night/test_workers.py",
    "daemon/service/test_service.py",
    "daemon/night/test_earlier_home.py",
    "memory/parametric/test_memory.py",
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
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests of a worker; whoever stops it starts it again."""
    with postgresql.running() as found:
        yield found
