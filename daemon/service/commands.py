"""Orders to a daemon through the database: pause, resume, sleep now, wake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.state_keys import PAUSE, SLEEP_NOW, WAIVED, WAKE
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.state import Entry

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LONGEST = 366 * 86_400


def seconds(text: str) -> float:
    """The seconds of a time span such as 90s, 45m, 2h, 1d or 1h30m. `UserError` if it is none, or over a year."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    found = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text.replace(" ", "") or not 0 < found <= _LONGEST:
        raise UserError(f"{text!r} is not a time span", remedy="give one such as 90s, 45m, 2h or 1d, at most a year")
    return found


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders in force. `until` ends the pause; `sleep` is the date whose night is to begin at once."""

    paused: bool = False
    until: datetime | None = None
    sleep: Date | None = None
    wake: bool = False
    waived: Date | None = None  # the date whose night was ended by `wake`


def read(entries: Mapping[str, Entry], now: datetime) -> Orders:
    """The orders in a database's state; a pause that is over is left out."""
    pause, sleep, waived = (entries.get(key) for key in (PAUSE, SLEEP_NOW, WAIVED))
    until = _moment(pause.value.get("until")) if pause is not None else None
    return Orders(
        paused=pause is not None and (until is None or now < until),
        until=until,
        sleep=Date.fromisoformat(sleep.value["date"]) if sleep is not None else None,
        wake=WAKE in entries,
        waived=Date.fromisoformat(waived.value["date"]) if waived is not None else None,
    )


def pause(db: Database, *, until: datetime | None = None, now: datetime) -> None:
    """Orders a pause, until then or until `resume`."""
    state.put(db, PAUSE, {"until": until.isoformat() if until is not None else None}, now=now)


def resume(db: Database) -> bool:
    """Ends a pause; returns whether there was one."""
    paused = state.get(db, PAUSE) is not None
    state.drop(db, PAUSE)
    return paused


def sleep_now(db: Database, date: Date, *, now: datetime) -> None:
    """Orders the night of the date at once, even if the machine is in use; ends a pause and an earlier `wake`."""
    with db.writing():
        for key in (PAUSE, WAKE, WAIVED):
            state.drop(db, key)
        state.put(db, SLEEP_NOW, {"date": date.isoformat()}, now=now)


def slept(db: Database) -> None:
    """Removes the order `sleep_now`: the night is done."""
    state.drop(db, SLEEP_NOW)


def wake(db: Database, *, now: datetime) -> None:
    """Orders the end of tonight's work."""
    state.put(db, WAKE, {}, now=now)


def waive(db: Database, date: Date | None, *, now: datetime) -> None:
    """Carries out `wake`: the night of the date, if there was one to end, will not be resumed."""
    with db.writing():
        state.drop(db, WAKE)
        state.drop(db, SLEEP_NOW)
        if date is not None:
            state.put(db, WAIVED, {"date": date.isoformat()}, now=now)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
