"""The levels of a home's tests: they sum to alpha, and keep the share of false discoveries."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sleepy.daemon.stats.betting import log_gain
from sleepy.daemon.stats.online import level, share


def test_all_shares_together_never_exceed_one() -> None:
    """The first n shares are 1 - ln 16 / ln(n + 16) in closed form, which stays below 1 for every n."""
    total = 0.0
    for number in range(20_000):
        total += share(number)
        assert total == pytest.approx(1 - math.log(16) / math.log(number + 17), abs=1e-9)
    assert total < 1


def test_each_share_is_its_integral() -> None:
    """ln s / (x ln^2 x) falls, so its integral over [j+s, j+s+1] lies between the values at both ends."""
    for number in (0, 1, 10, 1000, 10**6, 10**9):
        ends = [math.log(16) / (x * math.log(x) ** 2) for x in (number + 17, number + 16)]
        assert ends[0] < share(number) < ends[1]


def test_a_year_of_nights_still_leaves_a_level_that_sixty_clean_wins_reach() -> None:
    assert log_gain(60, 0) > -math.log(level(365 * 8, 0, 0.01))


def test_what_was_proven_makes_the_next_easier_and_other_tests_make_it_harder() -> None:
    assert level(40, 3, 0.01) == pytest.approx(4 * level(40, 0, 0.01))
    levels = [level(number, 0, 0.01) for number in range(300)]
    assert levels == sorted(levels, reverse=True) and len(set(levels)) == 300


@pytest.mark.parametrize("share_true", [0.0, 0.1, 0.5])
def test_false_ones_stay_a_small_share_of_all_that_are_proven(share_true: float) -> None:
    """Seeded lives of 120 tests, each stopped when it pays best to: as soon as it is proven, or after 60 tosses."""
    alpha, lives, tests = 0.2, 400, 120  # a great alpha, so that the bound is near enough to be seen
    rng = np.random.default_rng(7)
    shares = []
    for _ in range(lives):
        false = proven = 0
        true = rng.random(tests) < share_true
        tosses = rng.random((tests, 60)) < np.where(true, 0.75, 0.5)[:, None]
        for number in range(tests):
            wins = np.cumsum(tosses[number])
            needed = -math.log(level(number, proven, alpha))
            if any(log_gain(int(won), i + 1 - int(won)) >= needed for i, won in enumerate(wins)):
                proven, false = proven + 1, false + (not true[number])
        shares.append(false / proven if proven else 0.0)
    assert sum(shares) / lives <= alpha
    assert sum(shares) > 0  # luck is proven now and then, or the test could not fail
    if share_true == 0.0:
        assert (
            sum(shares) / lives <= alpha / 2
        )  # the life's share is 1 or 0: a life with any is as good as certain to be bad


def test_what_is_no_level_is_refused() -> None:
    with pytest.raises(ValueError, match="numbered from 0"):
        level(-1, 0, 0.01)
    with pytest.raises(ValueError, match="proven"):
        level(0, -1, 0.01)
    for alpha in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="alpha"):
            level(0, 0, alpha)
