"""What the watcher tells: one event a happening, for a line on a terminal, a row of JSON or a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.crate.sources import Snapshot
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic


class Kind(StrEnum):
    WATCHING = "watching"  # a crate is followed from here on
    RED = "red"  # it does not compile: one event a file with errors
    GREEN = "green"  # it compiles, or compiles again
    LEARNT = "learnt"  # a repair was verified and is kept
    NOT_LEARNT = "not learnt"  # it is no lesson; `message` says why
    OFFER = "offer"  # the background attempt found a fix
    TROUBLE = "trouble"  # something the user should know and nothing stops for; `message` holds the remedy


@dataclass(frozen=True, slots=True)
class Event:
    """`crate` is the workspace's root, `file` relative to it; `code` is the compiler's, `signature` the pattern's."""

    kind: Kind
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


Say = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Hears nothing."""


class Teller:
    """Speaks for the crate at `root`."""

    def __init__(self, root: Path, hear: Say) -> None:
        self._root, self._hear = root, hear
        self._trouble = ""
        self._errors: set[tuple[str, str, str]] = set()

    @property
    def troubled(self) -> bool:
        """Whether the last trouble is not over."""
        return bool(self._trouble)

    def name(self, path: Path) -> str:
        """A file relative to the root; whole where it lies elsewhere."""
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)

    def say(
        self, kind: Kind, path: Path | None = None, line: int = 0, code: str = "", pattern: str = "", message: str = ""
    ) -> None:
        """One event; its message may quote the code or what a build printed, and goes into logs: no secrets in it."""
        file = self.name(path) if path is not None else ""
        self._hear(Event(kind, str(self._root), file, line, code, pattern, Scrubber().text(message)))

    def trouble(self, what: str) -> None:
        """A trouble, unless it is the one told last."""
        if what != self._trouble:
            self._trouble = what
            self.say(Kind.TROUBLE, message=what)

    def calm(self) -> None:
        """The trouble is over: it is told again if it comes back."""
        self._trouble = ""

    def relieved(self) -> None:
        """The errors are gone."""
        self._errors = set()

    def errors(self, found: Mapping[Path, tuple[Diagnostic, ...]], seen: Snapshot, detail: str) -> str:
        """The first error of each file that was not told yet; returns the signature of the first of all.

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
                self.say(Kind.RED, path, line, first.code or "", patterns[-1], first.message.split("\n")[0])
        if not found:
            self._errors.add(("", "", detail))
            if self._errors != told:
                self.say(Kind.RED, message=detail.split("\n")[0] or "a build script fails")
        return next(iter(patterns), "")
