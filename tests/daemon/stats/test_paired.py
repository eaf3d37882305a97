"""Paired statistics, checked against enumeration, simulation and published figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleepy.daemon.stats.paired import gain, p_value, sign_test, upper_bound


def test_the_sign_test_is_the_binomial_tail() -> None:
    assert sign_test(5, 0) == pytest.approx(1 / 32)
    assert sign_test(3, 3) == pytest.approx(0.65625)
    assert sign_test(0, 0) == 1.0


@pytest.mark.parametrize(("wins", "losses", "n"), [(4, 0, 12), (5, 1, 12), (3, 0, 8), (6, 3, 14)])
def test_the_paired_test_is_the_worst_case_over_every_rate_of_discordance(wins: int, losses: int, n: int) -> None:
    threshold = (wins - losses) / math.sqrt(wins + losses)
    worst = 0.0
    for rate in np.linspace(0.0005, 1, 4000):
        total = 0.0
        for w in range(n + 1):
            for d in range(w, n + 1):
                if d and (2 * w - d) / math.sqrt(d) >= threshold - 1e-12:
                    total += math.comb(n, d) * rate**d * (1 - rate) ** (n - d) * math.comb(d, w) / 2**d
        worst = max(worst, total)
    assert p_value(wins, losses, n) == pytest.approx(worst, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.floats(0.02, 1.0), st.integers(0, 10**6))
def test_luck_is_found_significant_no_more_often_than_it_says(n: int, rate: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    discordant = rng.binomial(n, rate, 4000)
    wins = rng.binomial(discordant, 0.5)
    seen = np.array([p_value(int(w), int(d - w), n) for w, d in zip(wins, discordant, strict=True)])
    assert (seen <= 0.05).mean() <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 4000)


def test_it_sees_more_than_the_sign_test_and_equals_it_on_many_tasks() -> None:
    assert p_value(4, 0, 40) == pytest.approx(0.0243, abs=2e-4) and p_value(4, 0, 40) < sign_test(4, 0)
    assert p_value(9, 2, 500) == sign_test(9, 2)
    assert p_value(3, 3, 40) == p_value(0, 2, 40) == 1.0


@pytest.mark.parametrize(("wins", "losses", "n"), [(-1, 0, 4), (3, 2, 4)])
def test_impossible_counts_are_refused(wins: int, losses: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"of {n} tasks"):
        p_value(wins, losses, n)


def test_thirty_clean_tasks_bound_the_loss_rate_below_a_tenth_only() -> None:
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30), abs=1e-9)
    assert upper_bound(0, 300) < 0.01


@given(st.integers(0, 30), st.integers(1, 200))
def test_the_upper_bound_covers_at_its_confidence(events: int, extra: int) -> None:
    trials = events + extra
    bound = upper_bound(events, trials)
    tail = sum(math.comb(trials, k) * bound**k * (1 - bound) ** (trials - k) for k in range(events + 1))
    assert tail == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(("both", "wins", "losses", "neither"), [(20, 9, 3, 28), (5, 2, 1, 12), (30, 15, 0, 5)])
def test_the_interval_of_a_gain_covers_the_truth(both: int, wins: int, losses: int, neither: int) -> None:
    n = both + wins + losses + neither
    truth = np.array([both, wins, losses, neither]) / n
    drawn = np.random.default_rng(1).multinomial(n, truth, 2000)
    inside = [low <= truth[1] - truth[2] <= high for low, high in (gain(*map(int, row)) for row in drawn)]
    assert np.mean(inside) >= 0.93
    low, high = gain(both, wins, losses, neither)
    mirrored = gain(both, losses, wins, neither)
    assert (low, high) == pytest.approx((-mirrored[1], -mirrored[0]))


def test_nothing_is_known_of_a_gain_without_tasks() -> None:
    assert gain(0, 0, 0, 0) == (-1.0, 1.0)
