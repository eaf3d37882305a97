"""What earlier nights tried, and whether a date's night is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date as Date
from datetime import datetime

from sleepy.daemon.base.home import Home
from sleepy.daemon.night.selection import select
from sleepy.daemon.serve import evidence
from sleepy.memory.episodic import nights, recall, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState

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


NO_PRACTICE = "nothing was practised since the champion began to serve: run `sleepy day` first"
NONE_FAILING = "no pattern is credibly below the target: there is nothing to learn"


def is_over(db: Database, home: Home, night: Night | None, *, target: float, only: Collection[str] = ()) -> bool:
    """Whether the night is done and stays so: it had something to learn, or there is nothing still."""
    if night is None or night.state is not NightState.DONE:
        return False
    had_nothing = night.decision_reasons in ((NO_PRACTICE,), (NONE_FAILING,))
    return not had_nothing or not _failing(db, home, target, only)


def anew(db: Database, night: Night, *, now: datetime) -> Night:
    """The same date's night begun anew, in one transaction."""
    with db.writing():
        stages.drop(db, night.id)
        nights.reopen(db, night.id, now=now)
        begun = nights.numbered(db, night.id)
    assert begun is not None
    return begun


def _failing(db: Database, home: Home, target: float, only: Collection[str]) -> bool:
    """Whether some pattern is one to learn; those that rest are not told from others, which takes reading old nights."""
    rates = {name: (tally.passes, tally.attempts) for name, tally in evidence.serving(db, home).items()}
    return bool(select(rates, recall.repaired(db), (), target=target, tries=1, rest=0, only=only).failing)
