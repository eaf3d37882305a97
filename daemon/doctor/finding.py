"""A finding of the doctor, and the exceptions by which a check reports a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    OK = "ok"  # as it should be
    WARN = "warn"  # it works, but not as intended or not for long
    BAD = "bad"  # something does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `remedy` is empty where all is well."""

    what: str
    grade: Grade
    said: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return self.grade is not Grade.BAD


class Unwell(Exception):
    """Raised by a check for something that does not work."""

    grade = Grade.BAD

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class Warned(Unwell):
    """Raised by a check for something that works, but not as it should."""

    grade = Grade.WARN


def found(what: str, check: Callable[[], str]) -> Finding:
    """The finding of a check; any exception in it becomes a finding as well."""
    try:
        return Finding(what, Grade.OK, check())
    except Exception as error:
        remedy = getattr(error, "remedy", None) or f"see the message ({type(error).__name__})"
        said = " ".join(str(error).split()) or type(error).__name__
        return Finding(what, getattr(error, "grade", Grade.BAD), said, remedy)
