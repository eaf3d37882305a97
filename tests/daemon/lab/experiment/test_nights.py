"""Ordinary days and nights in a row."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.kills.short import CONFIG, exam

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.gate.gate import ExamPart
from sleepy.daemon.lab.experiment import nights
from sleepy.daemon.lab.experiment.nights import FinalExam, LivedNight, Nights
from sleepy.daemon.tools.equip import equipped
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic import nights as slept

FIRST = date(2031, 1, 1)


def test_a_run_lives_its_days_and_nights_and_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    resting = replace(CONFIG, tries=0)  # whatever fails rests: nothing is forged, nothing trained
    told: list[LivedNight] = []
    with equipped(resting, Home(tmp_path / "home"), exam=exam()[:2]) as tools:
        nights.run(tools, FIRST, 1, told.append, tasks=10)
        found = nights.run(tools, FIRST, 2, told.append, tasks=10)
        assert [item.date for item in told] == ["2031-01-01", "2031-01-01", "2031-01-02"]
        assert told[0] == told[1] and found.lived == tuple(told[1:])
        assert sum(item.attempted for item in found.lived) == len(episodes.latest(tools.db, limit=100)) > 10
        assert [night.decision for night in slept.recent(tools.db, limit=5)] == ["inconclusive"] * 2
        assert (found.exam.n, found.exam.routes, found.exam.fixed, found.exam.lost) == (2, 0, (), ())
        assert found.exam.baseline == found.exam.champion
        first = slept.read(tools.db, FIRST)
        assert nights.run(tools, FIRST, 2, told.append, tasks=10) == found
        assert slept.read(tools.db, FIRST) == first  # not begun anew by what was practised since


def test_a_night_that_another_run_slept_is_not_taken_for_its_own(tmp_path: Path) -> None:
    with equipped(
        replace(CONFIG, tries=0, dtype="float32", threads="1"), Home(tmp_path / "home"), exam=exam()[:1]
    ) as tools:
        slept.begin(tools.db, FIRST, seed=1, now=tools.now())
        with pytest.raises(UserError, match="has already had a night of 2031-01-01"):
            nights.run(tools, FIRST, 1, print, tasks=10)
        assert episodes.latest(tools.db, limit=1) == []


def test_the_table_has_a_line_a_night_and_the_exam_before_and_after() -> None:
    one = LivedNight(
        "2031-01-01", 280, 150, "promote", ("two routes",), ("a", "b", "c"), ("a", "b"), 12, 0, 5, 300.0, 660,
        {"model": 40, "samples": 9},
    )  # fmt: skip
    other = replace(
        one, date="2031-01-02", decision="inconclusive", earned=(), gained=0, gained_taught=0, solved=160, seconds=90.0,
        own={},
    )  # fmt: skip
    found = Nights(
        (one, other),
        FinalExam(522, 272, 284, ("x",) * 12, (), 2, ExamPart(460, 270, 275, 5, 0), ExamPart(62, 2, 9, 7, 0)),
    )
    said = nights.markdown(found).splitlines()
    assert said[0] == (
        "Exam: 272 -> 284 of 522 (54.4 %, 95 % interval 50-59), 12 gained, 0 lost, 2 routes after 2 nights."
    )
    assert said[1:3] == [
        "Codes that pretraining teaches: 270 -> 275 of 460, 5 gained, 0 lost.",
        "Held back: 2 -> 9 of 62, 7 gained, 0 lost.",
    ]
    assert said[-2:] == [
        "| 1 | 150 of 280 | 3 | 660, 49 | 2 | 12 (5), 0 | promote | 5.0 |",
        "| 2 | 160 of 280 | 3 | 660, 0 | 0 | 0 (0), 0 | inconclusive | 1.5 |",
    ]
    assert json.loads(nights.line(found))["exam"]["champion"] == 284
