"""Candidates against the champion on fresh koans: asked until they are settled, withdrawn where they are worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.daemon.night.test_exam import MOVED, UNIT, Servable, right

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.gate.sequential import Rules, TrialEvidence, TrialState
from sleepy.daemon.model.request import Request
from sleepy.daemon.night import exam, trials
from sleepy.daemon.night.trials import CandidateOnTrial
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import code_of
from sleepy.memory.parametric.subspace import Subspace
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome

NOTHING = Subspace({}, {})
RULES = Rules(batch=4, night=24)


@pytest.fixture(scope="module")
def koans(sandbox: Sandbox) -> list[Diagnosis]:
    """Forty of one mistake, then forty of another."""
    units = [Koan(f"u{n}", "types", "t", UNIT.format(n=n), UNIT.format(n=n).replace(";", ""), "") for n in range(40)]
    moved = [
        Koan(f"m{n}", "moves", "t", MOVED.format(n=n), MOVED.format(n=n).replace("(s,", "(s.clone(),"), "")
        for n in range(40)
    ]
    return diagnose([*units, *moved], sandbox)[0]


class Shelf:
    """Hands out koans by scope, each once; counts what was wanted."""

    def __init__(self, **left: list[Diagnosis]) -> None:
        self.left, self.given = left, Counter[str]()

    def __call__(self, wanted: Mapping[str, int]) -> Iterator[tuple[str, Diagnosis]]:
        for scope, count in wanted.items():
            for _ in range(min(count, len(self.left[scope]))):
                self.given[scope] += 1
                yield scope, self.left[scope].pop(0)


@pytest.fixture
def hold(sandbox: Sandbox, tmp_path: Path) -> Iterator[Callable[[Any], Tools]]:
    home = Home(tmp_path / "home").make()
    with Database.open(home.database) as db:
        yield lambda script: Tools(db, home, Config(), Servable(script), sandbox, ())  # type: ignore[arg-type]


def run(tools: Tools, candidates: list[CandidateOnTrial], shelf: Shelf, champion: Served | None = None) -> None:
    trials.run(tools, champion or Served(), NOTHING, candidates, shelf, proven=0, rules=RULES)


def test_a_gain_is_proven_and_asked_no_further_and_what_gains_nothing_is_given_up(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    def script(request: Request, route: str | None) -> str:
        return right(request) if route == "E0308" else ""

    good, vain = CandidateOnTrial("E0308", 0), CandidateOnTrial("E0382", 1)
    shelf = Shelf(E0308=koans[:40], E0382=koans[40:])
    run(hold(script), [good, vain], shelf)
    assert good.state is TrialState.PROVEN and good.evidence.wins == good.evidence.asked < 24
    assert vain.evidence == TrialEvidence(0, 0, vain.evidence.asked, 0) and vain.state is not TrialState.PROVEN
    assert shelf.given["E0308"] == good.evidence.asked


def test_evidence_of_earlier_nights_counts_and_a_dry_shelf_leaves_a_test_open(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    def script(request: Request, route: str | None) -> str:
        return right(request) if route else ""

    few = CandidateOnTrial("E0308", 0)
    run(hold(script), [few], Shelf(E0308=koans[:6]))
    assert few.state is TrialState.OPEN and few.dry and few.evidence.asked == 6
    on = CandidateOnTrial("E0308", 0, before=few.evidence)
    run(hold(script), [on], Shelf(E0308=koans[6:20]))
    assert on.state is TrialState.PROVEN and on.evidence.wins == 6 + on.tonight.wins


def test_a_code_is_withdrawn_at_the_signature_where_it_is_worse_and_not_asked_there_again(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    mixed = [item for pair in zip(koans[:40], koans[40:], strict=True) for item in pair]

    def script(request: Request, route: str | None) -> str:
        moved = "s: String" in request.source
        return right(request) if moved == (route is None) else ""  # wins on the one mistake, loses the other

    both = CandidateOnTrial("all", 0)
    run(hold(script), [both], Shelf(all=mixed))
    lost = {pair.signature for pair in both.pairs if pair.baseline}
    assert both.withdrawn == lost and len(lost) == 1
    assert 1 <= both.evidence.losses <= RULES.at(2).batch  # the batch in which it showed
    assert both.state is TrialState.PROVEN or both.evidence.wins >= RULES.batch


def test_what_a_finer_route_of_the_champion_answers_is_not_asked(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    heard: Counter[str | None] = Counter()

    def script(request: Request, route: str | None) -> str:
        heard[route] += 1
        return right(request) if route else ""

    own = koans[0].signature
    champion = Served("v", NOTHING, Router({own: own}))
    code = CandidateOnTrial(code_of(own), 0)
    run(hold(script), [code], Shelf(**{code_of(own): koans[:8]}), champion)
    assert code.dry and not code.pairs and not heard


def test_a_koan_on_which_the_machine_failed_counts_for_neither_side(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    tools = hold(lambda request, _route: right(request))
    (before,) = exam.answers(tools, koans[:1], Served(), "x")
    broken = replace(before, verdict=replace(before.verdict, outcome=Outcome.INFRA_ERROR))
    tried = CandidateOnTrial("E0308", 0)
    tried.take([(before, broken), (broken, before), (before, before)])
    assert tried.tonight == TrialEvidence(0, 0, 1, 1)


def test_where_it_was_withdrawn_on_an_earlier_night_it_is_not_asked_again(
    koans: list[Diagnosis], hold: Callable[[Any], Tools]
) -> None:
    mixed = [item for pair in zip(koans[:8], koans[40:48], strict=True) for item in pair]
    lost = frozenset({koans[40].signature})
    again = CandidateOnTrial("all", 0, lost=lost)
    run(hold(lambda request, route: right(request) if route else ""), [again], Shelf(all=mixed))
    assert {pair.signature for pair in again.pairs} == {koans[0].signature}
    assert again.withdrawn == lost
    assert CandidateOnTrial(koans[40].signature, 1, lost=lost).withdrawn == set()
