"""A program to judge, and what the sandbox says of it: the verdict and the compiler's diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """One program to judge. `original` is the broken program it answers, `reference` a right answer to it.

    What it must do is said by `tests` (modules with `#[test]` functions) or by `stdout` (what its `main`
    prints, to the letter), or else by the tests that the reference holds itself; with `own_tests` also by those that the
    original holds or, where there is none, the program. What `reference` returns is compared in any case. Without
    all of these it is only checked. With `file` (PACKAGE/PATH) it is that file of a crate: only its workspace can judge it.
    """

    source: str
    tests: str = ""
    original: str | None = None
    edition: str = "2021"
    reference: str | None = None
    stdout: str | None = None
    own_tests: bool = False
    file: str = ""


class Outcome(StrEnum):
    PASS = "PASS"  # compiled and, where there are tests, passed them all
    FAIL = "FAIL"  # compiled, but a test did not pass, or not twice, or a call returned something else
    COMPILE_ERROR = "COMPILE_ERROR"  # rustc said why in its diagnostics
    API_MISMATCH = "API_MISMATCH"  # a public item vanished or changed its type
    REJECTED = "REJECTED"  # the policy found something the task did not have and may not gain
    COMPILE_TIMEOUT = "COMPILE_TIMEOUT"  # rustc outlived its limit
    RUN_TIMEOUT = "RUN_TIMEOUT"  # the tests outlived theirs
    COMPILE_CRASH = "COMPILE_CRASH"  # rustc died without diagnostics
    RUN_CRASH = "RUN_CRASH"  # the tests died without a word
    OUTPUT_LIMIT = "OUTPUT_LIMIT"  # more output than is read
    VIOLATION = "VIOLATION"  # a system call the jail kills for
    OUT_OF_REACH = "OUT_OF_REACH"  # it needs what the jail does not show or let be changed: never a label
    INFRA_ERROR = "INFRA_ERROR"  # our own machinery failed: never a label

    @property
    def is_label(self) -> bool:
        """Whether it says something about the program rather than about the machine or the jail."""
        return self not in (Outcome.OUT_OF_REACH, Outcome.INFRA_ERROR)


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the user's file; lines and columns 1-based, columns in characters, end exclusive."""

    line_start: int
    line_end: int
    column_start: int
    column_end: int
    is_primary: bool
    label: str = ""
    text: str = ""  # the first source line of the span


@dataclass(frozen=True, slots=True)
class Replacement:
    """One text change of a suggestion; coordinates as in `Span`. `file` is set where it is not the message's."""

    line_start: int
    column_start: int
    line_end: int
    column_end: int
    text: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the compiler offers. `applicability` is rustc's word, e.g. MachineApplicable."""

    message: str
    applicability: str
    replacements: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One compiler message. `elsewhere` are suggestions that change another file, or that too."""

    code: str | None
    level: str
    message: str
    spans: tuple[Span, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()
    rendered: str = ""
    elsewhere: tuple[Suggestion, ...] = ()

    @property
    def primary(self) -> Span | None:
        """The first primary span in the user's file, if the message has one."""
        return next((span for span in self.spans if span.is_primary), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one program. `stage_ms` maps stage names to milliseconds.

    `calls` are the functions compared with the reference, with how many calls each, and `uncompared` says why there
    are none; `twice` is whether all tests passed a second time too.
    """

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
    tests: tuple[tuple[str, bool], ...] = ()
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    tier: str = ""
    cached: bool = False
    detail: str = ""
    calls: tuple[tuple[str, int], ...] = ()
    uncompared: str = ""
    twice: bool = False

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def is_label(self) -> bool:
        """Whether the verdict says something about the program rather than about the machine."""
        return self.outcome.is_label


def verdict_of(data: Mapping[str, Any]) -> Verdict:
    """The verdict of plain data, as `dataclasses.asdict` makes it."""
    return Verdict(
        Outcome(data["outcome"]),
        tuple(diagnostic_of(item) for item in data["diagnostics"]),
        tuple((name, passed) for name, passed in data["tests"]),
        data["stage_ms"],
        data["tier"],
        bool(data.get("cached")),
        data["detail"],
        tuple((name, count) for name, count in data["calls"]),
        data["uncompared"],
        data["twice"],
    )


def diagnostic_of(data: Mapping[str, Any]) -> Diagnostic:
    """The diagnostic of plain data, as `dataclasses.asdict` makes it."""
    spans = tuple(Span(**item) for item in data["spans"])
    return Diagnostic(
        data["code"],
        data["level"],
        data["message"],
        spans,
        _suggestions(data["suggestions"]),
        tuple(data["notes"]),
        data["rendered"],
        _suggestions(data.get("elsewhere", ())),  # what was kept by earlier versions has none
    )


def _suggestions(data: Iterable[Mapping[str, Any]]) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(item["message"], item["applicability"], tuple(Replacement(**part) for part in item["replacements"]))
        for item in data
    )
