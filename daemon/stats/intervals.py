"""Intervals of pass rates: how much a handful of attempts proves."""

from __future__ import annotations

import math

from sleepy.daemon.stats import beta


def credibly_below(passes: int, attempts: int, target: float, *, confidence: float = 0.95) -> bool:
    """Whether P(rate < target | data) >= confidence, with a uniform prior: Beta(passes + 1, failures + 1)."""
    return below(passes, attempts, target) >= confidence


def below(passes: int, attempts: int, target: float) -> float:
    """P(rate < target) under Beta(passes + 1, attempts - passes + 1)."""
    return beta.below(target, passes + 1, attempts - passes + 1)


def wilson(passes: int, attempts: int, *, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a pass rate (with the default `z`); (0, 1) without attempts."""
    if attempts == 0:
        return 0.0, 1.0
    rate = passes / attempts
    scale = 1 + z * z / attempts
    middle = (rate + z * z / (2 * attempts)) / scale
    half = z * math.sqrt(rate * (1 - rate) / attempts + z * z / (4 * attempts * attempts)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)
