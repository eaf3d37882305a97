"""The daemon's loop: each tick reads the orders, sees what is due, and begins or ends work.

`tick` does no work itself and never waits. Time, the zone, the machine and the worker are arguments.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta, tzinfo
from typing import Any

from sleepy.daemon.base import clock, heartbeat, schedule
from sleepy.daemon.base.clock import Reading
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.log import log_event
from sleepy.daemon.night import claim
from sleepy.daemon.service import commands, leisure, presence
from sleepy.daemon.service.beat import Beat
from sleepy.daemon.service.calendar import Calendar
from sleepy.daemon.service.leisure import Machine
from sleepy.daemon.service.plan import Hindrance, NextStep, Obstacle, Situation, Work, WorkKind, plan
from sleepy.daemon.service.presence import Held
from sleepy.daemon.service.work import Ended, Worker
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database, DatabaseAway, DatabaseError

_AFTER_FAULT = 60.0  # seconds from failed work until anything is begun again
_AFTER_TROUBLE = 10.0  # the same where the beginning could not even be recorded
_LOOK = 1.0  # seconds between looks at the machine: a returning user is noticed within two


@dataclass(frozen=True, slots=True)
class Senses:
    """What the daemon sees: the clocks, the local zone, and the machine (told whether we are at work)."""

    clock: Callable[[], Reading]
    zone: Callable[[], tzinfo]
    look: Callable[[bool], Machine]


class Service:
    """What a daemon keeps from one tick to the next. `held` says why a night that is due waits."""

    def __init__(self, db: Database, home: Home, config: Config, worker: Worker, beat: Beat, senses: Senses) -> None:
        self._db, self._config, self._worker, self._beat, self._senses = db, config, worker, beat, senses
        self._home = home
        self._before = senses.clock()
        self._practised = self._before.wall
        self._rest_until = float("-inf")
        self._machine = Machine()
        self._looked = float("-inf")
        self._unknown: tuple[str, ...] = ()
        self._trouble, self._away = "", False
        self._calendar = Calendar(db, home, config.target)
        self.held: tuple[Hindrance, ...] = ()
        self._calendar.arrive(self._before.wall)

    def tick(self, *, stopping: bool = False) -> NextStep:
        """One step. A database that cannot be used ends work only if the work itself needs it."""
        now = self._senses.clock()
        self._leapt(now)
        try:
            found = self._tick(now, stopping)
        except DatabaseError as error:
            away = isinstance(error, DatabaseAway)  # whatever it says while it stops, is gone, and starts
            if str(error) != self._trouble and not (away and self._away):
                log_event("database", str(error), level=logging.ERROR, remedy=error.remedy)
            self._trouble, self._away, found = str(error), away, NextStep()
            if away:  # once it is back, whoever slept takes the night's lock again before others do
                self._rest_until = max(self._rest_until, now.steady + _AFTER_TROUBLE)
            if stopping:
                self._beat.interrupt("the daemon is stopping")
                self._worker.ended()
        else:
            if self._away:
                log_event("database_back", f"{self._db.where}: answers again; what was paused goes on")
            self._trouble, self._away = "", False
        self._before = now
        return found

    def _tick(self, now: Reading, stopping: bool) -> NextStep:
        entries = state.everything(self._db)  # first: how work ended is told once, and must be written down
        ended = self._worker.ended()
        if ended is not None:
            self._put_down(ended, now, woken=commands.read(entries, now.wall).wake)
            entries = state.everything(self._db)
        orders = commands.read(entries, now.wall)
        slept = self._calendar.seen(entries, waived=orders.waived)
        asked = orders.sleep
        if asked is not None and asked in slept.done:
            log_event("night_done_before", f"the night of {asked} is done already")
            commands.slept(self._db)
            asked = None
        zone = self._senses.zone()
        due = schedule.due(now.wall, self._config.night_at, zone, done=slept.done, last=slept.last, since=slept.since)
        at_work = self._worker.at_work
        wanted = due is not None or (at_work is not None and at_work.kind is WorkKind.NIGHT)
        practice = schedule.practice_due(now.wall, self._config.day_at, zone, self._practised)
        busy = leisure.busy(self._config, self._seen(now, at_work)) if wanted else ()
        elsewhere = self._elsewhere(at_work) if due is not None or asked is not None else None
        situation = Situation(orders, due, asked, practice, busy, elsewhere, stopping, at_work)
        if orders.wake and (at_work is None or at_work.kind is not WorkKind.NIGHT):
            self._wake(asked or (due.date if due is not None else None), now, ours=elsewhere is None)
        decided = plan(situation)
        self._hold(decided.held, due.date if due is not None else asked, now)
        if decided.cut is not None:
            self._beat.interrupt(decided.cut)
        if decided.begin is not None and now.steady >= self._rest_until:
            self._take_up(decided.begin, now)
        return decided

    def _take_up(self, work: Work, now: Reading) -> None:
        try:
            if work.date is not None:
                self._calendar.attempt(work.date, now.wall)
            else:
                self._practised = now.wall
        except DatabaseError:
            self._rest_until = now.steady + _AFTER_TROUBLE
            raise
        self._beat.begin()
        log_event(f"{work.kind}_begun", _line(work, "begun"), **_data(work))
        self._worker.begin(work)

    def _put_down(self, ended: Ended, now: Reading, *, woken: bool) -> None:
        work = ended.work
        if ended.fault is not None:
            self._rest_until = now.steady + _AFTER_FAULT
            remedy = getattr(ended.fault, "remedy", None)
            data = _data(work) | ({"remedy": remedy} if remedy else {})
            trace = None if remedy else ended.fault  # a user's error needs no traceback
            log_event(
                f"{work.kind}_failed",
                f"{_line(work, 'failed')}: {ended.fault}",
                level=logging.ERROR,
                fault=trace,
                **data,
            )
        elif ended.cut is not None:
            log_event(f"{work.kind}_interrupted", f"{_line(work, 'interrupted')}: {ended.cut}", **_data(work))
        else:
            log_event(f"{work.kind}_done", ended.said, **_data(work))
        if work.date is not None:
            self._calendar.ended(work.date, now.wall)
            if woken:
                self._wake(work.date, now)
            elif ended.cut is None:
                commands.slept(self._db)
        heartbeat.silence(self._db)

    def _elsewhere(self, at_work: Work | None) -> Hindrance | None:
        if at_work is not None and at_work.kind is WorkKind.NIGHT:
            return None
        said = claim.elsewhere(self._db, self._home)
        return None if said is None else Hindrance(Obstacle.ELSEWHERE, said=said)

    def _wake(self, date: Date | None, now: Reading, *, ours: bool = True) -> None:
        if date is not None and ours:
            self._calendar.give_up(date, "ended by `sleepy wake`", now.wall)
            log_event("woken", f"the night of {date} was ended and will not resume", date=date.isoformat())
        commands.waive(self._db, date, now=now.wall)

    def _seen(self, now: Reading, at_work: Work | None) -> Machine:
        if now.steady - self._looked >= _LOOK:
            self._looked = now.steady
            self._machine = self._senses.look(at_work is not None)
            unknown = leisure.unknown(self._config, self._machine)
            for line in set(unknown) - set(self._unknown):
                log_event("unknown", line, level=logging.WARNING)
            self._unknown = unknown
        return self._machine

    def _hold(self, held: tuple[Hindrance, ...], date: Date | None, now: Reading) -> None:
        obstacles, before = ({item.what for item in some} for some in (held, self.held))
        self.held = held
        if obstacles == before:  # the same, perhaps with other figures
            return
        reasons = tuple(map(str, held))
        if held:
            log_event("night_held", f"the night of {date} is on hold: {'; '.join(reasons)}", reasons=list(reasons))
        presence.hold(self._db, Held(str(date), reasons) if held else None, now=now.wall)

    def _leapt(self, now: Reading) -> None:
        leap = clock.leap(self._before, now)
        if leap.suspended:
            log_event("resumed", f"the machine was suspended for {timedelta(seconds=round(leap.suspended))}")
        if leap.set:
            way = "forward" if leap.set > 0 else "back"
            by = timedelta(seconds=round(abs(leap.set)))
            log_event(
                "clock_set", f"the clock was set {way} by {by}", level=logging.WARNING, seconds=round(leap.set, 1)
            )
        self._practised = min(self._practised, now.wall)  # else a clock set back would delay practice


def _line(work: Work, how: str) -> str:
    return f"{work.kind} {how}" if work.date is None else f"night of {work.date} {how}"


def _data(work: Work) -> dict[str, Any]:
    return {} if work.date is None else {"date": work.date.isoformat(), "asked": work.asked}
