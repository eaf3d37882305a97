"""What is tried in the background: one attempt at a time, and no secret in what is told of it."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

from tests.daemon.desk import E0596, MANIFEST, SLIP, plant

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.crate import lesson
from sleepy.daemon.watch.attempts import FixRequest, attempts
from sleepy.daemon.watch.events import Event, EventKind, EventSource
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace


def _request(folder: Path, sandbox: Sandbox, cache: Path) -> FixRequest:
    plant(folder, {"Cargo.toml": MANIFEST, "src/lib.rs": SLIP})
    workspace = Workspace.open(folder, sandbox.jail, cache, cargo_home=cache)
    return FixRequest(workspace, Path("src/lib.rs"), lesson.task(folder.name, SLIP), (), E0596)


def test_attempts_for_two_crates_wait_for_one_another(sandbox: Sandbox, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    first, second = (_request(tmp_path / name, sandbox, cache) for name in ("one", "two"))
    found: dict[str, Episode | None] = {}
    with (
        Database.open(tmp_path / "sleepy.db") as db,
        attempts(Config(), Home(tmp_path), db, sandbox, lambda _: None, with_model=False) as attempt,
    ):

        def run(name: str, request: FixRequest) -> threading.Thread:
            thread = threading.Thread(target=lambda: found.update({name: attempt(request)}), daemon=True)
            thread.start()
            return thread

        with next(cache.glob("one-*")).joinpath("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a build of the first crate that goes on and on
            one = run("first", first)
            one.join(0.5)
            two = run("second", second)
            two.join(3)
            assert found == {}
        for thread in (one, two):
            thread.join(60)
    assert all(each is not None and each.passed for each in found.values()) and len(found) == 2


def test_what_is_told_of_a_crate_has_no_secrets_in_it(tmp_path: Path) -> None:
    heard: list[Event] = []
    teller = EventSource(tmp_path, heard.append)
    teller.trouble("it could not be checked: warning: https://user:s3cr3tpassw0rd@crates.example.org is slow")
    teller.say(EventKind.NOT_LEARNT, message='left: `let token = "abc123def456"`')
    assert len(heard) == 2 and not any("s3cr3t" in str(each) or "abc123" in str(each) for each in heard)
