"""Which version serves, by which routes, and how much it passed when it was examined."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sleepy.daemon.stats.intervals import wilson
from sleepy.memory.episodic import nights, routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.versions import Alias


def serving(db: Database) -> dict[str, Any]:
    """The keys champion, routes and serving of the JSON."""
    pointed = versions.pointed(db)
    champion = pointed.get(Alias.CHAMPION)
    if champion is None:
        last = nights.last_good(db) if Alias.CHAMPION not in pointed else None
        exam = _exam(last.baseline_passes, last.exam_tasks) if last is not None else None
        return {"serving": {"base": None, "since": None, "night": None, "routes": [], "exam": exam}}
    version = versions.read(db, champion)
    night = nights.numbered(db, version.night) if version.night is not None else None
    served = routes.of_version(db, champion)
    moved = next((move.moved for move in versions.moves(db, limit=20) if move.to_version == champion), version.created)
    return {
        "champion": champion,
        "routes": sum(route.active for route in served),
        "serving": {
            "base": version.note or None,
            "since": moved.isoformat(),
            "night": night.date.isoformat() if night else None,
            "routes": [asdict(route) for route in served],
            "exam": _exam(night.challenger_passes, night.exam_tasks) if night else None,
        },
    }


def _exam(passes: int | None, n: int | None) -> dict[str, Any] | None:
    if passes is None or not n:
        return None
    low, high = wilson(passes, n)
    return {"passes": passes, "n": n, "low": low, "high": high}
