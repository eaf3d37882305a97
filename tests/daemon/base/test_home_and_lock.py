"""The home, and its one writer at a time."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sleepy.daemon.base import home, lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Holder, Role

_HOLD = """
import sys
from pathlib import Path
from sleepy.daemon.base import lock
from sleepy.daemon.base.home import Home
with lock.held(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_new_home_is_closed_to_other_users_and_an_opened_one_stays_open(tmp_path: Path) -> None:
    root = tmp_path / "a" / "home"
    assert Home(root).make().root.stat().st_mode & 0o077 == 0
    root.chmod(0o750)
    assert Home(root).make().root.stat().st_mode & 0o077 == 0o050


@contextmanager
def _held_elsewhere(where: Home) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, where.root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdin is not None
    try:
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def test_a_home_is_the_flags_else_the_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "b"))
    assert home.find(str(tmp_path / "a")).root == tmp_path / "a"
    assert home.find(None).root == tmp_path / "b"
    monkeypatch.delenv("SLEEPY_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home.find(None).root.name == "sleepy"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home.find("~/x").root == tmp_path / "x"
    monkeypatch.chdir(tmp_path)
    assert home.find("here").root == tmp_path / "here"


def test_nothing_is_made_before_it_is_asked_for(tmp_path: Path) -> None:
    found = Home(tmp_path / "deep" / "home")
    assert not found.root.exists()
    assert found.make() is found
    assert {path.name for path in found.root.iterdir()} == {"versions", "nights", "reports", "koans", "logs"}
    assert all(part.is_relative_to(found.root) for part in (found.database, found.lock, found.versions))
    found.make()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=f"the home {tmp_path}/file/home cannot be created") as caught:
        Home(tmp_path / "file" / "home").make()
    assert "SLEEPY_HOME" in caught.value.remedy


def test_the_lock_names_the_process_that_has_it(tmp_path: Path) -> None:
    where = Home(tmp_path)
    with _held_elsewhere(where) as child:
        assert lock.holder(where) == Holder(child.pid, Role.COMMAND)
        with pytest.raises(UserError) as caught, lock.held(where):
            raise AssertionError("two writers")
        assert str(caught.value) == f"sleepy (process {child.pid}) is already working in {tmp_path}"
        assert "sleepy status" in caught.value.remedy
        assert lock.holder(where) == Holder(child.pid, Role.COMMAND)


def test_a_daemon_says_in_the_lock_that_it_is_one(tmp_path: Path) -> None:
    with lock.held(Home(tmp_path), Role.DAEMON):
        assert lock.holder(Home(tmp_path)) == Holder(os.getpid(), Role.DAEMON)


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("sleepy (process 4711)\n", Holder(4711), "sleepy (process 4711)"),  # as versions before wrote it
        ('{"pid": 4711, "role": "daemon"}\n', Holder(4711, Role.DAEMON), "sleepy (process 4711)"),
        ('{"pid": 47', Holder(), "another process"),
        ("", Holder(), "another process"),
        ("[]", Holder(), "another process"),
    ],
)
def test_whatever_the_lock_says_it_is_held(text: str, found: Holder, said: str, tmp_path: Path) -> None:
    where = Home(tmp_path)
    with where.lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(text)
        file.flush()
        assert lock.holder(where) == found and str(found) == said
        with pytest.raises(UserError, match=re.escape(f"{said} is already working")), lock.held(where):
            raise AssertionError("two writers")


def test_a_killed_holder_holds_no_more(tmp_path: Path) -> None:
    where = Home(tmp_path)
    with _held_elsewhere(where) as child:
        child.kill()
        child.wait()
        assert lock.holder(where) is None
        with lock.held(where):
            assert lock.holder(where) is not None
    assert lock.holder(where) is None


def test_the_lock_is_given_back_when_the_work_fails(tmp_path: Path) -> None:
    where = Home(tmp_path)
    with pytest.raises(ZeroDivisionError), lock.held(where):
        1 / 0  # noqa: B018
    with lock.held(where):
        pass


def test_a_home_nobody_made_is_held_by_nobody(tmp_path: Path) -> None:
    assert lock.holder(Home(tmp_path / "none")) is None
    assert not (tmp_path / "none").exists()
