"""Each tier that holds on this machine, opened once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sleepy.sandbox.isolation import Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable


@pytest.fixture(scope="session", params=list(Tier))
def tier(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of one tier; what this machine lacks is skipped with the probe's own words."""
    try:
        opened = Sandbox.open(tier=request.param)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with opened:
        yield opened
