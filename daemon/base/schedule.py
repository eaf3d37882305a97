"""When to sleep and when to practise: pure functions of `now`, the cron, the time zone and what was done.

A night belongs to the local date of its time, and a date has at most one night, whatever the clock does:

- a time in the hour skipped in spring comes later by the length of the skip; a time in the hour repeated in autumn
  comes once. APScheduler reads the cron on a plain wall clock: given a zone, it would skip a whole date whose
  midnight does not exist (Havana, Cairo, Santiago), and name a repeated time twice;
- of all times missed while nothing ran, only the last is made up for, at once, for its own date;
- times before the home's first start do not count as missed;
- a clock set back gives no date a second night, and a clock that was far ahead prevents no later night.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import date as Date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

_SHIFT = timedelta(hours=3)  # more than any change of clocks, apart from crossing the date line
_FARTHEST = timedelta(days=1500)  # 29 February may be four years away
_LATE = timedelta(minutes=1)  # a night later than this counts as missed and made up for


class Why(StrEnum):
    TIME = "time"  # it is its time
    MISSED = "missed"  # nothing ran at its time
    CUT = "cut"  # it was interrupted
    ASKED = "asked"  # the user wants it now


@dataclass(frozen=True, slots=True)
class Due:
    """A night to begin or resume: its date, since when it is due (UTC), and why."""

    date: Date
    at: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Attempted:
    """The last night that was begun: its date, when, and whether it is to be resumed."""

    date: Date
    at: datetime
    cut: bool


class Time(NamedTuple):
    """One of a cron's times: the moment (UTC) and its local date."""

    at: datetime
    date: Date


def due(
    now: datetime,
    cron: str,
    zone: tzinfo,
    *,
    done: Container[Date] = (),
    last: Attempted | None = None,
    since: datetime | None = None,
) -> Due | None:
    """The night that should be running at `now`, or None.

    `done` holds the dates without need of one: the night is done, or the user waived it. `since` is when the
    daemon first ran in this home. A failed night is tried again at the next time on its date, if the cron has
    several.
    """
    if last is not None and last.cut and last.date not in done:
        return Due(last.date, last.at, Why.CUT)
    time = latest(now, cron, zone)
    if time is None or (since is not None and time.at <= since <= now):
        return None
    if (last is not None and last.date == time.date and last.at >= time.at) or time.date in done:
        return None
    return Due(time.date, time.at, Why.MISSED if now - time.at > _LATE else Why.TIME)


def practice_due(now: datetime, cron: str, zone: tzinfo, last: datetime) -> bool:
    """Whether a time to practise has come since the last practice; several missed ones count as one."""
    time = latest(now, cron, zone)
    return time is not None and time.at > last


def latest(now: datetime, cron: str, zone: tzinfo) -> Time | None:
    """The cron's latest time up to `now`; None if there was none in four years."""
    return _latest(now.astimezone(UTC).replace(second=0, microsecond=0), cron, zone)  # a cron has whole minutes


@lru_cache(maxsize=16)  # asked twice a second
def _latest(now: datetime, cron: str, zone: tzinfo) -> Time | None:
    wall = now.astimezone(zone).replace(tzinfo=None)
    for hours in (1, 6, 26, 200, 800, 9000, _FARTHEST.days * 24):
        back = timedelta(hours=hours)
        found = [t for t in _between(cron, zone, wall - back - _SHIFT, wall + _SHIFT) if now - back < t.at <= now]
        if found:
            return max(found)
    return None


def following(now: datetime, cron: str, zone: tzinfo) -> Time | None:
    """The cron's first time after `now`; None if there is none in four years."""
    wall = now.astimezone(zone).replace(tzinfo=None)
    first: Time | None = None
    for time in _between(cron, zone, wall - _SHIFT, wall + _FARTHEST):
        if first is not None and time.at - first.at > _SHIFT:
            break
        if time.at > now and (first is None or time < first):
            first = time
    return first


def _between(cron: str, zone: tzinfo, begin: datetime, end: datetime) -> Iterator[Time]:
    """The cron's times whose wall time is from `begin` to `end`.

    Moments are in UTC: Python compares two times of one zone by their wall clocks.
    """
    trigger = _trigger(cron)
    if trigger is None:
        return
    last = end.replace(tzinfo=UTC)
    wall = trigger.get_next_fire_time(None, begin.replace(tzinfo=UTC))
    while wall is not None and wall <= last:
        # fold 0: the first of two; where there is none, by the offset before the gap, which is as much later
        yield Time(wall.replace(tzinfo=zone, fold=0).astimezone(UTC), wall.date())
        wall = trigger.get_next_fire_time(wall, wall + timedelta(microseconds=1))


@lru_cache(maxsize=8)
def _trigger(cron: str) -> Any:
    from apscheduler.triggers.cron import CronTrigger

    trigger = CronTrigger.from_crontab(cron, timezone=UTC)
    # 30 February never comes, and it takes APScheduler most of a second to see it
    return trigger if trigger.get_next_fire_time(None, datetime(2024, 1, 1, tzinfo=UTC)) is not None else None
