"""The database under trouble: two writers, kills, damage, strangers, locked folders, a million rows."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from sleepy.memory.episodic import episodes, nights, patterns, recall, state, versions
from sleepy.memory.episodic.database import Database, DatabaseError, DatabaseMissing
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt, record
from sleepy.memory.episodic.tasks import Task

PRELUDE = """
import sys, time
from datetime import UTC, date, datetime
from pathlib import Path
from sleepy.memory.episodic import episodes, nights, patterns, versions
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.episodes import LoggedAttempt, Episode
from sleepy.memory.episodic.tasks import Task
now = datetime(2031, 3, 4, tzinfo=UTC)
def episode(i):
    tried = tuple(LoggedAttempt("FAIL", False, "p" * 500, "a" * 500, "s" * 2000) for _ in range(3))
    return Episode(Task(str(i % 7).ljust(64, "0"), f"t{i % 7}", "broken"), f"E{i % 5}:x@fn", tried, "m")
"""


def child(script: str, *arguments: str | Path, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", PRELUDE + textwrap.dedent(script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """What the child printed; its own words when it failed."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def small(name: str = "t", signature: str = "E0382:x@fn") -> Episode:
    return Episode(Task(name.ljust(64, "0"), name, "broken"), signature, (LoggedAttempt("PASS", True),), "m")


@pytest.fixture
def path(tmp_path: Path, now: datetime) -> Path:
    """A database with one episode, closed."""
    place = tmp_path / "sleepy.db"
    with Database.open(place) as db:
        record(db, small(), now=now)
    return place


