"""The daemon as a process: started, told, paused, killed, alone in its home, and stopped."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import cli
from sleepy.daemon.service import commands
from sleepy.memory.episodic import episodes, nights, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.episodic.tasks import Task

NEVER = "0 3 1 1 *"
PATIENCE = 120.0  # seconds: machines are busy
FAILING = "E0308:int<-&str@fn"  # one that the forge finds koans for: a night without a course ends in seconds


class Process:
    """A home and what is done with it from outside."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
        self.environment = {
            **kept,
            "OMP_NUM_THREADS": "1",
            "SLEEPY_HOME": str(self.home),
            "SLEEPY_DAY_AT": "* * * * *",
            "SLEEPY_DAY_TASKS": "400",
            "SLEEPY_NIGHT_AT": NEVER,
        }
        self.started: list[int] = []

    def sleepy(
        self, *words: str, code: int | None = 0, before: Sequence[str] = (), **more: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*before, sys.executable, "-m", "sleepy", *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**self.environment, **more},
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def start(self, **more: str) -> int:
        said = self.sleepy("start", code=0, **more).stdout
        self.started.append(int(said.split("process ")[1].split(")")[0]))
        return self.started[-1]

    def status(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.sleepy("status", "--json").stdout)
        return data

    def log(self) -> list[dict[str, Any]]:
        path = self.home / "logs" / "sleepy.log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def stages(self) -> set[str]:
        with Database.open(self.home / "sleepy.db", read_only=True) as db:
            night = nights.last(db)
            return {stage.name for stage in stages.of_night(db, night.id)} if night is not None else set()

    def wait(self, event: str, count: int = 1) -> dict[str, Any]:
        found = until(lambda: [line for line in self.log() if line["event"] == event][count - 1 : count], event)
        line: dict[str, Any] = found[0]
        return line


def until(seen: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := seen()):
        assert time.monotonic() < end, f"waited for {what} in vain"
        time.sleep(0.05)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path)
    yield made
    for pid in made.started:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_the_daemon_lives_its_life(process: Process) -> None:
    """One start for all: alone in its home, told to sleep, to pause and to wake, on a full disk, stopped."""
    process.environment["SLEEPY_DAY_AT"] = NEVER
    pid = process.start()
    assert f"process {pid}" in process.status()["at_work"]
    assert f"Already running (process {pid})" in process.sleepy("start").stdout
    assert f"process {pid}" in process.sleepy("run", code=2).stderr
    for more, said in (({"SLEEPY_DEVICE": "cuda:7"}, "device is"), ({"SLEEPY_FORMAT": "choose"}, "SLEEPY_FORMAT")):
        assert said in process.sleepy("restart", code=2, **more).stderr
        assert process.status()["holder"]["pid"] == pid  # what cannot start does not take the place of what runs
    assert "Paused until" in process.sleepy("pause", "--for", "2h").stdout
    assert process.status()["state"] == "paused"
    assert "Resumed" in process.sleepy("resume").stdout

    # the disk is full: nothing can be written, the daemon stays, and does it when there is room again
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))
    assert "begins" in process.sleepy("sleep-now").stdout
    time.sleep(2)
    assert alive(pid) and not [line for line in process.log() if line["event"] == "night_begun"]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    assert process.wait("night_done")["asked"] is True
    assert "done already" in process.sleepy("sleep-now").stdout
    assert "no night was running" in process.sleepy("wake").stdout

    assert f"Stopped (process {pid})" in process.sleepy("stop").stdout
    assert not alive(pid)
    after = process.status()
    assert after["at_work"] is None and after["doing"] is None
    assert "Not running" in process.sleepy("stop").stdout
    assert "Not running" in process.sleepy("wake").stdout


