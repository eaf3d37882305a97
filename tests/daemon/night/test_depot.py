"""Training on a machine that does not see the home: what it comes to, and that it goes on at the store's checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.night import depot, workers
from sleepy.daemon.night.depot import Depot
from sleepy.daemon.night.examine import adapter_hash
from sleepy.daemon.night.workers import LearnJob, Terms
from sleepy.daemon.stages.stages import TrainedPattern
from sleepy.daemon.storage.store import Store
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.adapter import read_peft
from sleepy.memory.parametric.subspace import Subspace

STEPS = 6
LESSON = Lesson("⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "⟪1⟫x→1", "p:", Provenance.FORGED)


class Stop(BaseException):
    """What ends a job."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    folder = tmp_path_factory.mktemp("far")
    (folder / "store").mkdir()
    home = Home(folder / "home", storage=f"file://{folder / 'store'}")
    with equipped(Config(dtype="float32", threads="1"), home, exam=library.classics()[:1]) as opened:
        yield opened


@pytest.fixture
def store(tools: Tools) -> Store:
    return Store(tools.home.storage)


def terms(tools: Tools) -> Terms:
    compute = replace(tools.model.compute, measured=None)
    return Terms(tools.model.name, compute, "", 1, STEPS, 600.0, 2e-3, 220, None, Depot.of(tools.home))


def job(tools: Tools, name: str, night: str = "2031-03-04") -> LearnJob:
    taught = tuple(replace(LESSON, answer=f"⟪1⟫x→{i}") for i in range(12))
    return LearnJob(tools.home.nights / night / "adapters", None, 1, None, name, taught)


def learnt(tools: Tools, given: LearnJob, say: Say = silent) -> TrainedPattern:
    """As a node that was never here: with an empty folder."""
    depot._scratch.cache_clear()
    return workers.learn(terms(tools), given, say).result


def test_what_is_trained_without_the_home_is_what_is_trained_in_it(tools: Tools, store: Store, tmp_path: Path) -> None:
    here = workers.learn(replace(terms(tools), depot=None), replace(job(tools, "p:0"), folder=tmp_path), silent).result
    there = learnt(tools, job(tools, "p:0"))
    assert there.folder == here.folder and there.curve == here.curve
    folder = job(tools, "p:0").folder
    assert not folder.exists()  # what sees the home would have made it
    depot.taken(tools.home, folder, [there.folder])
    assert adapter_hash(folder / there.folder) == adapter_hash(tmp_path / here.folder)
    assert store.keys("nights") == [f"nights/2031-03-04/adapters/{there.folder}"]  # its checkpoint is gone


def test_a_pattern_whose_node_is_lost_goes_on_at_its_checkpoint(tools: Tools, store: Store) -> None:
    said: list[int] = []

    def stop(what: str, done: int, total: int) -> None:
        if done >= 50:
            raise Stop

    def hear(what: str, done: int, total: int) -> None:
        said.append(done)

    given = job(tools, "p:1")
    with pytest.raises(Stop):
        learnt(tools, given, stop)
    (checkpoint,) = [key for key in store.keys("nights") if key.endswith(".checkpoint")]
    found = learnt(tools, given, hear)
    assert said[0] > 50 and len(said) == STEPS // 2
    assert not store.has(checkpoint)
    whole = learnt(tools, job(tools, "p:1", night="2031-03-05"))
    hashes = []
    for each, of in ((found, given), (whole, job(tools, "p:1", night="2031-03-05"))):
        depot.taken(tools.home, of.folder, [each.folder])
        hashes.append(adapter_hash(of.folder / each.folder))
    assert hashes[0] == hashes[1]
    assert learnt(tools, given, stop).folder == found.folder  # it is not trained again


def test_a_checkpoint_that_cannot_be_kept_does_not_end_the_training(tools: Tools, store: Store) -> None:
    in_store = depot.InStore(Depot.of(tools.home) or pytest.fail())
    in_store._store = Store("file:///unmounted/sleepy")
    place = depot._scratch() / "nights" / "x.checkpoint"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"x")
    in_store.checkpoint(place)
    with pytest.raises(Exception, match="there is no folder"):
        in_store.keep(place)


def test_what_a_job_begins_with_comes_from_the_store(tools: Tools, store: Store, tmp_path: Path) -> None:
    """The founders' adapters, and the subspace that serves, are not in the home."""
    founder = learnt(tools, job(tools, "p:2"))
    depot.taken(tools.home, job(tools, "p:2").folder, [founder.folder])
    adapter = read_peft(job(tools, "p:2").folder / founder.folder)
    start = tools.home.versions / "v1"
    Subspace.found({"old": adapter})[0].save(tmp_path / "v1")
    store.put("versions/v1", tmp_path / "v1")
    later = replace(job(tools, "E0002:later@fn"), start=start, founders=(founder,), begins="old")
    found = learnt(tools, later)
    assert found.way != "lora" and not start.exists()
    assert store.has(f"nights/2031-03-04/adapters/{found.folder}")


def test_a_node_that_reaches_another_store_or_none_is_unfit(tools: Tools, tmp_path: Path) -> None:
    known = Depot.of(tools.home)
    assert known is not None and known.unfit() == ""
    (tmp_path / "other").mkdir()
    assert "sees another store" in replace(known, url=f"file://{tmp_path / 'other'}").unfit()
    assert "there is no folder" in replace(known, url=f"file://{tmp_path / 'unmounted'}").unfit()
    assert "hushhush" not in repr(replace(known, url="s3://bucket/x?secret=hushhush"))
