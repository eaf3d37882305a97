"""The significance level of each night: alpha-investing over the nights of a month.

Every night is a test; at a fixed level, some night would sooner or later promote by luck alone. With alpha-investing
(Foster & Stine, "alpha-investing", 2008) there is a wealth of error. Each test stakes part of it and loses the stake if
it finds nothing; a promotion earns alpha. If there is nothing to gain, a whole month of nights promotes anything with
probability alpha at most; if there is, lucky promotions are an expected share alpha of all. The wealth is renewed every
month, so that a long dry spell does not end all learning.
"""

from __future__ import annotations

from collections.abc import Sequence

_FIRST = 0.55  # the share staked by the first test: enough to promote on 4 wins and 0 losses of 40 tasks
_REST = 1.6123753486854883  # the sum of j ** -1.5 over j >= 2


def level(promoted: Sequence[bool], alpha: float) -> float:
    """The level of the next test, alpha at most. `promoted` says for each earlier test of the month if it promoted."""
    # the wealth at the last promotion, the share of it not yet staked, the next test's number since then
    wealth, left, place = alpha * (1 - alpha), 1.0, 1
    for gained in promoted:
        left -= _share(place)
        place += 1
        if gained:
            wealth, left, place = wealth * left + alpha, 1.0, 1
    stake = wealth * _share(place)
    return min(alpha, stake / (1 + stake))  # a test at level a stakes a / (1 - a)


def _share(place: int) -> float:
    """The share of the wealth staked by test number `place` since the last promotion; all shares sum to 1."""
    return _FIRST if place == 1 else (1 - _FIRST) * place**-1.5 / _REST