class TestProcesses:
    def test_two_writers_lose_nothing(self, db: Database, where: str) -> None:
        script = """
            with Database.open(sys.argv[1]) as db:
                for i in range(60):
                    print(episodes.record(db, episode(i), now=now))
        """
        writers = [child(script, where) for _ in range(2)]
        numbers = [int(line) for writer in writers for line in ended(writer).split()]
        assert len(set(numbers)) == 120
        assert {item.id for item in episodes.latest(db, limit=1000)} == set(numbers)
        assert [item.episodes for item in patterns.overview(db)] == [24] * 5
        assert sum(tally.attempts for tally in patterns.rates(db).values()) == 360

    def test_processes_that_open_an_empty_database_at_once_all_succeed(self, where: str, tmp_path: Path) -> None:
        script = """
            print("ready", flush=True)
            while not Path(sys.argv[2]).exists():
                time.sleep(0.001)
            with Database.open(sys.argv[1]) as db:
                episodes.record(db, episode(0), now=now)
        """
        start = tmp_path / "start"
        openers = [child(script, where, start) for _ in range(4)]
        for opener in openers:
            assert opener.stdout is not None
            assert opener.stdout.readline() == "ready\n"
        start.touch()
        for opener in openers:
            ended(opener)
        with Database.open(where) as db:
            assert len(episodes.latest(db)) == 4

    def test_kill_9_while_writing_loses_no_committed_episode(self, tmp_path: Path) -> None:
        script = """
            db = Database.open(sys.argv[1])
            for i in range(100_000):
                print(episodes.record(db, episode(i), now=now), flush=True)
        """
        place, told = tmp_path / "sleepy.db", set[int]()
        chance = random.Random(5)
        for _ in range(5):
            writer = child(script, place)
            assert writer.stdout is not None
            told.add(int(writer.stdout.readline()))
            timer = threading.Timer(chance.uniform(0.05, 0.4), os.kill, (writer.pid, signal.SIGKILL))
            timer.start()
            lines = writer.communicate(timeout=60)[0].splitlines(keepends=True)
            assert writer.returncode == -signal.SIGKILL
            told.update(int(line) for line in lines if line.endswith("\n"))
            with Database.open(place) as db:
                kept = episodes.latest(db, limit=100_000)
                assert told <= {item.id for item in kept}
                assert all(len(item.episode.attempts) == 3 for item in kept)
                assert sum(item.episodes for item in patterns.overview(db)) == len(kept)
                assert sum(t.attempts for t in patterns.rates(db).values()) == 3 * len(kept)
                assert db.check() == []
        assert len(told) > 10

    def test_kill_9_before_the_commit_leaves_no_half_promotion(self, path: Path, now: datetime) -> None:
        with Database.open(path) as db:
            night = nights.begin(db, date(2031, 3, 4), seed=1, now=now).id
            versions.register(db, "v1", path="v", files={}, parent=None, night=night, now=now)
            script = """
                db = Database.open(sys.argv[1])
                with db.writing():
                    versions.promote(db, "v1", night=int(sys.argv[2]), reasons=["gained"], now=now)
                    print(versions.champion(db), flush=True)
                    time.sleep(600)
            """
            promoter = child(script, path, str(night))
            assert promoter.stdout is not None
            assert promoter.stdout.readline() == "v1\n"
            assert versions.champion(db) is None
            promoter.kill()
            promoter.communicate()
            assert versions.pointed(db) == {}
            assert [item.decision for item in nights.recent(db)] == [None]
            versions.promote(db, "v1", night=night, reasons=["gained"], now=now)
            assert versions.champion(db) == "v1"

    def test_a_promotion_that_fails_half_way_moves_nothing(self, sqlite_db: Database, now: datetime) -> None:
        night = nights.begin(sqlite_db, date(2031, 3, 4), seed=1, now=now).id
        versions.register(sqlite_db, "v1", path="v", files={}, parent=None, night=night, now=now)
        with sqlite_db.writing() as connection:
            connection.execute(
                text(
                    "CREATE TRIGGER trouble BEFORE INSERT ON alias_moves WHEN NEW.alias = 'champion' "
                    "BEGIN SELECT RAISE(ABORT, 'trouble'); END"
                )
            )
        with pytest.raises(IntegrityError, match="trouble"):
            versions.promote(sqlite_db, "v1", night=night, reasons=["gained"], now=now)
        assert versions.pointed(sqlite_db) == {}
        assert versions.moves(sqlite_db) == []
        assert [item.decision for item in nights.recent(sqlite_db)] == [None]

    def test_a_promotion_is_seen_whole_or_not_at_all(self, db: Database, where: str, now: datetime) -> None:
        night = nights.begin(db, date(2031, 3, 4), seed=1, now=now).id
        for name in ("a", "b"):
            versions.register(db, name, path="v", files={}, parent=None, night=night, now=now)
        versions.promote(db, "a", night=night, reasons=["a"], now=now)
        versions.promote(db, "b", night=night, reasons=["b"], now=now)
        script = """
            with Database.open(sys.argv[1]) as db:
                for i in range(60):
                    name = "ab"[i % 2]
                    versions.promote(db, name, night=int(sys.argv[2]), reasons=[name], now=now)
        """
        promoter, seen = child(script, where, str(night)), set[str]()
        while promoter.poll() is None:
            with db.reading() as connection:
                found: dict[str, str] = {
                    row[0]: row[1] for row in connection.execute(text("SELECT name, version_id FROM aliases"))
                }
                why = connection.execute(text("SELECT decision_reasons FROM nights")).scalar()
            assert {found["champion"], found["previous"]} == {"a", "b"}
            assert (json.loads(why) if isinstance(why, str) else why) == [found["champion"]]
            seen.add(found["champion"])
        ended(promoter)
        assert seen == {"a", "b"}

    def test_promotions_of_two_processes_follow_one_upon_the_other(
        self, db: Database, where: str, now: datetime
    ) -> None:
        one, two = (nights.begin(db, date(2031, 3, day), seed=1, now=now).id for day in (4, 5))
        for name in ("a", "b", "c"):
            versions.register(db, name, path="v", files={}, parent=None, night=one, now=now)
        versions.promote(db, "a", night=one, reasons=[], now=now)
        script = """
            with Database.open(sys.argv[1]) as db:
                for i in range(40):
                    name = sys.argv[3][i % 2]
                    versions.promote(db, name, night=int(sys.argv[2]), reasons=[], now=now)
        """
        promoters = [child(script, where, str(one), "ab"), child(script, where, str(two), "ca")]
        for promoter in promoters:
            ended(promoter)
        moves = [move for move in versions.moves(db, limit=1000) if move.alias is versions.Alias.CHAMPION]
        assert len(moves) > 40
        assert [move.from_version for move in moves[:-1]] == [move.to_version for move in moves[1:]]

    def test_two_processes_begin_one_night_between_them(self, db: Database, where: str) -> None:
        script = """
            with Database.open(sys.argv[1]) as db:
                for day in range(1, 29):
                    print(nights.begin(db, date(2031, 2, day), seed=int(sys.argv[2]), now=now))
        """
        one, two = child(script, where, "1"), child(script, where, "2")
        assert ended(one) == ended(two)
        assert len(nights.recent(db)) == 28


