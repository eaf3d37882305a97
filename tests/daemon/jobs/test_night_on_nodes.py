"""What a night does on nodes comes to what it comes to here, with one node, two or four, and when one is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.daemon.jobs.conftest import LocalCluster

from sleepy.daemon.attempt.attempt import Attempt
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.night import exam, workers
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import TrainedPattern
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import tables
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

pytestmark = pytest.mark.slow

PATTERNS = tuple(f"p:{i}" for i in range(5))  # four founders, and one that is learnt in their bases
TASKS = 34  # two pieces
LESSON = Lesson(
    "⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "⟪1⟫x→1", "p:", Provenance.FORGED, None, None
)


@dataclass(frozen=True)
class Result:
    """What is compared: the version's id, all answers with their verdicts, and how many verdicts are remembered."""

    version: str
    answers: tuple[tuple[str, str, str, str], ...]
    verdicts: int


def slept(tmp_path: Path, cluster: str = "", say: Say = silent) -> Result:
    """Trains five patterns, merges them, holds an exam with a route of each, and writes the version."""
    config = Config(training_steps=2, threads="1", dtype="float32", cluster=cluster)
    with equipped(config, Home(tmp_path), say=say, exam=library.exam()[:TASKS]) as tools:
        folder = tools.home.nights / "one"
        courses = {name: [replace(LESSON, answer=f"⟪1⟫x→{name[-1]}{i}") for i in range(12)] for name in PATTERNS}
        trained, _ = workers.train(tools, folder, courses, None, 0, 1)
        assert [item.signature for item in trained] == list(PATTERNS)
        merged = merge(tools, folder, courses, trained)
        asked = exam.diagnoses(tools, tools.exam)
        routes = Router({item.signature: PATTERNS[i % 5] for i, item in enumerate(asked)})
        sitting = exam.sit(tools, asked, Served(), Served("challenger", merged, routes), what="exam")
        version, _, _ = serve.write(tools.home, merged, routes, base=tools.model.name)
        with tools.db.reading() as connection:
            kept = connection.execute(select(func.count()).select_from(tables.verdicts)).scalar_one()
        return Result(version, tuple(map(told, (*sitting.baseline, *sitting.challenger))), kept)


def merge(tools: Tools, folder: Path, courses: dict[str, list[Lesson]], trained: list[TrainedPattern]) -> Subspace:
    """The subspace of all adapters."""
    some = {name: tuple(lessons) for name, lessons in courses.items()}
    workers.consolidate(
        tools, workers.ConsolidateJob(folder, None, 1, tuple(trained), some, tools.home.root / "subspace")
    )
    return Subspace.load(tools.home.root / "subspace")


def told(item: Attempt) -> tuple[str, str, str, str]:
    return item.diagnosis.koan.id, str(item.route), item.answer, item.verdict.outcome.value


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Result:
    found = slept(tmp_path_factory.mktemp("here"))
    assert len(found.answers) > 60 and found.verdicts > 5
    return found


def test_a_night_on_one_node_two_or_four_makes_the_same_version(
    cluster: LocalCluster, here: Result, tmp_path: Path
) -> None:
    cluster.remove(cluster.nodes[0])
    for count in (1, 2, 4):
        while len(cluster.nodes) < count:
            cluster.add()
        assert slept(tmp_path / str(count), cluster.address) == here


@pytest.mark.parametrize("when", ["train", "exam: challenger"])
def test_a_node_that_is_lost_in_training_or_in_the_exam_changes_nothing(
    cluster: LocalCluster, here: Result, tmp_path: Path, when: str
) -> None:
    removed: list[str] = []

    def say(what: str, done: int, total: int) -> None:
        if what.startswith(when) and done and not removed:
            removed.append(what)
            cluster.remove(cluster.nodes[-1])

    while len(cluster.nodes) < 2:
        cluster.add()
    assert slept(tmp_path, cluster.address, say) == here
    assert removed
