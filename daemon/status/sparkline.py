"""Pass rates as a line of small bars, one character per day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

BARS = "▁▂▃▄▅▆▇█"
NONE = "·"  # a day without an attempt


def sparkline(rates: Sequence[float | None]) -> str:
    """One character per rate (0 to 1); None is a day without attempts."""
    return "".join(NONE if rate is None else BARS[min(int(rate * len(BARS)), len(BARS) - 1)] for rate in rates)


def by_day(history: Sequence[tuple[date, int, int]], *, last: date, days: int) -> list[float | None]:
    """The pass rates of the `days` days up to `last`, from (day, passes, attempts)."""
    known = {day: passes / attempts for day, passes, attempts in history if attempts}
    return [known.get(last - timedelta(days=back)) for back in range(days - 1, -1, -1)]


def bar(done: int, total: int, width: int) -> str:
    """A progress bar of `width` characters."""
    full = 0 if total <= 0 else round(width * min(max(done, 0), total) / total)
    return "█" * full + "░" * (width - full)
