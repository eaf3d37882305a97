"""Repairing a crate or a file: error by error up the ladder, each repair verified with those before it, then the tests.

    check -> the first error in the user's own files -> climb -> the repair joins the edits -> check ... -> test

A repair that new errors followed is built upon, and undone when what it led to cannot be repaired; so is the last
repair when the tests fail. One with doubts (`doubt.py`) is taken only where no other is found, and what it leads to is
not called fixed. Nothing is written to the user's tree here.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.text import plural
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix import reach
from sleepy.daemon.fix.doubt import doubts, outline
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Climb, OutOfBudget, Problem, Rung, TriedCandidate, climb
from sleepy.daemon.fix.target import FixTarget
from sleepy.daemon.fix.texts import FileTexts
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace_result import Checked, Tested

_ROUNDS = 3  # of tests with planted panics: one hides those that come after it
_FINE = frozenset([Fate.OK, Fate.IGNORED, Fate.BARRED])  # BARRED: the jail does not let it run at all


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a mending may take: seconds of wall clock, candidates compiled, repairs taken back."""

    seconds: float = 300.0
    tries: int = 160
    detours: int = 6


@dataclass(frozen=True, slots=True)
class Mended:
    """What a mending came to. `edits` are the new texts of the files it touched, `before` their bytes as read.

    `fixed`: it compiles, its tests pass as far as they can be run, and nothing is to be doubted. `climbs` are the errors
    met, in order; `left` those that are still there; `why` says what stands in the way where it is not fixed. `doubts`
    are the reasons not to trust a repair that compiles and passes. `untested` are the changed lines, as FILE:LINE, that
    no test runs; `old_failures` the tests that fail without coming to them.
    """

    fixed: bool
    edits: Mapping[Path, str] = field(default_factory=dict)
    before: Mapping[Path, bytes] = field(default_factory=dict)
    climbs: tuple[Climb, ...] = ()
    left: tuple[FileDiagnostic, ...] = ()
    checked: Checked | None = None
    tested: Tested | None = None
    why: str = ""
    tree: Snapshot = field(default_factory=Snapshot)  # the sources as they were when it was last tested
    seconds: float = 0.0
    doubts: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    old_failures: tuple[str, ...] = ()


def passes(tested: Tested, old: Collection[str] = ()) -> bool:
    """Whether no test that can be run here fails, but for `old` ones. What the jail bars was barred without the edits."""
    if tested.passed:
        return True
    if tested.outcome is not Outcome.INFRA_ERROR and not old:
        return False
    return bool(tested.tests) and all(t.fate in _FINE or t.name in old for t in tested.tests)


@dataclass(frozen=True, slots=True)
class Standing:
    """Something to fall back on: edits that compile, and what the tests said of them."""

    edits: dict[Path, str]
    checked: Checked
    steps: list[RepairStep]
    tested: Tested
    passes: bool
    doubts: tuple[str, ...]
    untested: tuple[str, ...]
    old: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepairStep:
    """A climb with a find; `checked` and `edits` are as they were before it."""

    climb: Climb
    checked: Checked
    edits: dict[Path, str]

    @property
    def trial(self) -> TriedCandidate:
        assert self.climb.found is not None, "a step is a find"
        return self.climb.found.trial

    @property
    def grade(self) -> CandidateGrade:
        return self.trial.grade


