"""A repair in the making: the edits so far, what the compiler says of them, and the steps that led there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.fix import coverage
from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.exercise import Exercise
from sleepy.daemon.fix.ladder import (
    Candidate,
    CandidateGrade,
    Climb,
    FileEdit,
    OutOfBudget,
    Problem,
    TriedCandidate,
)
from sleepy.daemon.fix.limits import RepairLimits
from sleepy.daemon.fix.target import FixTarget
from sleepy.daemon.fix.texts import FileTexts
from sleepy.daemon.fix.words import outline
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace_result import Checked, Tested

State = tuple[tuple[Path, str], ...]


@dataclass(frozen=True, slots=True)
class RepairStep:
    """A climb with a find; `checked` and `edits` are as they were before it, and before those it was made with."""

    climb: Climb
    complaint: FileDiagnostic
    checked: Checked
    edits: dict[Path, str]
    joined: bool = False  # made at once with the one before it

    @property
    def problem(self) -> Problem:
        return self.climb.problem

    @property
    def trial(self) -> TriedCandidate:
        assert self.climb.found is not None, "a step is a find"
        return self.climb.found.trial

    @property
    def grade(self) -> CandidateGrade:
        return self.trial.grade

    @property
    def changes(self) -> tuple[FileEdit, ...]:
        """The files that it changes."""
        return self.trial.candidate.edits(self.problem)

    @property
    def done(self) -> dict[Path, str]:
        """The edits after it."""
        return {**self.edits, **{each.file: each.new for each in self.changes}}


@dataclass(frozen=True, slots=True)
class CompiledRepair:
    """Something to fall back on: edits that compile, and what the tests said of them."""

    edits: dict[Path, str]
    checked: Checked
    steps: list[RepairStep]
    tested: Tested
    passes: bool
    doubts: tuple[str, ...]
    exercise: Exercise
    failed_before: tuple[str, ...] = ()


class RepairDraft:
    """The edits so far. `only` is the one file whose errors are repaired."""

    def __init__(self, target: FixTarget, texts: FileTexts, limits: RepairLimits, only: Path | None) -> None:
        self.target, self.texts, self.limits, self.only = target, texts, limits, only
        self.edits: dict[Path, str] = {}
        self.steps: list[RepairStep] = []
        self.began_with: Checked = Checked(Outcome.INFRA_ERROR)
        self.checked: Checked = Checked(Outcome.INFRA_ERROR)
        self.tree = Snapshot()
        self.given_up: set[tuple[str, ...]] = set()
        self.unread = ""
        self._known: dict[State, Checked] = {}
        self._banned: set[State] = set()

    def begin(self) -> None:
        """Checks what is there without an edit."""
        self.checked = self.began_with = self.target.check({})
        self.limits.first_check = self.began_with.seconds
        self.tree = self.target.tree()

    def attempt(self, candidate: Candidate, complaint: FileDiagnostic, problem: Problem) -> TriedCandidate:
        """A candidate's grade on top of the edits; `OutOfBudget` where nothing is left to check it with."""
        changes = candidate.edits(problem)
        if not candidate.source or not changes:
            return TriedCandidate(candidate, CandidateGrade.REFUSED)
        edits = {**self.edits, **{each.file: each.new for each in changes}}
        state, began = state_of(edits), self.limits.clock()
        if state in self._banned or any(state == state_of(step.edits) for step in self.steps):  # not in a circle
            return TriedCandidate(candidate, CandidateGrade.REFUSED, self._known.get(state))
        if state not in self._known:
            if self.limits.spent() or self.limits.is_over():
                raise OutOfBudget
            self.limits.tries += 1
            self._known[state] = self.target.check(self.texts.as_read(edits))
        checked = self._known[state]
        lines = {each.file: grading.changed_lines(each.old, each.new) for each in changes}
        declares = any(outline(each.old) != outline(each.new) for each in changes)
        own = lines.get(problem.file, set())
        columns = {each.file: grading.changed_columns(each.old, each.new) for each in changes}
        grade = grading.grade(
            self.checked, checked, complaint, own, declares=declares, elsewhere=lines, columns=columns
        )
        after = tuple(each.diagnostic for each in checked.diagnostics if each.file == problem.file)
        found = [candidate.doubt] if candidate.doubt else []
        if grade is not CandidateGrade.REFUSED:
            for each in changes:
                was, now = warnings_in(self.checked, each.file), warnings_in(checked, each.file)
                found += doubts(each.old, each.new, was, now, [problem.error])
        return TriedCandidate(candidate, grade, checked, after, self.limits.clock() - began, tuple(found))

    def verified(self, edits: dict[Path, str]) -> Checked | None:
        """What the compiler says of edits, most of them known; None where that is not known and no time is left."""
        state = state_of(edits)
        if state not in self._known:
            if self.limits.is_past():
                return None
            self._known[state] = self.target.check(self.texts.as_read(edits))
        return self._known[state]

    def take_back(self, place: int) -> None:
        """Undoes the steps from one on, with those made at once with it, and bars its outcome."""
        while self.steps[place].joined:
            place -= 1
        step = self.steps[place]
        alone = place + 1 == len(self.steps) or not self.steps[place + 1].joined
        if alone:
            self._banned.add(state_of(step.done))
        self.edits, self.checked = dict(step.edits), step.checked
        del self.steps[place:]

    def own(self) -> Iterator[FileDiagnostic]:
        """The errors that can be worked on and were not given up."""
        return (each for each in self.placed() if grading.known_by(each) not in self.given_up)

    def placed(self) -> Iterator[FileDiagnostic]:
        """The errors that have a place in a file of the user's own."""
        for each in self.checked.diagnostics:
            mine = not each.file.is_absolute() and self.target.owns(each.file)
            wanted = self.only is None or each.file == self.only
            if mine and wanted and each.diagnostic.primary is not None:
                why = self.texts.objection(each.file)
                if not why:
                    yield each
                self.unread = self.unread or why

    def problem(self, complaint: FileDiagnostic, said_of: Mapping[Path, str] | None = None) -> Problem:
        """The problem in today's text. `said_of` are the edits that the compiler spoke of, where these are others."""
        source = self.text(complaint.file)
        said_here = [each.diagnostic for each in self.checked.diagnostics if each.file == complaint.file]
        rest = [each for each in said_here if each is not complaint.diagnostic]
        said = source if said_of is None else said_of.get(complaint.file, self.texts.read(complaint.file))
        name = signature(complaint.diagnostic, said)
        others = partial(self._others, complaint.file)
        return Problem(complaint.file, source, (complaint.diagnostic, *rest), name, others)

    def _others(self, file: Path) -> Iterator[tuple[Path, str]]:
        """The files of the user's own beside one, with their texts; none where one file alone is repaired."""
        for path in sorted(self.tree.files) if self.only is None else ():
            if path.suffix != ".rs" or not path.is_relative_to(self.target.root):
                continue
            other = path.relative_to(self.target.root)
            if other != file and self.target.owns(other) and not self.texts.objection(other):
                yield other, self.text(other)

    def text(self, file: Path) -> str:
        """A file with the edits so far."""
        return self.edits[file] if file in self.edits else self.texts.read(file)

    def doubts(self) -> tuple[str, ...]:
        """The reasons to doubt all repairs together; a warning may come only when nothing else is wrong."""
        found = []
        for file, text in sorted(self.edits.items()):
            before = warnings_in(self.began_with, file)
            mended = [step.climb.problem.error for step in self.steps if step.climb.problem.file == file]
            reasons = doubts(self.texts.read(file), text, before, warnings_in(self.checked, file), mended)
            found += [f"{file}: {reason}" for reason in reasons]
        found += [
            f"{step.climb.problem.file}: {step.trial.candidate.doubt}"
            for step in self.steps
            if step.trial.candidate.doubt
        ]
        tests = [file for file, text in self.edits.items() if self._is_of_tests(file, text)]
        declares = [
            f for f, text in self.edits.items() if f not in tests and outline(self.texts.read(f)) != outline(text)
        ]
        if tests and declares:
            found.append(f"{min(tests)}: changes tests along with what they use")
        return tuple(found)

    def _is_of_tests(self, file: Path, text: str) -> bool:
        return not {"tests", "examples", "benches"}.isdisjoint(file.parts) or coverage.changes_tests(
            self.texts.read(file), text
        )


def state_of(edits: Mapping[Path, str]) -> State:
    """What edits are known by."""
    return tuple(sorted(edits.items()))


def wrote(step: RepairStep, file: Path, line: str) -> bool:
    """Whether a step wrote a line of a file."""
    for each in step.changes:
        new = each.new.split("\n")
        changed = grading.changed_lines(each.old, each.new)
        if each.file == file and any(new[n - 1].strip() == line for n in changed if 0 < n <= len(new)):
            return True
    return False


def warnings_in(checked: Checked, file: Path) -> list[Diagnostic]:
    """The warnings in a file, and the errors that are warnings by rights: lints that are denied."""
    found = [each.diagnostic for each in checked.warnings if each.file == file]
    return found + [
        each.diagnostic
        for each in checked.diagnostics
        if each.file == file and each.diagnostic.code is not None and grading.phase(each.diagnostic) == grading.LINTS
    ]
