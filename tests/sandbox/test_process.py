"""Children end: by themselves, by the clock, by their output; and nothing of them is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sleepy.sandbox import process, scratch

LIMITS = process.Limits(wall_s=20, cpu_s=10, memory=process.GIB, file=process.MIB, output=64 * process.KIB)


def test_a_child_is_heard_to_its_end() -> None:
    ended = process.run(["/bin/sh", "-c", "cat; echo no >&2; exit 3"], limits=LIMITS, stdin=b"yes")
    assert (ended.code, ended.stdout, ended.stderr) == (3, b"yes", b"no\n")
    assert not ended.timed_out and not ended.flooded


def test_a_signal_is_a_negative_code() -> None:
    assert process.run(["/bin/sh", "-c", "kill -11 $$"], limits=LIMITS).code == -signal.SIGSEGV


def test_the_clock_ends_a_child_and_its_children(tmp_path: Path) -> None:
    ended = process.run(
        ["/bin/sh", "-c", f"sleep 60 & echo $! > {tmp_path}/pid; wait"],
        limits=replace(LIMITS, wall_s=0.5),
        environment={"PATH": "/usr/bin:/bin"},
    )
    assert ended.timed_out
    assert 0.5 <= ended.seconds < 2
    _gone(int((tmp_path / "pid").read_text()))


def test_a_child_that_closes_its_output_is_still_timed() -> None:
    ended = process.run(
        ["/bin/sh", "-c", "exec >&- 2>&-; sleep 60"], limits=replace(LIMITS, wall_s=0.5), environment={"PATH": "/bin"}
    )
    assert ended.timed_out
    assert ended.seconds < 2


def test_a_grandchild_left_behind_is_killed_with_its_group(tmp_path: Path) -> None:
    ended = process.run(
        ["/bin/sh", "-c", f"sleep 60 >&- 2>&- & echo $! > {tmp_path}/pid"],
        limits=LIMITS,
        environment={"PATH": "/usr/bin:/bin"},
    )
    assert ended.code == 0
    _gone(int((tmp_path / "pid").read_text()))


def test_a_flood_is_cut_at_the_limit() -> None:
    ended = process.run(["/bin/sh", "-c", "while :; do echo abcdefgh; done"], limits=LIMITS)
    assert ended.flooded
    assert len(ended.stdout) + len(ended.stderr) <= LIMITS.output


def test_the_environment_is_what_was_given() -> None:
    assert process.run(["/usr/bin/env"], limits=LIMITS, environment={"A": "b"}).stdout == b"A=b\n"
    assert process.run(["/usr/bin/env"], limits=LIMITS).stdout == b""


def test_a_program_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(FileNotFoundError):
        process.run(["/no/such/program"], limits=LIMITS)


def test_what_is_judged_dies_with_the_judge() -> None:
    """A killed sleepy leaves no jailed program behind."""
    script = (
        "import sys\nfrom sleepy.sandbox.sandbox import Sandbox\n"
        "box = Sandbox.open(workers=1)\n"
        "print(box._root, flush=True)\n"
        "tests = 'mod tests { #[test] fn sleeps() { std::thread::sleep(std::time::Duration::from_secs(60)); } }'\n"
        "box.judge('pub fn f() {}', tests)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    root = Path(child.stdout.readline().strip())
    try:
        program = _until(lambda: _running(str(root)))
        child.kill()
        child.wait()
        for pid in program:
            _gone(pid)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        subprocess.run(["rm", "-rf", root], check=True)


def test_there_is_a_worker_a_core_and_fewer_where_memory_is_short() -> None:
    cores = len(os.sched_getaffinity(0))
    assert scratch.worker_count(1) == cores
    assert scratch.worker_count(2**60) == 1


def test_a_room_is_empty_and_gone_when_left(tmp_path: Path) -> None:
    with scratch.ScratchFolders(tmp_path) as rooms:
        one, other = rooms.new(), rooms.new()
        assert one != other
        assert list(one.iterdir()) == []
        (one / "file").touch()
    assert list(tmp_path.iterdir()) == []


def _running(mark: str) -> list[int]:
    """The processes whose command ends in the program of a room below `mark`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.startswith(mark.encode()) and word.endswith(b"/program") for word in words):
            found.append(int(path.parent.name))
    return found


def _until(look: Callable[[], list[int]]) -> list[int]:
    for _ in range(400):
        found = look()
        if found:
            return list(found)
        time.sleep(0.05)
    raise AssertionError("the program never ran")


def _gone(pid: int) -> None:
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z"):
                return  # dead, and not reaped by a lazy init
        except OSError:
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")
