"""What the jobs of these tests do: nodes find it by its name."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say


def noted(folder: Path, job: tuple[int, float], say: Say) -> tuple[int, int]:
    """Takes so many seconds, notes in the folder that it was done, and by which process."""
    number, seconds = job
    (folder / f"{number}.{os.getpid()}.{time.monotonic_ns()}").touch()
    for step in range(10):
        say(f"job {number}", step, 10)
        time.sleep(seconds / 10)
    return number, os.getpid()


def failing(_terms: None, job: int, _say: Say) -> int:
    """Fails at 3."""
    if job == 3:
        raise UserError("three is too many", remedy="give two")
    return job


def dying(_terms: None, _job: int, _say: Say) -> int:
    """Takes its process with it."""
    os._exit(1)
