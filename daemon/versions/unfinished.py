"""Opens a home to change its versions, and keeps the record of an unfinished forgetting. Never loads torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sleepy.daemon.base import lock
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import FORGETTING
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.night_lock import NightLock, holder
from sleepy.memory.episodic.traces import Forgettable


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`version` (None: the base model, for `reason`) instead of `instead_of`; `damage` is that of the worst pattern."""

    version: str | None
    instead_of: str
    patterns: int = 0
    damage: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A version that served and is to be rebuilt without these patterns."""

    version: str
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A forgetting whose rows are deleted and whose rest is left to do. Dates are those of nights."""

    kind: Forgettable
    digest: str  # of what is forgotten: its name is not kept
    tasks: tuple[str, ...]  # names and digests whose held-out koans go
    crates: bool  # whether mirrors of the user's crates go
    signature: str | None  # the pattern, if it is one
    episodes: int  # that went
    lessons: int
    patterns: tuple[str, ...]  # that were taught with it
    verdicts: int  # remembered ones that quoted it, and went
    rebuild: dict[str, Job]  # alias -> what it served
    removed: tuple[str, ...]  # versions whose files go
    restarted: tuple[str, ...]  # nights that were not over, and begin anew
    clear: tuple[str, ...]  # nights whose training goes
    reports: tuple[str, ...]  # nights whose reports may show it
    kept: tuple[str, ...]  # files of the user's own that have the text
    rebuilt: dict[str, Rebuilt] | None = None  # alias -> what serves now; None before that is done


@contextmanager
def opened(home: Home) -> Iterator[Database]:
    """The home's database with its lock held, in a shared one that of the nights as well.

    `UserError` if another process works here or another home sleeps, or the home is empty.
    """
    if not home.is_used:
        raise UserError(f"nothing is stored in {home.root}", remedy="name another home with --home or SLEEPY_HOME")
    with lock.held(home), Database.open(home.database) as db:
        if db.shared is None:
            yield db
            return
        nights = NightLock(db, "versions")
        if not nights.hold():
            raise UserError(f"the database is in use by {holder(db) or 'another home'}", remedy="wait for it")
        try:
            yield db
        finally:
            nights.release()


def pending(db: Database) -> str | None:
    """The digest of the name of an unfinished forgetting, or None."""
    entry = state.get(db, FORGETTING)
    return None if entry is None else str(entry.value["digest"])


def read(db: Database) -> Unfinished | None:
    """The unfinished forgetting, or None."""
    entry = state.get(db, FORGETTING)
    if entry is None:
        return None
    value: dict[str, Any] = {name: entry.value.get(name) for name in Unfinished.__slots__}
    lists = ("tasks", "patterns", "removed", "restarted", "clear", "reports", "kept")
    rebuilt = value["rebuilt"]
    return Unfinished(**{
        **value,
        **{name: tuple(value[name]) for name in lists},
        "kind": Forgettable(value["kind"]),
        "rebuild": {name: Job(job["version"], tuple(job["without"])) for name, job in value["rebuild"].items()},
        "rebuilt": None if rebuilt is None else {name: Rebuilt(**item) for name, item in rebuilt.items()},
    })  # fmt: skip


def write(db: Database, plan: Unfinished, *, now: datetime) -> None:
    """Stores what is left to do."""
    value = {name: item for name, item in asdict(plan).items() if name != "rebuilt" or item is not None}
    state.put(db, FORGETTING, value, now=now)


def end(db: Database) -> None:
    """Stores that nothing is left to do."""
    state.drop(db, FORGETTING)
