"""The regularised incomplete beta function I_x(a, b): the share of a Beta distribution below x.

Computed by its continued fraction (NIST DLMF 8.17.22), evaluated forwards (Lentz's method): the cost does not grow with
the number of attempts, and nothing overflows.
"""

from __future__ import annotations

import math

_TINY = 1e-300
_EXACT = 1e-12  # relative change at which the fraction has converged
_TERMS = 500  # a and b of some hundred thousand need at most 200


def below(x: float, a: float, b: float) -> float:
    """P(rate < x) under Beta(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only on the other side
        return 1 - _front(b, a, 1 - x) * _fraction(b, a, 1 - x)
    return _front(a, b, x) * _fraction(a, b, x)


def _front(a: float, b: float, x: float) -> float:
    """x^a (1 - x)^b / (a B(a, b))."""
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a


def _fraction(a: float, b: float, x: float) -> float:
    """1 / (1 + d_1 / (1 + d_2 / (1 + ...)))."""
    upper, lower, value = 1.0, 0.0, 1.0
    for j in range(1, _TERMS):
        m = j // 2
        if j % 2:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1 / _nonzero(1 + d * lower)
        upper = _nonzero(1 + d / upper)
        value *= lower * upper
        if abs(lower * upper - 1) < _EXACT:
            break
    return 1 / value


def _nonzero(value: float) -> float:
    """The value, or a tiny number in place of zero, so that it can be divided by."""
    return value if abs(value) > _TINY else _TINY
