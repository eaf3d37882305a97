"""What is known of one crate: whether it compiles, which mistakes are on record, and what repaired them.

A text that is half-typed is no mistake: it stops compiling for a moment because its developer is not done with it. A
program that does not parse counts as such: an open bracket, a call without its argument. The price is that a forgotten
semicolon teaches nothing here; the forge teaches those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sleepy.daemon.crate import git, ignore
from sleepy.daemon.crate.git import Position
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.model.prompt import errors
from sleepy.sandbox import tree
from sleepy.sandbox.lexer import closed
from sleepy.sandbox.verdict import Diagnostic

MANY_FILES = 8  # changed between two checks: more at once is a tool's work (rename, formatter, checkout), no repair


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `quiet`: without a change before a check. `settle`: without one before errors count as a mistake."""

    quiet: float = 2.0  # typing pauses for a second or two within a line
    settle: float = 5.0  # reading an error takes longer than that; finishing a word does not
    again: float = 60.0  # until a crate is looked at without a reason, or is opened that could not be


class Health(StrEnum):
    UNKNOWN = "unknown"  # not checked yet, or the machine failed
    GREEN = "green"
    RED = "red"


@dataclass(frozen=True, slots=True)
class RedFile:
    """A file with errors: its text, what the compiler said of it, and the crate as it stood then."""

    path: Path
    text: str
    diagnostics: tuple[Diagnostic, ...]
    crate: Snapshot
    unfinished: bool  # half-typed
    settled: bool = False


@dataclass(frozen=True, slots=True)
class RepairedFile:
    """A mistake that is on record and the text it became; `why` says what keeps it from being a lesson, if known."""

    broken: RedFile
    fixed: str
    before: str | None
    why: str = ""


class CrateState:
    """What is known of one crate. Pure: it is told of sources, checks and times, and keeps nothing anywhere else."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.health = Health.UNKNOWN
        self.broken: dict[Path, RedFile] = {}
        self.seen = Snapshot()
        self._green: Snapshot | None = None
        self._checked: Snapshot | None = None  # as of the last check
        self._position: Position | None = None
        self._changed_at = float("-inf")
        self._stale = True
        self._most = 0  # files that changed between two checks while red

    def look(self, snapshot: Snapshot, position: Position, at: float) -> str | None:
        """Takes note of the sources; returns what git did to them, None for nothing."""
        if snapshot.changed(self.seen):
            self._changed_at, self._stale = at, True
        self.seen = snapshot
        why = git.moved(self._position, position) if self._position is not None else None
        self._position = position
        if why is not None:
            self._green, self._stale = None, True
        return why

    def forget(self) -> list[RedFile]:
        """Forgets the mistakes that were on record, and returns them."""
        ended = [item for item in self.broken.values() if item.settled]
        self.broken, self._most, self.health = {}, 0, Health.UNKNOWN
        return ended

    def due(self, at: float) -> bool:
        """Whether it is time for a check."""
        return self._stale and at - self._changed_at >= self._pace.quiet

    def rests(self, at: float) -> bool:
        """Whether its developer has paused long enough for errors to be a mistake."""
        return not self._stale and at - self._changed_at >= self._pace.settle

    def passed_over(self) -> None:
        """Counts a check that says nothing of the code: the next change asks for another."""
        self._stale = False

    def retry(self) -> None:
        """Asks for another check of the same sources."""
        self._stale = True

    def red(self, found: Mapping[Path, tuple[Diagnostic, ...]]) -> None:
        """Notes that the sources do not compile. What is on record stays; what is not settled is renewed."""
        self._count()
        self.health = Health.RED
        known = {path: item for path, item in self.broken.items() if item.settled}
        for path, diagnostics in found.items():
            text = self.seen.text(path)
            said = tuple(errors(diagnostics))
            if path not in known and text is not None and said and not ignore.is_generated(text):
                known[path] = RedFile(path, text, said, self.seen, half_typed(text))
        self.broken = known

    def settle(self, at: float) -> list[RedFile]:
        """Returns the broken texts that have just become mistakes on record."""
        if self.health is not Health.RED or not self.rests(at):
            return []
        fresh = [replace(item, settled=True) for item in self.broken.values() if not (item.settled or item.unfinished)]
        self.broken |= {item.path: item for item in fresh}
        return fresh

    def green(self) -> list[RepairedFile]:
        """Notes that the sources compile; returns what was repaired."""
        self._count()
        found = []
        for item in self.broken.values():
            fixed = self.seen.text(item.path)
            before = self._green.text(item.path) if self._green is not None else None
            why = ""
            if not item.settled:
                why = "it was half-typed" if item.unfinished else "it was repaired while it was still being typed"
            elif fixed is None:
                why = "the file was removed"
            elif self._most > MANY_FILES:
                why = f"{self._most} files changed at once"
            found.append(RepairedFile(item, fixed or "", before, why))
        self.broken, self._most, self.health = {}, 0, Health.GREEN
        self._green = self.seen
        return found

    def _count(self) -> None:
        if self._checked is not None and self.health is Health.RED:
            self._most = max(self._most, len(self.seen.changed(self._checked)))
        self._checked, self._stale = self.seen, False


def half_typed(text: str) -> bool:
    """Whether brackets, strings or comments stay open, or the grammar does not fit."""
    return not closed(text) or tree.parse(text.encode()).has_error
