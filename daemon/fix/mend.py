"""Repairing a crate or a file: error by error up the ladder, each repair verified with those before it, then the tests.

    check -> the first error in the user's own files -> climb -> the repair joins the edits -> check ... -> test
    -> where a repair was a choice, the tests with the other choices (`guess.py`)

A repair that new errors followed is built upon, and undone when what it led to cannot be repaired; so is the last
repair when the tests fail. One with doubts (`doubt.py`) is taken only where no other is found, and what it leads to is
not called fixed. Nothing is written to the user's tree here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.text import plural
from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix.certain import certain
from sleepy.daemon.fix.draft import CompiledRepair, RepairDraft, RepairStep, wrote
from sleepy.daemon.fix.exercise import Exercise, exercised
from sleepy.daemon.fix.guess import guesses, is_choice
from sleepy.daemon.fix.ladder import CHEAP, CandidateGrade, Climb, Rung, climb
from sleepy.daemon.fix.limits import Budget, RepairLimits
from sleepy.daemon.fix.mended import Mended
from sleepy.daemon.fix.target import FixTarget
from sleepy.daemon.fix.tested import complaint_of, failing_too, passes
from sleepy.daemon.fix.texts import FileTexts
from sleepy.daemon.fix.together import KnownEdit, solve_together, spread
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace_result import Tested

_ROUNDS = 2  # in which errors that were postponed are tried again

AtHead = Callable[[], Collection[tuple[str, str]]]


def mend(
    workspace: FixTarget,
    ladder: Sequence[Rung],
    *,
    budget: Budget | None = None,
    only: Path | None = None,
    say: Say = silent,
    stopped: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
    apart: Callable[[], float] = lambda: 0.0,
    at_head: AtHead = frozenset,
) -> Mended:
    """What the ladder could repair. Reads the user's tree and never writes to it.

    `only` is the one file whose errors are repaired; `stopped` is asked before each candidate; `apart` are seconds that
    the budget does not count: a model is opened once; `at_head` are the tests that fail at git's HEAD, by executable
    and name, asked only where a test speaks against a repair that else stands. Where the sandbox fails the result is
    not fixed, with the reason in `why`; `WorkspaceError` when a manifest is broken.
    """
    limits = RepairLimits(budget or Budget(), stopped, clock, apart)
    return _Mending(RepairDraft(workspace, FileTexts(workspace.root), limits, only), ladder, say, at_head).done()


class _Mending:
    def __init__(self, draft: RepairDraft, ladder: Sequence[Rung], say: Say, at_head: AtHead) -> None:
        self._draft, self._limits, self._ladder, self._say = draft, draft.limits, ladder, say
        self._at_head, self._head = at_head, frozenset[tuple[str, str]]()
        self._asked_head = False
        self._failed_before: tuple[str, ...] = ()
        self._unsolved: list[Climb] = []
        self._tested: Tested | None = None
        self._standing: CompiledRepair | None = None  # the best that is not to be called fixed
        self._exercise = Exercise()
        self._postponed: set[tuple[str, ...]] = set()  # errors whose share of the time was over
        self._rounds = 0
        self._cheap = [rung for rung in ladder if rung.name in CHEAP]
        self._asked: set[tuple[str, ...]] = set()  # errors that were tried without a model
        self._repeated: dict[KnownEdit, set[tuple[str, ...]]] = {}  # and the errors that each was tried at
        self._sure = any(rung.name == "compiler" for rung in ladder)  # whether suggestions are tried at all
        self._one_by_one = not self._sure  # those suggestions

    def done(self) -> Mended:
        """Repairs until it compiles and passes its tests, or nothing more can be done."""
        self._say("check", 0, 1)
        self._draft.begin()
        self._say("check", 1, 1)
        while True:
            if self._draft.checked.passed:
                if not self._draft.steps:
                    return self._ended(fixed=True)
                self._draft.tree = self._draft.target.tree()
                self._say("tests", 0, 1)
                tested = self._draft.target.test(self._draft.texts.as_read(self._draft.edits))
                self._exercise, self._failed_before = Exercise(), ()
                if not self._limits.spent():
                    self._exercise = exercised(self._draft.target, self._draft.texts, self._draft.edits, tested)
                self._say("tests", 1, 1)
                passed = passes(tested, self._exercise.old) or self._failed_then(tested)
                found = self._draft.doubts() if passed else ()
                if passed and not found:
                    found = self._guessed()
                    if not found:
                        self._tested = tested
                        return self._ended(fixed=True)
                    self._standing = None  # a guess is nearer than what is to be doubted by its words
                    self._keep(tested, passed, found)
                    return self._ended()
                self._keep(tested, passed, found)
                suspect = self._suspect(found)
                if not tested.is_label or suspect is None or not self._take_back(suspect):
                    return self._ended()
                continue
            if self._draft.checked.outcome is not Outcome.COMPILE_ERROR:
                return self._ended(why=f"{self._draft.checked.outcome}: {self._draft.checked.detail}".rstrip(": "))
            if (not self._one_by_one and self._solve_together()) or self._repeat():
                continue
            complaint = self._next() or self._next_of_postponed()
            if complaint is None:
                return self._ended(why=self._draft.checked.detail or self._draft.unread or self._named())
            if self._limits.spent():
                return self._ended(why="the time limit or the limit of tries was reached")
            if not self._solve_cheaply():
                self._solve(complaint)

    def _failed_then(self, tested: Tested) -> bool:
        """Whether every test that speaks against the repair fails at HEAD as well."""
        if tested.outcome is not Outcome.FAIL or self._draft.doubts():
            return False
        if not self._asked_head:
            self._asked_head = True
            with self._limits.aside():
                self._head = frozenset(self._at_head())
        self._failed_before = failing_too(tested, self._head)
        return bool(self._failed_before) and passes(tested, {*self._exercise.old, *self._failed_before})

    def _guessed(self) -> tuple[str, ...]:
        """The choices that no test tells from others."""
        self._say("other choices", 0, 1)
        found = guesses(self._draft, {*self._exercise.old, *self._failed_before})
        self._say("other choices", 1, 1)
        return found

    def _solve_together(self) -> bool:
        """Whether several errors were solved at once; where not, they are taken one by one."""
        self._one_by_one = not solve_together(self._draft)
        return not self._one_by_one

    def _repeat(self) -> bool:
        """Whether an edit that has repaired an error repaired others; those that were given up are among them."""
        for known, tried in self._repeated.items():
            errors = [
                each
                for each in self._draft.placed()
                if grading.known_by(each) not in tried and known.is_of(self._draft, each)
            ]
            tried |= {grading.known_by(each) for each in errors}
            if errors and spread(self._draft, known, errors):
                return True
        return False

    def _solve_cheaply(self) -> bool:
        """Whether an error was repaired without a model: all are tried so before one is asked of it.

        What many have in common is often cheap at one of them.
        """
        wanted = [each for each in self._draft.own() if grading.known_by(each) not in self._asked]
        if not 0 < len(self._cheap) < len(self._ladder) or len(list(self._draft.own())) < 2:
            return False
        for complaint in wanted:
            if self._limits.spent():
                return False
            self._asked.add(grading.known_by(complaint))
            found = self._climbed(self._cheap, complaint)
            if found.found is not None and found.found.trial.accepted:
                self._take(found, complaint)
                return True
        return False

    def _climbed(self, ladder: Sequence[Rung], complaint: FileDiagnostic) -> Climb:
        problem = self._draft.problem(complaint)
        what = f"{complaint.file}: {problem.error.code or 'error'}"
        self._limits.share(len(list(self._draft.own())))
        self._say(what, 0, 1)
        found = climb(
            ladder, problem, lambda item: self._draft.attempt(item, complaint, problem), clock=self._limits.clock
        )
        self._say(what, 1, 1)
        return found

    def _take(self, climbed: Climb, complaint: FileDiagnostic) -> None:
        """Makes a find a step; its edit is to be made wherever there is the same to be done."""
        assert climbed.found is not None and climbed.found.trial.checked is not None, "what is found was checked"
        draft, after = self._draft, climbed.found.trial.checked
        draft.steps.append(RepairStep(climbed, complaint, draft.checked, dict(draft.edits)))
        draft.edits = draft.steps[-1].done
        self._one_by_one = not self._sure or {grading.phase(each.diagnostic) for each in after.diagnostics} <= {
            grading.phase(each.diagnostic) for each in draft.checked.diagnostics
        }  # where another phase is reached there may be much to be done at once
        draft.checked = after
        if (known := KnownEdit.of(draft.steps[-1])) is not None:
            self._repeated[known] = {grading.known_by(complaint)}

    def _solve(self, complaint: FileDiagnostic) -> None:
        found = self._climbed(self._ladder, complaint)
        if found.found is not None:
            self._take(found, complaint)
            return
        if self._limits.is_over() and not self._limits.spent():
            self._postponed.add(grading.known_by(complaint))
        self._unsolved.append(found)
        self._draft.given_up.add(grading.known_by(complaint))
        doubtful = [i for i, step in enumerate(self._draft.steps) if step.grade is CandidateGrade.DOUBTFUL]
        came = grading.known_by(complaint)
        if doubtful and came not in {
            grading.known_by(each) for each in self._draft.steps[doubtful[-1]].checked.diagnostics
        }:
            self._take_back(doubtful[-1])

    def _keep(self, tested: Tested, passed: bool, found: tuple[str, ...]) -> None:
        """Remembers the likeliest of what compiles; what passes its tests is before what does not."""
        known = self._standing
        if known is None or (passed and not known.passes):
            self._standing = CompiledRepair(
                dict(self._draft.edits),
                self._draft.checked,
                list(self._draft.steps),
                tested,
                passed,
                found,
                self._exercise,
                self._failed_before,
            )

    def _suspect(self, found: tuple[str, ...]) -> int | None:
        """The repair to take back: the last that failed tests come to, or the last in the file of a doubt nobody saw."""
        if not found:
            lines = {
                (file, text[line - 1].strip())
                for file, line in self._exercise.guilty
                if line <= len(text := self._draft.edits[file].split("\n"))
            }
            guilty = [i for i, step in enumerate(self._draft.steps) if any(wrote(step, *each) for each in lines)]
            return max(guilty, default=len(self._draft.steps) - 1)
        seen = {f"{step.climb.problem.file}: {reason}" for step in self._draft.steps for reason in step.trial.doubts}
        news = [reason for reason in found if reason not in seen]
        files = {reason.partition(": ")[0] for reason in news}
        guilty = [
            i for i, step in enumerate(self._draft.steps) if any(str(each.file) in files for each in step.changes)
        ]
        return max(guilty, default=None)

    def _take_back(self, place: int) -> bool:
        """Undoes the repairs from one on; False when that was done often enough."""
        if not self._limits.may_go_back():
            return False
        self._one_by_one = True
        self._repeated.clear()
        self._draft.take_back(place)
        return True

    def _next(self) -> FileDiagnostic | None:
        """The first error that can be worked on."""
        return next(self._draft.own(), None)

    def _next_of_postponed(self) -> FileDiagnostic | None:
        """The first of those whose share of the time was over: what the others left is theirs."""
        if not self._postponed or self._rounds == _ROUNDS or self._limits.spent():
            return None
        self._rounds += 1
        self._draft.given_up -= self._postponed
        self._postponed = set()
        return self._next()

    def _named(self) -> str:
        return f"{plural(len(self._draft.checked.diagnostics), 'error is', 'errors are')} left"

    def _ended(self, *, fixed: bool = False, why: str = "") -> Mended:
        found: tuple[str, ...] = ()
        if not fixed and self._standing is not None:
            last = self._standing
            self._draft.edits, self._draft.checked, self._draft.steps = last.edits, last.checked, last.steps
            self._tested, found, self._exercise = last.tested, last.doubts, last.exercise
            self._failed_before = last.failed_before
            why = complaint_of(last.tested)
            if last.passes:
                why = "it compiles and passes its tests, but it is doubtful"
        edits = self._draft.texts.as_read(self._draft.edits)
        climbs = [step.climb for step in self._draft.steps]
        done = {(each.problem.file, each.problem.error, each.problem.source) for each in climbs}
        for each in self._unsolved:
            if (mark := (each.problem.file, each.problem.error, each.problem.source)) not in done:
                done.add(mark)
                climbs.append(each)
        part = None
        if self._draft.steps and not self._draft.checked.passed:
            left = self._draft.checked.diagnostics
            sure = [step for step in self._draft.steps if not is_choice(step)]
            part = certain(sure, self._draft.began_with, left, self._draft.texts.read, self._draft.verified)
            part = replace(part, edits=self._draft.texts.as_read(part.edits))
        return Mended(
            fixed,
            edits,
            self._draft.texts.before(edits),
            tuple(climbs),
            () if self._draft.checked.passed else self._draft.checked.diagnostics,
            self._draft.checked,
            self._tested,
            why,
            self._draft.tree,
            self._limits.seconds,
            found,
            self._exercise.untested,
            self._exercise.old,
            self._failed_before,
            part,
        )
