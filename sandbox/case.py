"""What is to be judged: a program, what it answers, and what shows that it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One program to judge. `original` is the broken program it answers, `reference` a right answer to it.

    What it must do is said by `tests` (modules with `#[test]` functions) or by `stdout` (what its `main`
    prints, to the letter); with neither it is only checked.
    """

    source: str
    tests: str = ""
    original: str | None = None
    edition: str = "2021"
    reference: str | None = None
    stdout: str | None = None
