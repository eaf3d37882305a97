"""How much luck a night may cost: the error that a month's nights share, spent as they come.

Nights test again and again; at a fixed level some night would promote by luck alone. This is alpha-investing (Foster
& Stine, "alpha-investing", 2008): there is a wealth of error, each test stakes some of it and loses the stake when
nothing is found, and a promotion earns alpha. Where nothing is to be gained a whole month of nights promotes with
probability alpha at most; where something is, lucky promotions are an expected share alpha of all. The wealth is made
new every month, so that a long dry spell does not end all learning.
"""

from __future__ import annotations

from collections.abc import Sequence

_FIRST = 0.55  # the share staked first: 4 wins to 0 of 40 tasks are enough then
_REST = 1.6123753486854883  # sum of j ** -1.5 from 2 on


def level(promoted: Sequence[bool], alpha: float) -> float:
    """The level of the next test, after this month's tests of which some promoted, in order; alpha at most."""
    wealth, left, place = alpha * (1 - alpha), 1.0, 1  # wealth as it was at the last promotion; `left`: not staked
    for gained in promoted:
        left -= _share(place)
        place += 1
        if gained:
            wealth, left, place = wealth * left + alpha, 1.0, 1
    stake = wealth * _share(place)
    return min(alpha, stake / (1 + stake))  # a test at level a costs a / (1 - a)


def _share(place: int) -> float:
    """The part of the wealth that the test number `place` since the last promotion stakes; they sum to 1."""
    return _FIRST if place == 1 else (1 - _FIRST) * place**-1.5 / _REST
