"""Spans of time as people write them: 90s, 45m, 2h, 1d, 1h30m."""

from __future__ import annotations

import re

from sleepy.daemon.errors import UserError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LONGEST = 366 * 86_400


def seconds(text: str) -> float:
    """The span's seconds; `UserError` when it is none, or longer than a year."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    found = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text.replace(" ", "") or not 0 < found <= _LONGEST:
        raise UserError(f"{text!r} is no span of time", remedy="give one such as 90s, 45m, 2h or 1d, a year at most")
    return found
