"""Numbers as a report writes them."""

from __future__ import annotations

from sleepy.daemon.stats.intervals import wilson


def rate(passed: int, n: int) -> str:
    """A pass rate as `31 of 40 (78 %, 95 % interval 62-88 %)`."""
    if n == 0:
        return "0 of 0"
    low, high = wilson(passed, n)
    return f"{passed} of {n} ({100 * passed / n:.0f} %, 95 % interval {100 * low:.0f}-{100 * high:.0f} %)"


def interval(passed: int, n: int) -> str:
    """`62-88 %`, Wilson's 95 % interval; empty without attempts."""
    low, high = wilson(passed, n)
    return f"{100 * low:.0f}-{100 * high:.0f} %" if n else ""


def percent(share: float, digits: int = 1) -> str:
    """A share as `62.5 %`."""
    return f"{100 * share:.{digits}f} %"


def decimals(value: float, digits: int = 2) -> str:
    """The value with `digits` decimals, and no minus sign before zeros."""
    shown = f"{value:.{digits}f}"
    return shown.removeprefix("-") if not float(shown) else shown


def odds(p: float) -> str:
    """A p-value with two significant digits."""
    return f"{p:.2g}"


def grouped(number: int) -> str:
    """The number with thousands separators: `1,234,567`."""
    return f"{number:,}"


def seconds(value: float) -> str:
    """A duration as `4.2 s` or `3 min 20 s`."""
    whole = round(value)
    return f"{value:.1f} s" if value < 60 else f"{whole // 60} min {whole % 60} s"
