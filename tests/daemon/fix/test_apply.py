"""Writing a repair: all files or none, only what nobody changed, permissions kept; and the diff that says the same."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import plant, tree

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.apply import TreeChanged, apply
from sleepy.daemon.fix.texts import unified

A, B = Path("a.rs"), Path("src/b.rs")
BEFORE = {A: b"fn a() {}\n", B: b"fn b() {}\n"}
PLANTED = {str(path): text.decode() for path, text in BEFORE.items()}
_NOBODY = 65534
EDITS = {A: "fn a() -> u8 {\n    1\n}\n", B: "fn b() -> u8 { 2 }\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plant(tmp_path / "root", PLANTED)


def test_every_file_is_written_with_the_permissions_it_had(root: Path) -> None:
    (root / A).chmod(0o640)
    apply(root, BEFORE, EDITS)
    assert {path: (root / path).read_text() for path in EDITS} == EDITS
    assert (root / A).stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in root.rglob("*")) == ["a.rs", "b.rs", "src"]


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """The folder and all in it are an ordinary user's, who then is this process's."""
    if os.geteuid() != 0:
        yield
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_file_is_left_alone_and_so_are_the_others() -> None:
    with tempfile.TemporaryDirectory() as folder, ordinary_user(plant(Path(folder), PLANTED)):
        root = Path(folder)
        (root / B).chmod(0o444)
        before = tree(root)
        with pytest.raises(UserError, match=r"src/b\.rs may not be written: nothing was") as told:
            apply(root, BEFORE, EDITS)
        assert f"chmod u+w {root / B}" in told.value.remedy and str(A) not in str(told.value) and tree(root) == before
        (root / B).chmod(0o644)
        apply(root, BEFORE, EDITS)
        assert (root / B).read_text() == EDITS[B]


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user may not")
def test_root_may_write_what_its_owner_closed(root: Path) -> None:
    (root / B).chmod(0o444)
    apply(root, BEFORE, EDITS)
    assert (root / B).read_text() == EDITS[B] and (root / B).stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("change", ["edited", "gone"])
def test_a_tree_that_changed_meanwhile_is_not_written(root: Path, change: str) -> None:
    if change == "edited":
        (root / B).write_text("fn b() { /* mine */ }\n")
    else:
        (root / B).unlink()
    before = tree(root)
    with pytest.raises(TreeChanged, match=r"src/b\.rs changed") as told:
        apply(root, BEFORE, EDITS)
    assert told.value.exit_code == 1 and tree(root) == before


def test_another_source_that_changed_meanwhile_bars_the_repair(root: Path) -> None:
    before = tree(root)
    with pytest.raises(TreeChanged, match=r"types\.rs changed"):
        apply(root, BEFORE, EDITS, moved=lambda: {Path("types.rs")})
    assert tree(root) == before


def test_a_file_that_became_a_link_is_not_followed_or_replaced(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.rs"
    (root / B).rename(other)
    (root / B).symlink_to(other)
    with pytest.raises(TreeChanged):
        apply(root, BEFORE, EDITS)
    assert (root / B).is_symlink() and other.read_bytes() == BEFORE[B]


def test_what_its_user_typed_meanwhile_is_not_overwritten_by_taking_back(root: Path) -> None:
    def rename(partial: Path, path: Path) -> None:
        if path == root / B:
            (root / A).write_text("mine\n")
            raise OSError(28, "No space left on device", str(path))
        partial.replace(path)

    with pytest.raises(UserError, match=r"a\.rs could not be restored"):
        apply(root, BEFORE, EDITS, rename=rename)
    assert (root / A).read_text() == "mine\n" and (root / B).read_bytes() == BEFORE[B]


def test_when_one_file_cannot_be_renamed_the_others_get_their_bytes_back(root: Path) -> None:
    (root / A).chmod(0o600)
    before = tree(root)
    done: list[Path] = []

    def rename(partial: Path, path: Path) -> None:
        if done:
            raise OSError(28, "No space left on device", str(path))
        done.append(path)
        os.replace(partial, path)  # noqa: PTH105 - what `apply` itself does

    with pytest.raises(UserError, match="No space left"):
        apply(root, BEFORE, EDITS, rename=rename)
    assert done == [root / A] and tree(root) == before


def test_when_one_file_cannot_be_made_none_is_written(root: Path) -> None:
    long = Path("x" * 250 + ".rs")  # its temporary name is longer than a name may be
    (root / long).write_text("fn x() {}\n")
    before = tree(root)
    with pytest.raises(UserError, match="nothing was written"):
        apply(root, {**BEFORE, long: b"fn x() {}\n"}, {**EDITS, long: "fn y() {}\n"})
    assert tree(root) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nc"),
        ("a\r\nb\r\n", "a\r\nx\r\nb\r\n"),
        ("a\n\x0cb\u2028c\n", "a\n\x0cb\u2028d\n"),
        ("".join(f"{i}\n" for i in range(50)), "".join(f"{i}{'!' * (i % 20 == 3)}\n" for i in range(50))),
    ],
)
def test_the_diff_is_one_that_git_applies(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / B).write_bytes(old.encode())
    said = unified({B: old.encode()}, {B: new})
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=tmp_path, input=said.encode(), capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / B).read_bytes() == new.encode()


def test_without_a_change_there_is_no_diff() -> None:
    assert unified({A: b"fn a() {}\n"}, {A: "fn a() {}\n"}) == "" == unified({}, {})
