"""What systemd, or who started the daemon, hears over real datagram sockets."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from sleepy.daemon.service import systemd
from sleepy.daemon.service.systemd import Failure


@pytest.mark.parametrize("abstract", [False, True])
def test_what_is_notified_arrives_in_one_datagram(tmp_path: Path, abstract: bool) -> None:
    if abstract and not sys.platform.startswith("linux"):
        pytest.skip("abstract names are Linux's")
    name = f"sleepy-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind("\0" + name if abstract else name)
        ear.settimeout(5)
        environment = {"NOTIFY_SOCKET": ("@" if abstract else "") + name}
        assert systemd.notify("READY=1", "STATUS=two\nlines", environment=environment)
        assert ear.recv(4096) == b"READY=1\nSTATUS=two lines"


def test_why_a_daemon_ends_arrives_as_it_was_sent(tmp_path: Path) -> None:
    why = Failure("the setting metrics_port is 1:\nin use \u2028 é", "give a port that is free")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(5)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        assert systemd.failed(why, environment)
        said = ear.recv(4096)
    assert systemd.failure(said) == why and not systemd.ready(said)
    assert systemd.failure(b"READY=1\nSTATUS=idle") is None and systemd.ready(b"READY=1\nSTATUS=idle")


@pytest.mark.parametrize("address", ["", "relative", "/nobody/listens/here", "@sleepy-nobody-listens-here"])
def test_where_nobody_listens_nothing_happens(address: str) -> None:
    assert not systemd.notify("READY=1", environment={"NOTIFY_SOCKET": address} if address else {})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "7"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "8"}, None),  # another process is watched
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_the_watchdog_s_time_is_read(environment: dict[str, str], expected: float | None) -> None:
    assert systemd.watchdog(environment, pid=7) == expected
