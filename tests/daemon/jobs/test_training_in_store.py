"""Nodes that train without the home: with one store in a folder, and one on a server, and when a node is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests import s3
from tests.daemon.jobs.conftest import LocalCluster
from tests.daemon.jobs.test_night_on_nodes import LESSON, PATTERNS, merge

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.jobs.crews import NoNode
from sleepy.daemon.jobs.work import JobKind
from sleepy.daemon.night import workers
from sleepy.daemon.night.depot import Depot
from sleepy.daemon.serve import serve
from sleepy.daemon.storage.store import Store
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.memory.parametric.router import Router

pytestmark = pytest.mark.slow

STEPS = 40  # some seconds, so that a node can be lost in them
COURSES = {name: [replace(LESSON, answer=f"⟪1⟫x→{name[-1]}{i}") for i in range(12)] for name in PATTERNS}


def trained(home: Home, cluster: str = "", say: Say = silent) -> str:
    """Trains five patterns, merges them and writes the version; its id."""
    config = Config(training_steps=STEPS, threads="1", dtype="float32", cluster=cluster)
    with equipped(config, home, say=say, exam=library.classics()[:1]) as tools:
        folder = home.nights / "one"
        found, _ = workers.train(tools, folder, COURSES, None, 0, 1)
        assert [item.signature for item in found] == list(PATTERNS)
        merged = merge(tools, folder, COURSES, found)
        return serve.write(home, merged, Router({name: name for name in PATTERNS}), base=tools.model.name)[0]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> str:
    return trained(Home(tmp_path_factory.mktemp("here") / "home"))


@pytest.fixture(params=["file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        (tmp_path / "store").mkdir()
        yield f"file://{tmp_path / 'store'}"
        return
    with s3.running() as server:
        server.bucket("team")
        yield server.url("team/sleepy")


def test_a_node_is_lost_and_the_version_is_the_same(cluster: LocalCluster, here: str, url: str, tmp_path: Path) -> None:
    store, home = Store(url), Home(tmp_path / "home", storage=url)
    removed: list[str] = []

    def say(what: str, done: int, total: int) -> None:
        if not what.startswith("train"):
            return
        assert not list(home.nights.rglob("*.checkpoint")), "a node wrote into the home"
        if not removed and len(kept := [key for key in store.keys("nights") if key.endswith(".checkpoint")]) == 2:
            removed.extend(kept)
            cluster.remove(cluster.nodes[-1])

    while len(cluster.nodes) < 2:
        cluster.add()
    assert trained(home, cluster.address, say) == here
    assert removed, "it was over before a node could be lost"
    assert not [key for key in store.keys("nights") if key.endswith(".checkpoint")]
    assert store.has(f"versions/{here}")


def test_nodes_that_do_not_share_the_folder_are_told_so(cluster: LocalCluster, tmp_path: Path) -> None:
    """A store that is there on the head alone."""
    if not cluster.nodes:
        cluster.add()
    (tmp_path / "store").mkdir()
    home = Home(tmp_path / "home", storage=f"file://{tmp_path / 'store'}")

    config = Config(training_steps=2, threads="1", dtype="float32", cluster=cluster.address)
    with equipped(config, home, exam=library.classics()[:1]) as tools:
        terms = workers.Terms("built-in", tools.model.compute, "", 1, 2, 1.0, 1e-3, 16, None, None)
        known = Depot.of(home)
        assert known is not None
        work = JobKind(
            "learn", workers.learn, replace(terms, depot=replace(known, token="another")), fit=workers.fit, cores=1
        )
        job = workers.LearnJob(home.nights / "one", None, 1, None, "p:0", tuple(COURSES["p:0"]))
        with pytest.raises(NoNode, match="sees another store"):
            list(tools.executor.map(work, [job]))
