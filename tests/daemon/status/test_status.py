"""What the screen says, and what it says it from: counters alone, whatever state the home is in."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.daemon import lived
from tests.daemon.desk import MANIFEST, plant
from tests.daemon.lived import NOW, PATTERNS, VERSION

from sleepy.daemon import status
from sleepy.daemon.base import lock
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.heartbeat import beating
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import FORGETTING
from sleepy.daemon.status.crates import shown
from sleepy.daemon.status.display import svg
from sleepy.memory.episodic import nights, patterns, stages, state
from sleepy.memory.episodic.database import Database, DatabaseError

SETTINGS = Config()


def screen(home: Home, now: datetime = NOW, config: Config = SETTINGS) -> str:
    console = Console(width=200, file=io.StringIO(), highlight=False)
    console.print(status.view(status.read(home, config, now=now)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def data(home: Home, now: datetime = NOW, config: Config = SETTINGS) -> dict[str, Any]:
    found = status.read(home, config, now=now).data
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A lived-in home that no test changes."""
    return lived.live(tmp_path_factory.mktemp("kept") / "home")


@pytest.fixture
def home(kept: Home, tmp_path: Path) -> Home:
    shutil.copytree(kept.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_every_line_fits_into_80_columns(home: Home) -> None:
    with Database.open(home.database) as db, lock.held(home):
        status.heartbeat(db, "learning " + "E0308:" + "x" * 200, 1, 1000, now=NOW - timedelta(seconds=90))
        status.heartbeat(db, "learning " + "E0308:" + "x" * 200, 500, 1000, now=NOW)
        state.put(db, "fallback", {"reason": "y" * 300, "champion": VERSION, "serves": None}, now=NOW)
        state.put(db, "held", {"date": "2026-11-24", "reasons": ["z" * 300]}, now=NOW)
        shown = screen(home)
    wide = [line for line in shown.splitlines() if len(line.rstrip()) > 80]
    assert wide == []
    assert "500 of 1000" in shown and "champion is damaged" in shown and "on hold" in shown


def test_the_json_keeps_every_key_of_schema_1(kept: Home) -> None:
    found = data(kept)
    assert found["schema"] == 2
    assert {
        "home",
        "now",
        "at_work",
        "holder",
        "doing",
        "next_night",
        "last_night",
        "champion",
        "routes",
        "today",
    } <= found.keys()
    assert {"attempts", "passes"} <= found["today"].keys()
    assert {"signature", "state", "episodes", "passes", "champion"} <= found["patterns"][0].keys()
    assert {"date", "state", "decision", "exam", "baseline", "challenger", "reason"} <= found["last_night"].keys()


def test_the_docstring_names_every_key_of_the_json(kept: Home) -> None:
    from sleepy.daemon.status import figures

    assert figures.__doc__ is not None
    documented = {word.strip(",") for line in figures.__doc__.splitlines() for word in line[:34].split()}
    assert [key for key in data(kept) if key not in documented] == []


def test_todays_attempts_are_counted_by_rung(kept: Home) -> None:
    today = data(kept)["today"]
    counted = {name: (rung["passes"], rung["attempts"]) for name, rung in today["rungs"].items()}
    assert counted["model"] == (19, 30) and set(counted) == {"hints", "model", "samples"}
    assert today["attempts"] == sum(attempts for _, attempts in counted.values())
    assert "hints 3 of 4" in screen(kept)


def test_yesterdays_attempts_are_not_todays(kept: Home) -> None:
    assert data(kept, NOW + timedelta(days=1))["today"]["attempts"] == 0


def test_tonights_plan_is_what_the_night_would_choose(kept: Home) -> None:
    plan = data(kept)["plan"]
    assert next(item["signature"] for item in plan["train"] if ":" in item["signature"]) == "E0308:String<-Option@fn"
    assert PATTERNS[2][0] not in [item["signature"] for item in plan["train"]]  # mastered
    resting = {item["signature"]: item["reason"] for item in plan["resting"]}
    assert list(resting) == [PATTERNS[4][0]]  # three nights tried it in vain
    few = data(kept, config=replace(Config(), night_patterns=1))["plan"]
    assert len(few["train"]) == 1 and few["waiting"] == len(plan["train"]) - 1


def test_patterns_stand_as_a_person_would_say(kept: Home) -> None:
    found = {item["signature"]: item["standing"] for item in data(kept)["patterns"]}
    assert found[PATTERNS[2][0]] == "mastered"
    assert found[PATTERNS[3][0]] == "learning"
    assert found[PATTERNS[4][0]] == "stuck"
    assert data(kept)["standings"] == {"stuck": 1, "learning": 4, "mastered": 1}


def test_a_pattern_of_which_little_is_known_is_new(home: Home) -> None:
    with Database.open(home.database) as db:
        lived.record(db, "E0001:new@fn", "one", (lived.attempt(False),), 0, NOW)
    assert {item["standing"] for item in data(home)["patterns"] if item["signature"] == "E0001:new@fn"} == {"new"}


def test_a_patterns_days_are_its_sparkline(kept: Home) -> None:
    learnt = next(item for item in data(kept)["patterns"] if item["signature"] == PATTERNS[0][0])
    assert [passes for _, passes, _ in learnt["history"]] == [0, 1, 0, 2, 4, 5, 5]
    assert "▁▂▁▄▇██" in screen(kept)


def test_the_champion_is_shown_with_its_exam_and_interval(kept: Home) -> None:
    serving = data(kept)["serving"]
    assert serving["exam"]["passes"] == 283 and serving["exam"]["n"] == 522
    assert serving["exam"]["low"] < 283 / 522 < serving["exam"]["high"]
    assert serving["routes"][0]["wins"] == 12 and serving["night"] == "2026-11-19"
    shown = screen(kept)
    assert VERSION[:12] in shown and "283 of 522 (54 %, 95 % interval 50-58 %)" in shown


@pytest.mark.parametrize(("days", "said"), [(0, "last good night today"), (1, "1 day ago"), (9, "9 days ago")])
def test_the_age_of_the_last_good_night_is_said(kept: Home, days: int, said: str) -> None:
    assert said in screen(kept, NOW + timedelta(days=days))


def test_a_failed_night_is_shown_with_its_reason_and_the_last_decision(home: Home) -> None:
    with Database.open(home.database) as db:
        night = nights.begin(db, NOW.date() + timedelta(days=1), seed=1, now=NOW)
        nights.fail(db, night.id, "train: no space", now=NOW)
    shown = screen(home)
    assert "failed: train: no space" in shown and "last decision: inconclusive, 2026-11-24" in shown
    assert data(home)["health"]["last_good"]["date"] == "2026-11-24"


def test_without_a_process_at_work_nothing_is_being_done(home: Home) -> None:
    with Database.open(home.database) as db:
        status.heartbeat(db, "practice", 1, 9, now=NOW)
    found = data(home)
    assert (found["state"], found["doing"]) == ("stopped", None)
    assert "not running" in screen(home)


def test_practice_is_shown_with_progress_and_the_time_that_is_left(home: Home) -> None:
    with Database.open(home.database) as db, lock.held(home):
        status.heartbeat(db, "practice", 0, 60, now=NOW - timedelta(seconds=120))
        status.heartbeat(db, "practice", 20, 60, now=NOW)
        found = data(home)
        assert found["state"] == "working" and found["doing"]["remaining"] == 240.0
        assert found["doing"]["started"] == (NOW - timedelta(seconds=120)).isoformat()
        assert "20 of 60, 4 min left" in screen(home)


def test_a_night_at_work_is_shown_with_its_stage(home: Home) -> None:
    later = datetime.now(UTC) + timedelta(seconds=5)  # after this process began
    with Database.open(home.database) as db, lock.held(home):
        night = nights.begin(db, date(2027, 1, 1), seed=1, now=later)
        stages.start(db, night.id, "train", ordinal=3, inputs_hash="0" * 64, now=later)
        status.heartbeat(db, "learning E0308", 1, 4, now=later)
        assert data(home, later)["state"] == "asleep"
        assert "night, stage 4 of 9: train" in screen(home, later)
        status.heartbeat(db, "practice", 1, 4, now=later)
        assert data(home, later)["state"] == "working"


def test_an_interrupted_night_is_not_taken_for_one_at_work(home: Home) -> None:
    with Database.open(home.database) as db, lock.held(home):
        night = nights.begin(db, date(2027, 1, 1), seed=1, now=NOW)
        stages.start(db, night.id, "train", ordinal=3, inputs_hash="0" * 64, now=NOW - timedelta(days=3000))
        status.heartbeat(db, "a fix", 1, 4, now=NOW)  # this process began after the stage did
        assert data(home)["state"] == "working"
        assert "a night was interrupted at train" in screen(home)


def test_work_in_the_foreground_is_seen_by_others(home: Home) -> None:
    said: list[tuple[str, int, int]] = []
    with Database.open(home.database) as db, lock.held(home):
        night = nights.begin(db, date(2027, 1, 1), seed=1, now=NOW)
        stages.start(db, night.id, "train", ordinal=3, inputs_hash="0" * 64, now=datetime.now(UTC))
        say = beating(db, lambda what, done, total: said.append((what, done, total)), lambda: NOW)
        say("train E1", 1, 100)
        say("train E1", 2, 100)  # within the same two seconds: to the person alone
        found = data(home)
    assert (found["state"], found["doing"]["what"], found["doing"]["done"]) == ("asleep", "train E1", 1)
    assert said == [("train E1", 1, 100), ("train E1", 2, 100)]


def test_an_interrupted_forgetting_is_shown(home: Home) -> None:
    assert not data(home)["forgetting"] and "forgetting" not in screen(home)
    with Database.open(home.database) as db:
        state.put(db, FORGETTING, {"digest": "x"}, now=NOW)
    assert data(home)["forgetting"] and "`sleepy forget` completes it" in screen(home)


def test_a_pause_shows_until_its_end(home: Home) -> None:
    with Database.open(home.database) as db, lock.held(home):
        state.put(db, "pause", {"until": (NOW + timedelta(hours=1)).isoformat()}, now=NOW)
        assert data(home)["state"] == "paused" and "sleepy resume" in screen(home)
        assert data(home, NOW + timedelta(hours=2))["state"] == "idle"
        state.put(db, "pause", {"until": None}, now=NOW)
        assert data(home, NOW + timedelta(days=2))["state"] == "paused"


def test_a_crate_that_does_not_compile_is_shown_with_where_and_since_when(home: Home) -> None:
    red = {"state": "red", "files": ["src/lib.rs"], "signature": "E0277:Hash@struct", "since": NOW.isoformat()}
    with Database.open(home.database) as db:
        state.put(db, "crate:/c/green", {"state": "green", "files": [], "signature": "", "since": ""}, now=NOW)
        state.put(db, "crate:/c/shop", red, now=NOW)
    shown = screen(home)
    assert f"shop has not compiled since {NOW.astimezone():%H:%M}: src/lib.rs" in shown
    assert "E0277 Hash is not implemented (in a struct)" in shown
    assert shown.index("shop has") < shown.index("green")
    assert data(home)["crates"][1] == {"crate": "/c/shop", **red}


def test_each_crate_has_a_word_on_how_it_is_and_what_would_help(home: Home, tmp_path: Path) -> None:
    named = [tmp_path / name for name in ("fine", "failing", "untested", "new", "deleted", "empty")]
    for folder in named[:-2]:
        plant(folder, {"Cargo.toml": MANIFEST})
    named[-1].mkdir()
    fine, failing, untested, new, deleted, empty = map(str, named)
    green = {"state": "green", "files": [], "signature": "", "since": NOW.isoformat()}
    asked = Config(crates=(fine, failing, untested, new, deleted, empty))
    with Database.open(home.database) as db:
        for name in (fine, failing, untested, deleted):
            state.put(db, f"crate:{name}", green, now=NOW)
        state.put(db, "crate:/c/full", {**green, "state": "unknown", "why": "the disk is full; free space"}, now=NOW)
        for name, why, remedy in (
            (fine, "", ""),
            (failing, "its tests fail: adds", "`cargo test` shows how"),
            (untested, "it has no tests", "write some"),
        ):
            state.put(db, f"practised:{name}", {"digest": "d", "why": why, "remedy": remedy}, now=NOW)
    crates = {Path(row["crate"]).name: row for row in data(home, config=asked)["crates"]}
    assert {name: row["state"] for name, row in crates.items()} == {
        "fine": "green", "failing": "green", "untested": "green", "new": "unfollowed", "deleted": "unknown",
        "empty": "unknown", "full": "unknown",
    }  # fmt: skip
    assert "practice" not in crates["fine"] and crates["failing"]["practice"]["why"] == "its tests fail: adds"
    with lock.held(home):
        assert {row["state"] for row in data(home, config=asked)["crates"]} == {"green", "unknown"}
    for line in screen(home, config=replace(asked, crates=(fine, new))).splitlines():
        assert "● fine" not in line or line.rstrip().endswith("● fine compiles")
        assert "● new" not in line or line.rstrip().endswith("● new is not followed now (`sleepy start`)")
    for name, words in {
        "deleted": f"cannot be followed{deleted} does not exist; name the folder",
        "empty": f"cannot be followed no Cargo.toml in {empty} or above it; name the folder",
        "full": "cannot be followed the disk is full; free space",
        "failing": "compiles, but could not be practised on its tests fail: adds; `cargo test` shows how",
        "untested": "compiles, but could not be practised on it has no tests; write some",
    }.items():
        lines = "".join(line.plain for line in shown([crates[name]], 70))
        assert lines.replace(" ", "").startswith(f"●{name}{words}".replace(" ", "")), lines
        assert all(len(line) <= 70 for line in shown([crates[name]], 70))
    assert "crates" in screen(Home(tmp_path / "none"), config=asked)  # before the first database


def test_an_offered_fix_is_shown(home: Home) -> None:
    with Database.open(home.database) as db:
        state.put(db, "offer", {"file": "src/parser.rs", "crate": "/c"}, now=NOW)
    assert "a fix for src/parser.rs is ready: `sleepy fix --diff`" in screen(home)


def test_a_home_that_is_not_there_is_one_where_nothing_happened(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert "No practice yet" in screen(home) and not home.root.exists()


def test_a_database_in_which_nothing_happened_is_shown(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Database.open(home.database).close()
    assert "No practice yet" in screen(home)
    assert data(home)["champion"] is None and data(home)["plan"]["train"] == []


def test_a_database_of_a_newer_revision_is_one_clear_line(home: Home) -> None:
    with sqlite3.connect(home.file) as raw:
        raw.execute("UPDATE sleepy_revision SET version_num = '9999'")
    raw.close()
    with pytest.raises(DatabaseError, match="newer than this sleepy") as caught:
        screen(home)
    assert caught.value.remedy


def test_a_writer_does_not_keep_the_screen_waiting(home: Home) -> None:
    with Database.open(home.database) as db, db.writing():
        assert "champion" in screen(home)


def test_a_locked_database_is_said_to_be_locked(home: Home) -> None:
    raw = sqlite3.connect(home.file, isolation_level=None)
    raw.execute("PRAGMA locking_mode=EXCLUSIVE")
    raw.execute("BEGIN EXCLUSIVE")
    raw.execute("UPDATE patterns SET episodes = episodes")
    try:
        with pytest.raises(DatabaseError, match="locked") as caught:
            screen(home)
        assert "another process" in caught.value.remedy
    finally:
        raw.close()


def test_a_night_whose_record_is_damaged_does_not_blind_the_screen(home: Home) -> None:
    with sqlite3.connect(home.file) as raw:
        raw.execute("UPDATE stages SET artefact = '{}' WHERE name = 'examine'")
    raw.close()
    assert "tonight" in screen(home)


def test_the_picture_of_the_docs_is_what_make_status_svg_draws(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    made = tmp_path / "status.svg"
    command = [sys.executable, "-m", "tests.daemon.lived", str(made)]
    subprocess.run(command, cwd=root, env={**os.environ, "TZ": "UTC"}, check=True)
    assert (root / "docs" / "status.svg").read_text(encoding="utf-8") == made.read_text(encoding="utf-8")


def test_the_picture_has_nothing_to_fetch(kept: Home) -> None:
    made = svg(status.view(status.read(kept, Config(), now=NOW)))
    assert made.startswith("<svg") and "E0308" in made
    assert [word for word in ("url(http", "@font-face", "@import", "href") if word in made] == []
    assert made == svg(status.view(status.read(kept, Config(), now=NOW)))


@pytest.fixture
def steps() -> Iterator[list[int]]:
    """The steps SQLite's machine took."""
    taken = [0]

    def step() -> int:
        taken[0] += 1
        return 0

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(step, 1)

    event.listen(Engine, "connect", connected)
    yield taken
    event.remove(Engine, "connect", connected)


def test_the_screen_costs_the_same_with_a_thousand_times_the_episodes(home: Home, steps: list[int]) -> None:
    def cost() -> int:
        before = steps[0]
        status.read(home, Config(), now=NOW)
        return steps[0] - before

    few = cost()
    with sqlite3.connect(home.file) as raw:
        raw.execute("UPDATE tallies SET attempts = attempts * 1000, passes = passes * 1000")
        raw.execute("UPDATE patterns SET episodes = episodes * 1000, passes = passes * 1000")
        raw.execute(
            "INSERT INTO episodes (task_id, pattern_id, version_id, phase, model, started, passed, is_label)"
            " SELECT task_id, pattern_id, version_id, phase, model, started, passed, is_label FROM episodes,"
            " (WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n)"
        )
    raw.close()
    assert few > 100
    assert cost() <= 1.1 * few


def test_history_is_of_one_rung_and_since_a_day(kept: Home) -> None:
    with Database.open(kept.database, read_only=True) as db:
        whole = patterns.history(db, since=date(2026, 11, 1))
        late = patterns.history(db, since=NOW.date())
        hints = patterns.history(db, since=NOW.date(), rung="hints")
    assert len(whole[PATTERNS[0][0]]) == 7
    assert [day for day, *_ in late[PATTERNS[3][0]]] == [NOW.date()]
    assert late[PATTERNS[3][0]][0][2] == 5 and hints[PATTERNS[3][0]][0][2] == 1
