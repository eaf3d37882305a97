"""Reads the clocks, and finds jumps of the wall clock between two readings.

The steady clock stands still while the machine is suspended. Where another clock does not (Linux's CLOCK_BOOTTIME), a
suspension can be told from a clock that was set; elsewhere a jump forwards counts as a suspension.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

TOLERANCE = 3.0  # seconds of difference that count as none: clocks are read one after the other, and slewed


@dataclass(frozen=True, slots=True)
class Reading:
    """The wall clock, the steady clock, and the clock that runs on during suspensions, the latter two in seconds."""

    wall: datetime
    steady: float
    through: float | None = None


@dataclass(frozen=True, slots=True)
class Leap:
    """Seconds the machine was suspended, and seconds the clock was set forwards (backwards: below 0)."""

    suspended: float = 0.0
    set: float = 0.0


def read() -> Reading:
    """A reading of all clocks."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return Reading(datetime.now(UTC), time.monotonic(), time.clock_gettime(boot) if boot is not None else None)


def leap(before: Reading, after: Reading, *, tolerance: float = TOLERANCE) -> Leap:
    """The jump of the wall clock from one reading to the next; differences within the tolerance count as 0."""
    steady = after.steady - before.steady
    wall = (after.wall - before.wall).total_seconds()
    if before.through is None or after.through is None:
        extra = wall - steady
        return Leap(suspended=extra) if extra > tolerance else Leap(set=extra if extra < -tolerance else 0.0)
    through = after.through - before.through
    suspended, by_hand = through - steady, wall - through
    return Leap(suspended if suspended > tolerance else 0.0, by_hand if abs(by_hand) > tolerance else 0.0)


def utc() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
