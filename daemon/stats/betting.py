"""E-values of paired results, by betting: evidence that may be looked at after every task.

Each task has a result x: +1 (only the challenger passes: a win), -1 (only the baseline does: a loss) or 0. Two games are
played on them, each with a capital that starts at 1, is multiplied by a factor with every result, and is never in debt:

- `log_gain` bets against "at no time is E[x | past] > 0": the challenger is no better. A win multiplies by 2p, a loss by
  2(1 - p), a tie by 1, averaged over p uniform on (1/2, 1):

      E(w, l) = 2 integral_{1/2}^{1} (2p)^w (2(1 - p))^l dp = 2^(w+l) 2 B(w+1, l+1) P(Beta(w+1, l+1) > 1/2)
              = sum_{k<=w} C(n+1, k) / ((n+1) C(n, w)),   n = w + l.

- `log_short` bets against "at no time is E[x | past] < worth": the gain is worth having. A result multiplies by
  1 + b (worth - x), averaged over a few stakes b in (0, 1 / (1 - worth)).

Why these are e-processes: under its hypothesis each factor is expected to be at most 1 whatever happened before (a win
is at most as probable as a loss, so for p >= 1/2 the win's factor gains no more than the loss's costs; and
E[worth - x] <= 0), so each capital is a non-negative supermartingale that starts at 1, and so is their average. Its
expectation is at most 1 at any stopping time, and it ever reaches 1/a with probability a at most (Ville 1939). Nothing is
assumed of how often the versions differ, nor that results are independent, nor when asking stops.

Sources: Shafer, "Testing by betting" (2021); Ramdas, Gruenwald, Vovk and Shafer, "Game-theoretic statistics and safe
anytime-valid inference" (2023); the average over p is Cover's universal portfolio (1991) of two assets.
"""

from __future__ import annotations

import math
from functools import lru_cache

STAKES = (0.5, 0.9)  # of the largest stake without debt; the largest itself would be ruined by one win
_NEGLIGIBLE = 1e-18  # of the sum so far


@lru_cache(maxsize=1 << 16)
def log_gain(wins: int, losses: int) -> float:
    """Natural logarithm of the e-value against the challenger being no better. `ValueError` if a count is negative."""
    if min(wins, losses) < 0:
        raise ValueError(f"{wins} wins and {losses} losses: counts are 0 or more")
    n = wins + losses
    log_all = (n + 1) * math.log(2)  # of 2^(n+1), the sum of C(n+1, k) over all k
    if wins <= losses:
        log_sum = _log_sum(n + 1, wins)
    else:  # the sum up to w is all but the sum up to l
        log_sum = log_all + math.log1p(-math.exp(_log_sum(n + 1, losses) - log_all))
    return log_sum - math.log(n + 1) - _log_choose(n, wins)


@lru_cache(maxsize=1 << 16)
def log_short(wins: int, losses: int, asked: int, worth: float) -> float:
    """Natural logarithm of the e-value against E[x] being `worth` at least, after `asked` tasks.

    `ValueError` if the counts do not fit, or `worth` is not within (0, 1).
    """
    if min(wins, losses) < 0 or wins + losses > asked:
        raise ValueError(f"{wins} wins and {losses} losses of {asked} tasks")
    if not 0 < worth < 1:
        raise ValueError(f"a gain of {worth} is not within (0, 1)")
    capitals = []
    for share in STAKES:
        stake = share / (1 - worth)
        capitals.append(
            wins * math.log1p(stake * (worth - 1))
            + losses * math.log1p(stake * (worth + 1))
            + (asked - wins - losses) * math.log1p(stake * worth)
        )
    most = max(capitals)
    return most + math.log(sum(math.exp(item - most) for item in capitals) / len(capitals))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _log_sum(n: int, k: int) -> float:
    """Logarithm of C(n, 0) + ... + C(n, k) for 2k < n: from its greatest term, the last, downwards."""
    total = term = 1.0
    for j in range(k, 0, -1):
        term *= j / (n - j + 1)
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return _log_choose(n, k) + math.log(total)
