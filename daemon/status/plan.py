"""Tonight's plan: the patterns that a night would train now, chosen by the rule that the night itself uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.night.history import past
from sleepy.daemon.night.selection import select
from sleepy.daemon.serve import evidence, fallback
from sleepy.daemon.stages.stages import Diagnosed
from sleepy.memory.episodic import candidates, recall
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.patterns import PatternState, Tally


class Standing(StrEnum):
    """How a pattern stands, in one word."""

    MASTERED = "mastered"  # nights leave it alone
    LEARNING = "learning"  # it fails, and nights train it
    STUCK = "stuck"  # it fails, and nights have not moved it: it rests
    NEW = "new"  # too little is known of it


def plan(db: Database, home: Home, config: Config, rates: Mapping[str, Tally], *, before: date) -> Diagnosed:
    """What the night of the date `before` would choose, given how the champion did by itself.

    Past nights whose records are damaged are ignored here; `sleepy doctor` reports them.
    """
    try:
        nights = past(db, before)
    except (DatabaseError, KeyError):
        nights = []
    counts = {name: (tally.passes, tally.attempts) for name, tally in rates.items()}
    return select(
        counts, recall.repaired(db), nights, target=config.target, tries=config.tries, rest=config.rest,
        router=evidence.router(db, home, fallback.serving_version(db)),
        busy=[item.scope for item in candidates.open_of_all(db)], minutes=config.night_minutes,
    )  # fmt: skip


def standing(signature: str, state: PatternState, chosen: Diagnosed) -> Standing:
    """The word for a pattern: what nights decided about it, then what the days have shown."""
    if signature in chosen.resting or state is PatternState.RESTING:
        return Standing.STUCK
    if any(item.signature == signature for item in chosen.failing):
        return Standing.LEARNING
    if signature in chosen.mastered and state is not PatternState.SEEN:
        return Standing.MASTERED
    return {PatternState.FAILING: Standing.LEARNING, PatternState.MASTERED: Standing.MASTERED}.get(state, Standing.NEW)
