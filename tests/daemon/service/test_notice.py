"""The command and the request after a night: real programs, a real server, and nothing that can hurt."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sleepy.daemon.base import log
from sleepy.daemon.service.beat import Interrupted
from sleepy.daemon.service.notice import command, ping


@contextmanager
def answering(*codes: int) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each request with the next code, and its paths."""
    left, asked = list(codes), list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(left.pop(0))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/secret-path", asked
        finally:
            server.shutdown()
            thread.join()


def logged(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / log.NAME).read_text().splitlines()]


def test_the_command_gets_the_line_as_its_last_argument(tmp_path: Path) -> None:
    program = "import sys; open(sys.argv[1], 'w').write('|'.join(sys.argv[2:]))"
    given = f'"{sys.executable}" -c "{program}" {tmp_path}/out --title "a night"'
    assert command(given, "night of 2026-11-28: promote; $HOME `x`")
    assert (tmp_path / "out").read_text() == "--title|a night|night of 2026-11-28: promote; $HOME `x`"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("/nowhere/to/be/found", "could not be run"),
        ('unbalanced "quote', "could not be run"),
        (f"{sys.executable} -c \"import sys; sys.exit('no bus')\"", "ended with 1: no bus"),
    ],
)
def test_a_command_that_fails_is_logged_and_no_more(tmp_path: Path, given: str, said: str) -> None:
    with log.written(tmp_path):
        assert not command(given, "line")
    (line,) = logged(tmp_path)
    assert line["event"] == "notify_failed" and line["level"] == "warning" and said in line["message"]


def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    given = f"sh -c 'sleep 60 & echo $! > {tmp_path}/child; sleep 60'"
    began = time.monotonic()
    assert not command(given, "line", seconds=1.0)
    assert time.monotonic() - began < 10
    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 5
    while time.monotonic() < until and _alive(child):
        time.sleep(0.05)
    assert not _alive(child)


def test_a_command_ends_when_the_daemon_is_told_to(tmp_path: Path) -> None:
    def check() -> None:
        raise Interrupted("the daemon stops")

    with pytest.raises(Interrupted):
        command("sh -c 'sleep 60'", "line", check=check)


def test_a_ping_is_tried_again_until_it_is_answered_well() -> None:
    with answering(503, 500, 200) as (url, asked):
        assert ping(url, pauses=(0.01, 0.01, 0.01))
    assert asked == ["/secret-path"] * 3


def test_a_ping_that_nobody_answers_is_logged_without_its_path(tmp_path: Path) -> None:
    with answering(500, 500) as (url, _), log.written(tmp_path):
        assert not ping(url, pauses=(0.01,))
    assert not ping("http://127.0.0.1:1/secret-path", pauses=())
    (line,) = logged(tmp_path)
    assert "500" in line["message"] and "127.0.0.1" in line["message"] and "secret" not in line["message"]


def test_the_wait_between_pings_ends_when_the_daemon_is_told_to() -> None:
    def check() -> None:
        raise Interrupted("the daemon stops")

    with pytest.raises(Interrupted):
        ping("http://127.0.0.1:1/", pauses=(60.0,), check=check)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # a zombie that nobody has reaped yet is dead
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