def mend(
    workspace: FixTarget,
    ladder: Sequence[Rung],
    *,
    budget: Budget | None = None,
    only: Path | None = None,
    say: Say = silent,
    stopped: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Mended:
    """What the ladder could repair. Reads the user's tree and never writes to it.

    `only` is the one file whose errors are repaired; `stopped` is asked before each candidate. Where the sandbox
    fails the result is not fixed, with the reason in `why`; `WorkspaceError` when a manifest is broken.
    """
    return _Mending(workspace, ladder, budget or Budget(), only, say, stopped, clock).done()


class _Mending:
    def __init__(
        self,
        target: FixTarget,
        ladder: Sequence[Rung],
        budget: Budget,
        only: Path | None,
        say: Say,
        stopped: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        self._target, self._ladder, self._budget, self._only = target, ladder, budget, only
        self._say, self._stopped, self._clock, self._began = say, stopped, clock, clock()
        self._texts = FileTexts(target.root)
        self._edits: dict[Path, str] = {}
        self._steps: list[RepairStep] = []
        self._unsolved: list[Climb] = []
        self._known: dict[tuple[tuple[Path, str], ...], Checked] = {}
        self._banned: set[tuple[tuple[Path, str], ...]] = set()
        self._given_up: set[tuple[str, ...]] = set()
        self._tries = self._detours = 0
        self._tested: Tested | None = None
        self._standing: Standing | None = None  # the best that is not to be called fixed
        self._began_with: Checked = Checked(Outcome.INFRA_ERROR)
        self._checked: Checked = Checked(Outcome.INFRA_ERROR)
        self._tree = Snapshot()
        self._untested: tuple[str, ...] = ()
        self._old: tuple[str, ...] = ()  # tests that failed before
        self._unread = ""

    def done(self) -> Mended:
        """Repairs until it compiles and passes its tests, or nothing more can be done."""
        self._checked = self._began_with = self._target.check({})
        while True:
            if self._checked.passed:
                if not self._steps:
                    return self._ended(fixed=True)
                self._tree = self._target.tree()
                tested = self._target.test(self._texts.as_read(self._edits))
                self._run_through(tested)
                passed = passes(tested, self._old)
                found = self._doubts() if passed else ()
                if passed and not found:
                    self._tested = tested
                    return self._ended(fixed=True)
                self._keep(tested, passed, found)
                suspect = self._suspect(found)
                if tested.outcome is Outcome.INFRA_ERROR or suspect is None or not self._take_back(suspect):
                    return self._ended()
                continue
            if self._checked.outcome is not Outcome.COMPILE_ERROR:
                return self._ended(why=f"{self._checked.outcome}: {self._checked.detail}".rstrip(": "))
            complaint = self._next()
            if complaint is None:
                return self._ended(why=self._checked.detail or self._unread or self._named())
            if self._spent():
                return self._ended(why="the time limit or the limit of tries was reached")
            self._solve(complaint)

    def _solve(self, complaint: FileDiagnostic) -> None:
        problem = self._problem(complaint)
        edits, checked = dict(self._edits), self._checked
        what = f"{complaint.file}: {problem.error.code or 'error'}"
        self._say(what, 0, 1)
        found = climb(self._ladder, problem, lambda item: self._attempt(item, complaint, problem), clock=self._clock)
        self._say(what, 1, 1)
        if found.found is not None:
            after = found.found.trial.checked
            assert after is not None, "what is found was checked"
            self._steps.append(RepairStep(found, checked, edits))
            self._edits = {**edits, problem.file: found.found.trial.candidate.source}
            self._checked = after
            return
        self._unsolved.append(found)
        self._given_up.add(grading.known_by(complaint))
        doubtful = [i for i, step in enumerate(self._steps) if step.grade is CandidateGrade.DOUBTFUL]
        came = grading.known_by(complaint)
        if doubtful and came not in {grading.known_by(each) for each in self._steps[doubtful[-1]].checked.diagnostics}:
            self._take_back(doubtful[-1])

    def _doubts(self) -> tuple[str, ...]:
        """The reasons to doubt all repairs together; a warning may come only when nothing else is wrong."""
        found = []
        for file, text in sorted(self._edits.items()):
            before = _warnings(self._began_with, file)
            mended = [step.climb.problem.error for step in self._steps if step.climb.problem.file == file]
            reasons = doubts(self._texts.read(file), text, before, _warnings(self._checked, file), mended)
            found += [f"{file}: {reason}" for reason in reasons]
        tests = [file for file, text in self._edits.items() if self._is_of_tests(file, text)]
        declares = [
            f for f, text in self._edits.items() if f not in tests and outline(self._texts.read(f)) != outline(text)
        ]
        if tests and declares:
            found.append(f"{min(tests)}: changes tests along with what they use")
        return tuple(found)

    def _is_of_tests(self, file: Path, text: str) -> bool:
        return not {"tests", "examples", "benches"}.isdisjoint(file.parts) or reach.changes_tests(
            self._texts.read(file), text
        )

    def _keep(self, tested: Tested, passed: bool, found: tuple[str, ...]) -> None:
        """Remembers the likeliest of what compiles; what passes its tests is before what does not."""
        known = self._standing
        if known is None or (passed and not known.passes):
            self._standing = Standing(
                dict(self._edits),
                self._checked,
                list(self._steps),
                tested,
                passed,
                found,
                self._untested,
                self._old,
            )

    def _run_through(self, tested: Tested) -> None:
        """Finds out, with panics planted at the edits, what no test runs and which failures are none of theirs."""
        self._old, self._untested = (), ()
        names = Counter(run.name for run in tested.tests)
        failed = {run.name for run in tested.tests if run.fate is Fate.FAILED and names[run.name] == 1}
        could = passes(tested, failed) and any(run.fate in (Fate.OK, Fate.FAILED) for run in tested.tests)
        if not could or self._spent() or 2 * tested.seconds > self._budget.seconds - (self._clock() - self._began):
            return
        known = {file: reach.places(self._texts.read(file), text) for file, text in sorted(self._edits.items())}
        left = [(file, place) for file, each in known.items() for place in each.found]
        first = True
        for _ in range(_ROUNDS):
            run = self._planted(left)
            if run is None or run.outcome not in (Outcome.PASS, Outcome.FAIL, Outcome.INFRA_ERROR):
                return
            if first and failed and not any(each.elsewhere for each in known.values()):
                self._old = tuple(sorted(reach.untouched(failed, tested.detail, run.detail)))
            first = False
            fates = {(each.executable, each.name): each.fate for each in tested.tests}
            news = any(each.fate is not fates.get((each.executable, each.name)) for each in run.tests)
            seen = reach.met(run.detail)
            left = [each for number, each in enumerate(left) if number not in seen]
            if not left or (news and not seen):  # by what is not seen, it may be any of them
                return
            if not news and not seen:
                self._untested = tuple(f"{file}:{place.line}" for file, place in left)
                return

    def _planted(self, where: Sequence[tuple[Path, reach.Place]]) -> Tested | None:
        """The tests with a panic at each place, numbered in their order; None where there is no place."""
        if not where:
            return None
        texts, number = dict(self._edits), 0
        for file in dict.fromkeys(file for file, _ in where):
            own = [place for each, place in where if each == file]
            texts[file] = reach.planted(self._edits[file], own, number)
            number += len(own)
        return self._target.test(self._texts.as_read(texts))

    def _suspect(self, found: tuple[str, ...]) -> int | None:
        """The repair to take back: the last, or the last in the file of a doubt that nobody saw coming."""
        if not found:
            return len(self._steps) - 1
        seen = {f"{step.climb.problem.file}: {reason}" for step in self._steps for reason in step.trial.doubts}
        news = [reason for reason in found if reason not in seen]
        files = {reason.partition(": ")[0] for reason in news}
        return max((i for i, step in enumerate(self._steps) if str(step.climb.problem.file) in files), default=None)

    def _take_back(self, place: int) -> bool:
        """Undoes the repairs from one on, and bars its outcome; False when that was done often enough."""
        if self._detours == self._budget.detours or self._spent():
            return False
        self._detours += 1
        step = self._steps[place]
        self._banned.add(_state({**step.edits, step.climb.problem.file: step.trial.candidate.source}))
        self._edits, self._checked = dict(step.edits), step.checked
        del self._steps[place:]
        return True

    def _attempt(self, candidate: Candidate, complaint: FileDiagnostic, problem: Problem) -> TriedCandidate:
        if not candidate.source or candidate.source == problem.source:
            return TriedCandidate(candidate, CandidateGrade.REFUSED)
        edits = {**self._edits, problem.file: candidate.source}
        state, began = _state(edits), self._clock()
        if state in self._banned:
            return TriedCandidate(candidate, CandidateGrade.REFUSED, self._known.get(state))
        if state not in self._known:
            if self._spent():
                raise OutOfBudget
            self._tries += 1
            self._known[state] = self._target.check(self._texts.as_read(edits))
        checked = self._known[state]
        edited = grading.changed_lines(problem.source, candidate.source)
        declares = outline(problem.source) != outline(candidate.source)
        grade = grading.grade(self._checked, checked, complaint, edited, declares=declares)
        after = tuple(each.diagnostic for each in checked.diagnostics if each.file == problem.file)
        found: tuple[str, ...] = ()
        if grade is not CandidateGrade.REFUSED:
            was, now = _warnings(self._checked, problem.file), _warnings(checked, problem.file)
            found = doubts(problem.source, candidate.source, was, now, [problem.error])
        return TriedCandidate(candidate, grade, checked, after, self._clock() - began, found)

    def _next(self) -> FileDiagnostic | None:
        """The first error that has a place in a file of the user's own and was not given up."""
        for each in self._checked.diagnostics:
            mine = not each.file.is_absolute() and self._target.owns(each.file)
            wanted = self._only is None or each.file == self._only
            placed = each.diagnostic.primary is not None and grading.known_by(each) not in self._given_up
            if mine and wanted and placed:
                why = self._texts.objection(each.file)
                if not why:
                    return each
                self._unread = why
        return None

    def _problem(self, complaint: FileDiagnostic) -> Problem:
        source = self._text(complaint.file)
        others = [each.diagnostic for each in self._checked.diagnostics if each.file == complaint.file]
        rest = [each for each in others if each is not complaint.diagnostic]
        name = signature(complaint.diagnostic, source)
        return Problem(complaint.file, source, (complaint.diagnostic, *rest), name)

    def _text(self, file: Path) -> str:
        return self._edits[file] if file in self._edits else self._texts.read(file)

    def _spent(self) -> bool:
        if self._stopped():
            return True
        return self._tries >= self._budget.tries or self._clock() - self._began > self._budget.seconds

    def _named(self) -> str:
        return f"{plural(len(self._checked.diagnostics), 'error is', 'errors are')} left"

    def _ended(self, *, fixed: bool = False, why: str = "") -> Mended:
        found: tuple[str, ...] = ()
        if not fixed and self._standing is not None:
            last = self._standing
            self._edits, self._checked, self._steps = last.edits, last.checked, last.steps
            self._tested, found = last.tested, last.doubts
            self._untested, self._old = last.untested, last.old
            why = f"it compiles, but the tests do not pass ({last.tested.outcome}): {last.tested.detail}"
            if last.passes:
                why = "it compiles and passes its tests, but it is doubtful"
        edits = self._texts.as_read(self._edits)
        climbs = [step.climb for step in self._steps]
        done = {(each.problem.file, each.problem.error.message, each.problem.source) for each in climbs}
        for each in self._unsolved:
            if (mark := (each.problem.file, each.problem.error.message, each.problem.source)) not in done:
                done.add(mark)
                climbs.append(each)
        return Mended(
            fixed,
            edits,
            self._texts.before(edits),
            tuple(climbs),
            () if self._checked.passed else self._checked.diagnostics,
            self._checked,
            self._tested,
            why,
            self._tree,
            self._clock() - self._began,
            found,
            self._untested,
            self._old,
        )


def _state(edits: Mapping[Path, str]) -> tuple[tuple[Path, str], ...]:
    return tuple(sorted(edits.items()))


def _warnings(checked: Checked, file: Path) -> list[Diagnostic]:
    """The warnings in a file, and the errors that are warnings by rights: lints that are denied."""
    found = [each.diagnostic for each in checked.warnings if each.file == file]
    return found + [
        each.diagnostic
        for each in checked.diagnostics
        if each.file == file and each.diagnostic.code is not None and grading.phase(each.diagnostic) == grading.LINTS
    ]
