"""Nights: exactly one a date, begun once and resumed as often as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import nights, stages


class NightState(StrEnum):
    RUNNING = "running"  # begun, and either at work or killed on the way
    DONE = "done"  # every stage done; the decision may still be a refusal
    FAILED = "failed"  # a stage could not be done; `reason` says why


@dataclass(frozen=True, slots=True)
class Night:
    """One night. Times in UTC; what the exam and the gate have not said yet is None."""

    id: int
    date: Date
    state: NightState
    seed: int
    reason: str
    started: datetime
    ended: datetime | None
    decision: str | None
    decision_reasons: tuple[Any, ...]  # JSON values: the gate knows what they say
    exam_hash: str | None
    exam_tasks: int | None
    baseline_passes: int | None
    challenger_passes: int | None
    report: str | None


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage as a screen shows it: without its artefact, which may be large."""

    name: str
    state: str
    started: datetime
    ended: datetime | None


def begin(db: Database, date: Date, *, seed: int, now: datetime) -> Night:
    """The night of the date: begun, resumed (with its first seed) or, if it is done, as it ended."""
    with db.writing() as connection:
        connection.execute(
            upsert(connection, nights)
            .values(date=date, state=NightState.RUNNING.value, seed=seed, reason="", started=now)
            .on_conflict_do_nothing(index_elements=[nights.c.date])
        )
        connection.execute(
            update(nights)
            .where(nights.c.date == date, nights.c.state == NightState.FAILED.value)
            .values(state=NightState.RUNNING.value, reason="", ended=None)
        )
        return _night(connection.execute(select(nights).where(nights.c.date == date)).one())


def examined(db: Database, night: int, *, exam_hash: str, tasks: int, baseline: int, challenger: int) -> None:
    """Records which exam was held, of how many tasks, and how many each side passed."""
    _change(
        db,
        night,
        exam_hash=exam_hash,
        exam_tasks=tasks,
        baseline_passes=baseline,
        challenger_passes=challenger,
    )


def decide(db: Database, night: int, decision: str, reasons: Sequence[Any]) -> None:
    """Records a decision that moves no alias; `versions.promote` records the one that does."""
    with db.writing() as connection:
        decided(connection, night, decision, reasons)


def decided(connection: Connection, night: int, decision: str, reasons: Sequence[Any]) -> None:
    """`decide`, in the caller's transaction."""
    _set(connection, night, decision=decision, decision_reasons=list(reasons))


def finish(db: Database, night: int, *, report: str | None, now: datetime) -> None:
    """Ends the night as done. `report` is the report's path relative to the home."""
    _change(db, night, state=NightState.DONE.value, reason="", ended=now, report=report)


def fail(db: Database, night: int, reason: str, *, report: str | None = None, now: datetime) -> None:
    """Ends the night as failed. Beginning the same date again resumes it."""
    _change(db, night, state=NightState.FAILED.value, reason=reason, ended=now, report=report)


def reopen(db: Database, night: int, *, now: datetime) -> None:
    """Begins a night that is done anew: what it decided, and its report, count no more."""
    undone = dict.fromkeys(("ended", "decision", "decision_reasons", "report"))
    _change(db, night, state=NightState.RUNNING.value, started=now, **undone)


def read(db: Database, date: Date) -> Night | None:
    """The night of the date, if there was one."""
    return _first(db, select(nights).where(nights.c.date == date))


def last(db: Database) -> Night | None:
    """The newest night by date, if there was one."""
    return _first(db, select(nights).order_by(nights.c.date.desc()).limit(1))


def last_good(db: Database) -> Night | None:
    """The newest night by date that came to its end, whatever it decided."""
    done = nights.c.state == NightState.DONE.value
    return _first(db, select(nights).where(done).order_by(nights.c.date.desc()).limit(1))


def numbered(db: Database, number: int) -> Night | None:
    """The night with this id, if there was one."""
    return _first(db, select(nights).where(nights.c.id == number))


def steps(db: Database, night: int) -> list[StageTime]:
    """The night's stages in order, those that were begun; no artefact is read."""
    query = (
        select(stages.c.name, stages.c.state, stages.c.started, stages.c.ended)
        .where(stages.c.night_id == night)
        .order_by(stages.c.ordinal)
    )
    with db.reading() as connection:
        return [StageTime(*row) for row in connection.execute(query)]


def newest(db: Database) -> datetime | None:
    """When a night last began or ended; None before the first."""
    with db.reading() as connection:
        row = connection.execute(select(func.max(nights.c.started), func.max(nights.c.ended))).one()
    return max((when for when in row if when is not None), default=None)


def recent(db: Database, *, limit: int = 30) -> list[Night]:
    """The newest nights, the newest first."""
    with db.reading() as connection:
        rows = connection.execute(select(nights).order_by(nights.c.date.desc()).limit(limit))
        return [_night(row) for row in rows]


def promotions(db: Database, *, since: Date, before: Date) -> list[bool]:
    """Of each night from `since` on and before `before` that came to an exam, in order, whether it promoted."""
    query = (
        select(nights.c.decision)
        .where(
            nights.c.date >= since,
            nights.c.date < before,
            nights.c.exam_tasks.is_not(None),
            nights.c.decision.is_not(None),
        )
        .order_by(nights.c.date)
    )
    with db.reading() as connection:
        return [decision == "promote" for (decision,) in connection.execute(query)]


def _first(db: Database, query: Select[Any]) -> Night | None:
    with db.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else _night(row)


def _change(db: Database, night: int, **values: Any) -> None:
    with db.writing() as connection:
        _set(connection, night, **values)


def _set(connection: Connection, night: int, **values: Any) -> None:
    if connection.execute(update(nights).where(nights.c.id == night).values(**values)).rowcount == 0:
        raise KeyError(night)


def _night(row: Row[Any]) -> Night:
    values = dict(row._mapping)
    values["state"] = NightState(row.state)
    values["decision_reasons"] = tuple(row.decision_reasons or ())
    return Night(**values)
