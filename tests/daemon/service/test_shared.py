"""Daemons of two homes that share a database on a real server, which stops and starts, and of which one is killed."""

from __future__ import annotations

import os
import platform
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from tests.daemon.service.test_service import FAILING, NEVER, Process, alive, until
from tests.postgresql import Server

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import practise
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.service import commands
from sleepy.daemon.service.beat import Beat, Interrupted
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import episodes, nights, state
from sleepy.memory.episodic.database import Database, DatabaseAway
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.tasks import Task
from sleepy.sandbox.sandbox import Sandbox


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    server.command(f"CREATE DATABASE {name}")
    yield server.address(name)
    server.command(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def pair(url: str, tmp_path: Path) -> Iterator[tuple[Process, Process]]:
    made = Process(tmp_path / "one"), Process(tmp_path / "two")
    for each in made:
        each.environment |= {"SLEEPY_DATABASE": url, "SLEEPY_DAY_AT": NEVER}
    yield made
    for each in made:
        for pid in each.started:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_two_daemons_sleep_one_night(pair: tuple[Process, Process], server: Server, url: str) -> None:
    """Both are told to: one does. The server stops and comes back, and the same goes on; killed, the other takes it."""
    one, two = pair
    today = datetime.now().astimezone().date()
    homes = [Home(each.home, url).make() for each in pair]
    with Database.open(homes[0].database) as db, Database.open(homes[1].database) as other:
        for number in range(12):  # a pattern that is credibly failing, so that there is much to do
            task = Task(f"{number:064d}", f"koan{number}", "fn main() { x }", "fn main() {}", "")
            tried = LoggedAttempt("compile_error", False, "prompt", "answer")
            episodes.record(db, Episode(task, FAILING, (tried,), "built-in"), now=datetime.now(UTC))
        commands.sleep_now(db, today, now=datetime.now(UTC))
        commands.sleep_now(other, today, now=datetime.now(UTC))
    first = one.start()
    one.wait("night_begun")
    until(lambda: claimant(url) == str(one.home), "the claim")
    second = two.start()
    held = two.wait("night_held")["message"]
    assert f"{platform.node()} (process {first}) sleeps the night of {today}, in {one.home}" in held

    server.stop()
    for each in pair:
        each.wait("database")
    server.start()
    for each in pair:
        each.wait("database_back")
        assert [line["event"] for line in each.log()].count("database") == 1
    assert claimant(url) == str(one.home) and alive(first) and alive(second)
    assert not [line for line in two.log() if line["event"] == "night_begun"]

    os.kill(first, signal.SIGKILL)
    two.wait("night_begun")
    until(lambda: claimant(url) == str(two.home), "the second's claim")
    assert [line["event"] for line in one.log()].count("night_begun") == 1
    with Database.open(url, read_only=True) as db:
        assert [night.date for night in nights.recent(db)] == [today]


def claimant(url: str) -> str | None:
    with Database.open(url, read_only=True) as db:
        found = state.get(db, "claim")
    return None if found is None else str(found.value["home"])


def test_a_server_that_is_not_there_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    process = Process(tmp_path)
    process.environment["SLEEPY_DATABASE"] = f"postgresql://u:s3cret@/d?host={tmp_path}"
    for words in (("status",), ("report",)):
        done = process.sleepy(*words, code=75)
        assert "No such file" in done.stderr and "remedy: see that the server runs" in done.stderr
        assert "s3cret" not in done.stderr + done.stdout
    process.environment["SLEEPY_DATABASE"] = "u:s3cret@host"
    done = process.sleepy("status", code=2)
    assert "SLEEPY_DATABASE is ***" in done.stderr


@pytest.fixture
def tools(url: str, tmp_path: Path, tiny: LanguageModel, sandbox: Sandbox) -> Iterator[Tools]:
    home = Home(tmp_path / "home", url).make()
    with Database.open(home.database) as db:
        yield Tools(db, home, Config(explore=0.0), tiny, RememberingJudge(sandbox, db), ())


def test_a_day_waits_for_its_database_and_loses_nothing(
    tools: Tools, server: Server, diagnoses: list[Diagnosis]
) -> None:
    """Stopped after the second of four episodes."""
    waited: list[DatabaseAway] = []

    def say(what: str, done: int, total: int) -> None:
        if done == 2:
            server.stop()

    def wait(away: DatabaseAway) -> None:
        waited.append(away)
        if len(waited) == 2:
            server.start()

    with tools.db.patient(wait):
        done = practise(replace(tools, say=say), Served(), diagnoses[:4])
    assert done.attempted == 4 and len(waited) == 2
    assert len(episodes.latest(tools.db)) == 4


def test_a_day_that_waits_ends_when_it_is_told_to() -> None:
    beat = Beat(lambda: datetime.now(UTC))
    beat.interrupt("the daemon is stopping")
    with pytest.raises(Interrupted, match="stopping"):
        beat.wait(DatabaseAway("away", remedy=""))
    assert beat.stirred()  # and to wait is not to hang
