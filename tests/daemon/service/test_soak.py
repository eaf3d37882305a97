"""The soak in small: three virtual days, and nothing is left open."""

from __future__ import annotations

from pathlib import Path

import psutil
from benchmarks.soak import soak

from sleepy.daemon.base.home import Home


def test_three_days_leave_nothing_open_and_a_night_a_date(tmp_path: Path) -> None:
    others = len(psutil.Process().children(recursive=True))  # of what else is tested in this process
    found = soak(Home(tmp_path / "home"), days=3, attempts=300)
    assert found["attempts"] == 288 and found["nights"] == 3
    assert found["children"] == [others, others] and found["connections"] == 0
    assert found["files"][1] <= found["files"][0] + 1 and found["threads"][1] <= found["threads"][0] + 1
    assert found["growth"] < 0.05
