"""When the machine is free: the decision from values, the readers from real files and programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.service import leisure
from sleepy.daemon.service.leisure import Machine, Others, Readers, busy, look, others_load, unknown

ASKING = Config(idle_minutes=10.0, only_on_ac=True, max_load=1.0, device="cuda:0")


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (Machine(), ()),
        (Machine(601.0, False, 1.0, 19.0), ()),
        (Machine(599.0, False, 1.0, 0.0), ("used within the last 10 min",)),
        (Machine(on_battery=True), ("on battery",)),
        (Machine(load=1.7), ("load 1.7 above 1",)),
        (Machine(gpu=20.0), ("GPU 20 % busy",)),
        (Machine(0.0, True, 3.0, 97.0), ("used within the last 10 min", "on battery", "load 3.0 above 1", "GPU 97 % busy")),
    ],
)  # fmt: skip
def test_the_hindrances_are_named(machine: Machine, expected: tuple[str, ...]) -> None:
    assert tuple(map(str, busy(ASKING, machine))) == expected


def test_what_the_settings_do_not_ask_for_is_no_reason() -> None:
    assert busy(Config(), Machine(0.0, True, 9.0, 100.0)) == ()


def test_what_cannot_be_known_is_said_and_counts_as_free() -> None:
    assert busy(ASKING, Machine()) == ()
    said = unknown(ASKING, Machine())
    assert len(said) == 2 and "counts as idle" in said[0] and "mains power" in said[1]
    assert unknown(Config(), Machine()) == () and unknown(ASKING, Machine(1.0, False)) == ()


def test_only_what_is_asked_for_is_read_and_at_work_our_own_load_is_left_out() -> None:
    asked: list[str] = []

    def reader(name: str, value: float) -> float:
        asked.append(name)
        return value

    readers = Readers(
        lambda: reader("idle", 5.0),
        lambda: bool(reader("battery", 1)),
        lambda: reader("load", 2.0),
        lambda: reader("others", 0.5),
        lambda: reader("gpu", 90.0),
    )
    assert look(Config(), readers, at_work=False) == Machine() and asked == []
    assert look(ASKING, readers, at_work=False) == Machine(5.0, True, 2.0, 90.0)
    assert look(ASKING, readers, at_work=True) == Machine(5.0, True, 0.5, None)
    assert look(replace(ASKING, device="cpu"), readers, at_work=False).gpu is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('{"type":"b","data":false}\n{"type":"t","data":1800000000000000}\n', 0.0),
        ('{"type":"b","data":true}\n{"type":"t","data":1800000000000000}\n', 100.0),
        ('{"type":"b","data":true}\n{"type":"t","data":0}\n', float("inf")),
        ("Failed to connect to bus", None),
        ("", None),
        (None, None),
    ],
)
def test_what_logind_says_of_idleness(answer: str | None, expected: float | None) -> None:
    assert leisure.logind(1_800_000_100.0, lambda: answer) == expected


def test_the_terminal_used_last_says_how_long_nobody_typed(tmp_path: Path) -> None:
    now = time.time()
    folder = tmp_path / "pts"
    folder.mkdir()
    assert leisure.terminals(now, (folder, tmp_path / "none")) is None
    for name, ago in (("0", 500.0), ("1", 60.0), ("ptmx", 1.0)):
        (folder / name).touch()
        os.utime(folder / name, (now - ago, now))
    assert leisure.terminals(now, (folder,)) == pytest.approx(60.0, abs=0.1)


def test_a_real_terminal_s_key_is_seen() -> None:
    """The kernel notes it to within eight seconds, so a key typed now is at most that old."""
    master, slave = os.openpty()
    try:
        os.write(master, b"x\n")
        assert os.read(slave, 10) == b"x\n"
        found = leisure.terminals(time.time(), (Path(os.ttyname(slave)).parent,))
        assert found is not None and found < 9.0
    finally:
        os.close(master)
        os.close(slave)


def test_this_machine_can_be_read() -> None:
    readers = leisure.real()
    assert (readers.load() or 0.0) >= 0.0
    assert readers.on_battery() in (None, True, False)
    idle = readers.idle()
    assert idle is None or idle >= 0.0
    assert (readers.gpu() is None) == (shutil.which("nvidia-smi") is None)


def test_our_own_work_is_not_the_others_load() -> None:
    assert others_load((0.0, 100.0, 10.0), (10.0, 115.0, 15.0), 2) == pytest.approx(0.5)
    assert others_load((0.0, 100.0, 10.0), (10.0, 105.0, 15.0), 2) == 0.0


def test_a_child_s_work_counts_as_our_own_and_another_program_s_does_not() -> None:
    """Read as two different processes: ours with a busy child, and one that has nothing to do with it."""
    idle = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    spin = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        ours, foreign = Others(), Others(idle.pid)
        assert ours() is None and foreign() is None  # one reading says nothing yet
        time.sleep(1.0)
        seen, mine = foreign(), ours()
        assert seen is not None and mine is not None and mine < seen
    finally:
        for child in (spin, idle):
            child.kill()
            child.communicate()
