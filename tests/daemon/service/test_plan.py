"""What should be at work: one decision for each situation."""

from __future__ import annotations

from datetime import UTC, datetime
from datetime import date as Date

import pytest

from sleepy.daemon.base.schedule import Due, Why
from sleepy.daemon.service.commands import Orders
from sleepy.daemon.service.plan import Hindrance, NextStep, Obstacle, Situation, Work, WorkKind, plan

TONIGHT = Date(2026, 11, 29)
THREE = datetime(2026, 11, 29, 2, tzinfo=UTC)  # in Berlin
DUE = Due(TONIGHT, THREE, Why.TIME)
NIGHT = Work(WorkKind.NIGHT, TONIGHT)
ASKED = Work(WorkKind.NIGHT, TONIGHT, asked=True)
BATTERY, LOAD = Hindrance(Obstacle.BATTERY), Hindrance(Obstacle.LOAD, 2.0, 1.5)
OTHER = Hindrance(Obstacle.ELSEWHERE, said="alpha (process 7) sleeps the night of 2026-11-29, in /home")
PRACTICE = Work(WorkKind.PRACTICE)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(), NextStep()),
        (Situation(practice=True), NextStep(begin=PRACTICE)),
        (Situation(due=DUE), NextStep(begin=NIGHT)),
        (Situation(due=DUE, practice=True), NextStep(begin=NIGHT)),
        (Situation(due=DUE, practice=True, at_work=NIGHT), NextStep()),
        (Situation(due=DUE, at_work=PRACTICE), NextStep()),  # a practice takes minutes: the night waits for its end
        # the machine is not free: the night waits, practice does not
        (Situation(due=DUE, busy=(BATTERY,)), NextStep(held=(BATTERY,))),
        (Situation(due=DUE, busy=(BATTERY,), practice=True), NextStep(begin=PRACTICE, held=(BATTERY,))),
        (Situation(due=DUE, busy=(LOAD, BATTERY), at_work=NIGHT), NextStep(None, "load 2.0 above 1.5; on battery", (LOAD, BATTERY))),
        # asked for: whoever is at the machine, and at once
        (Situation(asked=TONIGHT, busy=(BATTERY,)), NextStep(begin=ASKED)),
        (Situation(asked=TONIGHT, busy=(BATTERY,), at_work=ASKED), NextStep()),
        (Situation(asked=TONIGHT, at_work=PRACTICE), NextStep(cut="a night was asked for")),
        # another home's: days go on
        (Situation(due=DUE, practice=True, elsewhere=OTHER), NextStep(begin=PRACTICE, held=(OTHER,))),
        (Situation(asked=TONIGHT, practice=True, elsewhere=OTHER), NextStep(begin=PRACTICE, held=(OTHER,))),
        (Situation(asked=TONIGHT, at_work=PRACTICE, elsewhere=OTHER), NextStep(held=(OTHER,))),
        # told
        (Situation(Orders(paused=True), due=DUE, practice=True), NextStep(held=(Hindrance(Obstacle.PAUSED),))),
        (Situation(Orders(paused=True), at_work=PRACTICE), NextStep(cut="paused")),
        (Situation(Orders(paused=True), due=DUE, at_work=NIGHT), NextStep(cut="paused", held=(Hindrance(Obstacle.PAUSED),))),
        (Situation(Orders(wake=True), due=DUE, at_work=NIGHT), NextStep(cut="ended by `sleepy wake`")),
        (Situation(Orders(wake=True), practice=True, at_work=PRACTICE), NextStep()),
        (Situation(stopping=True, due=DUE, practice=True), NextStep()),
        (Situation(stopping=True, at_work=PRACTICE), NextStep(cut="the daemon is stopping")),
    ],
)  # fmt: skip
def test_the_plan(situation: Situation, expected: NextStep) -> None:
    assert plan(situation) == expected