class TestTrouble:
    def refused(self, path: Path, *, read_only: bool = False) -> DatabaseError:
        """Opens it, sees it refused by name with a remedy, and its files untouched."""
        before = {item.name: item.read_bytes() for item in path.parent.iterdir() if item.is_file()}
        with pytest.raises(DatabaseError) as caught:
            Database.open(path, read_only=read_only)
        after = {item.name: item.read_bytes() for item in path.parent.iterdir() if item.is_file()}
        assert {name: after.get(name) for name in before} == before
        assert path.name in str(caught.value)
        assert caught.value.remedy
        assert caught.value.exit_code == 2
        return caught.value

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_file_that_is_no_database_is_left_alone(self, tmp_path: Path, read_only: bool) -> None:
        place = tmp_path / "sleepy.db"
        place.write_text("my diary, not a database\n" * 500)
        assert "move it aside" in self.refused(place, read_only=read_only).remedy

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_truncated_database_is_left_alone(self, path: Path, read_only: bool) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        assert "malformed" in str(self.refused(path, read_only=read_only))

    def test_a_damaged_header_is_left_alone(self, path: Path) -> None:
        path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
        self.refused(path)

    def test_an_emptied_database_whose_log_has_episodes_is_left_alone(self, path: Path, now: datetime) -> None:
        with Database.open(path) as db:
            record(db, small(), now=now)
            other = path.parent / "copy" / "sleepy.db"
            other.parent.mkdir()
            shutil.copy(f"{path}-wal", f"{other}-wal")
        other.touch()
        assert "log" in str(self.refused(other))

    def test_another_programs_database_is_left_alone(self, tmp_path: Path) -> None:
        place = tmp_path / "sleepy.db"
        with sqlite3.connect(place) as connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.close()
        assert "recipes" in str(self.refused(place))

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_newer_database_is_left_alone(self, path: Path, read_only: bool) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE sleepy_revision SET version_num = '9999'")
        connection.close()
        said = self.refused(path, read_only=read_only)
        assert "9999" in str(said)
        assert "install" in said.remedy

    def test_a_folder_is_not_a_database(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseError, match="a folder"):
            Database.open(tmp_path)

    def test_damage_inside_is_named_when_it_is_read_and_found_by_check(self, path: Path, now: datetime) -> None:
        with Database.open(path) as db, db.writing():
            for i in range(100):
                record(db, small(f"t{i}", f"E{i}:{'x' * 900}"), now=now)
        with sqlite3.connect(path) as raw:
            (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'patterns'").fetchone()
            (size,) = raw.execute("PRAGMA page_size").fetchone()
        raw.close()
        damaged = bytearray(path.read_bytes())
        damaged[(page - 1) * size : page * size] = b"\x55" * size
        path.write_bytes(damaged)
        with Database.open(path) as db:
            with pytest.raises(DatabaseError, match=r"sleepy\.db: .*malformed"):
                patterns.overview(db)
            assert db.check() != []

    def test_nothing_to_read_is_said_so_and_not_made(self, tmp_path: Path) -> None:
        place = tmp_path / "home" / "sleepy.db"
        with pytest.raises(DatabaseMissing, match=r"sleepy\.db"):
            Database.open(place, read_only=True)
        assert not place.parent.exists()

    def test_an_empty_file_is_not_set_up_by_a_reader(self, tmp_path: Path) -> None:
        place = tmp_path / "sleepy.db"
        place.touch()
        assert "revision none" in str(self.refused(place, read_only=True))
        Database.open(place).close()

    def test_a_reader_changes_nothing_and_cannot_write(self, path: Path, now: datetime) -> None:
        before = path.read_bytes()
        with Database.open(path, read_only=True) as db:
            assert len(episodes.latest(db)) == 1
            with pytest.raises(DatabaseError, match="read-only"):
                record(db, small(), now=now)
        assert path.read_bytes() == before

    def test_a_reader_sees_what_a_writer_commits_meanwhile(self, path: Path, now: datetime) -> None:
        with Database.open(path, read_only=True) as reader, Database.open(path) as writer:
            record(writer, small(), now=now)
            assert len(episodes.latest(reader)) == 2

    def test_a_database_another_program_is_still_writing_first_is_waited_for(self, tmp_path: Path) -> None:
        place = tmp_path / "sleepy.db"
        other = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.rollback).start()
        with Database.open(place) as db:
            assert episodes.latest(db) == []
        other.close()
        with pytest.raises(DatabaseError, match="locked"):
            other = sqlite3.connect(tmp_path / "other.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            Database.open(tmp_path / "other.db", wait=0.1)
        other.close()

    def test_a_writer_that_waited_in_vain_says_who_is_in_the_way(self, path: Path, now: datetime) -> None:
        with Database.open(path) as busy, Database.open(path, wait=0.05) as hasty, busy.writing():
            with pytest.raises(DatabaseError, match="locked") as caught:
                record(hasty, small(), now=now)
            assert "another process" in caught.value.remedy

    def test_a_folder_nobody_may_write_to_can_be_read_but_not_opened_for_writing(
        self, open_folder: Path, now: datetime
    ) -> None:
        place = open_folder / "sleepy.db"
        with Database.open(place) as db:
            record(db, small(), now=now)
        place.chmod(0o444)
        open_folder.chmod(0o555)
        bound: tuple[str, ...] = ()
        if os.geteuid() == 0:  # permissions bind root only without these capabilities
            if shutil.which("setpriv") is None:
                pytest.skip("root without setpriv: permissions cannot be made to bind")
            bound = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        script = """
            with Database.open(sys.argv[1], read_only=True) as db:
                print(len(episodes.latest(db)))
            try:
                with Database.open(sys.argv[1]) as db:
                    episodes.record(db, episode(0), now=now)
            except DatabaseError as error:
                print(error.remedy)
            try:
                Database.open(sys.argv[1] + ".other")
            except DatabaseError as error:
                print(error.remedy)
        """
        remedy = "make the file and its folder readable and writable for this user"
        assert ended(child(script, place, prefix=bound)).splitlines() == ["1", remedy, remedy]
        assert [item.name for item in open_folder.iterdir()] == ["sleepy.db"]

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("mysql://u:secret@host/db", "mysql is not supported"),
            ("postgresql://u:secret@127.0.0.1:1/db", "refused"),
            ("postgresql://u:secret@host:port/db", "not a database URL"),
        ],
    )
    def test_a_url_that_leads_nowhere_is_said_so_without_its_password(self, url: str, said: str) -> None:
        with pytest.raises(DatabaseError, match=said) as caught:
            Database.open(url)
        assert "secret" not in str(caught.value)

    def test_text_is_never_part_of_an_error(self, db: Database, now: datetime) -> None:
        with pytest.raises(IntegrityError) as caught:
            record(db, replace(small("private"), version="never"), now=now)
        assert "private" not in str(caught.value)


