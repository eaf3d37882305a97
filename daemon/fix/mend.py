"""Repairing a crate or a file: error by error up the ladder, each repair verified with those before it, then the tests.

    check -> the first error in the user's own files -> climb -> the repair joins the edits -> check ... -> test

A repair that new errors followed is built upon, and undone when what it led to cannot be repaired; so is the last
repair when the tests fail. One with doubts (`doubt.py`) is taken only where no other is found, and what it leads to is
not called fixed. Nothing is written to the user's tree here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.text import plural
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.fix import coverage, joint
from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix.certain import Certain, certain
from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.exercise import Exercise, exercised
from sleepy.daemon.fix.ladder import (
    Candidate,
    CandidateGrade,
    Climb,
    FileEdit,
    OutOfBudget,
    Problem,
    Receipt,
    Rung,
    TriedCandidate,
    Try,
    climb,
)
from sleepy.daemon.fix.target import FixTarget
from sleepy.daemon.fix.texts import FileTexts
from sleepy.daemon.fix.words import outline
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace_result import Checked, Tested

_TURNS = 2  # of the compiler's suggestions tried at once: the second without those to blame for the first
_ROUNDS = 2  # in which errors that were postponed are tried again
_SHARE = 6.0  # seconds that an error has at least, before the next is looked at
_FINE = frozenset([Fate.OK, Fate.IGNORED, Fate.BARRED])  # BARRED: the jail does not let it run at all


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a mending may take: seconds of wall clock, candidates compiled, repairs taken back.

    `pace`: of the seconds it has these, and for each second of the first check as many: what compiles fast is given up
    early.
    """

    seconds: float = 300.0
    tries: int = 160
    detours: int = 6
    pace: float = 36.0


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
    certain: Certain | None = None  # what may be written of a repair that is not whole

    @property
    def met(self) -> tuple[Climb, ...]:
        """The climbs of errors that are the user's: repaired, or left. A detour's own errors are not among them."""
        left = {(each.file, each.diagnostic.message, pointed(each.diagnostic)) for each in self.left}
        return tuple(
            each
            for each in self.climbs
            if each.found is not None
            or (each.problem.file, each.problem.error.message, pointed(each.problem.error)) in left
        )


def pointed(said: Diagnostic) -> str:
    """The line that an error points at."""
    return said.primary.text.strip() if said.primary is not None else ""


