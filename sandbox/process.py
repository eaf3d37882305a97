"""Runs a child process so that it surely ends: wall clock, capped output, and no survivors.

Every child leads its own session and process group; whatever ends the wait kills the group. The
launcher makes children die with their parent, so a killed sleepy leaves nothing running either.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one launch may use. Wall clock in seconds; sizes in bytes."""

    wall_s: float
    cpu_s: int
    memory: int  # address space
    file: int  # largest file it may write
    output: int  # stdout and stderr together
    processes: int = 256
    files: int = 256


COMPILE = Limits(wall_s=10, cpu_s=10, memory=3 * GIB, file=64 * MIB, output=512 * KIB)
RUN = Limits(wall_s=3, cpu_s=3, memory=1 * GIB, file=1 * MIB, output=64 * KIB, processes=64, files=64)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a child ended: exit code, or the signal as a negative number."""

    code: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    flooded: bool = False  # more output than allowed; it was killed for it


def run(
    command: Sequence[str],
    *,
    limits: Limits,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    cwd: str | None = None,
    pass_fds: Sequence[int] = (),
) -> Finished:
    """Runs a command to its end or its limits. `OSError` when it cannot be started."""
    began = time.monotonic()
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment or {}),
        cwd=cwd,
        start_new_session=True,
        pass_fds=tuple(pass_fds),
    )
    try:
        return _followed(child, limits, stdin, began)
    finally:
        _end(child)
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def _followed(child: subprocess.Popen[bytes], limits: Limits, stdin: bytes, began: float) -> Finished:
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(stdin)  # a nonce: far below the pipe's buffer
        child.stdin.close()
    kept: dict[int, bytearray] = {child.stdout.fileno(): bytearray(), child.stderr.fileno(): bytearray()}
    total, timed_out, flooded = 0, False, False
    with selectors.DefaultSelector() as waiting:
        for stream in (child.stdout, child.stderr):
            waiting.register(stream, selectors.EVENT_READ)
        while waiting.get_map():
            left = began + limits.wall_s - time.monotonic()
            if left <= 0:
                timed_out = True
                break
            for key, _ in waiting.select(left):
                block = os.read(key.fd, 64 * KIB)
                if not block:
                    waiting.unregister(key.fileobj)
                    continue
                total += len(block)
                if total > limits.output:
                    flooded = True
                    break
                kept[key.fd] += block
            if flooded:
                break
    if not (timed_out or flooded):
        timed_out = not _exited(child.pid, began + limits.wall_s)
    _end(child)
    out, err = (bytes(kept[stream.fileno()]) for stream in (child.stdout, child.stderr))
    return Finished(child.returncode, out, err, time.monotonic() - began, timed_out, flooded)


def _exited(pid: int, deadline: float) -> bool:
    """Waits for a child without reaping it, so that its group can still be named and killed."""
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.0005)
    return True


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kills the child's whole group, grandchildren that outlived it included, and reaps it."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