@pytest.fixture
def watched(path: Path) -> Iterator[tuple[list[tuple[str, Any]], list[int]]]:
    """The statements sent to SQLite, and the steps its machine took for them."""
    sent: list[tuple[str, Any]] = []
    steps = [0]

    def before(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    def step() -> int:
        steps[0] += 1
        return 0

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(step, 1)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "connect", connected)
    yield sent, steps
    event.remove(Engine, "before_cursor_execute", before)
    event.remove(Engine, "connect", connected)


STATUS: dict[str, Callable[[Database], object]] = {
    "patterns": patterns.overview,
    "rates": patterns.rates,
    "rungs": lambda db: patterns.rungs(db, since=date(2031, 3, 1)),
    "last night": nights.last,
    "aliases": versions.pointed,
    "state": state.everything,
    "latest": lambda db: episodes.latest(db, limit=5),
    "failures": lambda db: episodes.of_pattern(db, "E1:x@fn", passed=False, limit=5),
    "recall": lambda db: recall.recall(db, "E1:x@fn"),
}


class TestSpeed:
    def fill(self, path: Path, episodes_: int, now: datetime) -> None:
        with Database.open(path) as db, db.writing():
            for i in range(episodes_):
                one = small(f"t{i % 50}", f"E{i % 8}:x@fn")
                tried = (LoggedAttempt("PASS" if i % 3 else "FAIL", i % 3 > 0, tokens=3),)
                record(db, replace(one, attempts=tried), now=now)

    def test_what_status_asks_reads_counts_and_never_scans_the_episodes(
        self, path: Path, now: datetime, watched: tuple[list[tuple[str, Any]], list[int]]
    ) -> None:
        self.fill(path, 100, now)
        sent, _ = watched
        sent.clear()
        with Database.open(path, read_only=True) as db:
            for ask in STATUS.values():
                ask(db)
        asked = [(statement, values) for statement, values in sent if statement.startswith("SELECT")]
        assert len(asked) >= len(STATUS)
        raw = sqlite3.connect(path)
        plans = {
            statement: [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked
        }
        raw.close()
        limited = "SCAN episodes USING INDEX ix_episodes_started"  # the newest few, off the index
        for statement, plan in plans.items():
            for line in plan:
                assert not line.startswith(("SCAN episodes", "SCAN attempts")) or line == limited, (
                    statement, plan,
                )  # fmt: skip
        assert any("tallies" in line for plan in plans.values() for line in plan)

    def test_what_status_asks_costs_the_same_with_thirty_times_the_episodes(
        self, path: Path, now: datetime, watched: tuple[list[tuple[str, Any]], list[int]]
    ) -> None:
        _, steps = watched

        def costs() -> dict[str, int]:
            found = {}
            with Database.open(path, read_only=True) as db:
                for name, ask in STATUS.items():
                    before = steps[0]
                    ask(db)
                    found[name] = steps[0] - before
            return found

        self.fill(path, 60, now)
        few = costs()
        self.fill(path, 1740, now)
        many = costs()
        assert all(few.values())
        assert {name: many[name] for name in STATUS if many[name] > 2 * few[name]} == {}

    def test_reading_needs_neither_torch_nor_alembic(self, path: Path) -> None:
        script = """
            from sleepy.memory.episodic import exams, forget, lessons, recall, routes, stages, state
            from sleepy.memory.episodic import verdict_cache
            with Database.open(sys.argv[1], read_only=True) as db:
                patterns.overview(db)
            print([name for name in ("torch", "alembic", "numpy") if name in sys.modules])
        """
        assert ended(child(script, path)) == "[]\n"
