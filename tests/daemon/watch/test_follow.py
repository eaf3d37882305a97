"""Wake-ups from the real kernel, and what happens when it has no more watches to give."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.daemon.desk import plant

from sleepy.daemon.watch.follow import follow


def hear(what: str) -> None:
    raise AssertionError(what)


LIMITED = """
import sys, threading
from pathlib import Path
from sleepy.daemon.watch.follow import follow
here, stop, said = Path(sys.argv[1]), threading.Event(), []
for number, changes in enumerate(follow(lambda: {here}, stop, said.append, tick=0.2)):
    if number == 3:
        (here / "a.rs").write_text("x")
    if here / "a.rs" in changes or number > 100:
        stop.set()
print(number < 100, said)
"""


def test_what_changes_in_a_folder_wakes_and_what_changes_below_it_does_not(tmp_path: Path) -> None:
    plant(tmp_path, {"src/lib.rs": "a", "target/x": "b"})
    stop, seen = threading.Event(), set[Path]()
    for number, changes in enumerate(follow(lambda: {tmp_path, tmp_path / "src"}, stop, hear, tick=0.1)):
        seen |= changes
        if number == 1:
            plant(tmp_path, {"target/x": "c", "src/lib.rs": "d"})
        if tmp_path / "src" / "lib.rs" in seen or number > 100:
            stop.set()
    assert tmp_path / "src" / "lib.rs" in seen
    assert not any(path.is_relative_to(tmp_path / "target") and path != tmp_path / "target" for path in seen)


def test_folders_that_come_later_are_followed_from_then_on(tmp_path: Path) -> None:
    stop, folders, seen = threading.Event(), set[Path](), set[Path]()
    for number, changes in enumerate(follow(folders.copy, stop, hear, tick=0.05)):
        seen |= changes
        if number == 1:
            folders.add(tmp_path)
        if number == 4:
            (tmp_path / "new.rs").write_text("x")
        if tmp_path / "new.rs" in seen or number > 100:
            stop.set()
    assert {tmp_path, tmp_path / "new.rs"} <= seen


def test_a_stop_ends_it_at_once(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert list(follow(lambda: {tmp_path}, stop, hear)) == []


@pytest.mark.parametrize("limit", ["max_inotify_instances", "max_inotify_watches"])
def test_without_watches_it_polls_and_says_so_once(tmp_path: Path, limit: str) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare to limit the kernel's watches with")
    script = f'echo 0 > /proc/sys/user/{limit} && exec {sys.executable} -c "$0" "$1"'
    done = subprocess.run(
        [unshare, "-Ur", "sh", "-c", script, LIMITED, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    if done.returncode and "proc/sys/user" in done.stderr:
        pytest.skip(f"this user may not limit the kernel's watches: {done.stderr.strip()[-200:]}")
    assert done.stdout.startswith("True ['the kernel allows no more watches"), done.stdout + done.stderr
    assert done.stdout.count("no more watches") == 1
