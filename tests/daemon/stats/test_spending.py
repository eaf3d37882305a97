"""The level of each night, and the error of a whole month of nights."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.stats import spending


def test_the_first_night_of_a_month_may_promote_on_four_clean_wins() -> None:
    assert 0.0243 < spending.level([], 0.05) <= 0.05


def test_nights_without_a_promotion_lower_the_level_and_a_promotion_raises_it() -> None:
    dry = [spending.level([False] * n, 0.05) for n in range(30)]
    assert dry == sorted(dry, reverse=True) and dry[-1] > 1e-5
    assert spending.level([False, False, True], 0.05) > spending.level([False, False, False], 0.05)


@given(st.lists(st.booleans(), max_size=60), st.floats(1e-4, 0.5))
def test_no_test_is_given_more_than_alpha_or_nothing(promoted: list[bool], alpha: float) -> None:
    assert 0 < spending.level(promoted, alpha) <= alpha


def test_a_month_where_nothing_is_to_be_gained_promotes_with_probability_alpha_at_most() -> None:
    at_most = 1.0
    for n in range(31):
        at_most *= 1 - spending.level([False] * n, 0.05)
    assert 1 - at_most <= 0.05


def test_lucky_promotions_stay_a_small_share_where_some_gains_are_real() -> None:
    rng = random.Random(0)
    lucky = promoted = 0
    for _ in range(2000):
        past: list[bool] = []
        for _ in range(30):
            real = rng.random() < 0.3
            found = (rng.random() < 0.9) if real else rng.random() < spending.level(past, 0.05)
            lucky += found and not real
            promoted += found
            past.append(found)
    assert lucky / (promoted + 2000 * 0.95) <= 0.05


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_the_stakes_never_exceed_the_wealth(alpha: float) -> None:
    staked = sum(level / (1 - level) for level in (spending.level([False] * n, alpha) for n in range(2000)))
    assert staked <= alpha * (1 - alpha) + 1e-12
