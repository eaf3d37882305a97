"""The unit that systemd and launchd are told to run, and how it is put in place."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.service import install
from sleepy.daemon.service.install import CommandRun, installation, uninstall


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
