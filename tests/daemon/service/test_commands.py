"""Spans of time as people type them."""

from __future__ import annotations

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.service.commands import seconds


@pytest.mark.parametrize(
    ("text", "expected"), [("90s", 90), ("45m", 2700), ("2h", 7200), ("1d", 86_400), ("1h30m", 5400), ("0.5h", 1800)]
)
def test_a_span_of_time_is_read(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "2", "h", "2 weeks", "-1h", "0s", "400d", "2h tomorrow"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="time span"):
        seconds(text)
