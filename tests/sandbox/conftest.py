"""Each tier that holds on this machine, opened once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sleepy.sandbox import process
from sleepy.sandbox.isolation import Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable

BOUNDED = replace(process.COMPILE, cpu_s=4)  # what never ends compiling burns all it may, in every tier


@pytest.fixture(scope="session", params=list(Tier))
def tier(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of one tier; what this machine lacks is skipped with the probe's own words."""
    try:
        opened = Sandbox.open(tier=request.param, compiling=BOUNDED)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with opened:
        yield opened
