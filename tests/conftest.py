"""What every test may ask for: one probed sandbox for the whole run, and the `slow` mark.

`pytest` leaves the slow tests out; `pytest -m slow` runs them alone.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from sleepy.sandbox.sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # a shell's background job: programs under test would ignore it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("sleepy", deadline=None)  # a busy machine is not a fault
    settings.load_profile("sleepy")
    config.addinivalue_line("markers", "slow: minutes of compiling; run with `pytest -m slow`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
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
