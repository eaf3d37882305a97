"""What is drawn on nodes is what is drawn here, and both sides of an exam task are answered on one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.daemon.jobs import acts
from tests.daemon.jobs.conftest import LocalCluster
from tests.daemon.versions.served import adapter

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.jobs.work import Executor, Hear, JobKind, unheard
from sleepy.daemon.night import exam, rehearsal
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.memory.episodic import episodes
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Rule, Subspace

pytestmark = pytest.mark.slow

T = TypeVar("T")
R = TypeVar("R")

CONFIG = Config(model="novice", threads="1", dtype="float32", explore=6.0)
KOANS = 12  # so the samples of one round are in two pieces
TASKS = 70  # pieces of 32, 32 and 6


def drawn(home: Path, config: Config) -> tuple[object, object]:
    """All answers of a day by rung, and the champion's own right answers as a night would teach them."""
    with equipped(config, Home(home), exam=[]) as tools:
        mistakes = [BY_NAME["repeated_item"], BY_NAME["misspelt"]]
        koans = shelf.practice(tools.judge, 7, KOANS, exam=(), mistakes=mistakes)
        practise(tools, Served(), koans, seed=1)
        kept = [item.episode for item in reversed(episodes.latest(tools.db, limit=KOANS))]
        tried = [
            (each.task.digest, [(one.rung, one.answer, one.outcome) for one in each.attempts]) for each in kept
        ]  # fmt: skip
        right = rehearsal.right_answers(tools, Served(), koans, 3, until=float("inf"))
        return tried, {digest: lesson.answer for digest, lesson in right.items()}


def test_samples_are_the_same_here_and_on_nodes_and_others_with_another_seed(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    here = drawn(tmp_path / "here", CONFIG)
    tried, right = here
    assert {"samples", "turns"} <= {rung for _, some in tried for rung, _, _ in some} and right  # type: ignore[attr-defined]
    assert drawn(tmp_path / "nodes", replace(CONFIG, cluster=cluster.address)) == here
    assert drawn(tmp_path / "other", replace(CONFIG, seed=1))[0] != tried


@dataclass(frozen=True)
class Noting:
    """The nodes, with a note in the folder of which answered what."""

    nodes: Executor
    folder: Path
    spreads: bool = True

    def map(self, work: JobKind[T, R], jobs: Iterable[T], *, hear: Hear = unheard) -> Generator[R, None, None]:
        act: Any = partial(acts.answered, self.folder) if work.name == "answer" else work.act
        return self.nodes.map(replace(work, act=act), jobs, hear=hear)


def test_champion_and_challenger_of_a_task_are_answered_on_one_node_and_both_nodes_answer(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    assert len(cluster.nodes) == 2
    (notes := tmp_path / "notes").mkdir()
    with equipped(replace(CONFIG, cluster=cluster.address), Home(tmp_path / "home"), exam=[]) as tools:
        tools = replace(tools, executor=Noting(tools.executor, notes))
        asked = exam.diagnoses(tools, library.exam()[:TASKS])
        subspace, _ = Subspace.found({"p": adapter(tools.model.model, 0, 0.02)}, Rule(threshold=1.0))
        routes = Router({item.signature: "p" for item in asked})
        exam.sit(tools, asked, Served(), Served("challenger", subspace, routes), what="exam")
    where: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for note in notes.iterdir():
        task, side, node = note.name.split(".")
        where[task][side].add(node)
    assert len(where) > 60
    assert all(len(each["plain"]) == 1 and each["plain"] == each["routed"] for each in where.values())
    assert len({node for each in where.values() for node in each["plain"]}) == 2
