"""Telling systemd, or whoever set NOTIFY_SOCKET, how it goes: sd_notify(3)'s datagrams, by hand.

Nothing is promised: where nobody listens, or nobody listens any more, nothing happens.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping


def notify(*lines: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Sends assignments such as READY=1 in one datagram; whether it was taken."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # Linux's abstract names begin with a zero byte
        address = "\0" + address[1:]
    text = "\n".join(line.replace("\n", " ") for line in lines)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.settimeout(1.0)
        with contextlib.suppress(OSError):
            out.sendto(text.encode(), address)
            return True
    return False


def watchdog(environment: Mapping[str, str] = os.environ, *, pid: int | None = None) -> float | None:
    """Seconds within which systemd wants to hear WATCHDOG=1; None when it does not watch this process."""
    wanted = environment.get("WATCHDOG_PID", "")
    if wanted and wanted != str(os.getpid() if pid is None else pid):
        return None
    given = environment.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() and int(given) else None
