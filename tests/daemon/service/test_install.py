"""What systemd hears, over real datagram sockets; and the unit it is told to run."""

from __future__ import annotations

import os
import plistlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.service import install, systemd
from sleepy.daemon.service.install import CommandRun, installation, uninstall
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


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("no systemd-analyze here")
    path = tmp_path / install.NAME
    path.write_text(install.unit([sys.executable, "-m", "sleepy", "run", "--home", '/a b/100%/$x"y'], memory=4096))
    done = subprocess.run(
        [analyse, "verify", "--user", "--man=no", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert install.NAME not in done.stderr, done.stderr


def test_the_unit_s_words_are_escaped_as_systemd_reads_them() -> None:
    text = install.unit(["/usr/bin/python", "--home", '/a b/100%/$x"y'])
    assert 'ExecStart=/usr/bin/python --home "/a b/100%%/$$x\\"y"\n' in text
    assert "Type=notify" in text and "MemoryMax" not in text
    assert "MemoryMax=512M\n" in install.unit(["x"], memory=512)


def test_the_launchd_file_is_a_property_list_that_runs_the_command(tmp_path: Path) -> None:
    read = plistlib.loads(install.agent(["/usr/bin/python", "-m", "sleepy"], tmp_path / "out").encode())
    assert read["ProgramArguments"] == ["/usr/bin/python", "-m", "sleepy"]
    assert read["KeepAlive"] == {"SuccessfulExit": False}


def test_a_service_is_installed_and_taken_out_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    found = installation(Home(tmp_path / "home"), ["--tier", "landlock"], platform="linux")
    ran: list[Sequence[str]] = []

    def fine(command: Sequence[str]) -> tuple[int, str]:
        ran.append(command)
        return 0, ""

    assert uninstall(found, fine) is None
    steps = install.install(found, fine)
    assert found.path == tmp_path / "config" / "systemd" / "user" / "sleepy.service"
    assert f"--home {tmp_path}/home --tier landlock" in found.path.read_text()
    assert [step.code for step in steps] == [0, 0] and ran[-1][-3:] == ("enable", "--now", "sleepy.service")
    assert uninstall(found, fine) is not None
    assert not found.path.exists() and ran[-2][-3:] == ("disable", "--now", "sleepy.service")


def test_a_step_that_fails_leaves_the_rest_to_be_done_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    found = installation(Home(tmp_path / "home"), [], platform="linux")
    steps = install.install(found, lambda _: (1, "Failed to connect to bus"))
    assert steps == [CommandRun(found.on[0], 1, "Failed to connect to bus"), CommandRun(found.on[1], None)]
    assert found.path.exists()


def test_another_system_is_refused_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="win32") as caught:
        installation(Home(tmp_path), [], platform="win32")
    assert "sleepy start" in caught.value.remedy
