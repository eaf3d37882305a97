"""When a night is due: tables of moments, and ninety nights of a machine that is hardly ever on."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from zoneinfo import ZoneInfo

import pytest

from sleepy.daemon.base.clock import Leap, Reading, leap
from sleepy.daemon.base.schedule import Attempted, Due, Why, due, following, latest, practice_due

BERLIN = ZoneInfo("Europe/Berlin")
THREE = "0 3 * * *"


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def _dates(zone: str, cron: str, begin: str, days: int) -> list[tuple[Date, str]]:
    """The date and local time of every night of a machine that is always on, looked at each ten minutes."""
    here = ZoneInfo(zone)
    now = at(begin, zone).astimezone(UTC)
    end, done, found = now + timedelta(days=days), set[Date](), []
    while now < end:
        night = due(now, cron, here, done=done)
        if night is not None and night.at > end - timedelta(days=days):
            found.append((night.date, f"{night.at.astimezone(here):%m-%d %H:%M %z}"))
        if night is not None:
            done.add(night.date)
        now += timedelta(minutes=10)
    return found


@pytest.mark.parametrize(
    ("zone", "cron", "begin", "expected"),
    [
        # spring: the hour from 2 to 3 is left out, and what was set for it comes an hour later
        ("Europe/Berlin", "30 2 * * *", "2026-03-28 12:00", ["03-29 03:30 +0200", "03-30 02:30 +0200"]),
        ("America/New_York", "30 2 * * *", "2026-03-07 12:00", ["03-08 03:30 -0400", "03-09 02:30 -0400"]),
        # autumn: it is 2:30 twice
        ("Europe/Berlin", "30 2 * * *", "2026-10-24 12:00", ["10-25 02:30 +0200", "10-26 02:30 +0100"]),
        ("America/New_York", "30 1 * * *", "2026-10-31 12:00", ["11-01 01:30 -0400", "11-02 01:30 -0500"]),
        # half an hour, the other way round in the year
        ("Australia/Lord_Howe", "15 2 * * *", "2026-10-03 12:00", ["10-04 02:45 +1100", "10-05 02:15 +1100"]),
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04 12:00", ["04-05 01:45 +1100", "04-06 01:45 +1030"]),
        # midnight itself is left out, or comes twice, and the date has its night
        ("Africa/Cairo", "0 0 * * *", "2026-04-23 12:00", ["04-24 01:00 +0300", "04-25 00:00 +0300"]),
        ("America/Havana", "30 0 * * *", "2026-03-07 12:00", ["03-08 01:30 -0400", "03-09 00:30 -0400"]),
        ("America/Havana", "30 0 * * *", "2026-10-31 12:00", ["11-01 00:30 -0400", "11-02 00:30 -0500"]),
        ("America/Santiago", "30 23 * * *", "2026-04-04 12:00", ["04-04 23:30 -0300", "04-05 23:30 -0400"]),
        ("Asia/Kathmandu", "59 23 * * *", "2026-05-05 12:00", ["05-05 23:59 +0545", "05-06 23:59 +0545"]),
    ],
)
def test_each_date_has_one_night_where_the_clocks_change(zone: str, cron: str, begin: str, expected: list[str]) -> None:
    found = [moment for _, moment in _dates(zone, cron, begin, 2)]
    # the look after the time is at most ten minutes late, the time itself exact
    assert found == expected


@pytest.mark.parametrize(
    ("zone", "cron"),
    [
        ("Europe/Berlin", "*/30 1,2 * * *"),
        ("America/New_York", "30 2 * * *"),
        ("Australia/Lord_Howe", "0 2 * * *"),
        ("Africa/Cairo", "0 0 * * *"),
        ("America/Santiago", "15 23 * * *"),
    ],
)
def test_a_year_has_a_night_a_date(zone: str, cron: str) -> None:
    here, now, done, found = ZoneInfo(zone), at("2025-12-31 23:59", zone).astimezone(UTC), {Date(2025, 12, 31)}, []
    for _ in range(365 * 8 + 2):
        night = due(now, cron, here, done=done)
        if night is not None:
            found.append(night.date)
            done.add(night.date)
        now += timedelta(hours=3)
    assert found[:365] == [Date(2026, 1, 1) + timedelta(days=i) for i in range(365)]


YESTERDAY, TODAY = Date(2026, 11, 27), Date(2026, 11, 28)


@pytest.mark.parametrize(
    ("now", "done", "last", "since", "expected"),
    [
        # its time has come
        ("2026-11-28 02:59", {YESTERDAY}, None, None, None),
        ("2026-11-28 03:00", {YESTERDAY}, None, None, (TODAY, Why.TIME)),
        ("2026-11-28 03:00", {TODAY}, None, None, None),
        # nothing ran at three: made up for, for the date it was missed, and once
        ("2026-11-28 09:00", {YESTERDAY}, None, None, (TODAY, Why.MISSED)),
        ("2026-11-28 01:00", set(), None, None, (YESTERDAY, Why.MISSED)),
        ("2026-11-28 09:00", set(), None, None, (TODAY, Why.MISSED)),
        ("2026-11-28 09:00", {TODAY}, None, None, None),  # of a week that was missed, only the last
        # a home that did not exist at three missed nothing
        ("2026-11-28 09:00", set(), None, "2026-11-28 08:00", None),
        ("2026-11-29 03:00", set(), None, "2026-11-28 08:00", (Date(2026, 11, 29), Why.TIME)),
        ("2026-11-28 09:00", set(), None, "2031-01-01 00:00", (TODAY, Why.MISSED)),  # the clock was ahead then
        # tried and failed: not again at the same time
        ("2026-11-28 04:00", set(), Attempted(TODAY, at("2026-11-28 03:00"), cut=False), None, None),
        ("2026-11-28 02:00", set(), Attempted(TODAY, at("2026-11-28 03:00"), cut=False), None, (YESTERDAY, Why.MISSED)),
        # cut: gone on with, the next day too; not when it is done after all
        ("2026-11-28 04:00", set(), Attempted(TODAY, at("2026-11-28 03:00"), cut=True), None, (TODAY, Why.CUT)),
        ("2026-11-28 09:00", set(), Attempted(YESTERDAY, at("2026-11-27 03:00"), cut=True), None, (YESTERDAY, Why.CUT)),
        ("2026-11-28 09:00", {TODAY}, Attempted(TODAY, at("2026-11-28 03:00"), cut=True), None, None),
        # the clock was years ahead for a night, and is right again
        ("2026-11-28 03:00", {Date(2031, 1, 1)}, Attempted(Date(2031, 1, 1), at("2031-01-01 03:00"), cut=False), None, (TODAY, Why.TIME)),
    ],
)  # fmt: skip
def test_a_night_is_due(
    now: str,
    done: set[Date],
    last: Attempted | None,
    since: str | None,
    expected: tuple[Date, Why] | None,
) -> None:
    found = due(at(now), THREE, BERLIN, done=done, last=last, since=at(since) if since else None)
    assert (None if found is None else (found.date, found.why)) == expected


def test_a_failed_night_is_tried_again_at_its_dates_next_time() -> None:
    failed = Attempted(TODAY, at("2026-11-28 01:30"), cut=False)
    cron = "0 1,5 * * *"
    assert due(at("2026-11-28 04:59"), cron, BERLIN, last=failed) is None
    assert due(at("2026-11-28 05:00"), cron, BERLIN, last=failed) == Due(
        TODAY, at("2026-11-28 05:00").astimezone(UTC), Why.TIME
    )
    assert due(at("2026-11-28 05:00"), cron, BERLIN, last=failed, done={TODAY}) is None


@pytest.mark.parametrize(
    ("cron", "now", "before", "after"),
    [
        ("0 3 * * *", "2026-11-28 12:00", "2026-11-28 03:00", "2026-11-29 03:00"),
        ("* * * * *", "2026-11-28 12:00", "2026-11-28 12:00", "2026-11-28 12:01"),
        ("0 3 29 2 *", "2026-11-28 12:00", "2024-02-29 03:00", "2028-02-29 03:00"),
        ("0 3 1 1 *", "2026-11-28 12:00", "2026-01-01 03:00", "2027-01-01 03:00"),
        ("30 2 * * *", "2026-03-29 03:10", "2026-03-28 02:30", "2026-03-29 03:30"),
        ("0 3 * * *", "2026-03-29 03:30", "2026-03-29 03:00", "2026-03-30 03:00"),
    ],
)
def test_the_times_around_a_moment(cron: str, now: str, before: str, after: str) -> None:
    last, next_one = latest(at(now), cron, BERLIN), following(at(now), cron, BERLIN)
    assert last is not None and last.at == at(before).astimezone(UTC)
    assert next_one is not None and next_one.at == at(after).astimezone(UTC)


def test_a_cron_without_a_time_is_never_due() -> None:
    assert due(at("2026-11-28 12:00"), "0 3 31 2 *", BERLIN) is None
    assert following(at("2026-11-28 12:00"), "0 3 31 2 *", BERLIN) is None


def test_practice_is_due_once_a_time_and_once_for_all_that_were_missed() -> None:
    half = "*/30 * * * *"
    noon = at("2026-11-28 12:00")
    assert practice_due(noon, half, BERLIN, noon - timedelta(hours=5))
    assert not practice_due(noon + timedelta(minutes=29), half, BERLIN, noon)
    assert practice_due(noon + timedelta(minutes=30), half, BERLIN, noon)


@pytest.mark.parametrize("seed", range(6))
def test_ninety_nights_of_power_offs_suspensions_and_clock_jumps_have_one_night_a_date(seed: int) -> None:
    """Whoever had a chance has one night: a time passed by the clock, with the daemon alive before the next."""
    rng = random.Random(seed)
    here = rng.choice([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
    now = datetime(2026, 2, 20, 20, tzinfo=UTC)
    since, end = now, now + timedelta(days=90)
    done: dict[Date, int] = {}
    waiting: Date | None = None  # the newest time that passed, and whether anybody was there before the next
    chances: set[Date] = set()
    last: Attempted | None = None
    while now < end:
        passed = latest(now, THREE, here)
        if passed is not None and passed.at > since:
            waiting = passed.date
        night = due(now, THREE, here, done=done, last=last, since=since)
        if waiting is not None and (night is None or night.date == waiting):
            chances.add(waiting)  # the daemon is there, and not busy with another date's
        if night is not None:
            assert night.date not in done, f"a second night for {night.date}"
            last = Attempted(night.date, now, cut=True)
            if rng.random() < 0.3:  # the power goes, in the middle of it
                now += timedelta(minutes=rng.uniform(1, 3000))
                continue
            done[night.date] = 1
            last = Attempted(night.date, now, cut=False)
        what = rng.random()
        if what < 0.02:
            now += timedelta(hours=rng.uniform(1, 60))  # off, or suspended
        elif what < 0.03:
            now -= timedelta(hours=rng.uniform(0.1, 30))  # set back
        elif what < 0.04:
            now += timedelta(hours=rng.uniform(0.1, 30))  # set forwards
        else:
            now += timedelta(minutes=rng.uniform(1, 20))
    if last is not None and last.cut:
        chances.discard(last.date)  # the test ends before it could be gone on with
    assert len(done) > 60
    assert set(done) == chances


def _reading(wall: float, steady: float, through: float | None) -> Reading:
    return Reading(datetime.fromtimestamp(1_800_000_000 + wall, UTC), steady, through)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((1.0, 1.0, 1.0), Leap()),
        ((2.5, 1.0, 1.0), Leap()),  # clocks are not read in one moment
        ((7201.0, 1.0, 7201.0), Leap(suspended=7200.0)),
        ((-3599.0, 1.0, 1.0), Leap(set=-3600.0)),
        ((3601.0, 1.0, 1.0), Leap(set=3600.0)),
        ((3601.0, 1.0, 7201.0), Leap(suspended=7200.0, set=-3600.0)),  # set back while it slept
        ((7201.0, 1.0, None), Leap(suspended=7200.0)),  # no clock that goes through: taken for a suspension
        ((-3599.0, 1.0, None), Leap(set=-3600.0)),
    ],
)
def test_a_leap_of_the_clock_is_told_from_a_suspension(
    after: tuple[float, float, float | None], expected: Leap
) -> None:
    before = _reading(0.0, 0.0, 0.0 if after[2] is not None else None)
    assert leap(before, _reading(*after)) == expected
