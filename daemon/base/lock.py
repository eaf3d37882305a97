"""The lock of a home: one process works in it at a time. The kernel releases it when that process dies.

The lock file says in JSON who holds it. The sentence that earlier releases wrote is understood as well.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home

_ENDING = 5.0  # seconds for a killed process to be gone
_EARLIER = re.compile(r"sleepy \(process (\d+)\)")


class Role(StrEnum):
    """The kind of process that holds the lock."""

    DAEMON = "daemon"  # it stays, and takes orders through the database
    COMMAND = "command"  # it ends by itself


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lock. `role` is None for an earlier release, `pid` where the file cannot be read."""

    pid: int | None = None
    role: Role | None = None

    def __str__(self) -> str:
        return f"sleepy (process {self.pid})" if self.pid is not None else "another process"


@contextmanager
def held(home: Home, role: Role = Role.COMMAND) -> Iterator[None]:
    """Holds the home's lock; raises `UserError`, naming the process that has it."""
    home.make()
    with home.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise _taken(_read(file), home) from error
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "role": role.value}) + "\n")
        file.flush()
        yield


def free(home: Home) -> None:
    """Raises the error of `held` where another process has the lock: before the work's imports, which take seconds."""
    if (found := holder(home)) is not None:
        raise _taken(found, home)


def holder(home: Home) -> Holder | None:
    """The process that holds the lock, or None; the lock is not taken. One that was killed is given time to be gone."""
    until = time.monotonic() + _ENDING
    while (found := _holder(home)) is not None and _is_ending(found.pid) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _holder(home: Home) -> Holder | None:
    try:
        with home.lock.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                return _read(file)
    except OSError:
        pass
    return None


def _is_ending(pid: int | None) -> bool:
    """Whether a process was killed, while its other threads, or their memory, still hold what was open."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] in ("Z", "X")
    except (OSError, IndexError):
        return False


def _taken(found: Holder, home: Home) -> UserError:
    """What to do differs: a daemon stays and takes orders, a command ends by itself."""
    if found.role is Role.DAEMON:
        remedy = (
            "`sleepy stop` first; or leave it to the daemon, which practises and sleeps by itself (`sleepy sleep-now`)"
        )
    elif found.role is Role.COMMAND:
        remedy = f"wait until it has ended (`sleepy status` shows how far it is), or end it with `kill {found.pid}`"
    else:
        remedy = "`sleepy stop` ends a daemon, `sleepy sleep-now` has it sleep; else wait: see `sleepy status`"
    return UserError(f"{found} is already working in {home.root}", remedy=remedy)


def _read(file: IO[str]) -> Holder:
    text = file.read()
    try:
        said = json.loads(text)
        return Holder(int(said["pid"]), Role(said["role"]))
    except (ValueError, KeyError, TypeError):
        earlier = _EARLIER.match(text)
        return Holder(int(earlier[1])) if earlier else Holder()
