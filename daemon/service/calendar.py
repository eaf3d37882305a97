"""Earlier nights as the schedule needs them, and the daemon's own record of the nights it began.

Each beginning of a night is counted: a night that kills the daemon, for instance by its use of memory, is not begun
again and again.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime

from sleepy.daemon.base.home import Home
from sleepy.daemon.base.schedule import Attempted
from sleepy.daemon.base.state_keys import NIGHT, SINCE
from sleepy.daemon.night import history
from sleepy.memory.episodic import nights, state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.episodic.state import Entry

STARTS = 3  # times in a row that the daemon may die during a night before that night is given up


@dataclass(frozen=True, slots=True)
class Slept:
    """The arguments of `schedule.due`."""

    done: Container[Date]
    last: Attempted | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class BegunNight:
    """The night that a daemon began last, when, and how many times in a row it died during it."""

    date: Date
    starts: int
    at: datetime


class Calendar:
    """The nights of a home; `target` is the setting."""

    def __init__(self, db: Database, home: Home, target: float) -> None:
        self._db, self._home, self._target = db, home, target
        self._begun: Date | None = None  # by this process, which has not died of it

    def arrive(self, now: datetime) -> None:
        """Records the first start in this home; corrects it if the clock was ahead then."""
        found = state.get(self._db, SINCE)
        if found is None or found.updated > now:
            state.put(self._db, SINCE, {}, now=now)

    def seen(self, entries: Mapping[str, Entry], *, waived: Date | None) -> Slept:
        """The current arguments of `schedule.due`; dates that are done are looked up on demand."""
        since = entries.get(SINCE)
        done = _Done(self._db, self._home, self._target, waived)
        return Slept(done, self._last(_begun(entries)), since.updated if since else None)

    def attempt(self, date: Date, now: datetime) -> None:
        """Records that a night begins."""
        before = _begun(state.everything(self._db))
        self._note(date, before.starts + 1 if before is not None and before.date == date else 1, now)
        self._begun = date

    def ended(self, date: Date, now: datetime) -> None:
        """Records that the night ended and the daemon did not."""
        self._note(date, 0, now)
        self._begun = None

    def give_up(self, date: Date, why: str, now: datetime) -> None:
        """Marks the night of the date as failed if it was begun and is not done."""
        row = nights.read(self._db, date)
        if row is not None and row.state is NightState.RUNNING:
            nights.fail(self._db, row.id, why, now=now)

    def _note(self, date: Date, starts: int, now: datetime) -> None:
        state.put(self._db, NIGHT, {"date": date.isoformat(), "starts": starts}, now=now)

    def _last(self, noted: BegunNight | None) -> Attempted | None:
        row = nights.last(self._db)
        if noted is None:
            return None if row is None else Attempted(row.date, row.started, row.state is NightState.RUNNING)
        date = noted.date
        if row is not None and row.date > date and row.state is NightState.RUNNING:
            return Attempted(row.date, row.started, cut=True)  # begun by `sleepy night`
        own = row if row is not None and row.date == date else nights.read(self._db, date)
        cut = own is None or own.state is NightState.RUNNING
        if cut and date != self._begun and noted.starts >= STARTS:
            self.give_up(date, f"the daemon died during it {STARTS} times in a row", noted.at)
            cut = False
        return Attempted(date, noted.at, cut)


def _begun(entries: Mapping[str, Entry]) -> BegunNight | None:
    entry = entries.get(NIGHT)
    if entry is None:
        return None
    return BegunNight(Date.fromisoformat(entry.value["date"]), int(entry.value["starts"]), entry.updated)


class _Done(Container[Date]):
    """The dates whose night is done or waived; a night with nothing to learn counts until there is something."""

    def __init__(self, db: Database, home: Home, target: float, waived: Date | None) -> None:
        self._db, self._home, self._target, self._waived = db, home, target, waived

    def __contains__(self, date: object) -> bool:
        if date == self._waived:
            return True
        row = nights.read(self._db, date) if isinstance(date, Date) else None
        return history.is_over(self._db, self._home, row, target=self._target)
