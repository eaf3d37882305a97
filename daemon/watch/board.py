"""What `sleepy status` can read of a crate that is followed, and a memory that may fail without ending the watch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sleepy.daemon.base.listener import Complain
from sleepy.daemon.base.state_keys import CRATE, OFFER
from sleepy.daemon.watch.story import Health
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError


class Board:
    """One crate's entries in the state. Whatever cannot be written is complained of, and that is all."""

    def __init__(self, db: Database, root: str, now: Callable[[], datetime], complain: Complain) -> None:
        self._db, self._root, self._now, self._complain = db, root, now, complain
        self._since = Health.UNKNOWN, ""

    def show(self, health: Health, files: Sequence[str] = (), signature: str = "") -> None:
        """How the crate is, with the files that have errors and the first one's signature."""
        if self._since[0] is not health:
            self._since = health, self._now().isoformat()
        told = {"state": health.value, "files": list(files), "signature": signature, "since": self._since[1]}
        self.kept(lambda: state.put(self._db, CRATE + self._root, told, now=self._now()))

    def offer(self, file: str, rung: str, signature: str) -> bool:
        """A fix is ready; whether that could be put down."""
        told = {"crate": self._root, "file": file, "rung": rung, "signature": signature}
        return self.kept(lambda: state.put(self._db, OFFER, told, now=self._now()))

    def withdraw(self) -> None:
        """Takes back an offer for this crate: it is of a text that is no more."""

        def drop() -> None:
            known = state.get(self._db, OFFER)
            if known is not None and known.value.get("crate") == self._root:
                state.drop(self._db, OFFER)

        self.kept(drop)

    def clear(self) -> None:
        """Takes the crate off: nobody follows it any more."""
        self.withdraw()
        self.kept(lambda: state.drop(self._db, CRATE + self._root))

    def kept(self, write: Callable[[], object]) -> bool:
        """Whether a write to the database went well; if not, it is told and the watch goes on."""
        try:
            write()
        except DatabaseError as error:
            self._complain(f"nothing is kept: {error}; {error.remedy}")
            return False
        return True
