"""How a repair that is not whole is told: what is repaired and what is left add up, and each line is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sleepy.daemon.fix import show
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Climb, Problem, TriedCandidate, Try
from sleepy.daemon.fix.mended import Mended
from sleepy.daemon.fix.tested import complaint_of
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span
from sleepy.sandbox.workspace_result import Tested

LIB = Path("src/lib.rs")
SOURCE = "fn one() {}\nfn two() {}\n"


def error(line: int, message: str) -> Diagnostic:
    span = Span(line, line, 1, 2, is_primary=True, text=f"line {line}")
    return Diagnostic("E0425", "error", message, (span,))


def climbed(said: Diagnostic, *, solved: bool, source: str = SOURCE) -> Climb:
    tried = Try("compiler", TriedCandidate(Candidate(SOURCE), CandidateGrade.CLEAN))
    return Climb(Problem(LIB, source, (said,), "E0425:_@fn"), (), (tried,) if solved else (), tried if solved else None)


def complaint(said: Diagnostic) -> FileDiagnostic:
    return FileDiagnostic(LIB, "shop", "shop lib shop", said)


def mended(*climbs: Climb, left: tuple[Diagnostic, ...], why: str = "2 errors are left") -> Mended:
    return Mended(False, {}, {LIB: SOURCE.encode()}, climbs, tuple(map(complaint, left)), why=why, seconds=1.34)


def test_what_is_repaired_and_what_is_left_is_what_there_was_however_often_it_was_tried() -> None:
    one, two, far = error(1, "one"), error(2, "two"), error(3, "three")
    found = mended(
        climbed(two, solved=False), climbed(one, solved=True), climbed(two, solved=False, source=SOURCE + "\n"),
        left=(two, far),
    )  # fmt: skip
    lines = show.lines(found)
    rows = [line for line in lines if line.startswith("src/lib.rs:")]
    assert [row.split("  ")[2:4] for row in rows] == [["one", "compiler"], ["two", "not solved"]]
    assert "Not fixed: 2 errors are left (1.3 s)." in lines and "1 of 3 errors repaired, 2 left:" in lines
    assert sum(line.startswith("  left: ") for line in lines) == 2
    assert show.unwritten(found) == "2 errors are left"
    assert len(show.data(found, applied=False)["diagnostics"]) == 2


@pytest.mark.parametrize(
    ("outcome", "detail", "said"),
    [
        (Outcome.FAIL, "failed: tests::adds", "it compiles, but tests fail: tests::adds"),
        (Outcome.FAIL, "unsaid: tests::adds", "it compiles, but tests end without a result: tests::adds"),
        (Outcome.RUN_TIMEOUT, "timed out: a, b", "it compiles, but tests take too long: a, b"),
        (Outcome.API_MISMATCH, "tests gone: a", "it compiles, but tests are gone: a"),
        (Outcome.INFRA_ERROR, "", "it compiles, but the tests do not pass: INFRA_ERROR"),
        (Outcome.REJECTED, "edits x", "it compiles, but the tests do not pass: edits x"),
    ],
)
def test_failed_tests_are_told_in_a_sentence_with_the_time_on_its_line(
    outcome: Outcome, detail: str, said: str
) -> None:
    words = "---- tests::adds stdout ----\nassertion failed\n"
    why = complaint_of(Tested(outcome, detail=f"{detail}\n{words}"))
    found = mended(climbed(error(1, "one"), solved=True), left=(), why=why)
    lines = [line for line in "\n".join(show.lines(found)).split("\n") if not line.startswith("src/lib.rs:")]
    assert lines == [f"Not fixed: {said} (1.3 s).", "assertion failed"]
    assert show.unwritten(found) == said
