"""Reads what a night left in a home, and compares it with what an undisturbed night left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.kills.short import CONFIG
from sleepy.daemon.base.home import Home
from sleepy.memory.episodic import nights, stages, tables, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.episodic.versions import Alias

COUNTED = ("episodes", "attempts", "lessons", "exam_results", "versions", "routes", "alias_moves", "nights", "stages")
COMPARED = (
    "collect",
    "diagnose",
    "curate",
    "consolidate",
    "examine",
    "decide",
    "promote",
)  # the stages whose outputs hold no times


@dataclass(frozen=True, slots=True)
class Ended:
    """What a night left. `damage` lists faults that show without any comparison."""

    decision: dict[str, Any]
    version: str | None
    results: dict[str, Any]  # the stages' outputs
    counts: dict[str, int]
    damage: tuple[str, ...]


def ended(root: Path, when: date) -> Ended:
    """Reads a home after its night."""
    home = Home(root)
    with Database.open(home.database, read_only=True) as db:
        damage = db.check()
        night = nights.read(db, when)
        if night is None:
            return Ended({}, None, {}, {}, (*damage, "there is no night"))
        if night.state is not NightState.DONE:
            damage.append(f"the night is {night.state}: {night.reason}")
        aliases = versions.pointed(db)
        champion = aliases.get(Alias.CHAMPION)
        if (champion is not None) != (night.decision == "promote"):
            damage.append(f"decided {night.decision}, and {champion or 'the base'} serves")
        if night.report is None or not (root / night.report).is_file():
            damage.append(f"no report at {night.report}")
        damage += _files(db, home, champion)
        with db.reading() as connection:
            counts = {
                name: int(
                    connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar_one()
                )
                for name in COUNTED
            }
        left = {item.name: item.artefact for item in stages.of_night(db, night.id) if item.name in COMPARED}
    decision = {
        "decision": night.decision,
        "reasons": list(night.decision_reasons),
        "exam": [night.exam_hash, night.exam_tasks, night.baseline_passes, night.challenger_passes],
        "aliases": {alias.value: target for alias, target in sorted(aliases.items())},
    }
    return Ended(decision, champion, left, counts, tuple(damage))


def _files(db: Database, home: Home, champion: str | None) -> list[str]:
    """The faults of the champion's files."""
    from sleepy.daemon.serve import serve

    try:
        serve.load(db, home, champion, base=CONFIG.model)
    except Exception as error:
        return [str(error)]
    return []


def differences(found: Ended, expected: Ended) -> tuple[list[str], list[str]]:
    """What is missing, duplicated or damaged; and all other differences from the undisturbed night."""
    lost = [
        f"{key}: {found.counts.get(key)}, not {count}"
        for key, count in expected.counts.items()
        if found.counts.get(key) != count
    ]
    changed = [
        f"{key} is {found.decision.get(key)}, not {value}"
        for key, value in expected.decision.items()
        if found.decision.get(key) != value
    ]
    for name, artefact in expected.results.items():
        if found.results.get(name) != artefact:
            changed.append(f"{name} left another {', '.join(_keys(found.results.get(name), artefact))}")
    return [*lost, *found.damage], changed


def _keys(found: Any, expected: Any) -> list[str]:
    """The keys in which two stages' outputs differ."""
    if not isinstance(found, dict) or not isinstance(expected, dict):
        return ["artefact"]
    return sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))


def remembered(root: Path) -> tuple[int, int]:
    """The numbers of episodes and attempts: a night adds none and may lose none."""
    with Database.open(root / "sleepy.db", read_only=True) as db, db.reading() as connection:
        counted = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.episodes, tables.attempts)
        )
        first, second = map(int, counted)
    return first, second


def stage(root: Path, when: date) -> str:
    """The stage in which a night was killed."""
    with Database.open(root / "sleepy.db", read_only=True) as db:
        night = nights.read(db, when)
        if night is None:
            return "before"
        begun = stages.of_night(db, night.id)
    running = [item.name for item in begun if item.artefact is None]
    return running[-1] if running else f"after {begun[-1].name}" if begun else "before"
