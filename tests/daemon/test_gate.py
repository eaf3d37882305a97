"""The gate on exams written by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.night.gate import Decision, Pair, decide, route_earns, sign_test, upper_bound


def exam(both: int = 0, gained: int = 0, lost: int = 0, neither: int = 0) -> list[Pair]:
    kinds = [(True, True)] * both + [(False, True)] * gained + [(True, False)] * lost + [(False, False)] * neither
    return [Pair(f"t{i}", before, after) for i, (before, after) in enumerate(kinds)]


def test_a_gain_without_loss_is_promoted() -> None:
    judged = decide(exam(both=80, gained=10, neither=30))
    assert judged.decision is Decision.PROMOTE
    assert (judged.baseline, judged.challenger, judged.tasks) == (80, 90, 120)


def test_a_swap_of_one_for_one_is_rejected() -> None:
    judged = decide(exam(both=20, gained=1, lost=1))
    assert judged.decision is Decision.REJECT
    assert judged.lost == ("t21",)


def test_one_loss_outweighs_any_gain() -> None:
    assert decide(exam(both=100, gained=60, lost=1)).decision is Decision.REJECT


def test_a_gain_that_may_be_luck_is_inconclusive() -> None:
    assert decide(exam(both=100, gained=4)).decision is Decision.INCONCLUSIVE
    assert decide(exam(both=100, gained=5)).decision is Decision.PROMOTE


def test_no_change_is_inconclusive_and_says_so() -> None:
    judged = decide(exam(both=7, neither=3))
    assert judged.decision is Decision.INCONCLUSIVE
    assert "7 of 10" in judged.reasons[0]


def test_an_empty_exam_is_an_error() -> None:
    with pytest.raises(ValueError, match="decides nothing"):
        decide([])


def test_the_sign_test_is_the_binomial_tail() -> None:
    assert sign_test(5, 0) == pytest.approx(1 / 32)
    assert sign_test(22 - 18, 0) == pytest.approx(0.0625)
    assert sign_test(3, 3) == pytest.approx(0.65625)


def test_thirty_clean_tasks_bound_the_loss_rate_below_a_tenth_only() -> None:
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30), abs=1e-9)
    assert upper_bound(0, 300) < 0.01


@given(st.integers(0, 30), st.integers(1, 200))
def test_the_upper_bound_covers_at_its_confidence(events: int, extra: int) -> None:
    trials = events + extra
    bound = upper_bound(events, trials)
    tail = sum(math.comb(trials, k) * bound**k * (1 - bound) ** (trials - k) for k in range(events + 1))
    assert tail == pytest.approx(0.05, abs=1e-6)


def test_a_route_needs_a_clean_significant_win() -> None:
    assert route_earns(5, 0)
    assert not route_earns(4, 0)
    assert not route_earns(40, 1)
