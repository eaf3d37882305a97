"""`sleepy run` as a process: practises when it is due, is seen by `status`, is alone, stops when told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return {
        **kept,
        "OMP_NUM_THREADS": "1",
        "SLEEPY_HOME": str(tmp_path / "home"),
        "SLEEPY_DAY_AT": "* * * * *",
        "SLEEPY_DAY_TASKS": "400",
    }


def status(environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "sleepy", "status", "--json"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_the_daemon_practises_is_alone_and_stops_cleanly(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sleepy", "run"]
    with (tmp_path / "said").open("w") as said:
        daemon = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        until = time.monotonic() + 150  # the next full minute, and the start before it
        while status(environment)["today"]["attempts"] == 0:
            assert daemon.poll() is None, (tmp_path / "said").read_text()
            assert time.monotonic() < until, "nothing was practised"
            time.sleep(1)
        seen = status(environment)
        assert f"process {daemon.pid}" in seen["at_work"]
        assert seen["doing"]["what"] == "practice" and seen["doing"]["total"] == 200
        second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert second.returncode == 2 and f"process {daemon.pid}" in second.stderr
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=60) == 0
    finally:
        daemon.kill()
        daemon.wait()
    after = status(environment)
    assert after["at_work"] is None and after["doing"] is None
    assert 0 < after["today"]["attempts"] < 400  # it stopped in the middle, and kept what was done
    log = (Path(environment["SLEEPY_HOME"]) / "logs" / "sleepy.log").read_text()
    assert "started" in log and "day interrupted" in log and "stopped" in log
