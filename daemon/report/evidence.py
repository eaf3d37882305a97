"""What a report is made of: the night's stages, the nights before it, the day it slept on. Read, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from sleepy.memory.episodic import nights, patterns, recall, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.recall import Repair
from sleepy.memory.episodic.stages import Stage

_NIGHTS = 30  # shown, this one included
_REPAIRS = 5  # shown


@dataclass(frozen=True, slots=True)
class Past:
    """A night in one line; `merged` is what its consolidation recorded."""

    date: Date
    decision: str
    tasks: int
    before: int
    after: int
    merged: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`made` are the artefacts by stage, `timed` the stages themselves, `past` this and earlier nights, oldest first,
    `rungs` what each rung of the day's ladder did since the night before, `repairs` the developer's own since then."""

    night: Night
    made: Mapping[str, Any]
    timed: Mapping[str, Stage] = field(default_factory=dict)
    past: Sequence[Past] = ()
    rungs: Mapping[str, Tally] = field(default_factory=dict)
    repairs: Sequence[Repair] = ()


def gather(db: Database, night: Night, made: Mapping[str, Any]) -> Evidence:
    """The evidence of a night whose stages but the report are done."""
    with db.reading():
        timed = {item.name: item for item in stages.of_night(db, night.id)}
        earlier = [item for item in nights.recent(db, limit=10 * _NIGHTS) if item.date < night.date]
        since = earlier[0].date if earlier else Date.min
        rungs = patterns.rungs(db, since=since)
        repairs = recall.repairs(db, since=earlier[0].started if earlier else None, limit=_REPAIRS)
        shown = [_past(db, item) for item in earlier[: _NIGHTS - 1] if item.decision is not None]
    decided = made["decide"]
    tonight = Past(
        night.date, decided["decision"], decided.get("tasks", 0), decided.get("baseline", 0),
        decided.get("challenger", 0), made["consolidate"],
    )  # fmt: skip
    return Evidence(night, made, timed, (*reversed(shown), tonight), rungs, tuple(repairs))


def _past(db: Database, night: Night) -> Past:
    merged = stages.read(db, night.id, "consolidate")
    return Past(
        night.date, night.decision or "", night.exam_tasks or 0, night.baseline_passes or 0,
        night.challenger_passes or 0, (merged.artefact if merged is not None else None) or {},
    )  # fmt: skip
