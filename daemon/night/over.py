"""Whether a date's night is over. One that had nothing to learn holds its date only until there is something.

Nothing was trained or examined in such a night, so beginning it anew takes nothing back but the report that says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sleepy.daemon.home import Home
from sleepy.daemon.night.selection import select
from sleepy.daemon.versions import evidence
from sleepy.memory.episodic import nights, recall, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState

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
