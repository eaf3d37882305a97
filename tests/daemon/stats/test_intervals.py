"""What a handful of attempts says of a pass rate."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from sleepy.daemon.stats import intervals


def test_credibility_is_exact_and_does_not_overflow_with_many_attempts() -> None:
    def exact(passes: int, attempts: int, target: Fraction) -> float:
        n = attempts + 1
        terms = (math.comb(n, k) * target**k * (1 - target) ** (n - k) for k in range(passes + 1, n + 1))
        return float(sum(terms))

    for attempts in (0, 1, 7, 60):
        for passes in range(0, attempts + 1, 1 + attempts // 9):
            for target in (Fraction(1, 20), Fraction(4, 5)):
                found = intervals.below(passes, attempts, float(target))
                assert found == pytest.approx(exact(passes, attempts, target), abs=1e-10)
    assert intervals.below(800_000, 1_000_000, 0.8) == pytest.approx(0.5, abs=1e-3)
    assert intervals.credibly_below(798_000, 1_000_000, 0.8) and not intervals.credibly_below(802_000, 1_000_000, 0.8)
