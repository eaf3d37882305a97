"""Reads what earlier nights tried, and decides whether a date's night is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date as Date
from datetime import datetime

from sleepy.daemon.base.home import Home
from sleepy.daemon.gate.sequential import TrialState
from sleepy.daemon.night.selection import select
from sleepy.daemon.serve import evidence, fallback
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Collected, Consolidated, Curated, Decided, Diagnosed, Examined
from sleepy.memory.episodic import nights, recall, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState

LOOKED_AT = 30  # nights


def past(db: Database, before: Date) -> list[dict[str, bool]]:
    """For each finished night, newest first: the patterns it tried -> whether the route earned and kept its place.

    Patterns with too few lessons or koans, or that the subspace refused, count as tried; those that are still being
    tried do not count yet.
    """
    out = []
    for night in nights.recent(db, limit=LOOKED_AT + 1):
        if night.date >= before or night.state is not NightState.DONE:
            continue
        curated, examined = store.read(db, night.id, Curated), store.read(db, night.id, Examined)
        consolidated, decided = store.read(db, night.id, Consolidated), store.read(db, night.id, Decided)
        if curated is None or examined is None or consolidated is None or decided is None:
            continue
        short = dict.fromkeys([*curated.too_few, *consolidated.refused], False)
        tried = {
            name: item.earns and name not in decided.dropped
            for name, item in examined.held_out.items()
            if item.state is not TrialState.OPEN
        }
        out.append(short | tried)
    return out


def is_over(db: Database, home: Home, night: Night | None, *, target: float, only: Collection[str] = ()) -> bool:
    """Whether the night is done for good: it had something to learn, or there is still nothing to learn.

    A night that had nothing to learn is final only until there is something. It trained and examined nothing, so
    restarting it discards only its report.
    """
    if night is None or night.state is not NightState.DONE:
        return False
    diagnosed = store.read(db, night.id, Diagnosed)
    collected = store.read(db, night.id, Collected)
    waiting = collected is not None and collected.open
    had_nothing = diagnosed is not None and not diagnosed.failing and not diagnosed.resting and not waiting
    return not had_nothing or not _failing(db, home, target, only)


def restart(db: Database, night: Night, *, now: datetime) -> Night:
    """Restarts the night of the same date, in one transaction, and returns it."""
    with db.writing():
        stages.drop(db, night.id)
        nights.reopen(db, night.id, now=now)
        restarted = nights.numbered(db, night.id)
    assert restarted is not None
    return restarted


def _failing(db: Database, home: Home, target: float, only: Collection[str]) -> bool:
    """Whether any pattern is to be learnt, resting ones included (telling those apart means reading old nights)."""
    serving = fallback.serving_version(db)
    rates = {name: (tally.passes, tally.attempts) for name, tally in evidence.rates(db, home, serving).items()}
    router = evidence.router(db, home, serving)
    return bool(
        select(rates, recall.repaired(db), (), target=target, tries=1, rest=0, only=only, router=router).failing
    )
