"""`sleepy why`: the walk from a mistake back to the episodes that taught its repair."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.daemon.remembered import BOUND, FIELD, MOVED, NOW, PATH, TASKS, told

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.versions import why
from sleepy.memory.episodic import episodes, forget, nights, tasks, traces, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.traces import Forgettable
from sleepy.memory.parametric.router import Router

NEAR = "E0382:borrow of a moved value: `_`@fn"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("why") / "home")
    told(home)
    return home


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Home:
    """One that may be changed."""
    shutil.copytree(home.root, tmp_path / "home")
    return Home(tmp_path / "home")


def asked(home: Home, text: str) -> dict[str, Any]:
    with Database.open(home.database, read_only=True) as db:
        return why.read(db, home, text)


def only(home: Home, text: str) -> dict[str, Any]:
    (found,) = asked(home, text)["patterns"]
    return dict(found)


def test_a_pattern_leads_to_the_night_its_lessons_and_their_episodes(home: Home) -> None:
    found = only(home, MOVED)
    assert found["route"] == {
        "serves": MOVED, "scope": MOVED, "exact": True, "wins": 9, "losses": 1, "exam": 20, "p": 0.01,
        "path": [{"scope": MOVED, "serves": MOVED, "withdrawn": False}],
    }  # fmt: skip
    assert found["night"]["date"] == "2026-11-23"  # not the champion's own night, its parent's
    assert found["lessons"] == 2 and found["by_provenance"] == {"own": 1, "forged": 1}
    assert found["from"] == [
        {"episode": 1, "task": PATH, "when": "2026-11-22T12:00:00+00:00", "passed": True}
    ]  # fmt: skip


def test_lessons_are_shown_as_the_repair_of_their_task_where_it_is_known(home: Home) -> None:
    own, forged = only(home, MOVED)["shown"]
    assert "-pub fn zebra_ledger(items: Vec<u32>) -> u8 {" in own["diff"] and own["task"] == PATH
    assert (forged["prompt"], forged["answer"]) == ("forged", "answer") and "diff" not in forged
    reference, replayed = only(home, FIELD)["shown"]
    assert reference["provenance"] == "reference" and "+pub fn otter" in reference["diff"]
    assert replayed["provenance"] == "replay" and replayed["task"] == "bound_1"


def test_the_unique_beginning_of_a_signature_is_enough(home: Home) -> None:
    assert asked(home, "E0277")["name"] == BOUND
    with pytest.raises(UserError, match="no pattern or task is called") as raised:
        asked(home, "E0277:Hahs@struct")
    assert BOUND in raised.value.remedy


def test_a_beginning_of_a_few_explains_each_and_of_many_lists_them(own: Home) -> None:
    few = asked(own, "E0")
    assert {item["signature"] for item in few["patterns"]} == {MOVED, BOUND, FIELD} and not few["begun"]
    assert few["name"] == "E0" and few["kind"] == "pattern"
    shown = why.view(few)
    assert shown.startswith("3 patterns begin with E0\n") and all(
        f"signature  {item}" in shown for item in (MOVED, FIELD)
    )
    with Database.open(own.database) as db:
        known = tasks.find(db, PATH)[0]
        for place in ("struct", "enum"):
            tried = LoggedAttempt("PASS", place == "enum")
            episodes.record(db, Episode(known, f"E0277:Hash@{place}", (tried, tried), "built-in"), now=NOW)
    many = asked(own, "E0")
    assert many["patterns"] == [] and len(many["begun"]) == 5 - (BOUND == "E0277:Hash@struct")
    assert {"signature": "E0277:Hash@enum", "practised": 1, "passed": 1} in many["begun"]
    done = CliRunner().invoke(cli, ["why", "E0", "--home", str(own.root)])
    lines = done.output.splitlines()
    assert done.exit_code == 0 and lines[0].endswith("patterns begin with E0; `sleepy why PATTERN` explains one:")
    assert "     1 of    1 solved  E0277 Hash is not implemented (in an enum)" in lines


@pytest.mark.parametrize("name", [PATH, TASKS[PATH].digest])
def test_a_task_leads_over_its_episodes_to_its_pattern(home: Home, name: str) -> None:
    found = asked(home, name)
    (episode,) = found["episodes"]
    assert (episode["pattern"], episode["route"], episode["outcome"], episode["passed"]) == (MOVED, MOVED, "pass", True)
    assert [item["signature"] for item in found["patterns"]] == [MOVED]


def test_a_pattern_without_a_route_says_which_nights_tried_it(own: Home) -> None:
    with Database.open(own.database) as db:
        versions.rollback(db, "base", reason="test", now=NOW)
    found = only(own, FIELD)
    assert found["route"] is None and found["night"] is None
    assert [item["date"] for item in found["tried"]] == ["2026-11-24", "2026-11-23"]
    with Database.open(own.database, read_only=True) as db:
        said = why.view(why.read(db, own, FIELD))
    assert "the base model answers" in said and "won 11 and lost 1 of 20" in said


def test_a_near_signature_is_told_whose_reach_it_lies_in(own: Home) -> None:
    with Database.open(own.database) as db:
        episodes.record(db, Episode(TASKS["bound_1"], NEAR, (LoggedAttempt("pass", True),), "built-in"), now=NOW)
    route = only(own, NEAR)["route"]
    assert route["serves"] == MOVED and route["exact"] is False


def test_lessons_that_were_forgotten_are_not_shown(own: Home) -> None:
    with Database.open(own.database) as db:
        with db.writing() as connection:
            forget.erase(connection, traces.trace(connection, Forgettable.EPISODE, "1"))
        first = nights.recent(db)[-1]
    found = only(own, MOVED)
    assert found["lessons"] == 1 and found["from"] == [] and found["night"]["date"] == first.date.isoformat()


def test_the_command_prints_the_walk_and_json(home: Home) -> None:
    run = CliRunner()
    said = run.invoke(cli, ["why", "--home", str(home.root), PATH]).output
    for words in (PATH, MOVED, "night of 2026-11-23", "lessons    2: 1 own, 1 forged", "episode 1:"):
        assert words in said
    told_ = run.invoke(cli, ["why", "--home", str(home.root), "E0277", "--json"]).output
    assert json.loads(told_)["patterns"][0]["signature"] == BOUND


def test_the_path_to_a_coarse_route_says_what_the_finer_ones_are(home: Home) -> None:
    router = Router({"E0382": "E0382", "all": "all"}, {}, {"E0382": (MOVED,)})
    found = why._path(MOVED, router)
    assert found == [
        {"scope": MOVED, "serves": None, "withdrawn": False},
        {"scope": "E0382", "serves": "E0382", "withdrawn": True},
        {"scope": "all", "serves": "all", "withdrawn": False},
    ]
    assert [step["scope"] for step in why._path("E0499:x@fn", Router())] == ["E0499:x@fn", "E0499", "all"]
