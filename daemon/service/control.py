"""Starts and stops a daemon from another process. The lock says which process it is, and whether it is a daemon.

For a daemon of an earlier release, the database says whether it is one.
"""

from __future__ import annotations

import contextlib
import os
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
from sleepy.daemon.base.lock import Role
from sleepy.daemon.service import presence, systemd
from sleepy.daemon.service.systemd import Failure
from sleepy.memory.episodic.database import Database, DatabaseError

_POLL = 0.05
_ROOM = 64 * 2**10  # bytes; with less free no daemon can begin
_OUT = "daemon.out"
_LONGEST = 2**16  # bytes of a datagram


@dataclass(frozen=True, slots=True)
class AtWork:
    """The process that works in a home: a daemon, or another command."""

    pid: int
    is_daemon: bool


def at_work(home: Home) -> AtWork | None:
    """The process that holds the home's lock, or None."""
    found = lock.holder(home)
    if found is None or found.pid is None:
        return None
    is_daemon = found.role is Role.DAEMON if found.role is not None else found.pid == _daemon(home)
    return AtWork(found.pid, is_daemon)


def start(home: Home, flags: Sequence[str] = (), *, seconds: float = 180.0) -> int:
    """Starts `sleepy run` detached, waits until it is ready, and returns its process id.

    Raises `NotStarted`, with the daemon's own reason, if it ends instead.
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
        why: Failure | None = None
        try:
            while time.monotonic() < until:
                ended = child.poll() is not None  # before listening, so that its last message is heard
                with contextlib.suppress(TimeoutError):
                    said = ear.recv(_LONGEST)
                    if systemd.ready(said):
                        child.returncode = 0  # it lives on, and nobody is to wait for it
                        return child.pid
                    why = systemd.failure(said) or why
                    continue
                if ended:
                    raise _not_started(home, child.returncode, why)
        finally:  # it was not ready in time, or the waiting was interrupted
            if child.returncode is None:
                child.kill()
                child.wait()
        raise UserError(
            f"the daemon was not ready within {seconds:g} s and was stopped",
            remedy=f"`sleepy run` shows what it does; its output is in {home.logs / _OUT}",
        )


def stop(home: Home, *, seconds: float = 60.0) -> int | None:
    """Stops the home's daemon and returns its process id; None if none runs. `UserError` if it does not stop."""
    found = at_work(home)
    if found is None:
        return None
    if not found.is_daemon:
        raise UserError(
            f"process {found.pid} is working in {home.root}, and it is another command, not the daemon",
            remedy=f"end it with Ctrl-C, or with `kill {found.pid}`",
        )
    try:
        os.kill(found.pid, signal.SIGTERM)
    except ProcessLookupError:
        return found.pid
    except PermissionError as error:
        raise UserError(
            f"process {found.pid} belongs to another user", remedy=f"ask its owner to run `kill {found.pid}`"
        ) from error
    until = time.monotonic() + seconds
    while (now := lock.holder(home)) is not None and now.pid == found.pid:
        if time.monotonic() > until:
            raise NotStopped(
                f"process {found.pid} did not stop within {seconds:g} s",
                remedy=f"`sleepy status` shows what it does; `kill -9 {found.pid}` loses nothing that was recorded",
            )
        time.sleep(_POLL)
    while _lives(found.pid) and time.monotonic() < until:  # it has finished its work and needs a moment to end
        time.sleep(_POLL)
    return found.pid


class NotStopped(UserError):
    """The daemon did not stop in time."""

    exit_code = 1


class NotStarted(UserError):
    """The daemon ended before it was ready. Its exit code becomes the command's."""

    def __init__(self, message: str, *, remedy: str, code: int) -> None:
        super().__init__(message, remedy=remedy)
        self.exit_code = code


def _lives(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _not_started(home: Home, code: int, why: Failure | None) -> NotStarted:
    """The error for a daemon that ended with this code, for this reason if it gave one."""
    path = home.logs / _OUT
    if why is None and shutil.disk_usage(home.root).free < _ROOM:
        why = Failure(f"the disk of {home.root} is full, so the daemon could not start", "free some disk space there")
    why = why or Failure(f"the daemon ended with {code} before it was ready")
    return NotStarted(why.message, remedy=why.remedy or f"its output is in {path}", code=code if code > 0 else 70)


def _daemon(home: Home) -> int | None:
    """The process that the database names as the daemon, or None."""
    try:
        with Database.open(home.database, read_only=True) as db:
            return presence.pid(db)
    except DatabaseError:
        return None
