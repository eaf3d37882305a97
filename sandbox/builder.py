"""Builds what the judge runs: each candidate as a crate of its own, then harnesses that link up to sixteen.

A candidate that does not fit among others is built alone, and then with the tests inside its own file, where the task's
tests use private items. The candidate has no say in where its tests stand.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

from sleepy.sandbox import api, harness, question
from sleepy.sandbox.compiler import Compiler
from sleepy.sandbox.harness import Part
from sleepy.sandbox.question import is_safe
from sleepy.sandbox.scratch import ScratchFolders
from sleepy.sandbox.suite import NO_SUITE, NoTestsError, Suite
from sleepy.sandbox.verdict import Case, Outcome, Verdict

LINKED = 16  # programs in one harness
NO_PART = Part("", (), (), None)
T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class PendingCase:
    """A case on its way through the judge: what is built of it so far, and where."""

    case: Case
    scratch: ScratchFolders
    answers: bool = False  # a reference: only its calls are wanted
    suite: Suite = NO_SUITE
    part: Part = NO_PART
    inside: bool = False  # its tests stand in its own file
    stages: dict[str, float] = field(default_factory=dict)
    verdict: Verdict | None = None
    library: Path = Path()
    program: Path = Path()  # the folder of the harness it was linked into
    place: int = 0
    expected: tuple[str, ...] = ()  # what the reference's calls returned
    unknown: str = ""  # why that is not known

    @property
    def native(self) -> bool:
        """Whether only the compiler can name its tests. A reference's calls need none."""
        return self.suite.native and not self.answers

    @property
    def question(self) -> str:
        """The key of the calls that are made: the same for every candidate of a task."""
        return question.key(self.case)


class Spread(Protocol):
    """Does one thing to many items, as many at once as there are workers; results in the items' order."""

    def __call__(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]: ...


