"""One line of the doctor's, and how a check says that something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    OK = "ok"  # as it should be
    WARN = "warn"  # it works, and will not for ever or not as meant
    BAD = "bad"  # something does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `remedy` is empty where all is well."""

    what: str
    grade: Grade
    said: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return self.grade is not Grade.BAD


class Unwell(Exception):
    """What a check found does not work."""

    grade = Grade.BAD

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class Warned(Unwell):
    """What a check found is not as it should be, and works all the same."""

    grade = Grade.WARN


def found(what: str, check: Callable[[], str]) -> Finding:
    """The check's finding: it is an edge, whatever goes wrong in it is what it found."""
    try:
        return Finding(what, Grade.OK, check())
    except Exception as error:
        remedy = getattr(error, "remedy", None) or f"see the message ({type(error).__name__})"
        said = " ".join(str(error).split()) or type(error).__name__
        return Finding(what, getattr(error, "grade", Grade.BAD), said, remedy)
