"""What earlier nights tried, and whether it moved."""

from __future__ import annotations

from datetime import date as Date

from sleepy.memory.episodic import nights, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import NightState

LOOKED_AT = 30  # nights


def past(db: Database, before: Date) -> list[dict[str, bool]]:
    """For each night that was done, the newest first: the patterns it tried -> whether the route earned and kept its place.

    A pattern it could make too few lessons or koans of, or that found no room in the subspace, was tried as well.
    """
    out = []
    for night in nights.recent(db, limit=LOOKED_AT + 1):
        if night.date >= before or night.state is not NightState.DONE:
            continue
        made = {item.name: item.artefact for item in stages.of_night(db, night.id)}
        dropped = set(made.get("decide", {}).get("dropped", ()))
        tried = {name: found["earns"] and name not in dropped for name, found in made["examine"]["held_out"].items()}
        short = dict.fromkeys([*made["curate"]["too_few"], *made.get("consolidate", {}).get("refused", ())], False)
        out.append(short | tried)
    return out
