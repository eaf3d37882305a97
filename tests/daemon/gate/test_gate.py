"""The gate's decisions on hand-written exams and trials."""

from __future__ import annotations

import json

import pytest

from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Decision, Pair, RouteStanding, Trial, decide
from sleepy.daemon.gate.reasons import (
    AllResting,
    ExamCutShort,
    ExamEmpty,
    ExamNotHeld,
    ExamTooSmall,
    Gained,
    KeptAll,
    Lost,
    MayBeLuck,
    MovedTooFar,
    NoneEarned,
    NoneFailing,
    NoneProven,
    NoPractice,
    NothingLost,
    NotTeachable,
    Proven,
    RadiusDropped,
    Reason,
    RouteDropped,
    RouteWithdrawn,
    Sentence,
)
from sleepy.daemon.gate.sequential import TrialEvidence
from sleepy.daemon.stats.paired import upper_bound


def pairs(both: int = 0, gained: int = 0, lost: int = 0, neither: int = 0) -> list[Pair]:
    kinds = [(True, True)] * both + [(False, True)] * gained + [(True, False)] * lost + [(False, False)] * neither
    return [Pair(f"t{i}", before, after) for i, (before, after) in enumerate(kinds)]


def standing(
    wins: int, losses: int = 0, *, proven: bool = True, still: bool = False, needed: float = 6.0
) -> RouteStanding:
    return RouteStanding(TrialEvidence(wins, losses, 60, 20), needed, proven, still)


EXAM = pairs(both=120, gained=10, neither=70)
PROVEN = {"p": standing(18)}


def test_a_proven_gain_without_loss_is_promoted() -> None:
    judged = decide(EXAM, PROVEN)
    assert judged.decision is Decision.PROMOTE
    assert (judged.baseline, judged.challenger, judged.tasks) == (120, 130, 200)
    assert len(judged.gained) == 10 and judged.lost == ()


def test_a_gain_on_the_users_own_pattern_needs_no_exam_task_of_it() -> None:
    assert decide(pairs(both=120, neither=80), PROVEN).decision is Decision.PROMOTE


def test_a_swap_of_one_for_one_is_rejected() -> None:
    judged = decide(pairs(both=200, gained=1, lost=1), PROVEN)
    assert judged.decision is Decision.REJECT
    assert judged.lost == ("t201",)


def test_one_loss_outweighs_any_gain() -> None:
    assert decide(pairs(both=100, gained=60, lost=1), PROVEN).decision is Decision.REJECT


def test_what_is_not_proven_promotes_nothing_whatever_the_exam_says() -> None:
    judged = decide(EXAM, {"p": standing(3, proven=False, still=True), "q": standing(0, proven=False)})
    assert judged.decision is Decision.INCONCLUSIVE and judged.reasons == (NoneProven(2, 1),)
    assert decide(EXAM, {}).decision is Decision.INCONCLUSIVE


def test_a_route_given_up_counts_for_nothing() -> None:
    tried = {"lost": standing(30), "kept": standing(18), "open": standing(4, proven=False, still=True)}
    judged = decide(EXAM, tried, dropped=["lost"])
    assert judged.decision is Decision.PROMOTE and judged.log_e == tried["kept"].evidence.log_e
    assert decide(EXAM, tried, dropped=["lost", "kept"]).decision is Decision.INCONCLUSIVE


def test_what_may_be_lost_unseen_is_bounded_on_the_tasks_that_the_new_routes_answer() -> None:
    one = decide(EXAM, {"p": standing(18, 0), "q": standing(2, 5, proven=False)})
    assert one.unseen_regression == pytest.approx(1 - 0.05 ** (1 / 20), abs=1e-6)
    two = decide(EXAM, {"p": standing(18, 0), "r": standing(20, 1)})
    assert two.unseen_regression == upper_bound(1, 40) and two.unseen_loss == upper_bound(1, 120)
    assert two.reasons[1] == KeptAll(120, 1, 40, upper_bound(1, 40))
    assert decide(EXAM, {}).unseen_loss == 1


def test_an_empty_exam_is_an_error() -> None:
    with pytest.raises(ValueError, match="decides nothing"):
        decide([], PROVEN)


def test_a_trial_shows_the_interval_of_its_gain() -> None:
    found = Trial.of("p", pairs(both=10, gained=12, neither=18))
    assert (found.n, found.baseline, found.challenger, found.wins, found.losses) == (40, 10, 22, 12, 0)
    assert 0 < found.low < 12 / 40 < found.high < 1


def test_a_users_case_that_is_lost_rejects_and_one_that_is_gained_counts_nothing() -> None:
    gained = decide(EXAM, PROVEN, own=pairs(both=3, gained=2))
    assert gained.decision is Decision.PROMOTE and gained.tasks == len(EXAM) and gained.challenger == 130
    mine = [Pair("mine", True, False)]
    lost = decide(EXAM, PROVEN, own=mine)
    assert lost.decision is Decision.REJECT and lost.lost == ("mine",)
    assert isinstance(lost.reasons[0], Lost) and (lost.reasons[0].count, lost.reasons[0].passed) == (1, 121)


@pytest.mark.parametrize(
    "reason",
    [
        Proven(2, 9.1, 6.2), KeptAll(120, 1, 40, 0.11), NoneProven(3, 1), RouteWithdrawn("E0382", "E0382:x@fn"),
        Gained(2, 0.004, 0.025), NothingLost(272, 0.006), Lost(1, 99, ("a",)), NoneEarned(3), MayBeLuck(8, 0.2, 0.025),
        ExamTooSmall(30, 0.1, 0.02), ExamEmpty(), ExamNotHeld(2), ExamCutShort(17), MovedTooFar("p", 6.0, 5.0),
        RouteDropped("p"), RadiusDropped("p"), NoPractice(), NoneFailing(), AllResting(("p", "q")), NotTeachable(),
        Sentence("as it was said"),
    ],
)  # fmt: skip
def test_a_reason_is_stored_as_data_and_read_back_as_it_was(reason: Reason) -> None:
    stored = json.loads(json.dumps(reasons.stored(reason)))
    assert reasons.read(stored) == reason
    assert reasons.sentences([stored]) == [str(reason)] and str(reason)


@pytest.mark.parametrize("value", [{"kind": "unheard of"}, {"kind": "gained", "routes": 1}, {}, None, 3])
def test_what_is_no_reason_is_named(value: object) -> None:
    with pytest.raises(ValueError, match="not a reason for a night's decision"):
        reasons.read(value)
