"""A home has one writer at a time, and its lock says who that is."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sleepy.daemon.base import lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Holder, Role

_HOLD = """
import sys
import time
from pathlib import Path
from sleepy.daemon.base import lock
from sleepy.daemon.base.home import Home
with lock.held(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


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


@pytest.mark.skipif(sys.platform != "linux", reason="a dying process is told by /proc")
def test_a_process_that_is_dying_is_waited_for(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    code = (
        "import ctypes, os, sys, threading, time\nfrom pathlib import Path\n"
        "from sleepy.daemon.base import lock\nfrom sleepy.daemon.base.home import Home\n"
        "held = lock.held(Home(Path(sys.argv[1])), lock.Role.DAEMON)\nheld.__enter__()\n"
        "def last():\n    time.sleep(1)\n    os._exit(0)\n"
        "threading.Thread(target=last).start()\nprint('held', flush=True)\n"
        "ctypes.CDLL(None).syscall(60, 0)\n"  # this thread alone
    )
    words = [sys.executable, "-c", code, str(home.root)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as dying:
        assert dying.stdout is not None and dying.stdout.readline() == "held\n"
        while Path(f"/proc/{dying.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        with pytest.raises(UserError), lock.held(home):
            pass  # the kernel has not released it yet
        assert lock.holder(home) is None
