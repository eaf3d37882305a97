"""Ray's own head ends in the middle of a day."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.daemon.jobs.conftest import LocalCluster

from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError


def practised(home: Path) -> int:
    """Episodes so far, up to 100; 0 until there is a database."""
    try:
        with Database.open(home / "sleepy.db", read_only=True) as db:
            return len(episodes.latest(db, limit=100))
    except DatabaseError:
        return 0


@pytest.mark.slow
def test_a_day_whose_head_ends_says_so_in_one_line_and_is_to_be_begun_again(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    settings = {
        "HOME": str(tmp_path),
        "CLUSTER": cluster.address,
        "MODEL": "novice",
        "DTYPE": "float32",
        "THREADS": "1",
    }
    day = subprocess.Popen(
        [sys.executable, "-m", "sleepy", "day", "--tasks", "400", "--seed", "1"],
        env={**os.environ, **{f"SLEEPY_{name}": value for name, value in settings.items()}},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while day.poll() is None and practised(tmp_path) < 16:
            time.sleep(0.2)
        assert day.poll() is None, "it is at work"
        cluster.end_head()
        _, said = day.communicate()
    finally:
        day.kill()
    assert day.returncode == 75
    line, remedy = [each for each in said.splitlines() if not each.startswith("practice: ")]
    assert line == f"sleepy: no Ray cluster can be used at '{cluster.address}': its head has ended"
    assert remedy.startswith("  remedy: start it")
    assert practised(tmp_path) >= 16
