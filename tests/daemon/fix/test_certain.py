"""Which steps of an unfinished repair are certain, and how a change is made again without another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sleepy.daemon.fix.certain import again, certain
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, FileEdit, Problem, TriedCandidate
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span
from sleepy.sandbox.workspace_result import Checked

FILE = Path("src/lib.rs")
OLD = "fn a() {\n    one\n}\n\nfn b() {\n    two\n}\n\nfn c() {\n    three\n}\n"


@dataclass(frozen=True)
class Done:
    complaint: FileDiagnostic
    problem: Problem
    trial: TriedCandidate


def error(text: str, line: int) -> FileDiagnostic:
    said = Diagnostic("E0308", "error", f"about {text}", (Span(line, line, 5, 8, True, text=f"    {text}"),))
    return FileDiagnostic(FILE, "p", "p", said)


ONE, TWO, THREE = error("one", 2), error("two", 6), error("three", 10)


def step(complaint: FileDiagnostic, old: str, new: str, *doubts: str) -> Done:
    problem = Problem(FILE, old, (complaint.diagnostic,), "")
    return Done(complaint, problem, TriedCandidate(Candidate(new), CandidateGrade.CLEAN, doubts=doubts))


def check(edits: dict[Path, str]) -> Checked:
    """A compiler for which a line is right when it ends in a semicolon."""
    left = [each for each in (ONE, TWO, THREE) if f"{each.diagnostic.message[6:]}\n" in edits.get(FILE, OLD)]
    return Checked(Outcome.COMPILE_ERROR if left else Outcome.PASS, tuple(left))


def test_a_doubtful_step_is_taken_out_and_those_after_it_are_made_again() -> None:
    first = OLD.replace("one", "one;")
    second = first.replace("two", "0;")
    third = second.replace("three", "three;")
    steps = [step(ONE, OLD, first), step(TWO, first, second, "a literal"), step(THREE, second, third)]
    found = certain(steps, check({}), [], lambda _: OLD, check)
    assert found.edits == {FILE: OLD.replace("one", "one;").replace("three", "three;")} and found.errors == 2
    assert found.checked.diagnostics == (TWO,)


def test_a_step_at_whose_line_an_error_is_left_is_not_certain() -> None:
    first = OLD.replace("one", "one;")
    at = error("one;", 2)
    assert certain([step(ONE, OLD, first)], check({}), [at], lambda _: OLD, check).edits == {}
    assert certain([step(ONE, OLD, first)], check({}), [TWO], lambda _: OLD, check).errors == 1


def test_without_time_to_check_nothing_more_is_certain() -> None:
    first = OLD.replace("one", "one;")
    assert certain([step(ONE, OLD, first)], check({}), [], lambda _: OLD, lambda _: None).edits == {}


@pytest.mark.parametrize(
    ("old", "new", "text", "wanted"),
    [
        ("a\nb\nc", "a\nB\nc", "x\na\nb\nc", "x\na\nB\nc"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb\nc", "a\nb\nn\nc", "z\na\nb\nc", "z\na\nb\nn\nc"),
        ("a\nb\nc", "a\nB\nc", "a\nb\nc\na\nb\nc", None),
        ("a\nb\nc", "a\nB\nc", "a\nx\nc", None),
    ],
)
def test_a_change_is_made_again_where_its_place_is_found_once(old: str, new: str, text: str, wanted: str) -> None:
    assert again(old, new, text) == wanted


def test_a_step_in_several_files_is_made_again_as_a_whole_or_not_at_all() -> None:
    other = FileEdit(Path("src/other.rs"), "fn x() {}\n", "pub fn x() {}\n")
    first = OLD.replace("one", "one;")
    both = Done(
        ONE,
        Problem(FILE, OLD, (ONE.diagnostic,), ""),
        TriedCandidate(Candidate(first, more=(other,)), CandidateGrade.CLEAN),
    )
    texts = {FILE: OLD, other.file: other.old}
    assert certain([both], check({}), [], lambda file: texts[file], check).edits == {FILE: first, other.file: other.new}
    texts[other.file] = "fn y() {}\n"  # it is gone: a part of the repair is none
    assert certain([both], check({}), [], lambda file: texts[file], check).edits == {}
