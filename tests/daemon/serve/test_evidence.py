"""Practice under earlier versions speaks for whoever answers now, as long as the same coefficients did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch

from sleepy.daemon.base.home import Home
from sleepy.daemon.serve import evidence, serve
from sleepy.memory.episodic import episodes, routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tasks import Task
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

NOW = datetime(2031, 3, 4, tzinfo=UTC)
OTHER = "E0382:borrow of moved value: `_`@fn"
TAUGHT = "E0277:`_` is not an iterator@fn"
NEAR = "E0277:`&_` is not an iterator@fn"


class Life:
    def __init__(self, db: Database, home: Home) -> None:
        self.db, self.home, self.serving = db, home, None
        self.count = 0

    serving: str | None

    def practise(self, signature: str, *passed: bool) -> None:
        for item in passed:
            self.count += 1
            task = Task(f"digest {self.count}", f"task {self.count}", "fn main() {}")
            tried = LoggedAttempt("ok" if item else "compile_error", item)
            episodes.record(self.db, Episode(task, signature, (tried,), "m", version=self.serving), now=NOW)

    def promote(self, wins: int, reach: dict[str, float] | None = None, *more: str) -> None:
        """A version that routes TAUGHT with a proof of so many wins, and `more`."""
        torch.manual_seed(self.count)
        names = [TAUGHT, *more]
        made = {name: Adapter({"w": Factors(torch.randn(6, 2), torch.randn(2, 5))}) for name in names}
        router = Router({name: name for name in names}, reach or {})
        version, path, files = serve.write(self.home, Subspace.found(made)[0], router, base="m")
        proved = serve.rows(router, [Route(name, name, wins, 0, 40, 0.001, active=True) for name in names])
        versions.register(
            self.db, version, path=str(path), files=files, parent=self.serving, night=None, routes=proved, note="m",
            now=NOW,
        )  # fmt: skip
        versions.rollback(self.db, version, reason="the test's", now=NOW)
        self.serving = version

    def known(self) -> dict[str, tuple[int, int]]:
        return {name: (item.passes, item.attempts) for name, item in evidence.serving_rates(self.db, self.home).items()}


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    home = Home(tmp_path / "home").make()
    with Database.open(home.database) as db:
        yield Life(db, home)


def test_a_promotion_takes_nothing_from_what_is_known_of_mistakes_that_it_does_not_route(life: Life) -> None:
    life.practise(OTHER, False, False)
    life.practise(TAUGHT, False, False, False)
    assert life.known() == {TAUGHT: (0, 3), OTHER: (0, 2)}
    life.promote(9)
    assert life.known() == {OTHER: (0, 2)}  # TAUGHT is answered by others now
    life.practise(OTHER, True)
    life.practise(TAUGHT, True, True)
    assert life.known() == {TAUGHT: (2, 2), OTHER: (1, 3)}


def test_a_route_counts_back_to_the_night_that_proved_it(life: Life) -> None:
    life.promote(9)
    life.practise(TAUGHT, True, False)
    life.promote(9, None, "E0001:another@fn")
    life.practise(TAUGHT, True)
    assert life.known() == {TAUGHT: (2, 3)}
    life.promote(17)  # learnt again
    assert life.known() == {}
    life.practise(TAUGHT, True)
    assert life.known() == {TAUGHT: (1, 1)}


def test_what_a_reach_answers_is_no_evidence_for_the_base(life: Life) -> None:
    assert Router({TAUGHT: TAUGHT}, {TAUGHT: 0.5}).route(NEAR) == TAUGHT
    life.practise(NEAR, False)
    life.promote(9, {TAUGHT: 0.5})
    assert life.known() == {}
    life.practise(NEAR, True)
    life.promote(10)
    assert life.known() == {NEAR: (0, 1)}  # as the base had it


def test_after_a_rollback_to_the_base_its_own_practice_is_what_is_known(life: Life) -> None:
    life.practise(OTHER, False)
    life.promote(9)
    life.practise(OTHER, True)
    versions.rollback(life.db, None, reason="the test's", now=NOW)
    assert life.known() == {OTHER: (0, 1)}


def test_a_version_whose_routes_are_gone_says_nothing_and_one_whose_folder_is_gone_does(life: Life) -> None:
    life.practise(NEAR, False)
    life.promote(9, {TAUGHT: 0.5})
    gone = life.serving
    life.practise(NEAR, True, True)
    life.practise(OTHER, True)
    life.promote(10)
    assert life.known() == {NEAR: (0, 1), OTHER: (1, 1)}
    shutil.rmtree(life.home.versions / str(gone))
    assert life.known() == {NEAR: (0, 1), OTHER: (1, 1)}  # its routes are the database's
    routes.write(life.db, str(gone), [], now=NOW)
    assert life.known() == {NEAR: (0, 1)}
