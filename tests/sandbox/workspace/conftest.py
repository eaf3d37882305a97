"""A user's crate, opened with a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import Open

from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace


@pytest.fixture
def work(tier: Sandbox, tmp_path: Path) -> Open:
    """Opens a crate with a cache of its own and the registry of nobody."""

    def opened(path: Path, **more: object) -> Workspace:
        (tmp_path / "home").mkdir(exist_ok=True)
        known = {"cargo_home": tmp_path / "home", **more}
        return Workspace.open(path, tier.jail, tmp_path / "cache", **known)  # type: ignore[arg-type]

    return opened
