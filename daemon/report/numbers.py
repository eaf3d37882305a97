"""Numbers as a report writes them."""

from __future__ import annotations

from sleepy.daemon.stats.intervals import wilson


def rate(passed: int, n: int) -> str:
    """`31 of 40 (78 %, 95 % interval 62-88 %)`."""
    if n == 0:
        return "0 of 0"
    low, high = wilson(passed, n)
    return f"{passed} of {n} ({100 * passed / n:.0f} %, 95 % interval {100 * low:.0f}-{100 * high:.0f} %)"


def interval(passed: int, n: int) -> str:
    """`62-88 %`, and nothing without attempts."""
    low, high = wilson(passed, n)
    return f"{100 * low:.0f}-{100 * high:.0f} %" if n else ""


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def decimals(value: float, digits: int = 2) -> str:
    """So many of them, without a minus where they are all zeros."""
    shown = f"{value:.{digits}f}"
    return shown.removeprefix("-") if not float(shown) else shown


def odds(p: float) -> str:
    """A p-value: two digits that count."""
    return f"{p:.2g}"


def grouped(number: int) -> str:
    """`1,234,567`."""
    return f"{number:,}"


def seconds(value: float) -> str:
    """`4.2 s`, `3 min 20 s`."""
    whole = round(value)
    return f"{value:.1f} s" if value < 60 else f"{whole // 60} min {whole % 60} s"
