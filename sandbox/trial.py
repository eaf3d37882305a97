"""A case on its way through the judge: what is known of it so far."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.sandbox.case import Case
from sleepy.sandbox.harness import Part
from sleepy.sandbox.lexer import lex
from sleepy.sandbox.pool import Rooms
from sleepy.sandbox.suite import Suite
from sleepy.sandbox.verdict import Verdict

NO_SUITE, NO_PART = Suite((), b"", (), ()), Part("", (), (), None)


@dataclass(slots=True)
class Trial:
    """A case on its way: what is built of it and where."""

    case: Case
    rooms: Rooms
    answers: bool = False  # a reference: only its calls are wanted
    suite: Suite = NO_SUITE
    part: Part = NO_PART
    inside: bool = False  # its tests stand in its own file
    stages: dict[str, float] = field(default_factory=dict)
    verdict: Verdict | None = None
    library: Path = Path()
    program: Path = Path()  # the folder of the harness it was linked into
    place: int = 0
    expected: tuple[str, ...] = ()  # what the reference's calls returned

    @property
    def native(self) -> bool:
        """Whether only the compiler can name its tests. A reference's calls need none."""
        return self.suite.native and not self.answers

    @property
    def question(self) -> str:
        """Names the calls that are made: the same for every candidate of a task."""
        return " ".join([self.case.edition, seed(self.case), _key(self.case)])


def is_safe(case: Case) -> bool:
    """Whether unsafe code is forbidden: always, but where the right answer itself needs it."""
    return "unsafe" not in lex(case.reference or "")


def _key(case: Case) -> str:
    """What decides whether tests stand inside: the tests, and the program they were written for."""
    return hashlib.sha256("\x1e".join([case.tests, case.original or ""]).encode()).hexdigest()


def seed(case: Case) -> str:
    """The same calls for every candidate of a task, known to none of them."""
    return hashlib.sha256("\x1e".join([case.tests, case.reference or ""]).encode()).hexdigest()
