"""`sleepy status` on a terminal, in a pipe, and left open."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon import lived
from tests.daemon.cli.test_cli import refused, sleepy


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(lived.live(tmp_path_factory.mktemp("status") / "home", now=datetime.now(UTC)).root)


def test_piped_it_has_no_colour_and_the_json_has_the_same_figures(home: str) -> None:
    done = sleepy("status", "--home", home)
    assert done.returncode == 0 and "\x1b" not in done.stdout
    found = json.loads(sleepy("status", "--home", home, "--json").stdout)
    assert f"{found['today']['passes']} of {found['today']['attempts']} attempts solved" in done.stdout


def test_a_terminal_without_these_signs_is_no_reason_to_fail(home: str) -> None:
    done = sleepy("status", "--home", home, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "champion" in done.stdout and "?" in done.stdout


def test_a_picture_is_written(home: str, tmp_path: Path) -> None:
    done = sleepy("status", "--home", home, "--svg", str(tmp_path / "s.svg"))
    assert done.returncode == 0
    assert (tmp_path / "s.svg").read_text(encoding="utf-8").startswith("<svg")


def test_two_ways_at_once_are_refused(home: str) -> None:
    refused(sleepy("status", "--home", home, "--json", "--watch"), "exclude each other")


def test_watching_uses_the_other_screen_and_ctrl_c_ends_it_cleanly(home: str, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "sleepy", "status", "--home", home, "--watch", "--every", "0.2"]
    with (tmp_path / "said").open("w") as said:
        watching = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=said, env={**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        )
    os.close(slave)
    seen = b""
    until = time.monotonic() + 60

    def read(wanted: bytes, times: int = 1) -> None:
        nonlocal seen
        while seen.count(wanted) < times and time.monotonic() < until:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    seen += os.read(master, 65536)
                except OSError:  # its end was closed
                    return

    try:
        read(b"champion", 3)  # drawn again
        assert seen.count(b"champion") >= 3, seen
        watching.send_signal(signal.SIGINT)
        read(b"\x1b[?1049l")
        assert watching.wait(timeout=30) == 0
        assert (tmp_path / "said").read_text() == ""
    finally:
        watching.kill()
        watching.wait()
        os.close(master)
    assert seen.count(b"\x1b[?1049h") == seen.count(b"\x1b[?1049l") == 1
    assert seen.rindex(b"\x1b[?1049l") > seen.rindex(b"champion")
    assert seen.count(b"\x1b[?25l") == seen.count(b"\x1b[?25h")  # the cursor is back
