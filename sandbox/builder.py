"""Builds what the judge runs: each candidate a crate of its own, then harnesses that link up to sixteen.

Whoever does not fit among others is asked alone, and then with the tests inside its own file, where the task's
tests speak of private items. The candidate has no say in where its tests stand.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from sleepy.sandbox import api, harness, suite
from sleepy.sandbox.compiler import Compiler
from sleepy.sandbox.harness import Part
from sleepy.sandbox.lexer import lex
from sleepy.sandbox.suite import NoTestsError
from sleepy.sandbox.trial import Trial, is_safe, seed
from sleepy.sandbox.verdict import Outcome, Verdict

LINKED = 16  # programs in one harness
T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Does one thing to many items, as many at once as there are workers; results in the items' order."""

    def __call__(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]: ...


class Builder:
    """Builds trials with a compiler and workers; what it found out of a task serves the next candidate."""

    def __init__(self, compiler: Compiler, root: Path, spread: Spread, workers: int) -> None:
        self._compiler, self._root, self._spread, self._workers = compiler, root, spread, workers
        self._lock = threading.Lock()
        self._runtime = f"r{secrets.token_hex(8)}"  # unknown to candidates
        self._library: Path | None = None
        self._inside: dict[str, bool] = {}  # whether a task's tests speak of private items, by its question

    def ready(self) -> Path | Verdict:
        """The runtime's library, built by the first who needs it; the verdict of a machine that cannot."""
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

    def build(self, trial: Trial, *, outside: bool = False) -> None:
        """The candidate as a crate of its own. Its verdict is set when it does not get so far.

        `outside` leaves no doubt where its tests stand.
        """
        case = trial.case
        try:
            trial.suite = suite.parse(case.tests) if case.tests.strip() else suite.embedded(case.reference or "")
        except NoTestsError as error:
            trial.verdict = self._said(Outcome.INFRA_ERROR, str(error))
            return
        known = [text for text in (case.original, case.reference) if text is not None]
        pins = api.pinned(case.original, case.reference)
        differs = trial.answers or (case.reference is not None and lex(case.reference) != lex(case.source))
        asked = api.calls(pins, seed(case)) if differs else []
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
        trial.inside = case.edition == "2015" or not case.tests.strip()
        trial.inside = trial.inside or (not outside and self._stand_inside(trial))
        if trial.inside and trial.answers:
            trial.verdict = self._said(Outcome.INFRA_ERROR, "its calls cannot be made from outside")
        if trial.inside:
            return
        folder = trial.rooms.new()
        built = self._compiler.library(folder, case.source, case.edition, crate, safe=is_safe(case))
        trial.library, trial.stages = folder / f"lib{crate}.rlib", dict(built.stage_ms)
        if not built.passed:
            trial.verdict = built

    def link(self, trials: Sequence[Trial], runtime: Path) -> None:
        """Builds harnesses of up to sixteen programs; whoever does not fit is asked alone, then from inside."""
        size = max(1, min(LINKED, -(-len(trials) // self._workers)))
        groups = [list(trials[i : i + size]) for i in range(0, len(trials), size)]
        again = [t for left in self._spread(lambda group: self._linked(group, runtime), groups) for t in left]
        self._spread(lambda trial: self.alone(trial, runtime), again)

    def _linked(self, group: Sequence[Trial], runtime: Path) -> list[Trial]:
        """Links a group and returns those that are to be asked alone."""
        left, out = list(group), list[Trial]()
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

    def _harness(self, group: Sequence[Trial], runtime: Path) -> tuple[Verdict, Path, harness.Harness]:
        folder = group[0].rooms.new()
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

    def alone(self, trial: Trial, runtime: Path) -> None:
        """One program that did not fit among others: alone, and then with its tests inside it."""
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

    def _speaks_of_private(self, trial: Trial, runtime: Path) -> bool:
        """Whether the tests do not compile against the right answer's crate either; where none is known, they may.

        Else whoever hides an item would choose where its tests stand, and escape its calls.
        """
        case = trial.case
        if case.reference is None:
            return True
        if trial.question not in self._inside:
            right = Trial(replace(case, source=case.reference), trial.rooms)
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

    def _stand_inside(self, trial: Trial) -> bool:
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

    def within(self, trial: Trial) -> None:
        """Tests in the candidate's own file, for those that speak of private items."""
        ready = self.ready()
        if isinstance(ready, Verdict):
            trial.verdict = ready
            return
        case, folder = trial.case, trial.rooms.new()
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
                alone = self._compiler.check(trial.rooms.new(), case.source, case.edition)
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
    """Leaves nothing but the program, executable and not readable: expectations inside cannot be looked up."""
    for path in folder.iterdir():
        if path.name != "program":
            path.unlink()
    if built.passed:
        (folder / "program").chmod(0o111)
