"""The level of each test of a home's life: e-LOND, online control of the share of false discoveries.

Xu and Ramdas, "Online multiple testing with e-values" (2024). Tests are numbered j = 0, 1, ... in the order in which
they begin. With R tests proven so far, test j is proven when its e-value reaches 1 / (alpha gamma_j (R + 1)). If each
e-value is expected to be at most 1 under its own null hypothesis, the expected share of false ones among all proven is
at most alpha, at every time and under any dependence: with R' >= R + 1 proven in the end, a false test j adds
1{proven} / R' <= alpha gamma_j E_j (R + 1) / R' <= alpha gamma_j E_j, and so all together at most alpha sum gamma_j. This
holds for whichever moment a test is judged at, as R only grows. Nothing is renewed by the month: a home where nothing
is to be gained proves anything, ever, with probability alpha at most.

gamma_j = ln s integral_{j+s}^{j+s+1} dx / (x ln^2 x) = ln s (1 / ln(j+s) - 1 / ln(j+s+1)), which falls like
1 / (j ln^2 j), the slowest there is but for further logarithms. The sum over all j telescopes to exactly 1; the first n
tests spend 1 - ln s / ln(n+s).
"""

from __future__ import annotations

import math

_SHIFT = 16  # s: two nights of eight tests are given about the same


def share(number: int) -> float:
    """gamma_j: the share of alpha that test `number` (from 0) is given. `ValueError` if it is negative."""
    if number < 0:
        raise ValueError(f"test {number}: tests are numbered from 0")
    place = number + _SHIFT
    # 1 / ln(place) - 1 / ln(place + 1) without cancellation
    return math.log(_SHIFT) * math.log1p(1 / place) / (math.log(place) * math.log(place + 1))


def level(number: int, proven: int, alpha: float) -> float:
    """The level of test `number` (from 0) when `proven` tests were proven so far: it is proven at an e-value of 1 / level.

    `ValueError` if a count is negative or alpha is not within (0, 1).
    """
    if proven < 0:
        raise ValueError(f"{proven} proven tests: a count is 0 or more")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha {alpha} is not within (0, 1)")
    return alpha * share(number) * (proven + 1)
