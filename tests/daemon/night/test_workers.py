"""Training in worker processes: limited, interrupted, killed, and ended with their parent."""

from __future__ import annotations

import copy
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.compute.choose import cores
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import workers
from sleepy.daemon.night.train import FOUNDERS, precisions
from sleepy.daemon.stages.stages import TrainedPattern
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.adapter import read_peft
from sleepy.memory.parametric.subspace import Subspace

LESSON = Lesson(
    "⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "⟪1⟫x→1", "p:", Provenance.FORGED, None, None
)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    home = Home(tmp_path_factory.mktemp("apart") / "home")
    with equipped(Config(), home, exam=library.classics()[:1]) as opened:
        yield opened


@dataclass(frozen=True)
class Once:
    """What a few steps for one pattern came to, in a folder, and what was said meanwhile."""

    folder: Path
    found: TrainedPattern
    peak: int
    said: Sequence[str]


@pytest.fixture(scope="module")
def once(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Once:
    said: list[str] = []

    def hear(what: str, done: int, total: int) -> None:
        said.append(what)

    folder = tmp_path_factory.mktemp("once")
    (found,), peak = trained(replace(tools, config=replace(tools.config, training_steps=4), say=hear), folder)
    return Once(folder, found, peak, said)


def trained(
    tools: Tools, folder: Path, patterns: int = 1, lessons: int = 20, start: Path | None = None, known: int = 0
) -> tuple[list[TrainedPattern], int]:
    """What training on some lessons for each of some patterns comes to."""
    taught = [replace(LESSON, answer=f"⟪1⟫x→{i}") for i in range(lessons)]
    return workers.train(tools, folder, {f"p:{i}": taught for i in range(patterns)}, start, known, 1)


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "sleepy.daemon.night.worker" in " ".join(child.cmdline())]


def replace_compute(tools: Tools, **changes: Any) -> LanguageModel:
    """The same model, as if something else had been chosen for it."""
    other = copy.copy(tools.model)
    other.compute = replace(tools.model.compute, **changes)
    return other


class Stop(BaseException):
    """What a daemon raises from its progress."""


def test_it_trains_and_says_so(tools: Tools, once: Once) -> None:
    assert once.found.signature == "p:0" and once.found.way == "lora"
    assert once.found.dtype == tools.model.compute.trains
    assert (once.folder / once.found.folder / "adapter_model.safetensors").exists()
    assert f"train {spoken('p:0')}" in once.said and once.peak > 100
    assert children() == []


def test_a_subspace_of_one_pattern_is_too_narrow_to_learn_the_next_ones_in(
    tools: Tools, once: Once, tmp_path: Path
) -> None:
    few = replace(tools, config=replace(tools.config, training_steps=4))
    narrow, _ = Subspace.found({"old": read_peft(once.folder / once.found.folder)})
    narrow.save(tmp_path / "narrow")
    found, _ = trained(few, tmp_path / "next", patterns=4, start=tmp_path / "narrow", known=1)
    assert [item.way for item in found][:3] == ["lora"] * 3 and found[3].way != "lora"
    bases, some = tmp_path / "narrow", {"p": [LESSON] * 20}
    (coarse,), _ = workers.train(few, tmp_path / "coarse", some, bases, FOUNDERS, 1)
    assert coarse.way == "lora"
    (further,), _ = workers.train(few, tmp_path / "coarse", some, bases, FOUNDERS, 1, serves={"p": "old"})
    assert further.curve[0][1] < 0.8 * coarse.curve[0][1], "it knows before the first step what the old pattern knows"


def test_what_a_pattern_comes_to_does_not_depend_on_how_many_are_learnt_at_once(tools: Tools, tmp_path: Path) -> None:
    few = replace(tools, config=replace(tools.config, training_steps=4))
    assert workers.workers_and_threads(few, 3)[0] == min(3, cores())
    used: set[int] = set()

    def count(what: str, done: int, total: int) -> None:
        used.update(child.pid for child in children())

    lone = replace(few, config=replace(few.config, threads="1"), model=replace_compute(few, alone=1), say=count)
    assert workers.workers_and_threads(lone, 3) == (1, 1)
    one, _ = trained(lone, tmp_path / "one", patterns=6)
    assert len(used) == 1, "who has loaded torch stays for the second round"
    several, _ = trained(few, tmp_path / "several", patterns=6)
    assert [item.signature for item in several] == [item.signature for item in one] == [f"p:{i}" for i in range(6)]
    for mine, theirs in zip(one, several, strict=True):
        alone, beside = (folder / item.folder / "adapter_model.safetensors" for folder, item in
                         ((tmp_path / "one", mine), (tmp_path / "several", theirs)))  # fmt: skip
        assert alone.read_bytes() == beside.read_bytes()


def test_training_resumed_in_another_precision_begins_anew(tools: Tools, once: Once, tmp_path: Path) -> None:
    few = replace(tools, config=replace(tools.config, training_steps=4))
    used = tools.model.compute.trains
    other = "float32" if used == "bfloat16" else "bfloat16"
    shutil.copytree(once.folder, tmp_path / "night")
    (after,), _ = trained(replace(few, model=replace_compute(few, trains=other)), tmp_path / "night")
    assert (once.found.dtype, after.dtype) == (used, other) and once.found.folder != after.folder
    assert precisions(tmp_path / "night") == {used, other}


def test_too_little_memory_is_named_and_nothing_is_left_running(tools: Tools, tmp_path: Path) -> None:
    with pytest.raises(workers.TrainingFailed, match="memory limit 150 MiB") as raised:
        trained(replace(tools, config=replace(tools.config, night_memory=150)), tmp_path)
    assert "night_memory" in raised.value.remedy
    assert children() == []


def test_told_to_stop_it_ends_and_goes_on_where_it_was(tools: Tools, tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what.startswith("train") and done > 0:
            raise Stop

    with pytest.raises(Stop):
        trained(replace(tools, say=stop), tmp_path, lessons=200)
    assert children() == []
    assert list(tmp_path.glob("*.checkpoint")), "what was trained is kept, however slow the step it was told in"
    found, _ = trained(tools, tmp_path, lessons=200)
    assert [item.signature for item in found] == ["p:0"]
    assert not list(tmp_path.glob("*.checkpoint"))


def test_a_child_that_is_killed_is_a_failed_stage_and_not_a_result(tools: Tools, tmp_path: Path) -> None:
    def kill(what: str, done: int, total: int) -> None:
        if what.startswith("train"):
            for child in children():
                child.send_signal(signal.SIGKILL)

    with pytest.raises(workers.TrainingFailed, match="signal 9"):
        trained(replace(tools, say=kill), tmp_path, lessons=200)


def test_it_goes_with_a_parent_that_is_killed() -> None:
    """The parent is a process of its own that only holds the pipe."""
    holder = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'sleepy.daemon.night.worker'],"
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
