"""What the tools answer; an agent is given the fields' types as a schema.

Without slots: the schema's maker would take them for defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.console import Console

from sleepy.daemon.fix import show
from sleepy.daemon.fix.fix import Fixed


@dataclass(frozen=True)
class RustError:
    """An error of the compiler's; `solved_by` is the rung that repaired it, None where none did."""

    file: str
    line: int | None
    code: str | None
    message: str
    solved_by: str | None


@dataclass(frozen=True)
class FixAnswer:
    """A repair. `fixed`: it compiles and its tests pass; `applied`: it was written; `diff` is of all files.

    `errors` were met, in order; `left` are still there; `why` says what stands in the way where it is not fixed.
    """

    fixed: bool
    applied: bool
    summary: str
    diff: str
    errors: list[RustError]
    left: list[RustError]
    why: str
    tests: dict[str, Any] | None
    notes: list[str]
    seconds: float


@dataclass(frozen=True)
class JudgedTest:
    """A test and its result."""

    name: str
    passed: bool


@dataclass(frozen=True)
class JudgeAnswer:
    """A verdict. `errors` are the compiler's, as it prints them; `detail` says more where there is more to say.

    `basis` is what the verdict stands on: the tests that were run, the calls that were compared.
    """

    passed: bool
    verdict: str
    detail: str
    basis: str
    errors: list[str]
    tests: list[JudgedTest]
    notes: list[str]


def fix_answer(done: Fixed, *, applied: bool, notes: list[str]) -> FixAnswer:
    """A repair as an agent reads it."""
    told = show.data(done.mended, applied=applied)
    console = Console(width=120, color_system=None, highlight=False)
    with console.capture() as summary:
        console.print(show.summary(done.mended))
    return FixAnswer(
        told["fixed"],
        applied,
        "\n".join(line.rstrip() for line in summary.get().splitlines()),
        told["diff"],
        [_error(each) for each in told["diagnostics"]],
        [_error(each) for each in told["left"]],
        told["why"],
        told["tests"],
        notes,
        told["seconds"],
    )


def _error(told: dict[str, Any]) -> RustError:
    return RustError(told["file"], told["line"], told["code"], told["message"], told.get("solved_by"))
