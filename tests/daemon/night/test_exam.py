"""Champion and challenger at the same tasks: who is asked, and when a loss counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import Request
from sleepy.daemon.night.exam import sit
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.router import Router
from sleepy.sandbox.sandbox import Sandbox

UNIT = "pub fn f{n}() -> u8 {{\n    {n};\n}}\n"
MOVED = "pub fn f{n}(s: String) -> (String, String) {{\n    (s, s)\n}}\n"


class Servable(ScriptedModel):
    """A scripted model that can be served: a subspace changes nothing, the script hears the route."""

    @contextmanager
    def serving(self, _subspace: Any) -> Iterator[ScriptedModel]:
        yield self


@pytest.fixture(scope="module")
def asked(sandbox: Sandbox) -> list[Diagnosis]:
    """Two tasks of one signature, then two of another."""
    koans = [Koan(f"k{n}", "types", "t", UNIT.format(n=n), UNIT.format(n=n).replace(";", ""), "") for n in (1, 2)]
    moved = [
        Koan(f"k{n}", "moves", "t", MOVED.format(n=n), MOVED.format(n=n).replace("(s,", "(s.clone(),"), "")
        for n in (3, 4)
    ]
    found, _ = diagnose([*koans, *moved], sandbox)
    return found


@pytest.fixture
def hold(sandbox: Sandbox, tmp_path: Path) -> Iterator[Callable[[Any], Tools]]:
    home = Home(tmp_path / "home").make()
    with Database.open(home.database) as db:
        yield lambda script: Tools(db, home, Config(), Servable(script), sandbox, ())  # type: ignore[arg-type]


def right(request: Request) -> str:
    return request.taught(request.source.replace(";", "").replace("(s,", "(s.clone(),"))


def test_only_what_a_route_answers_is_asked_twice(asked: list[Diagnosis], hold: Callable[[Any], Tools]) -> None:
    heard: Counter[str | None] = Counter()

    def script(request: Request, route: str | None) -> str:
        heard[route] += 1
        return right(request) if route or "s: String" in request.source else ""

    signature = asked[0].signature
    assert signature != asked[2].signature
    sitting = sit(hold(script), asked, Served(), Served("c", None, Router({signature: "p"})), what="exam")
    assert heard == {None: 4, "p": 2}
    assert [(pair.baseline, pair.challenger, pair.route) for pair in sitting.pairs()] == [
        (False, True, "p"), (False, True, "p"), (True, True, None), (True, True, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("champion", "challenger", "pair"),
    [
        ([True], [False, False, False], (True, False)),
        ([True], [False, True, False], (True, False)),
        ([True], [False, True, True], (True, True)),
        ([True, False, False], [False, False, False], (False, False)),  # the champion passes it by chance alone
    ],
)
def test_a_loss_counts_when_two_of_three_runs_of_each_side_say_so(
    asked: list[Diagnosis], hold: Callable[[Any], Tools], champion: list[bool], challenger: list[bool],
    pair: tuple[bool, bool],
) -> None:  # fmt: skip
    told: Counter[str | None] = Counter()

    def script(request: Request, route: str | None) -> str:
        runs = champion if route is None else challenger
        says = runs[min(told[route], len(runs) - 1)]
        told[route] += 1
        return right(request) if says else ""

    router = Router({asked[0].signature: "p"})
    (found,) = sit(hold(script), asked[:1], Served(), Served("c", None, router), what="exam").pairs()
    assert (found.baseline, found.challenger) == pair
