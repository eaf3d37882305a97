"""Rates and progress as characters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sleepy.daemon.status.words import bar, by_day, sparkline


def test_a_sparkline_has_a_bar_a_day_and_a_dot_for_none() -> None:
    assert sparkline([0.0, 0.5, 1.0, None]) == "▁▅█·"
    today = date(2026, 11, 24)
    history = [(today - timedelta(days=2), 1, 2), (today, 3, 3)]
    assert by_day(history, last=today, days=4) == [None, 0.5, None, 1.0]


@pytest.mark.parametrize(("done", "total", "full"), [(0, 9, 0), (9, 9, 10), (99, 9, 10), (1, 2, 5), (0, 0, 0)])
def test_a_bar_is_never_over_full(done: int, total: int, full: int) -> None:
    assert bar(done, total, 10) == "█" * full + "░" * (10 - full)
