"""Gives way to what else the machine does."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_GROUP = Path("/proc/self/autogroup")


def lower(nice: int) -> None:
    """Lowers this process's priority to `nice`, if it is higher.

    Where Linux groups processes by session (autogroup), nice counts within a group alone. So a process that began a
    session of its own lowers its group too; one in a terminal's session leaves that as it is.
    """
    with contextlib.suppress(OSError):
        os.nice(max(0, nice - os.nice(0)))
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            _GROUP.write_text(str(nice), encoding="ascii")
