"""The nouns of the ladder: what is to be repaired, what is proposed, and what became of a proposal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sleepy.sandbox.tested import Checked
from sleepy.sandbox.verdict import Diagnostic


class Grade(StrEnum):
    CLEAN = "clean"  # the error is gone, and nothing came that it had not hidden
    DOUBTFUL = "doubtful"  # it is gone, and what came instead may be the candidate's own doing
    REFUSED = "refused"  # it is still there, or there is more than before


@dataclass(frozen=True, slots=True)
class Problem:
    """A file and the errors in it, the one to be repaired first. `source` has the repairs so far in it."""

    file: Path
    source: str
    diagnostics: tuple[Diagnostic, ...]
    signature: str

    @property
    def error(self) -> Diagnostic:
        return self.diagnostics[0]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole new text of the problem's file; empty where an answer could not be applied, `note` says why.

    `seconds` and `tokens` are what the proposal itself cost; prompt, answer and route are a model's.
    """

    source: str
    note: str = ""
    prompt: str = ""
    answer: str = ""
    route: str | None = None
    seconds: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate in the sandbox. `checked` is None where none was needed: nothing to apply, or tried before."""

    candidate: Candidate
    grade: Grade
    checked: Checked | None = None
    after: tuple[Diagnostic, ...] = ()  # the errors of the file then, in the compiler's order
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.grade is Grade.CLEAN


class Skipped(Exception):
    """A rung that cannot be climbed here; the message says why."""


class Rung(Protocol):
    """One way of repairing. It gives its candidates to `attempt`, likeliest first, until one is accepted."""

    @property
    def name(self) -> str: ...

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        """Returns when a candidate was accepted or there are no more; `Skipped` where the rung cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rung did for one error. `skipped` says why it was not climbed."""

    rung: str
    candidates: int = 0
    solved: bool = False
    seconds: float = 0.0
    tokens: int = 0
    skipped: str = ""
