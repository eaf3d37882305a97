"""What git did to a work tree, read from the files of a real repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.daemon.desk import git

from sleepy.daemon.crate.git import Position, moved, position


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init")
    for name, text in (("one", "1"), ("two", "2")):
        (folder / "a.rs").write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-m", name)
    git(folder, "branch", "other", "HEAD~1")
    return folder


def step(folder: Path, *commands: list[str]) -> str | None:
    before = position(folder)
    for words in commands:
        git(folder, *words)
    return moved(before, position(folder))


def test_outside_a_work_tree_nothing_moves(tmp_path: Path) -> None:
    assert position(tmp_path) == Position() or position(tmp_path).head
    assert moved(Position(), Position()) is None


@pytest.mark.parametrize(
    "commands",
    [
        [["checkout", "other"]],
        [["checkout", "--detach"]],
        [["reset", "--hard", "HEAD~1"]],
        [
            ["pull", ".", "other"],
            ["merge", "--no-ff", "--no-edit", "other~0", "--allow-unrelated-histories"],
            ["checkout", "-b", "x"],
        ],
        [["rebase", "--force-rebase", "HEAD~1"]],
        [["revert", "--no-edit", "HEAD"]],
    ],
    ids=lambda commands: commands[0][0],
)
def test_what_writes_files_moves(repository: Path, commands: list[list[str]]) -> None:
    assert step(repository, *commands) is not None


def test_a_stash_moves(repository: Path) -> None:
    (repository / "a.rs").write_text("3")
    assert step(repository, ["stash"]) is not None
    assert step(repository, ["stash", "pop"]) == "git changed the files (stash)"


def change(folder: Path) -> None:
    (folder / "a.rs").write_text("3")


@pytest.mark.parametrize(
    "commands",
    [
        [["status"]],
        [["add", "."]],
        [["commit", "-am", "three"]],
        [["commit", "-a", "--amend", "-m", "x"]],
        [["branch", "y"]],
        [["gc"]],
    ],
    ids=lambda commands: " ".join(commands[0][:3]),
)
@pytest.mark.parametrize("prepare", [change, None])
def test_what_leaves_the_files_alone_does_not(
    repository: Path, commands: list[list[str]], prepare: Callable[[Path], None] | None
) -> None:
    if prepare is not None:
        prepare(repository)
    elif commands[0][0] == "commit" and "--amend" not in commands[0]:
        commands = [["commit", "--allow-empty", "-m", "empty"]]
    assert step(repository, *commands) is None


def test_a_linked_work_tree_has_a_position_of_its_own(repository: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", str(linked), "other")
    assert position(linked).commit and position(linked).commit != position(repository).commit
    before = position(linked)
    git(repository, "checkout", "-b", "elsewhere")
    assert moved(before, position(linked)) is None
    git(linked, "checkout", "-b", "here")
    assert moved(before, position(linked)) is not None