class Builder:
    """Builds cases with a compiler and workers; what it learns about a task is used for the next candidate."""

    def __init__(self, compiler: Compiler, root: Path, spread: Spread, workers: int) -> None:
        self._compiler, self._root, self._spread, self._workers = compiler, root, spread, workers
        self._lock = threading.Lock()
        self._runtime = f"r{secrets.token_hex(8)}"  # unknown to candidates
        self._library: Path | None = None
        self._inside: dict[str, bool] = {}  # whether a task's tests speak of private items, by its question

    def ready(self) -> Path | Verdict:
        """The runtime's library, built when it is first needed; a verdict where it cannot be built here."""
        with self._lock:
            if self._library is None:
                folder = self._root / "runtime"
                folder.mkdir(exist_ok=True)
                source = Path(__file__).with_name("runtime.rs").read_text(encoding="utf-8")
                built = self._compiler.library(folder, source, "2021", self._runtime)
                if not built.passed:
                    return self._said(Outcome.INFRA_ERROR, f"the test runtime does not build: {built.detail}")
                self._library = folder / f"lib{self._runtime}.rlib"
            return self._library

    def build(self, trial: PendingCase, *, outside: bool = False) -> None:
        """The candidate as a crate of its own. Its verdict is set when it does not get so far.

        `outside` leaves no doubt where its tests stand.
        """
        case = trial.case
        try:
            trial.suite = question.suite_of(case)
        except NoTestsError as error:
            trial.verdict = self._said(Outcome.INFRA_ERROR, str(error))
            return
        known = [text for text in (case.original, case.reference) if text is not None]
        pins = question.pins(case)
        asked = api.calls(pins, question.call_seed(case)) if trial.answers else question.calls(case)
        names = api.spoken_of(case.source, known)
        crate = f"c{secrets.token_hex(6)}"
        trial.part = Part(
            crate,
            tuple(names),
            tuple(
                api.imported(
                    [text for text in (case.reference, case.original) if text is not None],
                    [*names, *api.declared(case.tests)],
                )
            ),
            None if trial.answers else trial.suite,
            tuple(pins),
            tuple(asked),
        )
        trial.inside = case.edition == "2015" or bool(question.test_holder(case))
        trial.inside = trial.inside or (not outside and self._stand_inside(trial))
        if trial.inside and trial.answers:
            trial.verdict = self._said(Outcome.INFRA_ERROR, "its calls cannot be made from outside")
        if trial.inside:
            return
        folder = trial.scratch.new()
        built = self._compiler.library(folder, case.source, case.edition, crate, safe=is_safe(case))
        trial.library, trial.stages = folder / f"lib{crate}.rlib", dict(built.stage_ms)
        if not built.passed:
            trial.verdict = built

    def link(self, trials: Sequence[PendingCase], runtime: Path) -> None:
        """Builds harnesses of up to sixteen programs; one that does not fit is built alone, then with its tests inside it."""
        size = max(1, min(LINKED, -(-len(trials) // self._workers)))
        groups = [list(trials[i : i + size]) for i in range(0, len(trials), size)]
        again = [t for left in self._spread(lambda group: self._linked(group, runtime), groups) for t in left]
        self._spread(lambda trial: self.alone(trial, runtime), again)

    def _linked(self, group: Sequence[PendingCase], runtime: Path) -> list[PendingCase]:
        """Links a group and returns those that must be built alone."""
        left, out = list(group), list[PendingCase]()
        while left:
            built, folder, made = self._harness(left, runtime)
            if built.passed:
                for i, trial in enumerate(left):
                    trial.program, trial.place = folder, i
                    trial.stages["link"] = built.stage_ms["link"] / len(left)
                return out
            lines = _lines(built)
            guilty = [i for i, (first, last) in enumerate(made.places) if any(first <= n <= last for n in lines)]
            if built.outcome is not Outcome.COMPILE_ERROR or not guilty or len(left) == 1:
                return [*out, *left]
            out += [left[i] for i in guilty]
            left = [trial for i, trial in enumerate(left) if i not in guilty]
        return out

    def _harness(self, group: Sequence[PendingCase], runtime: Path) -> tuple[Verdict, Path, harness.Harness]:
        folder = group[0].scratch.new()
        libraries = {self._runtime: runtime.name}
        (folder / runtime.name).hardlink_to(runtime)
        for trial in group:
            libraries[trial.part.crate] = trial.library.name
            (folder / trial.library.name).hardlink_to(trial.library)
        native, edition = group[0].native, group[0].case.edition
        if native:
            part = group[0].part
            made = harness.native("\n".join(part.head), group[0].suite, self._runtime, part.pins, part.calls)
        else:
            made = harness.outside([trial.part for trial in group], self._runtime)
        built = self._compiler.program(folder, made.source, edition, libraries, stage="link", native=native)
        _seal(folder, built)
        return built, folder, made

    def alone(self, trial: PendingCase, runtime: Path) -> None:
        """Builds one program that did not fit among others: alone, and then with its tests inside it."""
        built, folder, made = self._harness([trial], runtime)
        if built.outcome is Outcome.COMPILE_ERROR and trial.part.imports:  # one of them may be in the way
            trial.part = replace(trial.part, imports=())
            built, folder, made = self._harness([trial], runtime)
        if built.passed:
            trial.program, trial.place = folder, 0
            trial.stages["link"] = built.stage_ms["link"]
        elif built.outcome not in (Outcome.COMPILE_ERROR, Outcome.OUTPUT_LIMIT) or trial.answers:
            trial.verdict = built
        elif any(made.pins[0] <= line <= made.pins[1] for line in _lines(built)):
            trial.verdict = self._said(Outcome.API_MISMATCH, "a public function changed its type")
        elif self._speaks_of_private(trial, runtime):
            self.within(trial)
        else:
            trial.verdict = self._said(Outcome.API_MISMATCH, "the tests do not compile against it")

    def _speaks_of_private(self, trial: PendingCase, runtime: Path) -> bool:
        """Whether the tests use private items: they do not compile against the right answer's crate either.

        Else whoever hides an item would choose where its tests stand, and escape its calls.
        """
        case = trial.case
        if case.reference is None:
            return True
        if trial.question not in self._inside:
            right = PendingCase(replace(case, source=case.reference), trial.scratch)
            self.build(right, outside=True)
            if right.inside:  # whatever it says
                return True
            built = right.verdict or self._harness([right], runtime)[0]
            if built.outcome is Outcome.COMPILE_ERROR and right.verdict is None:
                right.part = replace(right.part, imports=())
                built = self._harness([right], runtime)[0]
            if built.outcome not in (Outcome.PASS, Outcome.COMPILE_ERROR, Outcome.OUTPUT_LIMIT):
                return True  # nothing that will be so next time
            self._inside[trial.question] = not built.passed
        return self._inside[trial.question]

    def _stand_inside(self, trial: PendingCase) -> bool:
        """Whether the task's tests are known to stand inside. The candidate has no say in it.

        Words only raise the question: where a right answer is known the compiler answers it.
        """
        case = trial.case
        known = case.reference or case.original
        if trial.question in self._inside or known is None or not api.speaks_of_private(case.tests, known):
            return self._inside.get(trial.question, False)
        if case.reference is None:
            self._inside[trial.question] = True
            return True
        ready = self.ready()
        return not isinstance(ready, Verdict) and self._speaks_of_private(trial, ready)

    def within(self, trial: PendingCase) -> None:
        """Builds the candidate with the tests in its own file, for tests that use private items."""
        ready = self.ready()
        if isinstance(ready, Verdict):
            trial.verdict = ready
            return
        case, folder = trial.case, trial.scratch.new()
        compose = harness.native if trial.suite.native else harness.inside
        made = compose(case.source, trial.suite, self._runtime, trial.part.pins)
        (folder / ready.name).hardlink_to(ready)
        built = self._compiler.program(
            folder,
            made.source,
            case.edition,
            {self._runtime: ready.name},
            safe=is_safe(case),
            native=trial.suite.native,
        )
        _seal(folder, built)
        if built.passed:
            trial.stages |= built.stage_ms
            trial.program, trial.place, trial.inside = folder, 0, True
            return
        lines = _lines(built)
        if built.outcome is Outcome.COMPILE_ERROR and lines:
            if min(lines) > made.places[0][1]:
                built = replace(built, outcome=Outcome.API_MISMATCH, detail="the tests do not compile against it")
            else:  # in its own words: without the tests, and with its main under its own name
                alone = self._compiler.check(trial.scratch.new(), case.source, case.edition)
                built = alone if alone.outcome is Outcome.COMPILE_ERROR else built
        elif built.outcome is Outcome.OUTPUT_LIMIT and "compile" in trial.stages:  # it compiled by itself
            built = replace(built, outcome=Outcome.API_MISMATCH, detail="the tests do not compile against it")
        trial.verdict = replace(built, stage_ms={**trial.stages, **built.stage_ms})

    def _said(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome, tier=self._compiler.tier, detail=detail)


def _lines(built: Verdict) -> list[int]:
    """Where its errors are."""
    return [item.primary.line_start for item in built.diagnostics if item.primary is not None]


def _seal(folder: Path, built: Verdict) -> None:
    """Removes all but the program, which is executable and not readable: the expectations in it cannot be looked up."""
    for path in folder.iterdir():
        if path.name != "program":
            path.unlink()
    if built.passed:
        (folder / "program").chmod(0o111)
