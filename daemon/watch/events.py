"""What the watcher tells of a crate: events for a terminal, JSON or a log, and entries that `sleepy status` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sleepy.daemon.base.listener import Complain
from sleepy.daemon.base.state_keys import CRATE, OFFER
from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.watch.crate_state import Health
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic


class EventKind(StrEnum):
    WATCHING = "watching"  # a crate is followed from here on
    RED = "red"  # it does not compile: one event a file with errors
    GREEN = "green"  # it compiles, or compiles again
    LEARNT = "learnt"  # a repair was verified and is kept
    NOT_LEARNT = "not learnt"  # it gives no lesson; `message` says why
    OFFER = "offer"  # the background attempt found a fix
    TROUBLE = "trouble"  # something the user should know and nothing stops for; `message` holds the remedy


@dataclass(frozen=True, slots=True)
class Event:
    """`crate` is the workspace's root, `file` relative to it; `code` is the compiler's, `signature` the pattern's."""

    kind: EventKind
    crate: str
    file: str = ""
    line: int = 0
    code: str = ""
    signature: str = ""
    message: str = ""

    def __str__(self) -> str:
        """The event as a line for a person."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [part for part in (self.code, where or self.crate, self.message) if part]
        return f"{self.kind.value}: {': '.join(parts)}"


HearEvent = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Ignores the event."""


class EventSource:
    """Makes the events of the crate at `root`, each only once."""

    def __init__(self, root: Path, hear: HearEvent) -> None:
        self._root, self._hear = root, hear
        self._trouble = ""
        self._errors: set[tuple[str, str, str]] = set()

    @property
    def troubled(self) -> bool:
        """Whether the last trouble is still there."""
        return bool(self._trouble)

    def name(self, path: Path) -> str:
        """A file relative to the root; whole where it lies elsewhere."""
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)

    def say(
        self,
        kind: EventKind,
        path: Path | None = None,
        line: int = 0,
        code: str = "",
        pattern: str = "",
        message: str = "",
    ) -> None:
        """Tells one event. Its message may quote code or what a build printed, and goes into logs: secrets are taken out."""
        file = self.name(path) if path is not None else ""
        self._hear(Event(kind, str(self._root), file, line, code, pattern, Scrubber().text(message)))

    def trouble(self, what: str) -> None:
        """Tells a trouble, unless it is the one told last."""
        if what != self._trouble:
            self._trouble = what
            self.say(EventKind.TROUBLE, message=what)

    def calm(self) -> None:
        """Ends the trouble: it is told again if it comes back."""
        self._trouble = ""

    def no_errors(self) -> None:
        """Forgets the errors that were told: they are told again if they come back."""
        self._errors = set()

    def errors(self, found: Mapping[Path, tuple[Diagnostic, ...]], seen: Snapshot, detail: str) -> str:
        """Tells the first error of each file that was not told yet; returns the signature of the first of all.

        `detail` is what there is to say where no file has errors.
        """
        told, self._errors = self._errors, set()
        patterns = []
        for path, said in found.items():
            first = said[0]
            patterns.append(signature(first, seen.text(path) or ""))
            key = (self.name(path), first.code or "", first.message)
            self._errors.add(key)
            if key not in told:
                line = first.primary.line_start if first.primary is not None else 0
                self.say(EventKind.RED, path, line, first.code or "", patterns[-1], first.message.split("\n")[0])
        if not found:
            self._errors.add(("", "", detail))
            if self._errors != told:
                self.say(EventKind.RED, message=detail.split("\n")[0] or "a build script fails")
        return next(iter(patterns), "")


class StatusEntries:
    """One crate's entries in the daemon's state. What cannot be written is complained of, and the watch continues."""

    def __init__(self, db: Database, root: str, now: Callable[[], datetime], complain: Complain) -> None:
        self._db, self._root, self._now, self._complain = db, root, now, complain
        self._since = Health.UNKNOWN, ""

    def show(self, health: Health, files: Sequence[str] = (), signature: str = "", *, why: str = "") -> None:
        """Records how the crate is, with the files that have errors and the first one's signature, or why it is unknown."""
        if self._since[0] is not health:
            self._since = health, self._now().isoformat()
        entry = {"state": health.value, "files": list(files), "signature": signature, "since": self._since[1]}
        if why:
            entry["why"] = Scrubber().text(why)
        self.kept(lambda: state.put(self._db, CRATE + self._root, entry, now=self._now()))

    def trouble(self, why: str) -> None:
        """Records that nothing is known of the crate, and why."""
        self.show(Health.UNKNOWN, why=why)

    def offer(self, file: str, rung: str, signature: str) -> bool:
        """Records that a fix is ready; returns whether that could be written."""
        entry = {"crate": self._root, "file": file, "rung": rung, "signature": signature}
        return self.kept(lambda: state.put(self._db, OFFER, entry, now=self._now()))

    def withdraw(self) -> None:
        """Takes back an offer for this crate: its text has changed since."""

        def drop() -> None:
            known = state.get(self._db, OFFER)
            if known is not None and known.value.get("crate") == self._root:
                state.drop(self._db, OFFER)

        self.kept(drop)

    def clear(self) -> None:
        """Removes the entries: nobody follows the crate any more."""
        self.withdraw()
        self.kept(lambda: state.drop(self._db, CRATE + self._root))

    def kept(self, write: Callable[[], object]) -> bool:
        """Writes to the database; returns whether that worked, and complains where it did not."""
        try:
            write()
        except DatabaseError as error:
            self._complain(f"nothing can be stored: {error}; {error.remedy}")
            return False
        return True
