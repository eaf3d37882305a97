"""Notifications after a night: a command of the user's, and a request to a dead man's switch.

Neither can harm the night: failures are logged, and what takes too long is ended.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2
from tenacity import Retrying, retry_if_result, stop_after_attempt

from sleepy.daemon.base.log import log_event

_COMMAND = 30.0  # seconds a command may take
_REQUEST = 10.0  # seconds an answer may take
_PAUSES = (1.0, 5.0, 25.0)  # seconds before each further try
_POLL = 0.1


def nothing() -> None:
    """A `check` that never raises."""


def command(given: str, line: str, *, seconds: float = _COMMAND, check: Callable[[], None] = nothing) -> bool:
    """Runs a command with the line as its last argument; returns whether it succeeded.

    It leads a process group of its own, which is killed if it takes too long or if `check` raises.
    """
    try:
        words = shlex.split(given)
        child = subprocess.Popen(
            [*words, line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError) as error:
        return _failed("notify", f"the command of the setting notify could not be run: {error}")
    assert child.stderr is not None
    os.set_blocking(child.stderr.fileno(), False)
    kept, until = b"", time.monotonic() + seconds
    try:
        with child.stderr:
            while child.poll() is None and time.monotonic() < until:
                check()
                kept = (kept + (child.stderr.read() or b""))[-2000:]
                time.sleep(_POLL)
            kept = (kept + (child.stderr.read() or b""))[-2000:]
        code = child.poll()
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if code == 0:
        return True
    how = f"took longer than {seconds:g} s and was killed" if code is None else f"ended with {code}"
    last = kept.decode(errors="replace").strip().splitlines()
    return _failed("notify", f"the command of the setting notify {how}" + (f": {last[-1]}" if last else ""))


def ping(
    url: str,
    *,
    pauses: tuple[float, ...] = _PAUSES,
    seconds: float = _REQUEST,
    check: Callable[[], None] = nothing,
) -> bool:
    """Requests the URL, again after each pause until it succeeds; returns whether it did.

    The log names only its host: the path of such a URL is its password.
    """

    def asked() -> str:
        """What is wrong with the answer; empty if nothing is."""
        try:
            answer = httpx2.get(url, timeout=seconds, follow_redirects=True)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return type(error).__name__
        return "" if answer.is_success else f"it answered {answer.status_code}"

    def rest(pause: float) -> None:
        until = time.monotonic() + pause
        while time.monotonic() < until:
            check()
            time.sleep(min(_POLL, pause))

    again = Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(len(pauses) + 1),
        wait=lambda state: (*pauses, 0.0)[state.attempt_number - 1],
        sleep=rest,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else "",
    )
    said = again(asked)
    host = urlsplit(url).hostname or "no host"
    return not said or _failed("ping", f"ping_url at {host} failed {len(pauses) + 1} times: {said}")


def _failed(event: str, message: str) -> bool:
    log_event(f"{event}_failed", message, level=logging.WARNING)
    return False
