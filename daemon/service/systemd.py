"""Messages to systemd, or to any process behind NOTIFY_SOCKET: the datagrams of sd_notify(3).

Where nobody listens, nothing happens. Besides systemd's own assignments there is one for `sleepy start`: why a
daemon ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sleepy.daemon.base.errors import remedy

READY = "READY=1"
_FAILED = "X_SLEEPY_FAILED="  # systemd ignores names that begin with X_


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a daemon ended. `remedy` is empty where none is known."""

    message: str
    remedy: str = ""


def notify(*lines: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Sends assignments such as READY=1 in one datagram; returns whether it was accepted."""
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
    """Seconds within which systemd expects WATCHDOG=1; None if it does not watch this process."""
    wanted = environment.get("WATCHDOG_PID", "")
    if wanted and wanted != str(os.getpid() if pid is None else pid):
        return None
    given = environment.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() and int(given) else None


def failed(failure: Failure, environment: Mapping[str, str] = os.environ) -> bool:
    """Sends why the daemon ends; returns whether it was accepted."""
    return notify(_FAILED + json.dumps(asdict(failure)), environment=environment)


@contextmanager
def reported() -> Iterator[None]:
    """Tells the error that ends the daemon to the process that started it."""
    try:
        yield
    except Exception as error:
        known = remedy(error)
        said = str(error) if known is not None else f"{type(error).__name__}: {error}"
        failed(Failure(said, known or ""))
        raise


def failure(datagram: bytes) -> Failure | None:
    """The reason in a datagram for which the daemon ends, or None."""
    for line in datagram.decode(errors="replace").split("\n"):
        if line.startswith(_FAILED):
            return Failure(**json.loads(line.removeprefix(_FAILED)))
    return None


def ready(datagram: bytes) -> bool:
    """Whether a datagram says that the daemon is ready."""
    return READY.encode() in datagram.split(b"\n")