def passes(tested: Tested, old: Collection[str] = ()) -> bool:
    """Whether no test that can be run here fails, but for `old` ones. What the jail bars was barred without the edits."""
    if tested.passed:
        return True
    if tested.outcome is not Outcome.INFRA_ERROR and not old:
        return False
    return bool(tested.tests) and all(t.fate in _FINE or t.name in old for t in tested.tests)


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
) -> Mended:
    """What the ladder could repair. Reads the user's tree and never writes to it.

    `only` is the one file whose errors are repaired; `stopped` is asked before each candidate; `apart` are seconds that
    the budget does not count: a model is opened once. Where the sandbox fails the result is not fixed, with the reason
    in `why`; `WorkspaceError` when a manifest is broken.
    """
    return _Mending(workspace, ladder, budget or Budget(), only, say, stopped, clock, apart).done()


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
        apart: Callable[[], float],
    ) -> None:
        self._apart = apart
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
        self._standing: CompiledRepair | None = None  # the best that is not to be called fixed
        self._began_with: Checked = Checked(Outcome.INFRA_ERROR)
        self._checked: Checked = Checked(Outcome.INFRA_ERROR)
        self._tree = Snapshot()
        self._exercise = Exercise()
        self._unread = ""
        self._postponed: set[tuple[str, ...]] = set()  # errors whose share of the time was over
        self._rounds = 0
        self._until = self._began + budget.seconds
        self._sure = any(rung.name == "compiler" for rung in ladder)  # whether suggestions are tried at all
        self._one_by_one = not self._sure  # those suggestions

    def done(self) -> Mended:
        """Repairs until it compiles and passes its tests, or nothing more can be done."""
        self._say("check", 0, 1)
        self._checked = self._began_with = self._target.check({})
        self._say("check", 1, 1)
        self._tree = self._target.tree()
        while True:
            if self._checked.passed:
                if not self._steps:
                    return self._ended(fixed=True)
                self._tree = self._target.tree()
                self._say("tests", 0, 1)
                tested = self._target.test(self._texts.as_read(self._edits))
                self._exercise = Exercise()
                if not self._spent():
                    self._exercise = exercised(self._target, self._texts, self._edits, tested)
                self._say("tests", 1, 1)
                passed = passes(tested, self._exercise.old)
                found = self._doubts() if passed else ()
                if passed and not found:
                    self._tested = tested
                    return self._ended(fixed=True)
                self._keep(tested, passed, found)
                suspect = self._suspect(found)
                if not tested.is_label or suspect is None or not self._take_back(suspect):
                    return self._ended()
                continue
            if self._checked.outcome is not Outcome.COMPILE_ERROR:
                return self._ended(why=f"{self._checked.outcome}: {self._checked.detail}".rstrip(": "))
            if not self._one_by_one and self._solve_together():
                continue
            complaint = self._next() or self._next_of_postponed()
            if complaint is None:
                return self._ended(why=self._checked.detail or self._unread or self._named())
            if self._spent():
                return self._ended(why="the time limit or the limit of tries was reached")
            self._solve(complaint)

    def _solve_together(self) -> bool:
        """Applies what the compiler is sure of to all errors at once; False where that is not clean in each."""
        self._one_by_one = True
        edits, checked = dict(self._edits), self._checked
        wanted = list(self._own())
        for _ in range(_TURNS):
            self._edits = dict(edits)
            found = self._suggested(wanted, edits)
            if len(found) < 2 or self._spent():
                break
            self._tries += 1
            after = self._target.check(self._texts.as_read(self._edits))
            if joint.is_clean(checked, after, found, edits, self._edits, self._texts.read):
                for each in found:
                    said = tuple(d.diagnostic for d in after.diagnostics if d.file == each.problem.file)
                    tried = TriedCandidate(Candidate(each.text, joint.NOTE), CandidateGrade.CLEAN, after, said)
                    receipt = Receipt("compiler", 1, True, after.seconds / len(found))
                    find = Try("compiler", tried)
                    known = Climb(each.problem, (receipt,), (find,), find)
                    self._steps.append(RepairStep(known, each.complaint, checked, edits, joined=each is not found[0]))
                self._checked = after
                self._one_by_one = False
                return True
            wanted = [each.complaint for each in joint.blameless(after, found)]
            if len(wanted) == len(found):
                break
        self._edits = edits
        return False

    def _suggested(self, wanted: Sequence[FileDiagnostic], said_of: Mapping[Path, str]) -> list[joint.Found]:
        """The errors with one sure suggestion each, which is put into the edits."""
        found: list[joint.Found] = []
        for complaint in wanted:
            problem = self._problem(complaint, said_of)
            text = joint.applied(problem, [each.complaint for each in found if each.problem.file == complaint.file])
            if text is not None and not doubts(problem.source, text, errors=[problem.error]):
                found.append(joint.Found(complaint, problem, text))
                self._edits[problem.file] = text
        return found

    def _solve(self, complaint: FileDiagnostic) -> None:
        problem = self._problem(complaint)
        edits, checked = dict(self._edits), self._checked
        what = f"{complaint.file}: {problem.error.code or 'error'}"
        self._until = self._clock() - self._apart() + max(_SHARE, self._seconds_left() / max(1, len(list(self._own()))))
        self._say(what, 0, 1)
        found = climb(self._ladder, problem, lambda item: self._attempt(item, complaint, problem), clock=self._clock)
        self._say(what, 1, 1)
        if found.found is not None:
            after = found.found.trial.checked
            assert after is not None, "what is found was checked"
            self._steps.append(RepairStep(found, complaint, checked, edits))
            self._edits = self._steps[-1].done
            self._one_by_one = not self._sure or {grading.phase(each.diagnostic) for each in after.diagnostics} <= {
                grading.phase(each.diagnostic) for each in self._checked.diagnostics
            }  # where another phase is reached there may be much to be done at once
            self._checked = after
            return
        if self._is_over() and not self._spent():
            self._postponed.add(grading.known_by(complaint))
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
        return not {"tests", "examples", "benches"}.isdisjoint(file.parts) or coverage.changes_tests(
            self._texts.read(file), text
        )

    def _keep(self, tested: Tested, passed: bool, found: tuple[str, ...]) -> None:
        """Remembers the likeliest of what compiles; what passes its tests is before what does not."""
        known = self._standing
        if known is None or (passed and not known.passes):
            self._standing = CompiledRepair(
                dict(self._edits),
                self._checked,
                list(self._steps),
                tested,
                passed,
                found,
                self._exercise,
            )

    def _suspect(self, found: tuple[str, ...]) -> int | None:
        """The repair to take back: the last that failed tests come to, or the last in the file of a doubt nobody saw."""
        if not found:
            lines = {
                (file, text[line - 1].strip())
                for file, line in self._exercise.guilty
                if line <= len(text := self._edits[file].split("\n"))
            }
            guilty = [i for i, step in enumerate(self._steps) if any(_wrote(step, *each) for each in lines)]
            return max(guilty, default=len(self._steps) - 1)
        seen = {f"{step.climb.problem.file}: {reason}" for step in self._steps for reason in step.trial.doubts}
        news = [reason for reason in found if reason not in seen]
        files = {reason.partition(": ")[0] for reason in news}
        guilty = [i for i, step in enumerate(self._steps) if any(str(each.file) in files for each in step.changes)]
        return max(guilty, default=None)

    def _take_back(self, place: int) -> bool:
        """Undoes the repairs from one on, and bars its outcome; False when that was done often enough."""
        if self._detours == self._budget.detours or self._spent():
            return False
        self._detours += 1
        while self._steps[place].joined:
            place -= 1
        step = self._steps[place]
        alone = place + 1 == len(self._steps) or not self._steps[place + 1].joined
        self._one_by_one = True
        if alone:
            self._banned.add(_state(step.done))
        self._edits, self._checked = dict(step.edits), step.checked
        del self._steps[place:]
        return True

    def _attempt(self, candidate: Candidate, complaint: FileDiagnostic, problem: Problem) -> TriedCandidate:
        changes = candidate.edits(problem)
        if not candidate.source or not changes:
            return TriedCandidate(candidate, CandidateGrade.REFUSED)
        edits = {**self._edits, **{each.file: each.new for each in changes}}
        state, began = _state(edits), self._clock()
        if state in self._banned or any(state == _state(step.edits) for step in self._steps):  # not in a circle
            return TriedCandidate(candidate, CandidateGrade.REFUSED, self._known.get(state))
        if state not in self._known:
            if self._spent() or self._is_over():
                raise OutOfBudget
            self._tries += 1
            self._known[state] = self._target.check(self._texts.as_read(edits))
        checked = self._known[state]
        lines = {each.file: grading.changed_lines(each.old, each.new) for each in changes}
        declares = any(outline(each.old) != outline(each.new) for each in changes)
        own = lines.get(problem.file, set())
        grade = grading.grade(self._checked, checked, complaint, own, declares=declares, elsewhere=lines)
        after = tuple(each.diagnostic for each in checked.diagnostics if each.file == problem.file)
        found: list[str] = []
        if grade is not CandidateGrade.REFUSED:
            for each in changes:
                was, now = _warnings(self._checked, each.file), _warnings(checked, each.file)
                found += doubts(each.old, each.new, was, now, [problem.error])
        return TriedCandidate(candidate, grade, checked, after, self._clock() - began, tuple(found))

    def _next(self) -> FileDiagnostic | None:
        """The first error that can be worked on."""
        return next(self._own(), None)

    def _next_of_postponed(self) -> FileDiagnostic | None:
        """The first of those whose share of the time was over: what the others left is theirs."""
        if not self._postponed or self._rounds == _ROUNDS or self._spent():
            return None
        self._rounds += 1
        self._given_up -= self._postponed
        self._postponed = set()
        return self._next()

    def _own(self) -> Iterator[FileDiagnostic]:
        """The errors that have a place in a file of the user's own and were not given up."""
        for each in self._checked.diagnostics:
            mine = not each.file.is_absolute() and self._target.owns(each.file)
            wanted = self._only is None or each.file == self._only
            placed = each.diagnostic.primary is not None and grading.known_by(each) not in self._given_up
            if mine and wanted and placed:
                why = self._texts.objection(each.file)
                if not why:
                    yield each
                self._unread = self._unread or why

    def _problem(self, complaint: FileDiagnostic, said_of: Mapping[Path, str] | None = None) -> Problem:
        """The problem in today's text. `said_of` are the edits that the compiler spoke of, where these are others."""
        source = self._text(complaint.file)
        said_here = [each.diagnostic for each in self._checked.diagnostics if each.file == complaint.file]
        rest = [each for each in said_here if each is not complaint.diagnostic]
        said = source if said_of is None else said_of.get(complaint.file, self._texts.read(complaint.file))
        name = signature(complaint.diagnostic, said)
        others = partial(self._others, complaint.file)
        return Problem(complaint.file, source, (complaint.diagnostic, *rest), name, others)

    def _others(self, file: Path) -> Iterator[tuple[Path, str]]:
        """The files of the user's own beside one, with their texts; none where one file alone is repaired."""
        for path in sorted(self._tree.files) if self._only is None else ():
            if path.suffix != ".rs" or not path.is_relative_to(self._target.root):
                continue
            other = path.relative_to(self._target.root)
            if other != file and self._target.owns(other) and not self._texts.objection(other):
                yield other, self._text(other)

    def _text(self, file: Path) -> str:
        return self._edits[file] if file in self._edits else self._texts.read(file)

    def _spent(self) -> bool:
        if self._stopped():
            return True
        return self._tries >= self._budget.tries or self._seconds_left() < 0

    def _is_over(self) -> bool:
        """Whether an error's share of the time is over."""
        return self._clock() - self._apart() > self._until

    def _seconds_left(self) -> float:
        limit = min(self._budget.seconds, self._budget.pace * (1 + self._began_with.seconds))
        return limit + self._apart() - (self._clock() - self._began)

    def _named(self) -> str:
        return f"{plural(len(self._checked.diagnostics), 'error is', 'errors are')} left"

    def _ended(self, *, fixed: bool = False, why: str = "") -> Mended:
        found: tuple[str, ...] = ()
        if not fixed and self._standing is not None:
            last = self._standing
            self._edits, self._checked, self._steps = last.edits, last.checked, last.steps
            self._tested, found, self._exercise = last.tested, last.doubts, last.exercise
            why = _of_tests(last.tested)
            if last.passes:
                why = "it compiles and passes its tests, but it is doubtful"
        edits = self._texts.as_read(self._edits)
        climbs = [step.climb for step in self._steps]
        done = {(each.problem.file, each.problem.error, each.problem.source) for each in climbs}
        for each in self._unsolved:
            if (mark := (each.problem.file, each.problem.error, each.problem.source)) not in done:
                done.add(mark)
                climbs.append(each)
        part = None
        if self._steps and not self._checked.passed:
            left = self._checked.diagnostics
            part = certain(self._steps, self._began_with, left, self._texts.read, self._verified)
            part = replace(part, edits=self._texts.as_read(part.edits))
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
            self._exercise.untested,
            self._exercise.old,
            part,
        )

    def _verified(self, edits: dict[Path, str]) -> Checked | None:
        """What the compiler says of edits, most of them known; None where that is not known and no time is left."""
        state = _state(edits)
        if state not in self._known:
            if self._stopped() or self._seconds_left() < -_SHARE:
                return None
            self._known[state] = self._target.check(self._texts.as_read(edits))
        return self._known[state]


