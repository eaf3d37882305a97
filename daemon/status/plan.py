"""Tonight's plan: what a night would train now, by the rule that its diagnosis goes by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sleepy.daemon.base.config import Config
from sleepy.daemon.night.history import past
from sleepy.daemon.night.selection import select
from sleepy.daemon.stages.stages import Diagnosed
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.patterns import State, Tally


class Standing(StrEnum):
    """How a pattern stands, in a word for people."""

    MASTERED = "mastered"  # nights leave it alone
    LEARNING = "learning"  # it fails, and nights train it
    STUCK = "stuck"  # it fails, and nights have not moved it: it rests
    NEW = "new"  # too little is known of it


def plan(db: Database, config: Config, rates: Mapping[str, Tally], *, before: date) -> Diagnosed:
    """What the night of the date `before` would choose, given what the champion did by itself.

    A night of the past whose record is damaged counts as one that was not; `sleepy doctor` is who complains.
    """
    try:
        nights = past(db, before)
    except (DatabaseError, KeyError):
        nights = []
    counts = {name: (tally.passes, tally.attempts) for name, tally in rates.items()}
    return select(
        counts, recall.repaired(db), nights, target=config.target, tries=config.tries, rest=config.rest
    )  # fmt: skip


def standing(signature: str, state: State, chosen: Diagnosed) -> Standing:
    """The word for what nights have decided about a pattern, and for what the days have shown since."""
    if signature in chosen.resting or state is State.RESTING:
        return Standing.STUCK
    if any(item.signature == signature for item in chosen.failing):
        return Standing.LEARNING
    if signature in chosen.mastered and state is not State.SEEN:
        return Standing.MASTERED
    return {State.FAILING: Standing.LEARNING, State.MASTERED: Standing.MASTERED}.get(state, Standing.NEW)
