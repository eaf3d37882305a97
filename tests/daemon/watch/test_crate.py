"""Red to green on a real crate: what is learnt, and what is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.daemon.desk import E0596, MANIFEST, NOON, SLIP, TOTAL, git, plant, tree
from tests.daemon.watch.conftest import Sit

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.watch.attempts import FixRequest, attempts
from sleepy.daemon.watch.crate import FollowedCrate
from sleepy.daemon.watch.events import EventKind
from sleepy.memory.episodic import episodes, state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.recall import Author
from sleepy.memory.episodic.tasks import TaskKind, find
from sleepy.sandbox.sandbox import Sandbox

LIB = "src/lib.rs"


def test_a_repair_is_kept_with_what_the_compiler_said_of_the_mistake(sit: Sit) -> None:
    desk = sit()
    desk.edit(LIB, SLIP)
    desk.rest()
    assert [(event.code, event.file, event.line) for event in desk.said(EventKind.RED)] == [("E0596", LIB, 4)]
    desk.edit(LIB, TOTAL)
    desk.rest()
    [fix] = desk.kept()
    assert (fix.author, fix.name, fix.broken, fix.source) == (Author.DEVELOPER, "shop/src/lib.rs", SLIP, TOTAL)
    assert [item["code"] for item in fix.diagnostics] == ["E0596"]
    assert [event.signature for event in desk.said(EventKind.LEARNT)] == [E0596]
    [task] = find(desk.db, "shop/src/lib.rs")
    assert (task.kind, task.fixed, fix.when) == (TaskKind.CRATE, TOTAL, NOON)


def test_nothing_is_written_in_the_crate(sit: Sit, tmp_path: Path) -> None:
    desk = sit()
    plant(desk.root, {"Cargo.lock": "", "target/debug/x": "built", "data.txt": "mine"})
    (desk.root / "Cargo.lock").unlink()
    desk.edit(LIB, SLIP)
    before = tree(desk.root)
    desk.rest()
    assert tree(desk.root) == before
    desk.edit(LIB, TOTAL)
    before = tree(desk.root)
    desk.rest()
    assert desk.said(EventKind.LEARNT) and tree(desk.root) == before


def test_half_typed_code_is_no_mistake_however_long_it_stands(sit: Sit) -> None:
    desk = sit()
    desk.edit(LIB, TOTAL.replace("    sum\n}", "    sum.min(\n}"))
    desk.rest()
    assert not desk.compiles()
    desk.edit(LIB, TOTAL.replace("    sum\n}", "    sum.min(9)\n}"))
    desk.rest()
    assert desk.compiles()
    assert desk.kept() == [] and desk.why() == ["it was half-typed"]


def test_a_mistake_that_is_typed_over_at_once_is_none(sit: Sit) -> None:
    desk = sit()
    desk.edit(LIB, SLIP, seconds=2.5)
    assert not desk.compiles()
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert desk.kept() == [] and desk.why() == ["it was repaired while it was still being typed"]


def test_the_first_mistake_at_which_one_rested_is_the_one_on_record(sit: Sit) -> None:
    desk = sit()
    passing = SLIP.replace("sum += price", "sum += prise")
    desk.edit(LIB, passing, seconds=2.5)  # still typing
    desk.edit(LIB, SLIP)
    desk.rest()
    desk.edit(LIB, SLIP.replace("sum\n}", "&sum\n}"))  # a try that helps nothing
    desk.rest()
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert [fix.broken for fix in desk.kept()] == [SLIP]


def test_a_crate_that_is_broken_from_the_start_teaches_too(sit: Sit) -> None:
    desk = sit({LIB: SLIP})
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert len(desk.kept()) == 1


def test_what_another_file_repaired_is_no_lesson_about_this_one(sit: Sit) -> None:
    user = "use crate::price::Price;\n\npub fn double(price: &Price) -> u64 {\n    price.cents * 2\n}\n"
    hidden = "pub struct Price {\n    cents: u64,\n}\n\nimpl Price {\n    pub fn new(cents: u64) -> Self {\n        Self { cents }\n    }\n}\n"
    shown = hidden.replace("    cents: u64", "    pub cents: u64")
    files = {LIB: "pub mod price;\npub mod user;\n", "src/price.rs": shown, "src/user.rs": user}
    desk = sit(files)
    desk.edit("src/price.rs", hidden)
    desk.rest()
    assert [event.file for event in desk.said(EventKind.RED)] == ["src/user.rs"]
    desk.edit("src/price.rs", shown)
    desk.rest()
    assert desk.why() == ["it was repaired in another file"]


def test_a_repair_that_only_counts_together_with_another_files_is_refused(sit: Sit) -> None:
    one = "use crate::price::cents;\n\npub fn double() -> u64 {\n    cents(1) * 2\n}\n"
    files = {
        LIB: "pub mod price;\npub mod user;\n",
        "src/price.rs": "pub fn cents(n: u64) -> u64 {\n    n\n}\n",
        "src/user.rs": one,
    }
    desk = sit(files)
    desk.edit("src/user.rs", one.replace("cents(1)", "cents(1, 2)"))
    desk.rest()
    desk.edit("src/price.rs", "pub fn cents(n: u64, m: u64) -> u64 {\n    n * m\n}\n", seconds=0.1)
    desk.edit("src/user.rs", one.replace("cents(1)", "cents(1, 3)"))
    desk.rest()
    assert desk.compiles()
    assert desk.why() == [
        "with the other files as they are now, the broken version gives: no error, so it was repaired in another file too"
    ]


def test_a_repair_is_checked_again_where_other_files_changed_too(sit: Sit) -> None:
    desk = sit({LIB: "mod other;\n" + TOTAL, "src/other.rs": "pub fn one() -> u8 {\n    1\n}\n"})
    desk.edit(LIB, "mod other;\n" + SLIP)
    desk.rest()
    desk.edit("src/other.rs", "pub fn two() -> u8 {\n    2\n}\n", seconds=0.1)
    desk.edit(LIB, "mod other;\n" + TOTAL)
    desk.rest()
    assert len(desk.kept()) == 1


def test_secrets_never_reach_the_memory_and_what_is_kept_still_fails_and_compiles(sit: Sit) -> None:
    key = "hunter2-Zq8" + "x7Lm"
    secret = f'pub const API_TOKEN: &str = "{key}";\n\n'
    desk = sit({LIB: secret + TOTAL})
    desk.edit(LIB, secret + SLIP)
    desk.rest()
    desk.edit(LIB, secret + TOTAL)
    desk.rest()
    [fix] = desk.kept()
    assert key not in repr(fix) and "API_TOKEN" in fix.broken and "API_TOKEN" in fix.source
    assert fix.diagnostics[0]["spans"][0]["line_start"] == 6
    desk.db.close()
    assert key.encode() not in b"".join(path.read_bytes() for path in Path(desk.db.where).parent.glob("sleepy.db*"))


def test_a_generated_file_teaches_nothing(sit: Sit) -> None:
    head = "// @generated by a tool\n"
    desk = sit({LIB: head + TOTAL})
    desk.edit(LIB, head + SLIP)
    desk.rest()
    desk.edit(LIB, head + TOTAL)
    desk.rest()
    assert desk.compiles() and desk.said(EventKind.RED)
    assert desk.kept() == [] and desk.why() == []


def test_a_faulty_manifest_is_named_and_teaches_nothing(sit: Sit) -> None:
    desk = sit()
    desk.edit("Cargo.toml", MANIFEST.replace('"shop"', '"shop'))
    desk.rest()
    [event] = desk.said(EventKind.TROUBLE)
    assert "Cargo.toml" in event.message and "repair the manifest" in event.message
    desk.edit("Cargo.toml", MANIFEST)
    desk.rest()
    assert desk.compiles() and desk.why() == []


@pytest.mark.parametrize("how", ["switch", "restore"])
def test_what_git_put_right_is_no_lesson(sit: Sit, how: str) -> None:
    longer = TOTAL.replace("    sum\n}", "    let a = sum + 1;\n    let b = a + 1;\n    let c = b + 1;\n    c\n}")
    desk = sit({LIB: longer})
    git(desk.root, "init")
    git(desk.root, "add", ".")
    git(desk.root, "commit", "-m", "one")
    desk.rest()
    desk.edit(LIB, SLIP)
    desk.rest()
    assert not desk.compiles()
    if how == "switch":
        git(desk.root, "commit", "-am", "broken")
        git(desk.root, "checkout", "HEAD~1")
    else:
        git(desk.root, "restore", LIB)
    desk.rest()
    assert desk.compiles()
    said = {"switch": "another branch or commit was checked out", "restore": "the edit was undone"}
    assert desk.kept() == [] and desk.why() == [said[how]]


def test_a_commit_between_mistake_and_repair_changes_nothing(sit: Sit) -> None:
    desk = sit()
    git(desk.root, "init")
    desk.rest()
    desk.edit(LIB, SLIP)
    desk.rest()
    git(desk.root, "add", ".")
    git(desk.root, "commit", "-m", "work in progress")
    desk.rest()
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert len(desk.kept()) == 1


def test_many_files_changed_at_once_are_a_tools_work(sit: Sit) -> None:
    names = [f"m{i}" for i in range(10)]
    lib = "".join(f"pub mod {name};\n" for name in names) + TOTAL
    desk = sit({LIB: lib, **{f"src/{name}.rs": "pub fn one() {}\n" for name in names}})
    desk.edit(LIB, lib.replace("let mut", "let"))
    desk.rest()
    plant(desk.root, {LIB: lib, **{f"src/{name}.rs": "pub fn two() {}\n" for name in names}})
    desk.rest()
    assert desk.kept() == [] and desk.why() == ["11 files changed at once"]


def test_the_state_says_what_is_red_and_forgets_it_when_the_watch_ends(sit: Sit) -> None:
    desk = sit()
    key = f"crate:{desk.root}"
    desk.edit(LIB, SLIP)
    desk.rest()
    shown = state.everything(desk.db)[key].value
    assert (shown["state"], shown["files"], shown["signature"]) == ("red", [LIB], E0596)
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert state.everything(desk.db)[key].value["state"] == "green"
    desk.crate.end()
    assert key not in state.everything(desk.db)


def test_a_crate_that_was_deleted_is_shown_as_no_longer_followed_until_it_is_back(sit: Sit) -> None:
    desk = sit()
    key, away = f"crate:{desk.root}", desk.root.with_name("away")
    desk.root.rename(away)
    for _ in range(3):
        desk.wait(70)
    shown = state.everything(desk.db)[key].value
    assert shown["state"] == "unknown" and shown["why"].startswith(f"{desk.root} does not exist; name the folder")
    assert [event.message for event in desk.said(EventKind.TROUBLE)] == [shown["why"]]  # told once
    away.rename(desk.root)
    for _ in range(2):
        desk.wait(70)
    back = state.everything(desk.db)[key].value
    assert back["state"] == "green" and "why" not in back


def answered(request: FixRequest, *, passed: bool = True) -> Episode:
    fixed = request.task.broken.replace("let sum", "let mut sum")
    checked = request.workspace.check({request.file: fixed})
    tried = LoggedAttempt(checked.outcome.value, checked.passed and passed, source=fixed, rung="suggestion")
    return Episode(request.task, request.signature, (tried,), "scripted")


def test_an_attempt_runs_beside_and_its_episode_and_offer_are_kept(sit: Sit) -> None:
    done = threading.Event()

    def attempt(request: FixRequest) -> Episode:
        try:
            return answered(request)
        finally:
            done.set()

    desk = sit(attempt=attempt)
    desk.edit(LIB, SLIP)
    before = tree(desk.root)
    desk.rest()
    assert done.wait(20)
    wait_for(lambda: bool(desk.said(EventKind.OFFER)))
    assert state.everything(desk.db)["offer"].value == {
        "crate": str(desk.root), "file": LIB, "rung": "suggestion", "signature": E0596,
    }  # fmt: skip
    [known] = episodes.latest(desk.db)
    assert known.episode.passed and known.episode.task.name == "shop/src/lib.rs"
    assert tree(desk.root) == before
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert "offer" not in state.everything(desk.db)
    assert len(desk.kept()) == 2  # the developer's repair and the episode's


def test_the_ladder_of_fix_is_what_is_tried_and_a_repair_known_of_the_task_stays(
    sit: Sit, tmp_path: Path, sandbox: Sandbox
) -> None:
    told: list[str] = []

    def hear(what: str) -> None:
        told.append(what)

    desk = sit()
    desk.edit(LIB, SLIP)
    desk.rest()
    desk.edit(LIB, TOTAL)
    desk.rest()
    with attempts(Config(), Home(tmp_path), desk.db, sandbox, hear, with_model=False) as attempt:
        desk.crate = FollowedCrate(desk.root, replace(desk.ground, attempt=attempt))
        desk.edit(LIB, SLIP)
        desk.rest()
        wait_for(lambda: bool(desk.said(EventKind.OFFER)), 60)
    assert state.everything(desk.db)["offer"].value["rung"] == "compiler"
    [known] = episodes.latest(desk.db)
    assert (known.episode.signature, known.episode.task.fixed, told) == (E0596, TOTAL, [])


def test_an_attempt_is_called_off_when_the_developer_goes_on(sit: Sit) -> None:
    begun, over = threading.Event(), threading.Event()

    def attempt(request: FixRequest) -> Episode:
        begun.set()
        assert request.cancelled.wait(20)
        over.set()
        return Episode(request.task, request.signature, (LoggedAttempt("PASS", True),), "scripted")

    desk = sit(attempt=attempt)
    desk.edit(LIB, SLIP)
    desk.rest()
    assert begun.wait(20)
    desk.edit(LIB, SLIP + "\n")
    assert over.wait(20)
    desk.rest()
    assert episodes.latest(desk.db) == [] and desk.said(EventKind.OFFER) == []


def test_an_attempt_that_fails_is_told_and_the_watch_goes_on(sit: Sit) -> None:
    def attempt(request: FixRequest) -> Episode:
        raise RuntimeError("no model")

    desk = sit(attempt=attempt)
    desk.edit(LIB, SLIP)
    desk.rest()
    wait_for(lambda: bool(desk.said(EventKind.TROUBLE)))
    assert "no model" in desk.said(EventKind.TROUBLE)[0].message
    desk.edit(LIB, TOTAL)
    desk.rest()
    assert len(desk.kept()) == 1


def test_a_memory_that_cannot_be_written_is_told_and_the_watch_goes_on(sit: Sit) -> None:
    desk = sit()
    where = desk.db.where
    with Database.open(where, read_only=True) as closed:
        desk.crate = FollowedCrate(desk.root, replace(desk.ground, db=closed))
        desk.rest()
        desk.edit(LIB, SLIP)
        desk.rest()
        desk.edit(LIB, TOTAL)
        desk.rest()
    assert desk.compiles() and desk.said(EventKind.LEARNT) == []
    assert any("nothing can be stored" in event.message for event in desk.said(EventKind.TROUBLE))


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
