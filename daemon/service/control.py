"""Starting and stopping a daemon from another process. The lock says which process; the database, that it is one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.base import lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database, DatabaseError

_POLL = 0.05
_ROOM = 64 * 2**10  # bytes; with less free no daemon can begin
_OUT = "daemon.out"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at work in a home: a daemon, or another command."""

    pid: int
    is_daemon: bool


def holder(home: Home) -> Holder | None:
    """The process that holds the home's lock; None when nobody does."""
    named = lock.holder(home)
    found = re.search(r"process (\d+)", named or "")
    if found is None:
        return None
    pid = int(found[1])
    return Holder(pid, pid == _daemon(home))


def start(home: Home, flags: Sequence[str] = (), *, seconds: float = 180.0) -> int:
    """Starts `sleepy run` detached, waits until it says that it is ready, and returns its process.

    `UserError` with its own words when it ends instead.
    """
    home.make()
    command = [sys.executable, "-m", "sleepy", "run", "--home", str(home.root), *flags]
    with (
        tempfile.TemporaryDirectory(prefix="sleepy-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear,
        (home.logs / _OUT).open("wb") as out,
    ):
        address = str(Path(folder, "ready"))
        ear.bind(address)
        ear.settimeout(_POLL)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHDOG_")}
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**kept, "NOTIFY_SOCKET": address},
        )
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                with contextlib.suppress(TimeoutError):
                    if b"READY=1" in ear.recv(4096).split(b"\n"):
                        child.returncode = 0  # it lives on, and is nobody's to wait for
                        return child.pid
                if child.poll() is not None:
                    raise _ended(home, child.returncode)
        finally:  # not ready in time, or whoever waits was told to end
            if child.returncode is None:
                child.kill()
                child.wait()
        raise UserError(
            f"the daemon was not ready within {seconds:g} s and was ended",
            remedy=f"`sleepy run` shows what it does; {home.logs / _OUT} has what it said",
        )


def stop(home: Home, *, seconds: float = 60.0) -> int | None:
    """Ends the home's daemon and returns its process; None when none runs. `UserError` when it does not end."""
    found = holder(home)
    if found is None:
        return None
    if not found.is_daemon:
        raise UserError(
            f"process {found.pid} is at work in {home.root} and is no daemon",
            remedy=f"end that command with Ctrl-C, or with `kill {found.pid}`",
        )
    try:
        os.kill(found.pid, signal.SIGTERM)
    except ProcessLookupError:
        return found.pid
    except PermissionError as error:
        raise UserError(
            f"process {found.pid} is another user's", remedy=f"have its owner run `kill {found.pid}`"
        ) from error
    until = time.monotonic() + seconds
    while (now := lock.holder(home)) is not None and f"process {found.pid})" in now:
        if time.monotonic() > until:
            raise NotStopped(
                f"process {found.pid} did not stop within {seconds:g} s",
                remedy=f"`sleepy status` shows what it does; `kill -9 {found.pid}` loses nothing that was recorded",
            )
        time.sleep(_POLL)
    while _lives(found.pid) and time.monotonic() < until:  # it has put everything in order, and needs a moment to go
        time.sleep(_POLL)
    return found.pid


class NotStopped(UserError):
    """The daemon was told to stop and did not in time."""

    exit_code = 1


class NotStarted(UserError):
    """The daemon ended before it was ready. Its exit code is ours."""

    def __init__(self, message: str, *, remedy: str, code: int) -> None:
        super().__init__(message, remedy=remedy)
        self.exit_code = code


def _lives(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _ended(home: Home, code: int) -> UserError:
    """What it said last, in its own words."""
    path = home.logs / _OUT
    said = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if not said and shutil.disk_usage(home.root).free < _ROOM:  # nor could it write that down
        full = f"the disk of {home.root} is full: the daemon could not begin"
        return NotStarted(full, remedy="free some disk space there, and start it again", code=2)
    message = next((line.removeprefix("sleepy: ") for line in said if line.startswith("sleepy: ")), "")
    remedy = next((line.strip().removeprefix("remedy: ") for line in said if line.startswith("  remedy: ")), "")
    return NotStarted(
        message or f"the daemon ended with {code} before it was ready",
        remedy=remedy or f"{path} has what it said",
        code=code if code > 0 else 70,
    )


def _daemon(home: Home) -> int | None:
    """The process that said last that it is a daemon; it may have died since."""
    try:
        with Database.open(home.database, read_only=True) as db:
            entry = state.get(db, "daemon")
    except DatabaseError:
        return None
    return int(entry.value["pid"]) if entry is not None else None
