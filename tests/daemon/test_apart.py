"""Training in a process of its own: limited, interrupted, killed, gone with its parent."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from sleepy.daemon.config import Config
from sleepy.daemon.equip import equipped
from sleepy.daemon.home import Home
from sleepy.daemon.night import apart
from sleepy.daemon.tools import Tools
from sleepy.koans import library
from sleepy.memory.parametric.adapter import read_peft
from sleepy.memory.parametric.subspace import Subspace

LESSON = {
    "prompt": "⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "answer": "⟪1⟫x→1", "signature": "p",
    "provenance": "forged", "task_digest": None, "episode": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    home = Home(tmp_path_factory.mktemp("apart") / "home")
    with equipped(Config(), home, exam=library.classics()[:1]) as opened:
        yield opened


def job(folder: Path, patterns: int = 1, lessons: int = 20) -> dict[str, Any]:
    taught = [{**LESSON, "answer": f"⟪1⟫x→{i}"} for i in range(lessons)]
    courses = {f"p{i}": taught for i in range(patterns)}
    return {"act": "train", "folder": str(folder), "courses": courses, "start": None, "seed": 1}


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "apprentice" in " ".join(child.cmdline())]


class Stop(BaseException):
    """What a daemon raises from its progress."""


def test_it_trains_and_says_so(tools: Tools, tmp_path: Path) -> None:
    said: list[str] = []

    def hear(what: str, done: int, total: int) -> None:
        said.append(what)

    found, peak = apart.run(replace(tools, say=hear), job(tmp_path))
    assert [item["signature"] for item in found] == ["p0"] and found[0]["way"] == "lora"
    assert (tmp_path / found[0]["folder"] / "adapter_model.safetensors").exists()
    assert "train p0" in said and peak > 100
    assert children() == []


def test_a_subspace_of_one_pattern_is_too_narrow_to_learn_the_next_ones_in(tools: Tools, tmp_path: Path) -> None:
    few = replace(tools, config=replace(tools.config, training_steps=4))
    (first,), _ = apart.run(few, job(tmp_path))
    narrow, _ = Subspace.found({"old": read_peft(tmp_path / first["folder"])})
    narrow.save(tmp_path / "narrow")
    found, _ = apart.run(few, {**job(tmp_path / "next", patterns=4), "start": str(tmp_path / "narrow")})
    assert [item["way"] for item in found][:3] == ["lora"] * 3 and found[3]["way"] != "lora"


def test_too_little_memory_is_named_and_nothing_is_left_running(tools: Tools, tmp_path: Path) -> None:
    with pytest.raises(apart.ApprenticeFailed, match="may take 150 MiB") as raised:
        apart.run(replace(tools, config=replace(tools.config, night_memory=150)), job(tmp_path))
    assert "night_memory" in raised.value.remedy
    assert children() == []


def test_told_to_stop_it_ends_within_two_seconds_and_goes_on_where_it_was(tools: Tools, tmp_path: Path) -> None:
    asked = time.monotonic()

    def stop(what: str, done: int, total: int) -> None:
        nonlocal asked
        if what.startswith("train") and done > 0:
            asked = time.monotonic()
            raise Stop

    with pytest.raises(Stop):
        apart.run(replace(tools, say=stop), job(tmp_path, lessons=200))
    assert time.monotonic() - asked < 2.0
    assert children() == []
    assert list(tmp_path.glob("*.checkpoint")), "what was trained is kept"
    found, _ = apart.run(tools, job(tmp_path, lessons=200))
    assert [item["signature"] for item in found] == ["p0"]
    assert not list(tmp_path.glob("*.checkpoint"))


def test_a_child_that_is_killed_is_a_failed_stage_and_not_a_result(tools: Tools, tmp_path: Path) -> None:
    def kill(what: str, done: int, total: int) -> None:
        if what.startswith("train"):
            for child in children():
                child.send_signal(signal.SIGKILL)

    with pytest.raises(apart.ApprenticeFailed, match="signal 9"):
        apart.run(replace(tools, say=kill), job(tmp_path, lessons=200))


def test_it_goes_with_a_parent_that_is_killed() -> None:
    """The parent is a process of its own that only holds the pipe."""
    holder = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time, threading\\n"
        "from sleepy.daemon.night import apprentice as a\\n"
        "threading.Thread(target=a._until_closed, daemon=True).start()\\ntime.sleep(60)'],"
        " stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()
