"""What serves in the place of a damaged champion, as it is written down. Never loads torch."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sleepy.daemon.base.state_keys import FALLBACK
from sleepy.memory.episodic import state, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.state import Entry

_log = logging.getLogger("sleepy.serve")


@dataclass(frozen=True, slots=True)
class Fallback:
    """The champion cannot be served, for `reason`; `serves` answers instead, None being the base model."""

    reason: str
    champion: str | None
    serves: str | None


def fallback_in_force(db: Database) -> Fallback | None:
    """The fallback in force; None when the champion serves."""
    return of(state.everything(db))


def of(entries: Mapping[str, Entry]) -> Fallback | None:
    """The fallback in a state that was read already."""
    entry = entries.get(FALLBACK)
    return None if entry is None else Fallback(**entry.value)


def serving_version(db: Database) -> str | None:
    """The version that answers: the champion, or what serves in its place; None for the base model."""
    found = fallback_in_force(db)
    return versions.champion(db) if found is None else found.serves


def note_fallback(db: Database, found: Fallback | None, *, now: datetime) -> None:
    """Logs and stores a change of the fallback; None means that the champion serves again."""
    known = fallback_in_force(db)
    if found == known:
        return
    if found is None:
        state.drop(db, FALLBACK)
        _log.info("the champion serves again")
    else:
        state.put(db, FALLBACK, asdict(found), now=now)
        _log.warning("%s", found.reason)