def test_a_night_that_was_killed_paused_or_stopped_is_gone_on_with(process: Process) -> None:
    """By kill -9, by `pause` and by `stop`: each time it is the same night that is begun again."""
    process.environment["SLEEPY_DAY_AT"] = NEVER
    today = datetime.now().astimezone().date()
    with Database.open(process.home / "sleepy.db") as db:
        for number in range(12):  # a pattern that is credibly failing, so that there is much to do
            task = Task(f"{number:064d}", f"koan{number}", "fn main() { x }", "fn main() {}", "")
            tried = LoggedAttempt("compile_error", False, "prompt", "answer")
            episodes.record(db, Episode(task, FAILING, (tried,), "built-in"), now=datetime.now(UTC))
        commands.sleep_now(db, today, now=datetime.now(UTC))
    process.start()
    process.wait("night_begun")
    until(lambda: "curate" in process.stages(), "the stage in which lessons are made")
    os.kill(process.started[-1], signal.SIGKILL)
    until(lambda: not alive(process.started[-1]), "its end")
    pid = process.start()
    assert process.wait("night_begun", 2)["date"] == today.isoformat()
    process.sleepy("pause")
    assert process.wait("night_interrupted")["message"].endswith("paused")
    process.sleepy("resume")
    assert process.wait("night_begun", 3)["date"] == today.isoformat()
    assert f"Stopped (process {pid})" in process.sleepy("stop").stdout
    assert process.wait("night_interrupted", 2)["message"].endswith("the daemon is stopping")
    with Database.open(process.home / "sleepy.db", read_only=True) as db:
        row = nights.read(db, today)
    assert row is not None and row.state is NightState.RUNNING


@pytest.mark.slow
def test_a_pause_ends_a_practice_and_what_it_did_is_kept(process: Process) -> None:
    process.start()
    until(lambda: process.status()["today"]["attempts"], "an attempt")
    process.sleepy("pause")
    assert process.wait("practice_interrupted")["message"] == "practice interrupted: paused"
    seen = process.status()
    assert 0 < seen["today"]["attempts"] < 400 and seen["state"] == "paused"


def test_a_database_that_may_not_be_written_is_one_line(process: Process) -> None:
    Database.open(process.home / "sleepy.db").close()
    for path in process.home.glob("sleepy.db*"):
        path.chmod(0o444)
    # root may write whatever the permissions say, until it gives that right away
    bound = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    done = process.sleepy("run", code=2, before=bound)
    assert "readonly" in done.stderr and "writable for this user" in done.stderr


def test_what_keeps_it_from_starting_is_told_by_start(process: Process, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = process.sleepy("start", code=2, SLEEPY_METRICS_PORT=str(taken.getsockname()[1]))
        assert "metrics_port" in done.stderr and "remedy: set a free port" in done.stderr
    done = process.sleepy("start", code=78, PATH="/nowhere", HOME=str(tmp_path), RUSTC="")
    assert "no working rustc" in done.stderr
    assert "is not a time span" in process.sleepy("pause", "--for", "ever", code=2).stderr


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_mistyped_home_is_not_made_by_a_pause(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, [command, "--home", str(tmp_path / "hmoe")], standalone_mode=False)
    assert isinstance(done.exception, UserError) and "hmoe" in str(done.exception)
    assert "sleepy init" in done.exception.remedy
    assert not (tmp_path / "hmoe").exists()


def test_systemd_hears_that_it_is_ready_lives_and_stops(process: Process, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(PATIENCE)
        daemon = subprocess.Popen(
            [sys.executable, "-m", "sleepy", "run"],
            env={**process.environment, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "120000000"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        process.started.append(daemon.pid)
        assert ear.recv(4096) == b"READY=1\nSTATUS=idle"
        assert b"WATCHDOG=1" in ear.recv(4096)
        # a daemon whose loop hangs says nothing: the ear hears what was sent already, and then no more
        os.kill(daemon.pid, signal.SIGSTOP)
        time.sleep(0.3)
        ear.setblocking(False)
        while True:
            try:
                ear.recv(4096)
            except BlockingIOError:
                break
        time.sleep(1.5)
        with pytest.raises(BlockingIOError):
            ear.recv(4096)
        os.kill(daemon.pid, signal.SIGCONT)
        ear.settimeout(PATIENCE)
        assert b"WATCHDOG=1" in ear.recv(4096)
        daemon.send_signal(signal.SIGTERM)
        heard = b""
        while b"STOPPING=1" not in heard:
            heard = ear.recv(4096)
        assert daemon.wait(timeout=PATIENCE) == 0
