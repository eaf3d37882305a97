"""Commits read from real repositories, of which nothing is run and nothing is written."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from tests.daemon.desk import git, tree
from tests.daemon.history.planting import Step, repository

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.history.layout import CommitLayout
from sleepy.daemon.history.repository import FileChange, HistoryError, Repository

LIB = PurePosixPath("src/lib.rs")


def lay(found: Repository, commit: str, layout: CommitLayout) -> None:
    layout.lay(found.tree(commit))


def test_the_last_commits_are_given_newest_first_and_no_more_than_there_are(tmp_path: Path) -> None:
    names = repository(tmp_path / "r", [{"a.rs": "1"}, {"a.rs": "2"}, {"a.rs": "3"}])
    found = Repository.around(tmp_path / "r")
    assert [commit.name for commit in found.commits(2)] == [names[2], names[1]]
    assert [(commit.name, commit.parent) for commit in found.commits(99)][-1] == (names[0], None)
    assert len(found.commits(99)) == 3 and not found.is_shallow


def test_a_detached_head_and_a_linked_work_tree_have_their_own_last_commits(tmp_path: Path) -> None:
    names = repository(tmp_path / "r", [{"a.rs": "1"}, {"a.rs": "2"}, {"a.rs": "3"}])
    git(tmp_path / "r", "worktree", "add", "--detach", str(tmp_path / "linked"), names[0])
    git(tmp_path / "r", "checkout", "--detach", names[1])
    assert Repository.around(tmp_path / "r").commits(1)[0].name == names[1]
    assert Repository.around(tmp_path / "linked").commits(5)[0].name == names[0]


def test_of_a_merge_the_first_parent_is_followed(tmp_path: Path) -> None:
    steps = [Step({"a.rs": "1"}), Step({"b.rs": "2"}), Step({"c.rs": "3"}, after=1), Step({"b.rs": "2"}, merges=[2])]
    names = repository(tmp_path / "r", steps)
    found = Repository.around(tmp_path / "r").commits(9)
    assert [(commit.name, commit.parent) for commit in found] == [
        (names[3], names[2]),
        (names[2], names[0]),
        (names[0], None),
    ]
    assert Repository.around(tmp_path / "r").changes(names[2], names[3]) == [FileChange(None, PurePosixPath("b.rs"))]


def test_a_shallow_clone_ends_where_its_parents_are_missing(tmp_path: Path) -> None:
    names = repository(tmp_path / "r", [{"a.rs": "1"}, {"a.rs": "2"}, {"a.rs": "3"}])
    git(tmp_path, "clone", "--depth", "2", f"file://{tmp_path / 'r'}", "clone")
    found = Repository.around(tmp_path / "clone")
    assert found.is_shallow and [(c.name, c.parent) for c in found.commits(9)] == [
        (names[2], names[1]),
        (names[1], None),
    ]
    assert found.before(names[1], PurePosixPath("a.rs")) is None


def test_changes_tell_renames_and_leave_out_links_and_submodules(tmp_path: Path) -> None:
    long = "".join(f"fn f{i}() {{}}\n" for i in range(30))
    names = repository(
        tmp_path / "r",
        [
            Step({"src/old.rs": long, "gone.rs": "x", "d/e/f.rs": "y"}, links={"link.rs": "/etc/passwd"}),
            Step(
                {"src/old.rs": None, "src/new.rs": long + "fn g() {}\n", "gone.rs": None},
                links={"link.rs": "/etc/group"},
                modules={"sub": "1" * 40},
            ),
        ],
    )
    found = Repository.around(tmp_path / "r")
    assert sorted(found.changes(*names), key=str) == [
        FileChange(PurePosixPath("gone.rs"), None),
        FileChange(PurePosixPath("src/old.rs"), PurePosixPath("src/new.rs")),
    ]
    assert set(found.tree(names[1])) == {PurePosixPath("src/new.rs"), PurePosixPath("d/e/f.rs")}


def test_the_text_before_the_last_change_is_found_past_commits_that_leave_the_file(tmp_path: Path) -> None:
    names = repository(tmp_path / "r", [{"a.rs": "1"}, {"a.rs": "2"}, {"b.rs": "x"}, {"b.rs": "y"}])
    found = Repository.around(tmp_path / "r")
    assert found.before(names[3], PurePosixPath("a.rs")) == b"1"
    assert found.before(names[0], PurePosixPath("a.rs")) is None
    assert found.before(names[3], PurePosixPath("no.rs")) is None


def test_names_that_lead_out_of_a_folder_are_not_laid_out(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    repository(folder, [{"a.rs": "1"}])
    blob = subprocess.check_output(["git", "-C", str(folder), "rev-parse", "HEAD:a.rs"], text=True).strip()

    def made(line: bytes) -> str:
        words = ["git", "-C", str(folder), "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
        return subprocess.check_output(words, input=line).decode().strip()

    entry = bytes.fromhex(blob)
    inner = made(b"100644 out.rs\0" + entry)
    outer = made(
        b"40000 ..\0" + bytes.fromhex(inner) + b"40000 .GIT\0" + bytes.fromhex(inner) + b"100644 ok.rs\0" + entry
    )
    assert set(Repository.around(folder).tree(outer)) == {PurePosixPath("ok.rs")}


def test_nothing_of_a_repository_is_run_and_contents_come_as_they_are_stored(tmp_path: Path) -> None:
    folder, ran = tmp_path / "r", tmp_path / "ran"
    names = repository(
        folder,
        [
            {"src/lib.rs": "one\n", ".gitattributes": "*.rs filter=evil diff=evil export-subst text eol=crlf\n"},
            {"src/lib.rs": "two\n"},
        ],
    )
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (folder / ".git" / "hooks").mkdir(exist_ok=True)
        (folder / ".git" / "hooks" / name).write_text(script.read_text())
        (folder / ".git" / "hooks" / name).chmod(0o755)
    for key in (
        "filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "diff.evil.textconv", "diff.evil.command",
        "diff.external", "core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "gpg.program", "core.askPass",
    ):  # fmt: skip
        git(folder, "config", key, str(script))
    ran.unlink(missing_ok=True)
    before = tree(folder)
    found = Repository.around(folder)
    place = tmp_path / "laid"
    place.mkdir()
    for commit in found.commits(9):
        lay(found, commit.name, CommitLayout(found, place))
    assert found.changes(*names) == [FileChange(LIB, LIB)] and found.before(names[1], LIB) == b"one\n"
    assert (place / LIB).read_bytes() == b"one\n"
    assert not ran.exists()
    assert tree(folder) == before
    subprocess.run(["git", "-C", str(folder), "archive", "HEAD"], capture_output=True)
    assert ran.exists(), "`git archive` would have"


def test_what_a_partial_clone_lacks_is_not_fetched(tmp_path: Path) -> None:
    folder, ran = tmp_path / "r", tmp_path / "ran"
    [name] = repository(folder, [{"a.rs": "not here soon"}])
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    git(folder, "repack", "-a", "-d", "-k")
    blob = subprocess.check_output(["git", "-C", str(folder), "rev-parse", "HEAD:a.rs"], text=True).strip()
    pack = next((folder / ".git" / "objects" / "pack").glob("*.pack"))
    loose = pack.rename(tmp_path / "all.pack")
    pack.with_suffix(".idx").unlink()
    with loose.open("rb") as file:
        subprocess.run(["git", "-C", str(folder), "unpack-objects", "-q"], stdin=file, check=True)
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in (
        ("core.repositoryFormatVersion", "1"), ("extensions.partialClone", "origin"), ("remote.origin.promisor", "true"),
        ("remote.origin.url", str(folder)), ("remote.origin.uploadpack", str(script)),
    ):  # fmt: skip
        git(folder, "config", key, value)
    found = Repository.around(folder)
    place = tmp_path / "laid"
    place.mkdir()
    with pytest.raises(HistoryError):
        lay(found, name, CommitLayout(found, place))
    assert not ran.exists()
    subprocess.run(["git", "-C", str(folder), "cat-file", "-p", blob], capture_output=True)
    assert ran.exists(), "git alone would have"


def test_a_folder_without_a_repository_or_commits_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="in no git repository"):
        Repository.around(tmp_path)
    git(tmp_path, "init", "--bare", "bare")
    with pytest.raises(UserError, match="in no git repository with a work tree"):
        Repository.around(tmp_path / "bare")
    git(tmp_path, "init", "empty")
    with pytest.raises(UserError, match="has no commits to look at"):
        Repository.around(tmp_path / "empty").commits(3)
