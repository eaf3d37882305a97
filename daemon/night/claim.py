"""Who sleeps: of several homes that share a database one at a time, and only one that sees the night's files.

The nights' lock says that somebody sleeps; an entry in the state says who, and gives each taking up a token. A home's
folder of the night holds the same token: where it does not, what the stages left lies in another home, and the night
is begun anew. Whoever lost the lock without noticing is stopped by the token, at the latest in the transaction that
would promote. What serves, and what is still being tried, must be here or in the store that the homes have: another
home's night would take it for lost. A store has the night's pieces with their token too: then it is gone on with here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date as Date
from datetime import datetime
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import CLAIM
from sleepy.daemon.night import pieces
from sleepy.daemon.storage import home as stored
from sleepy.daemon.storage.errors import Corrupt, NotStored, StoreError
from sleepy.memory.episodic import candidates, lessons, nights, stages, state, versions
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.night_lock import NightLock, holder, named
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.parametric.storage import write_whole

_log = logging.getLogger("sleepy.night")
_EVERY = 1.0  # seconds
_WHAT = "a night"
_TOKEN = "claim"  # the file with them, in the night's folder


class Elsewhere(UserError):
    """The night is another home's: it is at it, or has its files."""

    exit_code = 1


class Claim:
    """The right to sleep. This one is of a home that shares its database with nobody: it always holds."""

    def begin(self, *, lost: bool = False) -> None:
        """Takes the night up. `Elsewhere` if its files are in another home, unless that is `lost`."""

    def check(self) -> None:
        """Raises `Elsewhere` if another process took the night up since."""

    def confirm(self) -> None:
        """The same inside a transaction: nobody takes it up before that is over."""


class _SharedClaim(Claim):
    def __init__(self, db: Database, home: Home, date: Date, now: Callable[[], datetime], lock: NightLock) -> None:
        self._db, self._home, self._date, self._now, self._lock = db, home, date, now, lock
        self._folder = home.nights / date.isoformat()
        self._token = ""

    def begin(self, *, lost: bool = False) -> None:
        db = self._db
        if not lost and (why := _unseen(db, self._home)) is not None:
            raise _elsewhere(why)
        date, token = self._date.isoformat(), uuid.uuid4().hex
        last, night = _last(db), nights.read(db, self._date)
        begun = {} if last is None else {**last.begun, last.date: last.token}
        before = begun.pop(date, "")
        ours = before in self._kept() or self._brought(before)
        if ours:  # both, so that it stays ours if we die before the database has the new one
            self._keep(before, token)
        others = {day: kept for day, kept in begun.items() if _unfinished(db, day)}
        taken = _Taken(date, token, platform.node(), os.getpid(), str(self._home.root), others)
        with db.writing():
            if night is not None and not ours:
                stages.drop(db, night.id)
                lessons.write(db, night.id, [], now=self._now())
            state.put(db, CLAIM, asdict(taken), now=self._now())
        if not ours:
            shutil.rmtree(self._folder, ignore_errors=True)
            stored.drop(self._home, self._folder)
            self._keep(token)
        self._token = token

    def check(self) -> None:
        if not self._lock.hold():
            raise _elsewhere(_who(self._db))
        self.confirm()

    def confirm(self) -> None:
        db = self._db
        with db.writing():
            state.lock(db, CLAIM)
            last = _last(db)
        if last is None or last.token != self._token:
            raise _elsewhere(_who(db))

    def _kept(self) -> list[str]:
        try:
            return (self._folder / _TOKEN).read_text().split()
        except OSError:
            return []

    def _brought(self, token: str) -> bool:
        """Whether the store has the night's pieces of that taking up; then they are here now."""
        store = stored.of(self._home)
        if store is None or not token:
            return False
        held = store.read(stored.key(self._home, self._folder / _TOKEN))
        if held is None or token not in held.decode().split():
            return False
        try:
            pieces.bring(self._home, self._folder)
        except (Corrupt, NotStored) as error:
            _log.warning("the night is begun anew: %s", error)
            return False
        return True

    def _keep(self, *tokens: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / _TOKEN, "\n".join(tokens).encode())
        stored.keep(self._home, self._folder / _TOKEN)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The last taking up of a night. `begun` has the tokens of earlier ones that are unfinished."""

    date: str
    token: str
    host: str
    pid: int
    home: str
    begun: Mapping[str, str]


@contextmanager
def claimed(db: Database, home: Home, date: Date, now: Callable[[], datetime]) -> Iterator[Claim]:
    """The right to sleep, within; `Elsewhere`, naming host and process, if another has it."""
    if db.shared is None:
        yield Claim()
        return
    lock = NightLock(db, _WHAT)
    if not lock.hold():
        raise _elsewhere(_who(db))
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lock, over), name="night lock", daemon=True)
    keeper.start()
    try:
        yield _SharedClaim(db, home, date, now, lock)
    finally:
        over.set()
        keeper.join()
        lock.release()


def _keep(lock: NightLock, over: threading.Event) -> None:
    """Takes the lock again as soon as a server that was lost is back: before others think that nobody sleeps."""
    while not over.wait(_EVERY):
        with contextlib.suppress(DatabaseError):
            lock.hold()


def elsewhere(db: Database, home: Home) -> str | None:
    """Why no night can be begun in this home now, in words; None if one can."""
    if db.shared is None:
        return None
    return _unseen(db, home) if holder(db) is None else _who(db)


def _unseen(db: Database, home: Home) -> str | None:
    """Which home has files that a night needs and that are neither here nor in the store; None if none has."""
    last = _last(db)
    if last is None or (last.host, last.home) == (platform.node(), str(home.root)):
        return None  # what is missing here is nowhere else either: then it is lost, as in a home of its own
    champion = versions.champion(db)
    needed = [versions.read(db, champion).path] if champion is not None else []
    needed += [item.folder for item in candidates.open_of_all(db) if item.folder]
    missing = [path for path in needed if not (home.root / path).is_dir()]
    try:
        gone = next((path for path in missing if not stored.has(home, home.root / path)), None)
    except StoreError as error:
        return f"{missing[0]} is not in this home, and {error}"
    place = f"in {last.home} of {last.host}"
    return f"{gone} is not in this home{' nor in its store' if home.storage else ''} but {place}" if gone else None


def _who(db: Database) -> str:
    last, name = _last(db), holder(db)
    if last is not None and name in (None, "", named(_WHAT, last.host, last.pid)):
        return f"{last.host} (process {last.pid}) sleeps the night of {last.date}, in {last.home}"
    return f"the database is in use by {name}" if name else "another home begins a night"


def _last(db: Database) -> _Taken | None:
    entry = state.get(db, CLAIM)
    value: Any = None if entry is None else entry.value
    return None if value is None else _Taken(**value)


def _unfinished(db: Database, date: str) -> bool:
    night = nights.read(db, Date.fromisoformat(date))
    return night is not None and night.state is not NightState.DONE


def _elsewhere(why: str) -> Elsewhere:
    return Elsewhere(
        why,
        remedy="`sleepy night` here once it is free; docs/database.md says what several homes must share to take turns",
    )