def _of_tests(tested: Tested) -> str:
    """What is wrong with the tests: the failed ones' own words, each once."""
    if tested.outcome is Outcome.COMPILE_ERROR:
        said = "; ".join(each.diagnostic.message.split("\n")[0] for each in tested.diagnostics[:3])
        return f"it compiles, but its tests do not: {said or tested.detail}"
    first, _, rest = tested.detail.partition("\n")
    told = "\n\n".join(coverage.sections(rest).values()) or rest.strip()
    return f"it compiles, but the tests do not pass ({tested.outcome}): {first}" + (f"\n{told}\n" if told else "")


def _state(edits: Mapping[Path, str]) -> tuple[tuple[Path, str], ...]:
    return tuple(sorted(edits.items()))


def _wrote(step: RepairStep, file: Path, line: str) -> bool:
    """Whether a step wrote a line of a file."""
    for each in step.changes:
        new = each.new.split("\n")
        changed = grading.changed_lines(each.old, each.new)
        if each.file == file and any(new[n - 1].strip() == line for n in changed if 0 < n <= len(new)):
            return True
    return False


def _warnings(checked: Checked, file: Path) -> list[Diagnostic]:
    """The warnings in a file, and the errors that are warnings by rights: lints that are denied."""
    found = [each.diagnostic for each in checked.warnings if each.file == file]
    return found + [
        each.diagnostic
        for each in checked.diagnostics
        if each.file == file and each.diagnostic.code is not None and grading.phase(each.diagnostic) == grading.LINTS
    ]
