"""`sleepy gc`: what nothing needs goes, what anything may need stays."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.daemon.remembered import BOUND, FIRST, NOW, SECOND, TASKS, snapshot, told

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.versions.gc import Removed, collect, view
from sleepy.memory.episodic import candidates, episodes, exams, lessons, nights, stages, verdict_cache, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.exams import Result, Who
from sleepy.memory.episodic.versions import Alias, VersionError

LATER = NOW + timedelta(days=400)
FEW = replace(Config(), keep_versions=1, keep_days=90)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("once") / "home")
    told(home)
    return home.root


@pytest.fixture
def home(once: Path, tmp_path: Path) -> Home:
    shutil.copytree(once, tmp_path / "home")
    return Home(tmp_path / "home")


def rebased(home: Home, db: Database) -> tuple[str, str]:
    """The bare base serves and nothing is previous: (oldest, newest) are only promoted versions of the past."""
    versions.point(db, Alias.CHAMPION, None, reason="x", now=NOW)
    versions.point(db, Alias.PREVIOUS, None, reason="x", now=NOW)
    newest, oldest = (item.id for item in versions.recent(db))
    return oldest, newest


def test_what_an_alias_points_to_is_never_collected(home: Home) -> None:
    with Database.open(home.database) as db:
        assert collect(db, home, FEW, now=NOW).versions == ()
        assert len(list(home.versions.iterdir())) == 2
        versions.point(db, Alias.CHALLENGER, versions.pointed(db)[Alias.PREVIOUS], reason="x", now=NOW)
        versions.point(db, Alias.PREVIOUS, None, reason="x", now=NOW)
        assert collect(db, home, FEW, now=LATER).versions == ()


def test_versions_beyond_the_newest_promoted_ones_go_and_their_rows_stay(home: Home) -> None:
    with Database.open(home.database) as db:
        oldest, newest = rebased(home, db)
        size = sum(path.stat().st_size for path in (home.versions / oldest).iterdir())
        found = collect(db, home, FEW, now=NOW)
        assert found.versions == (oldest,) and found.size == size > 1000
        assert not (home.versions / oldest).exists() and (home.versions / newest).exists()
        assert versions.read(db, oldest).removed == NOW
        with pytest.raises(VersionError, match="collected on 2026-11-25"):
            versions.rollback(db, oldest, reason="x", now=NOW)
        assert collect(db, home, FEW, now=NOW) == Removed((), (), (), 0, 0, 0, False)


def test_a_night_that_is_not_over_keeps_what_it_began_with(home: Home) -> None:
    with Database.open(home.database) as db:
        oldest, _ = rebased(home, db)
        night = nights.begin(db, NOW.date(), seed=1, now=NOW)
        stages.start(db, night.id, "collect", ordinal=0, inputs_hash="0" * 64, now=NOW)
        stages.finish(db, night.id, "collect", {"champion": oldest}, now=NOW)
        folder = home.nights / NOW.date().isoformat()
        folder.mkdir()
        found = collect(db, home, FEW, now=LATER)
        assert found.versions == () and (home.versions / oldest).exists()
        assert folder.exists() and found.nights == (FIRST.isoformat(), SECOND.isoformat())


def test_folders_that_are_no_version_go(home: Home) -> None:
    for name in (".building", "0123456789abcdef"):
        (home.versions / name).mkdir()
        (home.versions / name / "subspace.json").write_text("{}")
    with Database.open(home.database) as db:
        found = collect(db, home, Config(), now=NOW)
    assert found.folders == (".building", "0123456789abcdef") and found.size == 4
    assert len(list(home.versions.iterdir())) == 2


def test_a_folder_whose_removal_was_cut_short_goes_the_next_time(home: Home) -> None:
    with Database.open(home.database) as db:
        oldest, _ = rebased(home, db)
        versions.remove(db, oldest, now=NOW)  # the row came first, then the machine went off
        assert collect(db, home, Config(), now=NOW).folders == (oldest,)
    assert not (home.versions / oldest).exists()


def test_old_nights_lose_their_folders_and_answers_but_not_their_record(home: Home) -> None:
    with Database.open(home.database) as db:
        first, second = (nights.read(db, day) for day in (FIRST, SECOND))
        assert first is not None and second is not None
        for night in (first, second):
            exams.record(db, night.id, [Result(TASKS["bound_1"], BOUND, Who.BASELINE, 1, None, True, "pass")], now=NOW)
            nights.examined(db, night.id, exam_hash="0" * 64, tasks=1, baseline=1, challenger=1)
        assert collect(db, home, FEW, now=NOW).answers == 0
        found = collect(db, home, FEW, now=LATER)
        assert found.nights == (FIRST.isoformat(), SECOND.isoformat()) and list(home.nights.iterdir()) == []
        assert found.answers > 1 and exams.read(db, first.id) == []
        assert len(exams.read(db, second.id)) == 1  # the newest exam's are still asked for
        artefact = {item.name: item.artefact for item in stages.of_night(db, first.id)}
        assert artefact["examine"]["changed"] == {} and artefact["examine"]["pairs"]
        assert len(lessons.read(db, first.id)) == 3 and len(episodes.latest(db)) == 4
        assert db.check() == []


def test_a_night_whose_candidates_are_still_being_tried_keeps_its_folder(home: Home) -> None:
    with Database.open(home.database) as db:
        first, second = nights.read(db, FIRST), nights.read(db, SECOND)
        assert first is not None and second is not None
        place = f"nights/{FIRST.isoformat()}/adapters/x.lora"
        number = candidates.begin(db, first.id, BOUND, base="built-in", folder=place, now=NOW)
        assert FIRST.isoformat() not in collect(db, home, FEW, now=LATER, dry=True).nights
        candidates.settle(db, number, candidates.CandidateState.FUTILE, now=NOW)
        assert FIRST.isoformat() in collect(db, home, FEW, now=LATER, dry=True).nights


def test_verdicts_are_remembered_for_their_days(home: Home) -> None:
    with Database.open(home.database) as db:
        assert collect(db, home, FEW, now=NOW + timedelta(days=89)).verdicts == 0
        assert collect(db, home, FEW, now=NOW + timedelta(days=91)).verdicts == 2
        assert verdict_cache.get(db, "a" * 64) is None


def test_a_dry_run_tells_the_same_and_changes_nothing(home: Home) -> None:
    with Database.open(home.database) as db:
        rebased(home, db)
    before = snapshot(home)
    with Database.open(home.database) as db:
        dry = collect(db, home, FEW, now=LATER, dry=True)
    after = snapshot(home)
    assert {name for name in before if not name.endswith(("-wal", "-shm"))} <= set(after)
    assert all(after[name] == data for name, data in before.items() if not name.endswith(("-wal", "-shm")))
    with Database.open(home.database) as db:
        assert replace(collect(db, home, FEW, now=LATER), dry=True) == dry
    assert "Would delete version" in view(dry) and "MiB" in view(dry)


def test_the_command_says_what_went(home: Home) -> None:
    run = CliRunner()
    assert "Nothing to delete." in run.invoke(cli, ["gc", "--home", str(home.root)]).output
    (home.versions / ".building").mkdir()
    found = json.loads(run.invoke(cli, ["gc", "--home", str(home.root), "--json", "--dry-run"]).output)
    assert found["folders"] == [".building"] and found["dry"] is True
    assert (home.versions / ".building").exists()
