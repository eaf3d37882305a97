"""What the watcher tells: one event a happening, for a line on a terminal, a row of JSON or a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


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
