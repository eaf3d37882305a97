"""Runs a night in a child process that can be killed, alone or with everything it started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psutil

GONE = 15.0  # seconds within which all processes of a killed night must be gone
_ROOT = Path(__file__).resolve().parents[2]
_SUBREAPER = 36  # prctl: orphaned descendants become our children, so that none is overlooked


def adopt() -> None:
    """Makes this process the parent of all its orphaned descendants from now on."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


@contextlib.contextmanager
def child(root: Path, when: date, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs the night in a process and session of its own; afterwards none of its processes is left."""
    command = [sys.executable, "-m", "benchmarks.kills", "--sleep", str(root), when.isoformat()]
    with said.open("w") as out:
        process = subprocess.Popen(command, start_new_session=True, stdout=out, stderr=out, cwd=_ROOT)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            for left in gone(0.0):
                left.kill()
            gone(GONE)


def gone(seconds: float) -> list[psutil.Process]:
    """Waits until no descendant is alive; returns those that still are after that many seconds."""
    until = time.monotonic() + seconds
    while True:
        left = []
        for process in psutil.Process().children(recursive=True):
            try:
                if process.status() == psutil.STATUS_ZOMBIE:
                    if process.ppid() == os.getpid():
                        os.waitpid(process.pid, os.WNOHANG)
                else:
                    left.append(process)
            except (psutil.NoSuchProcess, ChildProcessError):
                continue
        if not left or time.monotonic() >= until:
            return left
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes], *, everything: bool) -> None:
    """Kills the process, and with `everything` all its descendants, even those in sessions of their own."""
    started = psutil.Process(process.pid).children(recursive=True) if everything else []
    process.kill()
    for item in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            item.kill()
    process.wait()
