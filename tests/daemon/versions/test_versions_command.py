"""`sleepy versions`: what there is, what serves, and how that came about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.daemon.remembered import NOW, told

from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.serve import fallback
from sleepy.daemon.serve.fallback import Fallback
from sleepy.daemon.versions import listing
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    told(home)
    return home


def run(home: Home, *words: str) -> str:
    done = CliRunner().invoke(cli, ["versions", "--home", str(home.root), *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_newest_comes_first_with_night_parent_routes_and_aliases(home: Home) -> None:
    data = json.loads(run(home, "--json"))
    newest, oldest = data["versions"]
    assert (newest["night"], newest["routes"], newest["aliases"], newest["model"]) == (
        "2026-11-24", 3, ["champion"], "built-in",
    )  # fmt: skip
    assert (oldest["night"], oldest["routes"], oldest["aliases"]) == ("2026-11-23", 2, ["previous"])
    assert newest["parent"] == oldest["id"] and oldest["parent"] is None
    assert data["aliases"] == {"champion": newest["id"], "previous": oldest["id"]}
    assert "moves" not in data and data["fallback"] is None


def test_moves_tell_how_the_aliases_came_there(home: Home) -> None:
    moves = json.loads(run(home, "--json", "--moves"))["moves"]
    assert [item["alias"] for item in moves] == ["champion", "previous", "champion", "previous"]
    assert moves[0]["reason"].startswith("night 2:")


def test_a_collected_version_stays_in_the_list(home: Home) -> None:
    with Database.open(home.database) as db:
        gone = versions.recent(db)[-1].id
        versions.rollback(db, versions.champion(db), reason="x", now=NOW)
        versions.point(db, versions.Alias.PREVIOUS, None, reason="x", now=NOW)
        versions.remove(db, gone, now=NOW)
    assert json.loads(run(home, "--json"))["versions"][-1]["removed"].startswith("2026-11-25")
    assert "removed 2026-11-25" in run(home)


def test_a_person_reads_it_in_80_columns(home: Home) -> None:
    with Database.open(home.database) as db:
        champion = versions.champion(db)
        fallback.note_fallback(db, Fallback("version x is damaged", champion, None), now=NOW)
    said = run(home, "--moves")
    assert champion is not None and champion in said and "version x is damaged" in said
    assert max(map(len, said.splitlines())) <= 80


def test_a_home_where_nothing_was_learnt_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    Database.open(home.database).close()
    assert "The base model serves." in run(home) and "No version yet" in run(home)
    with Database.open(home.database, read_only=True) as db:
        assert listing.read(db)["versions"] == []
