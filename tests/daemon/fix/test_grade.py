"""What counts as progress, by the compiler's words before and after; and which lines a candidate touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from sleepy.daemon.fix.grade import TESTS, changed_columns, changed_lines, grade, key, phase
from sleepy.daemon.fix.ladder import CandidateGrade
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span
from sleepy.sandbox.workspace_result import Checked


def error(
    code: str | None, line: int, message: str = "", *, package: str = "p", file: str = "src/lib.rs"
) -> FileDiagnostic:
    said = Diagnostic(code, "error", message or f"about {code}", (Span(line, line, 1, 5, True),))
    return FileDiagnostic(Path(file), package, package, said)


def checked(*found: FileDiagnostic) -> Checked:
    return Checked(Outcome.COMPILE_ERROR if found else Outcome.PASS, found)


TYPE, NAME, BORROW = error("E0308", 4), error("E0425", 9), error("E0382", 20)


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param((), CandidateGrade.CLEAN, id="it compiles"),
        pytest.param((NAME,), CandidateGrade.CLEAN, id="one fewer"),
        pytest.param((error("E0308", 40), NAME), CandidateGrade.REFUSED, id="the same error, moved"),
        pytest.param((TYPE, NAME), CandidateGrade.REFUSED, id="nothing changed"),
        pytest.param((NAME, BORROW), CandidateGrade.CLEAN, id="a later phase, elsewhere"),
        pytest.param((NAME, error("E0382", 4)), CandidateGrade.DOUBTFUL, id="a later phase, on the edited line"),
        pytest.param((NAME, error("E0599", 30)), CandidateGrade.DOUBTFUL, id="the same phase, elsewhere"),
        pytest.param((NAME, error("E0599", 4)), CandidateGrade.REFUSED, id="the same phase, on the edited line"),
        pytest.param(
            (NAME, error("E0433", 30), error("E0599", 4)), CandidateGrade.REFUSED, id="an earlier phase, and worse"
        ),
        pytest.param(
            (NAME, error("E0308", 3, package="q", file="q.rs")), CandidateGrade.REFUSED, id="another crate, no excuse"
        ),
        pytest.param((NAME, error("E0433", 30)), CandidateGrade.REFUSED, id="an earlier phase, elsewhere"),
        pytest.param(
            (NAME, error(None, 30, "expected one of")), CandidateGrade.REFUSED, id="the syntax, of all things"
        ),
        pytest.param((NAME, error("unused_mut", 30)), CandidateGrade.CLEAN, id="a lint that is denied"),
        pytest.param((*(error("E0599", 30 + i, f"no {i}") for i in range(4)),), CandidateGrade.REFUSED, id="too many"),
    ],
)
def test_a_candidate_is_graded(after: tuple[FileDiagnostic, ...], wanted: CandidateGrade) -> None:
    assert grade(checked(TYPE, NAME), checked(*after), TYPE, {4}) is wanted


def test_a_borrow_beside_the_words_that_changed_was_wrong_before() -> None:
    columns = {
        Path("src/lib.rs"): changed_columns("\n\n\nlet a = b.c;\n", "\n\n\nlet a = b.d;\n")
    }  # error: columns 1 to 5
    for said, wanted in (("E0382", CandidateGrade.CLEAN), ("E0599", CandidateGrade.REFUSED)):
        after = checked(NAME, error(said, 4))
        assert grade(checked(TYPE, NAME), after, TYPE, {4}, columns=columns) is wanted
    touching = {Path("src/lib.rs"): {4: range(4, 9)}}
    after = checked(NAME, error("E0382", 4))
    assert grade(checked(TYPE, NAME), after, TYPE, {4}, columns=touching) is CandidateGrade.DOUBTFUL


def test_a_crate_that_waited_for_this_one_may_have_errors_of_its_own() -> None:
    other = error("E0425", 3, package="q", file="q/src/lib.rs")
    assert grade(checked(TYPE), checked(other), TYPE, {4}) is CandidateGrade.CLEAN
    assert grade(checked(TYPE, NAME), checked(NAME, other), TYPE, {4}) is CandidateGrade.REFUSED


def test_what_mends_a_test_and_breaks_the_library_is_refused() -> None:
    test = FileDiagnostic(Path("src/lib.rs"), "p", "p" + TESTS, NAME.diagnostic)
    assert grade(checked(test), checked(BORROW), test, {4}) is CandidateGrade.REFUSED
    assert grade(checked(TYPE), checked(test), TYPE, {4}) is CandidateGrade.CLEAN
    assert grade(checked(TYPE), checked(test), TYPE, {4}, declares=True) is CandidateGrade.DOUBTFUL


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.COMPILE_TIMEOUT, Outcome.INFRA_ERROR])
def test_what_the_compiler_did_not_judge_is_no_progress(outcome: Outcome) -> None:
    assert grade(checked(TYPE), Checked(outcome), TYPE, {4}) is CandidateGrade.REFUSED


def test_errors_are_known_wherever_they_move() -> None:
    one = error("E0308", 3, "expected closure, found `{closure@src/lib.rs:3:7: 3:10}`")
    assert key(one) == key(error("E0308", 9, "expected closure, found `{closure@src/lib.rs:9:7: 9:10}`"))
    assert key(one) != key(error("E0308", 3, "expected u8"))


@pytest.mark.parametrize(
    ("code", "wanted"), [(None, 0), ("E0432", 1), ("E0277", 2), ("E0502", 3)]
)  # fmt: skip
def test_phases(code: str | None, wanted: int) -> None:
    assert phase(error(code, 1).diagnostic) == wanted


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("lifetime may not live long enough", 3),
        ("future cannot be sent between threads safely", 3),
        ("captured variable cannot escape `FnMut` closure body", 3),
        ("implementation of `FnOnce` is not general enough", 3),
        ("cannot find macro `printline` in this scope", 1),
        ("1 positional argument in format string, but no arguments were given", 1),
        ("expected one of `;` or `}`, found `let`", 0),
        ("this file contains an unclosed delimiter", 0),
    ],
)
def test_an_error_without_a_code_is_not_always_of_the_syntax(message: str, wanted: int) -> None:
    assert phase(error(None, 1, message).diagnostic) == wanted


def test_a_denied_warning_is_of_the_last_phase() -> None:
    assert phase(error("unused_variables", 1).diagnostic) == 4


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("a\nb\nc", "a\nB\nc", {2}),
        ("a\nb\nc", "a\nb\nx\ny\nc", {3, 4}),
        ("a\nb\nc", "a\nc", {1, 2}),
        ("a\na\na", "a\na\na\na", {4}),
        ("a", "a", set()),
        ("a\nb\nc\nd\ne", "A\nb\nc\nd\nE", {1, 5}),
    ],
)
def test_changed_lines(old: str, new: str, wanted: set[int]) -> None:
    assert changed_lines(old, new) == wanted


def test_an_error_on_a_line_that_was_edited_in_another_file_is_near_too() -> None:
    other = error("E0382", 7, file="src/other.rs")
    assert grade(checked(TYPE), checked(other), TYPE, {4}) is CandidateGrade.CLEAN
    edited = {Path("src/other.rs"): {7}}
    assert grade(checked(TYPE), checked(other), TYPE, {4}, elsewhere=edited) is CandidateGrade.DOUBTFUL
