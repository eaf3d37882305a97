"""The ladder of one error: what is to be repaired, what is proposed, and the climb from rung to rung.

Each rung gives its candidates to the sandbox until one is accepted, and leaves a receipt of what it cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sleepy.sandbox.verdict import Diagnostic
from sleepy.sandbox.workspace_result import Checked

ORDER = ("compiler", "recall", "recipes", "model", "hints", "samples", "server")  # the cheapest first
CHEAP = frozenset(ORDER[:3])  # without a model


class CandidateGrade(StrEnum):
    CLEAN = "clean"  # the error is gone, and no other came that it had not hidden
    DOUBTFUL = "doubtful"  # it is gone, and what came instead may be the candidate's own doing
    REFUSED = "refused"  # it is still there, or there is more than before


def _alone() -> Iterator[tuple[Path, str]]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Problem:
    """A file and its errors, the one to be repaired first. `source` holds the repairs made so far.

    `others` are the other files that may be edited with it, with their texts; none where only this one may.
    """

    file: Path
    source: str
    diagnostics: tuple[Diagnostic, ...]
    signature: str
    others: Callable[[], Iterator[tuple[Path, str]]] = field(default=_alone, compare=False)

    @property
    def error(self) -> Diagnostic:
        return self.diagnostics[0]


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file, its text, and the one that it gets."""

    file: Path
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole new text of the problem's file; empty where an answer could not be applied, `note` says why.

    `more` are edits of other files that go with it, judged together; the problem's own may then be as it was.
    `seconds` and `tokens` are what the proposal itself cost; prompt, answer and route are a model's.
    """

    source: str
    note: str = ""
    prompt: str = ""
    answer: str = ""
    route: str | None = None
    seconds: float = 0.0
    tokens: int = 0
    more: tuple[FileEdit, ...] = ()
    doubt: str = ""  # why who proposes it is not sure; none as a rule

    def edits(self, problem: Problem) -> tuple[FileEdit, ...]:
        """All files that it changes."""
        own = FileEdit(problem.file, problem.source, self.source)
        return (own, *self.more) if own.old != own.new else self.more


@dataclass(frozen=True, slots=True)
class TriedCandidate:
    """A candidate and what the sandbox said of it; `checked` is None where there was nothing to check."""

    candidate: Candidate
    grade: CandidateGrade
    checked: Checked | None = None
    after: tuple[Diagnostic, ...] = ()  # the errors the file has then, in the compiler's order
    seconds: float = 0.0
    doubts: tuple[str, ...] = ()  # why it may hide the error rather than mend it

    @property
    def accepted(self) -> bool:
        return self.grade is CandidateGrade.CLEAN and not self.doubts


class Skipped(Exception):
    """A rung that cannot be climbed here; the message says why."""


class OutOfBudget(Exception):
    """No time, or no tries, are left."""


class Rung(Protocol):
    """One way of repairing. It gives its candidates to `attempt`, likeliest first, until one is accepted."""

    @property
    def name(self) -> str: ...

    def solve(self, problem: Problem, attempt: Callable[[Candidate], TriedCandidate]) -> None:
        """Returns when a candidate was accepted or there are no more; `Skipped` where the rung cannot be used."""
        ...


# climbing


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rung did for one error. `skipped` says why it was not climbed."""

    rung: str
    candidates: int = 0
    solved: bool = False
    seconds: float = 0.0
    tokens: int = 0
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """A candidate and its trial, with the rung it came from."""

    rung: str
    trial: TriedCandidate


@dataclass(frozen=True, slots=True)
class Climb:
    """One error's way up the ladder. `found` is the candidate that the repair continues with."""

    problem: Problem
    receipts: tuple[Receipt, ...]
    tries: tuple[Try, ...]
    found: Try | None

    @property
    def seconds(self) -> float:
        return sum(receipt.seconds for receipt in self.receipts)

    @property
    def tokens(self) -> int:
        return sum(receipt.tokens for receipt in self.receipts)


def climb(
    ladder: Sequence[Rung],
    problem: Problem,
    attempt: Callable[[Candidate], TriedCandidate],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Climb:
    """The climb until a candidate is clean and without doubts; where none is, the least doubtful one counts as found.

    `attempt` may raise `OutOfBudget`: the climb ends there with what it has.
    """
    tries: list[Try] = []
    receipts: list[Receipt] = []
    for rung in ladder:
        began, first = clock(), len(tries)
        skipped, spent = "", False

        def tried(candidate: Candidate, name: str = rung.name) -> TriedCandidate:
            trial = attempt(candidate)
            tries.append(Try(name, trial))
            return trial

        try:
            rung.solve(problem, tried)
        except Skipped as reason:
            skipped = str(reason)
        except OutOfBudget:
            spent = True
        own = [each.trial for each in tries[first:]]
        solved = any(trial.accepted for trial in own)
        tokens = sum(trial.candidate.tokens for trial in own)
        receipts.append(Receipt(rung.name, len(own), solved, clock() - began, tokens, skipped))
        if solved or spent:
            break
    found = next((each for each in tries if each.trial.accepted), None)
    if found is None:
        left = [each for each in tries if each.trial.grade is not CandidateGrade.REFUSED]
        found = min(left, key=_doubtfulness, default=None)
        if found is not None:
            receipts = [replace(each, solved=True) if each.rung == found.rung else each for each in receipts]
    return Climb(problem, tuple(receipts), tuple(tries), found)


def _doubtfulness(tried: Try) -> tuple[bool, bool]:
    """First what does nothing to be doubted, though errors may come of it: what it leads to will tell."""
    return bool(tried.trial.doubts), tried.trial.grade is CandidateGrade.DOUBTFUL
