"""Each tier that holds on this machine, opened once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sandbox.planting import Open

from sleepy.sandbox.isolation import Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
from sleepy.sandbox.workspace import Workspace


@pytest.fixture(scope="session", params=list(Tier))
def tier(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of one tier; what this machine lacks is skipped with the probe's own words."""
    try:
        opened = Sandbox.open(tier=request.param)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture
def work(tier: Sandbox, tmp_path: Path) -> Open:
    """Opens a crate with a cache of its own and the registry of nobody."""

    def opened(path: Path, **more: object) -> Workspace:
        (tmp_path / "home").mkdir(exist_ok=True)
        known = {"cargo_home": tmp_path / "home", **more}
        return Workspace.open(path, tier.jail, tmp_path / "cache", **known)  # type: ignore[arg-type]

    return opened
