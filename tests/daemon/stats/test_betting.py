"""E-values by betting: exact values, and fairness by exact enumeration, at every moment and at any stopping."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.stats import beta
from sleepy.daemon.stats.betting import STAKES, log_gain, log_short

Counts = tuple[int, int, int]  # wins, losses, asked
STEPS = ((1, 0, 1), (0, 1, 1), (0, 0, 1))  # a win, a loss, a tie


def exactly(wins: int, losses: int) -> Fraction:
    """The mixture by whole numbers."""
    n = wins + losses
    return Fraction(sum(math.comb(n + 1, k) for k in range(wins + 1)), (n + 1) * math.comb(n, wins))


def after(counts: Counts, step: Counts) -> Counts:
    return counts[0] + step[0], counts[1] + step[1], counts[2] + step[2]


@given(st.integers(0, 120), st.integers(0, 120))
def test_the_value_is_the_mixtures_to_rounding(wins: int, losses: int) -> None:
    found = exactly(wins, losses)
    assert log_gain(wins, losses) == pytest.approx(math.log(found.numerator) - math.log(found.denominator), abs=1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_value_is_that_of_the_formula_with_the_beta_distribution(wins: int, losses: int) -> None:
    n = wins + losses
    log_beta = math.lgamma(wins + 1) + math.lgamma(losses + 1) - math.lgamma(n + 2)
    more = beta.below(0.5, losses + 1, wins + 1)  # P(Beta(w+1, l+1) > 1/2)
    if more > 1e-12:
        expected = (n + 1) * math.log(2) + log_beta + math.log(more)
        assert log_gain(wins, losses) == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 50_000), st.integers(0, 50_000))
def test_thousands_neither_overflow_nor_lose_the_order(wins: int, losses: int) -> None:
    here = log_gain(wins, losses)
    assert math.isfinite(here)
    assert log_gain(wins + 1, losses) > here > log_gain(wins, losses + 1)


def test_sixteen_clean_wins_are_strong_evidence_and_ties_are_none() -> None:
    assert log_gain(0, 0) == pytest.approx(0)
    assert log_gain(16, 0) == pytest.approx(math.log((2**17 - 1) / 17))
    assert log_gain(8, 8) < 0


@pytest.mark.parametrize("wins", range(12))
@pytest.mark.parametrize("losses", range(12))
def test_one_more_discordant_pair_is_a_fair_bet_where_neither_is_better(wins: int, losses: int) -> None:
    either = exactly(wins + 1, losses) + exactly(wins, losses + 1)
    smaller = exactly(wins, losses)
    assert either <= 2 * smaller


def best_stopping(
    value: Callable[[Counts], float], law: Callable[[Counts], tuple[float, float, float]], n: int
) -> float:
    """The greatest expected value that any stopping within n tasks reaches, by exact backward induction.

    `law` gives the probabilities of a win, a loss and a tie after these counts: an adversary may choose them.
    """

    @cache
    def best(counts: Counts) -> float:
        here = value(counts)
        if counts[2] == n:
            return here
        going_on = sum(p * best(after(counts, step)) for p, step in zip(law(counts), STEPS, strict=True) if p)
        return max(here, going_on)

    return best((0, 0, 0))


NO_GAIN: dict[str, Callable[[Counts], tuple[float, float, float]]] = {
    "often discordant": lambda _: (0.5, 0.5, 0.0),
    "seldom discordant": lambda _: (0.05, 0.05, 0.9),
    "worse": lambda _: (0.1, 0.3, 0.6),
    "discordant when it leads": lambda c: (0.5, 0.5, 0.0) if c[0] >= c[1] else (0.01, 0.01, 0.98),
    "discordant when it trails": lambda c: (0.01, 0.01, 0.98) if c[0] >= c[1] else (0.5, 0.5, 0.0),
}


@pytest.mark.parametrize("law", NO_GAIN)
def test_no_stopping_makes_a_gain_of_nothing_worth_more_than_one(law: str) -> None:
    found = best_stopping(lambda c: math.exp(log_gain(c[0], c[1])), NO_GAIN[law], 24)
    assert found <= 1 + 1e-9


def test_stopping_that_peeks_ahead_would_be_worth_more() -> None:
    """The bound is not there by itself: the greatest value on the way, not known before, exceeds one."""

    def paths(counts: Counts, top: float, p: float) -> Iterator[tuple[float, float]]:
        top = max(top, math.exp(log_gain(counts[0], counts[1])))
        if counts[2] == 10:
            yield p, top
            return
        for step in STEPS[:2]:
            yield from paths(after(counts, step), top, p / 2)

    assert sum(p * top for p, top in paths((0, 0, 0), 0.0, 1.0)) > 1.2


def test_with_a_true_gain_the_value_grows() -> None:
    found = best_stopping(lambda c: math.exp(log_gain(c[0], c[1])), lambda _: (0.3, 0.1, 0.6), 24)
    assert found > 2


WORTH: dict[str, Callable[[Counts], tuple[float, float, float]]] = {
    "no losses": lambda _: (0.1, 0.0, 0.9),
    "losses too": lambda _: (0.3, 0.2, 0.5),
    "more than worth": lambda _: (0.2, 0.05, 0.75),
    "varied": lambda c: (0.5, 0.4, 0.1) if c[0] > c[1] else (0.1, 0.0, 0.9),
}


@pytest.mark.parametrize("law", WORTH)
def test_no_stopping_makes_a_gain_worth_having_look_too_small(law: str) -> None:
    assert best_stopping(lambda c: math.exp(log_short(*c, 0.1)), WORTH[law], 24) <= 1 + 1e-9


def test_ties_and_losses_speak_against_a_gain_and_wins_for_it() -> None:
    here = log_short(2, 1, 30, 0.1)
    assert log_short(2, 2, 30, 0.1) > here > log_short(3, 1, 30, 0.1)
    assert log_short(2, 1, 31, 0.1) > here
    assert log_short(0, 0, 30, 0.1) > math.log(10)
    assert all(0 < stake < 1 for stake in STAKES)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="counts are 0 or more"):
        log_gain(-1, 3)
    with pytest.raises(ValueError, match="4 wins and 3 losses of 6 tasks"):
        log_short(4, 3, 6, 0.1)
    for worth in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="not within"):
            log_short(1, 1, 6, worth)
