"""Reads what a report is made of: the night's stages, the earlier nights, the day before. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date

from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Consolidated, NightRecord
from sleepy.memory.episodic import lessons, nights, patterns, recall, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.recall import DeveloperRepair
from sleepy.memory.episodic.stages import Stage

_NIGHTS = 30  # nights shown, this one included
_REPAIRS = 5  # repairs shown


@dataclass(frozen=True, slots=True)
class NightLine:
    """One night as a row; `merged` is the output of its consolidation, None if it got no further."""

    date: Date
    decision: str
    tasks: int
    before: int
    after: int
    merged: Consolidated | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outputs and times of the night's stages; this and earlier nights, oldest first; the rungs' results and the
    developer's own repairs since the last night; rung -> lessons that are the model's own answers by it."""

    night: Night
    made: NightRecord
    timed: Mapping[str, Stage] = field(default_factory=dict)
    past: Sequence[NightLine] = ()
    rungs: Mapping[str, Tally] = field(default_factory=dict)
    repairs: Sequence[DeveloperRepair] = ()
    own: Mapping[str, int] = field(default_factory=dict)


def gather(db: Database, night: Night, made: NightRecord) -> Evidence:
    """The evidence of a night whose stages are done except for the report."""
    with db.reading():
        timed = {item.name: item for item in stages.of_night(db, night.id)}
        earlier = [item for item in nights.recent(db, limit=10 * _NIGHTS) if item.date < night.date]
        since = earlier[0].date if earlier else Date.min
        rungs = patterns.rungs(db, since=since)
        repairs = recall.repairs(db, since=earlier[0].started if earlier else None, limit=_REPAIRS)
        own = lessons.own_rungs(db, night.id)
        shown = [_line(db, item) for item in earlier[: _NIGHTS - 1] if item.decision is not None]
    decided = made.decided
    tonight = NightLine(
        night.date, decided.decision.value, decided.tasks, decided.baseline, decided.challenger, made.consolidated
    )  # fmt: skip
    return Evidence(night, made, timed, (*reversed(shown), tonight), rungs, tuple(repairs), own)


def _line(db: Database, night: Night) -> NightLine:
    return NightLine(
        night.date, night.decision or "", night.exam_tasks or 0, night.baseline_passes or 0,
        night.challenger_passes or 0, store.read(db, night.id, Consolidated),
    )  # fmt: skip
