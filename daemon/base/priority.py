"""Gives way to what else the machine does."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_GROUP = Path("/proc/self/autogroup")
_TRIES = 20  # Linux takes one such change in 100 ms from all ordinary users together


def lower(nice: int) -> None:
    """Lowers the priority of this process and of all its threads to `nice`, where it is higher.

    Where Linux groups processes by session (autogroup), nice counts within a group alone. So a process that began a
    session of its own lowers its group too; one in a terminal's session leaves that as it is. Children with sessions of
    their own, such as compilers in the sandbox, are in groups of their own.
    """
    for thread in _threads():
        with contextlib.suppress(OSError):
            if os.getpriority(os.PRIO_PROCESS, thread) < nice:
                os.setpriority(os.PRIO_PROCESS, thread, nice)
    if os.getsid(0) != os.getpid():
        return
    for _ in range(_TRIES):
        try:
            if int(_GROUP.read_text(encoding="ascii").split()[-1]) < nice:
                _GROUP.write_text(str(nice), encoding="ascii")
            return
        except BlockingIOError:
            time.sleep(0.1)
        except (OSError, ValueError, IndexError):
            return


def _threads() -> list[int]:
    """The threads that there are: to Linux each has a priority of its own. Elsewhere 0, the process."""
    try:
        return [int(each.name) for each in Path("/proc/self/task").iterdir()]
    except OSError:
        return [0]
