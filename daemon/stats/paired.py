"""Compares two versions on the same tasks: a p-value for the gain, its interval, and a bound on undetected losses.

Of n tasks, `wins` were passed only by the challenger and `losses` only by the baseline. The test is exact and
unconditional (Suissa & Shuster, "The 2 x 2 matched-pairs trial", 1991): the p-value is the greatest probability, over
all rates of discordant pairs, of a statistic (wins - losses) / sqrt(wins + losses) at least this large if neither
version is better. It has more power than the sign test, which ignores the concordant pairs: for 4 wins and 0 losses of
40 tasks p is .024, not .063.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from sleepy.daemon.stats.intervals import wilson

if TYPE_CHECKING:  # numpy is an eighth of what `sleepy status` takes, which computes nothing here
    import numpy as np
    from numpy.typing import NDArray

_UNCONDITIONAL = 120  # tasks; with more, the sign test is as good and the table of outcomes gets large
_GRID = 400


@lru_cache(maxsize=4096)
def p_value(wins: int, losses: int, n: int) -> float:
    """One-sided p-value of the challenger being no better. `ValueError` if wins and losses do not fit into n tasks."""
    if min(wins, losses) < 0 or wins + losses > n:
        raise ValueError(f"{wins} wins and {losses} losses of {n} tasks")
    if wins <= losses:
        return 1.0
    if n > _UNCONDITIONAL:
        return sign_test(wins, losses)
    import numpy as np

    won, lost = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    inside = won + lost <= n
    won, lost = won[inside], lost[inside]
    extreme = (won - lost) / np.sqrt(np.maximum(won + lost, 1)) >= (wins - losses) / math.sqrt(wins + losses) - 1e-12
    won, lost = won[extreme], lost[extreme]
    factorial = np.array([math.lgamma(i + 1) for i in range(n + 1)])
    ways = factorial[n] - factorial[won] - factorial[lost] - factorial[n - won - lost]
    rates = np.arange(1, _GRID) / _GRID
    best = _tail(ways, won + lost, n, rates)
    at = float(rates[int(best.argmax())])
    fine = np.clip(
        np.linspace(at - 1 / _GRID, at + 1 / _GRID, 41), 1e-9, 1 - 1e-9
    )  # the maximum may lie between grid points
    return min(
        1.0, float(max(best.max(), _tail(ways, won + lost, n, fine).max(), _all_discordant(ways, won + lost, n)))
    )


def _tail(ways: NDArray[np.float64], discordant: NDArray[np.int64], n: int, rates: NDArray[np.float64]) -> NDArray[np.float64]:  # fmt: skip
    """Probability of the outcomes at each rate (grid,) of discordant pairs, wins and losses equally likely."""
    import numpy as np

    log = ways + np.outer(np.log(rates / 2), discordant) + np.outer(np.log1p(-rates), n - discordant)
    return np.asarray(np.exp(log).sum(axis=1))


def _all_discordant(ways: NDArray[np.float64], discordant: NDArray[np.int64], n: int) -> float:
    """The same at rate 1, where `_tail` would take the logarithm of 0."""
    import numpy as np

    whole = discordant == n
    return float(np.exp(ways[whole] - n * math.log(2)).sum())


def sign_test(wins: int, losses: int) -> float:
    """One-sided p-value of at least `wins` heads in wins + losses fair tosses (McNemar 1947); 1.0 without any."""
    n = wins + losses
    if n == 0:
        return 1.0
    return float(sum(math.comb(n, k) for k in range(wins, n + 1)) / 2**n)


def upper_bound(events: int, trials: int, *, confidence: float = 0.95) -> float:
    """Clopper-Pearson one-sided upper bound on a rate; 1.0 without trials."""
    if trials == 0 or events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(math.comb(trials, k) * middle**k * (1 - middle) ** (trials - k) for k in range(events + 1))
        low, high = (middle, high) if tail > 1 - confidence else (low, middle)
    return high


def gain(both: int, wins: int, losses: int, neither: int, *, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of challenger's rate minus baseline's on paired tasks (Newcombe 1998, method 10).

    Combines Wilson's intervals of the two rates with their correlation; (-1, 1) without tasks.
    """
    n = both + wins + losses + neither
    if n == 0:
        return -1.0, 1.0
    after, before = (both + wins) / n, (both + losses) / n
    (low_a, high_a), (low_b, high_b) = (wilson(passes, n, z=z) for passes in (both + wins, both + losses))
    margins = (both + wins) * (losses + neither) * (both + losses) * (wins + neither)
    phi = (both * neither - wins * losses) / math.sqrt(margins) if margins else 0.0
    if phi > 0:  # Newcombe's correction for continuity
        phi = max(0.0, both * neither - wins * losses - n / 2) / math.sqrt(margins)
    down = (after - low_a) ** 2 - 2 * phi * (after - low_a) * (high_b - before) + (high_b - before) ** 2
    up = (high_a - after) ** 2 - 2 * phi * (high_a - after) * (before - low_b) + (before - low_b) ** 2
    return after - before - math.sqrt(max(0.0, down)), after - before + math.sqrt(max(0.0, up))
