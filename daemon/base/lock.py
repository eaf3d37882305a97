"""One writer of a home at a time: a lock the kernel gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Holds the home's lock within; `UserError` names the process that has it."""
    home.make()
    with home.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise UserError(
                f"{holder} is at work in {home.root}",
                remedy="wait for it or stop it; `sleepy status` shows what it does",
            ) from error
        file.truncate(0)
        file.write(f"sleepy (process {os.getpid()})\n")
        file.flush()
        yield


def holder(home: Home) -> str | None:
    """Who holds the lock, without taking it; None when nobody does."""
    try:
        with home.lock.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return file.read().strip() or "another process"
    except OSError:
        pass
    return None
