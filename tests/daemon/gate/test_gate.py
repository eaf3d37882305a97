"""The gate's decisions on hand-written exams and trials."""

from __future__ import annotations

import json

import pytest

from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Decision, Pair, Rules, Trial, decide, futile
from sleepy.daemon.gate.reasons import (
    AllResting,
    ExamCutShort,
    ExamEmpty,
    ExamNotHeld,
    ExamTooSmall,
    Gained,
    Lost,
    MayBeLuck,
    MovedTooFar,
    NoneEarned,
    NoneFailing,
    NoPractice,
    NothingLost,
    NotTeachable,
    RadiusDropped,
    Reason,
    RouteDropped,
    Sentence,
)

RULES = Rules(level=0.03)


def pairs(both: int = 0, gained: int = 0, lost: int = 0, neither: int = 0) -> list[Pair]:
    kinds = [(True, True)] * both + [(False, True)] * gained + [(True, False)] * lost + [(False, False)] * neither
    return [Pair(f"t{i}", before, after) for i, (before, after) in enumerate(kinds)]


def trial(wins: int, losses: int = 0, *, name: str = "p", n: int = 40) -> Trial:
    return Trial.of(name, pairs(both=n // 4, gained=wins, lost=losses, neither=n - n // 4 - wins - losses))


EXAM = pairs(both=120, gained=10, neither=70)


def test_a_gain_without_loss_is_promoted() -> None:
    judged = decide(EXAM, [trial(8)], RULES)
    assert judged.decision is Decision.PROMOTE
    assert (judged.baseline, judged.challenger, judged.tasks) == (120, 130, 200)
    assert len(judged.gained) == 10 and judged.lost == ()


def test_a_gain_on_the_users_own_pattern_needs_no_exam_task_of_it() -> None:
    assert decide(pairs(both=120, neither=80), [trial(8)], RULES).decision is Decision.PROMOTE


def test_a_swap_of_one_for_one_is_rejected() -> None:
    judged = decide(pairs(both=200, gained=1, lost=1), [trial(20)], RULES)
    assert judged.decision is Decision.REJECT
    assert judged.lost == ("t201",)


def test_one_loss_outweighs_any_gain() -> None:
    assert decide(pairs(both=100, gained=60, lost=1), [trial(20)], RULES).decision is Decision.REJECT


def test_a_gain_that_may_be_luck_is_inconclusive() -> None:
    assert decide(EXAM, [trial(3)], RULES).decision is Decision.INCONCLUSIVE
    assert decide(EXAM, [trial(4)], RULES).decision is Decision.PROMOTE
    judged = decide(EXAM, [trial(4)], Rules(level=0.01))
    assert judged.decision is Decision.INCONCLUSIVE and judged.reasons == (MayBeLuck(1, judged.p_value, 0.01),)


def test_many_routes_tried_make_the_best_of_them_less_remarkable() -> None:
    alone, others = trial(5), [trial(0, name=f"q{i}") for i in range(7)]
    assert decide(EXAM, [alone], RULES).decision is Decision.PROMOTE
    judged = decide(EXAM, [alone, *others], RULES)
    assert judged.decision is Decision.INCONCLUSIVE
    assert judged.p_value == pytest.approx(8 * alone.p)


def test_a_route_given_up_gains_nothing_and_was_tried_all_the_same() -> None:
    tried = [trial(12, name="lost"), trial(5, name="kept")]
    judged = decide(EXAM, tried, RULES, dropped=["lost"])
    assert judged.decision is Decision.PROMOTE and judged.p_value == pytest.approx(2 * tried[1].p)
    assert decide(EXAM, tried, RULES, dropped=["lost", "kept"]).decision is Decision.INCONCLUSIVE


def test_an_exam_too_small_to_bound_what_is_lost_unseen_promotes_nothing() -> None:
    judged = decide(pairs(both=20, neither=10), [trial(20)], RULES)
    assert judged.decision is Decision.INCONCLUSIVE and isinstance(judged.reasons[0], ExamTooSmall)
    assert judged.unseen_loss == pytest.approx(1 - 0.05 ** (1 / 30), abs=1e-6)
    assert decide(pairs(both=20, neither=10), [trial(20)], Rules(margin=0.1)).decision is Decision.PROMOTE


def test_no_route_that_earns_its_place_is_inconclusive() -> None:
    assert decide(EXAM, [], RULES).decision is Decision.INCONCLUSIVE
    assert decide(EXAM, [trial(1, 6)], RULES).decision is Decision.INCONCLUSIVE


def test_an_empty_exam_is_an_error() -> None:
    with pytest.raises(ValueError, match="decides nothing"):
        decide([], [trial(9)], RULES)


def test_a_trial_shows_the_interval_of_its_gain() -> None:
    found = trial(12)
    assert (found.n, found.baseline, found.challenger, found.wins, found.losses) == (40, 10, 22, 12, 0)
    assert 0 < found.low < 12 / 40 < found.high < 1
    assert found.earns(RULES) and not trial(6, 5).earns(RULES)


def test_a_users_case_that_is_lost_rejects_and_one_that_is_gained_counts_nothing() -> None:
    gained = decide(EXAM, [trial(8)], RULES, own=pairs(both=3, gained=2))
    assert gained.decision is Decision.PROMOTE and gained.tasks == len(EXAM) and gained.challenger == 130
    mine = [Pair("mine", True, False)]
    lost = decide(EXAM, [trial(8)], RULES, own=mine)
    assert lost.decision is Decision.REJECT and lost.lost == ("mine",)
    assert isinstance(lost.reasons[0], Lost) and (lost.reasons[0].count, lost.reasons[0].passed) == (1, 121)


def test_a_route_that_moves_the_model_further_than_the_cap_earns_nothing() -> None:
    far = Trial.of("p", pairs(gained=12, neither=28), kl=3.0)
    assert far.earns(Rules(kl_cap=3.0)) and not far.earns(Rules(kl_cap=2.9))
    assert decide(EXAM, [far], Rules(kl_cap=2.9)).decision is Decision.INCONCLUSIVE


def test_a_route_is_not_asked_on_when_its_first_half_gained_nothing_in_sum() -> None:
    assert futile(pairs(both=5, neither=15)) and futile(pairs(both=5, gained=2, lost=2, neither=11))
    assert not futile(pairs(both=5, gained=1, neither=14))


@pytest.mark.parametrize(
    "reason",
    [
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
