"""The watcher as it is used: in a thread, and as a command that a person starts and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from tests.daemon.desk import E0596, MANIFEST, SLIP, TOTAL, plant, tree

from sleepy.daemon.base import lock
from sleepy.daemon.base.home import Home
from sleepy.daemon.watch.attempts import NICENESS, lower_priority
from sleepy.daemon.watch.crate_state import Pace
from sleepy.daemon.watch.events import Event, EventKind
from sleepy.daemon.watch.watch import Watcher
from sleepy.memory.episodic import recall, state
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox

QUICK = Pace(quiet=0.2, settle=0.4, again=1.0)


class Sentence:
    """Hears events, and waits for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, kind: EventKind, count: int = 1) -> list[Event]:
        def there() -> list[Event]:
            found = [event for event in self.events if event.kind is kind]
            return found if len(found) >= count else []

        with self._news:
            assert self._news.wait_for(there, 60), [str(event) for event in self.events]
            return there()


def test_in_a_thread_it_learns_from_real_edits_of_two_crates_and_stops(tmp_path: Path, db: Database) -> None:
    one, two = (plant(tmp_path / name, {"Cargo.toml": MANIFEST, "src/lib.rs": TOTAL}) for name in ("one", "two"))
    told = Sentence()
    watcher = Watcher(
        [one, two, one / "src", tmp_path / "missing"], db, partial(Sandbox.open, workers=1), tmp_path / "cache",
        say=told, pace=QUICK, cargo_home=tmp_path,
    )  # fmt: skip
    watcher.start()
    assert "missing" in told.wait(EventKind.TROUBLE)[0].message
    assert {event.crate for event in told.wait(EventKind.GREEN, 2)} == {str(one), str(two)}
    (two / "src" / "lib.rs").write_text(SLIP)
    told.wait(EventKind.RED)
    time.sleep(1)  # rest
    (two / "src" / "lib.rs").write_text(TOTAL)
    [learnt] = told.wait(EventKind.LEARNT)
    assert (learnt.crate, learnt.file) == (str(two), "src/lib.rs")
    plant(tmp_path / "missing", {"Cargo.toml": MANIFEST, "src/lib.rs": TOTAL})
    assert len(told.wait(EventKind.WATCHING, 3)) == 3
    watcher.stop()
    assert len(recall.recall(db, E0596)) == 1
    assert [key for key in state.everything(db) if key.startswith("crate:")] == []
    assert not any(thread.name == "watcher" for thread in threading.enumerate())


def sleepy(home: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    known = {**os.environ, "SLEEPY_HOME": str(home), "CARGO_HOME": str(home.parent), "OMP_NUM_THREADS": "1", **more}
    return subprocess.Popen(
        [sys.executable, "-m", "sleepy", *words], env=known, cwd=home.parent, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_command_tells_what_it_sees_beside_another_process_and_ends_cleanly(tmp_path: Path, end: int) -> None:
    root = plant(tmp_path / "shop", {"Cargo.toml": MANIFEST, "src/lib.rs": SLIP})
    before = tree(root)
    with lock.held(Home(tmp_path / "home")):
        running = sleepy(tmp_path / "home", "watch", str(root), "--json")
        assert running.stdout is not None
        lines = [json.loads(running.stdout.readline()) for _ in range(2)]
        running.send_signal(end)
        out, err = running.communicate(timeout=30)
    assert [line["kind"] for line in lines] == ["watching", "red"]
    assert (lines[1]["code"], lines[1]["file"], lines[1]["signature"]) == ("E0596", "src/lib.rs", E0596)
    assert (running.returncode, out, err) == (0, "", "Stopped watching. What was learnt is kept.\n")
    assert tree(root) == before
    with Database.open(tmp_path / "home" / "sleepy.db") as db:
        assert state.everything(db) == {}


def test_once_says_how_each_crate_is_and_ends(tmp_path: Path) -> None:
    good, bad = (
        plant(tmp_path / name, {"Cargo.toml": MANIFEST, "src/lib.rs": text})
        for name, text in (("a", TOTAL), ("b", SLIP))
    )
    running = sleepy(tmp_path / "home", "watch", "--once", SLEEPY_CRATES=f"{good}{os.pathsep}{bad}")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (1, "")
    assert out.splitlines()[2:] == [
        f"green: {good}: it compiles",
        "red: E0596: src/lib.rs:4: cannot borrow `sum` as mutable, as it is not declared as mutable",
    ]


def test_a_path_that_is_no_crate_is_named_with_a_remedy_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    running = sleepy(tmp_path / "home", "watch", str(tmp_path / "empty"))
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert f"no Cargo.toml in {tmp_path}" in err and "remedy: name the folder of a crate" in err
    assert not (tmp_path / "home").exists()


def test_a_lowered_thread_lowers_what_it_starts_and_nobody_else() -> None:
    said: list[str] = []

    def work() -> None:
        lower_priority()
        said.append(subprocess.run(["nice"], capture_output=True, text=True, check=True, timeout=60).stdout.strip())

    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == [str(max(before, NICENESS))] and os.getpriority(os.PRIO_PROCESS, 0) == before


def test_watching_needs_no_torch() -> None:
    program = "import sys, sleepy.daemon.watch.watch, sleepy.daemon.watch.attempts; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"
