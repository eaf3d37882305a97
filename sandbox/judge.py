"""Verdicts that cannot be cheated, many at once.

    policy -> screen (sixteen in one check) -> each candidate a crate of its own -> one harness for sixteen -> a run each

A candidate is compiled alone, with nothing in its folder but itself; the harness is compiled afterwards and
linked with the candidates of up to sixteen cases, since linking is what costs most. Each is run in a process and a jail
of its own, which executes only its own tests. Whatever goes wrong with several at once is asked again alone.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

from sleepy.sandbox import api, guard, harness, suite
from sleepy.sandbox.case import Case
from sleepy.sandbox.compiler import Compiler, failed_to_start, signal
from sleepy.sandbox.harness import Part
from sleepy.sandbox.lexer import lex
from sleepy.sandbox.pool import Rooms
from sleepy.sandbox.process import Finished
from sleepy.sandbox.suite import NoTestsError, Suite
from sleepy.sandbox.verdict import Outcome, Verdict

_NUMBER = re.compile(r"(-?\d+\.\d+(?:e-?\d+)?)")
LINKED = 16  # programs in one harness
NO_SUITE, NO_PART = Suite((), b"", (), ()), Part("", (), (), None)
T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Does one thing to many items, as many at once as there are workers; results in the items' order."""

    def __call__(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]: ...


class Failures(Protocol):
    """The verdicts of programs with errors, each as alone; None where there are none but a lint may complain."""

    def __call__(self, sources: Sequence[str], *, edition: str) -> list[Verdict | None]: ...


class Check(Protocol):
    """The verdicts of single checks."""

    def __call__(self, sources: Sequence[str], *, edition: str) -> list[Verdict]: ...


@dataclass(slots=True)
class _Trial:
    """A case on its way: what is built of it and where."""

    case: Case
    rooms: Rooms
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

    @property
    def native(self) -> bool:
        """Whether only the compiler can name its tests. A reference's calls need none."""
        return self.suite.native and not self.answers

    @property
    def question(self) -> str:
        """Names the calls that are made: the same for every candidate of a task."""
        return " ".join([self.case.edition, _seed(self.case), _key(self.case)])


class Judge:
    """Judges cases with a compiler, workers, and what checks many at once."""

    def __init__(
        self, compiler: Compiler, root: Path, spread: Spread, workers: int, *, check: Check, failures: Failures
    ) -> None:
        self._compiler, self._root, self._workers = compiler, root, workers
        self._spread, self._check, self._failures = spread, check, failures
        self._lock = threading.Lock()
        self._runtime = f"r{secrets.token_hex(8)}"  # unknown to candidates
        self._library: Path | None = None
        self._inside: dict[str, bool] = {}  # whether a task's tests speak of private items, by its question
        self._returned: dict[str, tuple[str, ...]] = {}  # what references' calls returned

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order."""
        verdicts: list[Verdict | None] = [self._refused(case) for case in cases]
        for edition in dict.fromkeys(case.edition for case in cases):
            waiting = [i for i, case in enumerate(cases) if verdicts[i] is None and case.edition == edition]
            checked = [i for i in waiting if _only_checked(cases[i])]
            for i, known in zip(checked, self._check([cases[i].source for i in checked], edition=edition), strict=True):
                verdicts[i] = known
            built = [i for i in waiting if verdicts[i] is None]
            if len(built) > 1:  # one alone is compiled at once
                found = self._failures([cases[i].source for i in built], edition=edition)
                for i, failed in zip(built, found, strict=True):
                    verdicts[i] = None if failed is None or failed.passed else failed
        printing = [i for i, case in enumerate(cases) if verdicts[i] is None and case.stdout is not None]
        for i, verdict in zip(printing, self._spread(lambda i: self._printed(cases[i]), printing), strict=True):
            verdicts[i] = verdict
        tested = [i for i, verdict in enumerate(verdicts) if verdict is None]
        for i, verdict in zip(tested, self._tested([cases[i] for i in tested]), strict=True):
            verdicts[i] = verdict
        return [verdict for verdict in verdicts if verdict is not None]

    def _refused(self, case: Case) -> Verdict | None:
        """The policy's word, before anything is compiled."""
        for text in (case.tests, case.original or "", case.reference or ""):
            if not _is_text(text):
                return self._said(Outcome.INFRA_ERROR, "the task holds what is no UTF-8")
        if not _is_text(case.source):
            return self._said(Outcome.REJECTED, "the program holds what is no UTF-8")
        refused = guard.objection(case.source, case.original, case.reference)
        if refused is not None:
            return self._said(Outcome.REJECTED, refused)
        mismatch = guard.mismatch(case.source, case.original, case.reference, case.tests)
        return self._said(Outcome.API_MISMATCH, mismatch) if mismatch is not None else None

    def _said(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome, tier=self._compiler.tier, detail=detail)

    # programs judged by what they print

    def _printed(self, case: Case) -> Verdict:
        with Rooms(self._root) as rooms:
            folder = rooms.new()
            built = self._compiler.program(folder, case.source, case.edition, {}, safe=_is_safe(case))
            if not built.passed:
                return built
            done = self._run(folder, b"", built.stage_ms)
        if done.verdict is not None:
            return done.verdict
        if done.ended.code == 0 and done.ended.stdout.decode(errors="replace") == case.stdout:
            return replace(built, stage_ms=done.stages)
        detail = f"exit {done.ended.code}" if done.ended.code else "it prints something else"
        return replace(built, outcome=Outcome.FAIL, stage_ms=done.stages, detail=detail)

    # programs judged by tests

    def _tested(self, cases: Sequence[Case]) -> list[Verdict]:
        if not cases:
            return []
        ready = self._ready()
        if isinstance(ready, Verdict):
            return [ready] * len(cases)
        with Rooms(self._root) as rooms:
            trials = [_Trial(case, rooms) for case in cases]
            self._spread(self._build, trials)
            references = self._references(trials)
            self._spread(self._build, references)
            for edition in dict.fromkeys(case.edition for case in cases):
                group = [t for t in (*references, *trials) if t.verdict is None and t.case.edition == edition]
                self._spread(self._within, [t for t in group if t.inside])
                self._link([t for t in group if not t.inside and not t.native], ready)
                self._spread(lambda t: self._alone(t, ready), [t for t in group if not t.inside and t.native])
            self._spread(self._called, [t for t in references if t.verdict is None])
            for trial in trials:
                trial.expected = self._returned.get(trial.question, ()) if trial.part.calls else ()
            return self._spread(self._ran, trials)

    def _ready(self) -> Path | Verdict:
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

    def _build(self, trial: _Trial, *, outside: bool = False) -> None:
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
        asked = api.calls(pins, _seed(case)) if differs else []
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
        built = self._compiler.library(folder, case.source, case.edition, crate, safe=_is_safe(case))
        trial.library, trial.stages = folder / f"lib{crate}.rlib", dict(built.stage_ms)
        if not built.passed:
            trial.verdict = built

    def _references(self, trials: Sequence[_Trial]) -> list[_Trial]:
        """The references whose calls are to be compared with and are not known yet, each once."""
        wanted: dict[str, _Trial] = {}
        for trial in trials:
            case = trial.case
            if trial.verdict is None and trial.part.calls and case.reference is not None:
                if trial.question not in self._returned:
                    wanted[trial.question] = _Trial(replace(case, source=case.reference), trial.rooms, answers=True)
        return list(wanted.values())

    def _link(self, trials: Sequence[_Trial], runtime: Path) -> None:
        """Builds harnesses of up to sixteen programs; whoever does not fit is asked alone, then from inside."""
        size = max(1, min(LINKED, -(-len(trials) // self._workers)))
        groups = [list(trials[i : i + size]) for i in range(0, len(trials), size)]
        again = [t for left in self._spread(lambda group: self._linked(group, runtime), groups) for t in left]
        self._spread(lambda trial: self._alone(trial, runtime), again)

    def _linked(self, group: Sequence[_Trial], runtime: Path) -> list[_Trial]:
        """Links a group and returns those that are to be asked alone."""
        left, out = list(group), list[_Trial]()
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

    def _harness(self, group: Sequence[_Trial], runtime: Path) -> tuple[Verdict, Path, harness.Harness]:
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

    def _alone(self, trial: _Trial, runtime: Path) -> None:
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
            self._within(trial)
        else:
            trial.verdict = self._said(Outcome.API_MISMATCH, "the tests do not compile against it")

    def _speaks_of_private(self, trial: _Trial, runtime: Path) -> bool:
        """Whether the tests do not compile against the right answer's crate either; where none is known, they may.

        Else whoever hides an item would choose where its tests stand, and escape its calls.
        """
        case = trial.case
        if case.reference is None:
            return True
        if trial.question not in self._inside:
            right = _Trial(replace(case, source=case.reference), trial.rooms)
            self._build(right, outside=True)
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

    def _stand_inside(self, trial: _Trial) -> bool:
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
        ready = self._ready()
        return not isinstance(ready, Verdict) and self._speaks_of_private(trial, ready)

    def _within(self, trial: _Trial) -> None:
        """Tests in the candidate's own file, for those that speak of private items."""
        ready = self._ready()
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
            safe=_is_safe(case),
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

    def _called(self, trial: _Trial) -> None:
        """Runs a reference's calls; a function whose results are not the same twice is not asked of candidates."""
        nonce = secrets.token_hex(16)
        done = self._run(trial.program, f"{nonce} {trial.place} calls\n".encode(), trial.stages)
        count = 2 * sum(len(item.arguments) for item in trial.part.calls)
        found = harness.returned(done.ended.stdout, nonce, count) if done.verdict is None else None
        kept: tuple[str, ...] = ()
        if found is not None:
            first, again = iter(found[: count // 2]), iter(found[count // 2 :])
            for item in trial.part.calls:
                one, two = ([next(said) for _ in item.arguments] for said in (first, again))
                kept += tuple(one if one == two else [""] * len(one))
        self._returned[trial.question] = kept

    def _ran(self, trial: _Trial) -> Verdict:
        if trial.verdict is not None:
            return trial.verdict
        nonce = secrets.token_hex(16)
        trial.expected = () if trial.inside else trial.expected
        asked = "calls" if trial.expected else "tests"
        done = self._run(trial.program, f"{nonce} {trial.place} {asked}\n".encode(), trial.stages)
        if done.verdict is not None:
            return done.verdict
        out = Verdict(Outcome.FAIL, stage_ms=done.stages, tier=self._compiler.tier)
        tests = harness.results(done.ended.stdout, nonce, trial.suite)
        if tests is None:
            return replace(out, detail="the test protocol was not completed")
        out = replace(out, tests=tests)
        gone = {test.name for test in trial.suite.tests} - {name for name, _ in tests}
        if gone:
            return replace(out, outcome=Outcome.API_MISMATCH, detail="test gone: " + ", ".join(sorted(gone)))
        if done.ended.code != 0 or not all(passed for _, passed in tests):
            return replace(out, detail=_first_panic(done.ended.stderr))
        differs = _difference(trial, harness.returned(done.ended.stdout, nonce, 2 * len(trial.expected)))
        return replace(out, detail=differs) if differs else replace(out, outcome=Outcome.PASS)

    def _run(self, folder: Path, stdin: bytes, stages: Mapping[str, float]) -> _Run:
        began = time.monotonic()
        try:
            ended = self._compiler.run(folder, stdin)
        except OSError as error:
            return _Run(Finished(-1, b"", b"", 0.0), self._said(Outcome.INFRA_ERROR, str(error)), dict(stages))
        spent = {**stages, "run": 1000 * (time.monotonic() - began)}
        said = ended.stderr.decode(errors="replace").strip()[-400:]
        number = signal(ended.code)
        found: tuple[Outcome, str] | None = None
        if ended.timed_out or number == 24:
            found = Outcome.RUN_TIMEOUT, ""
        elif ended.flooded:
            found = Outcome.OUTPUT_LIMIT, ""
        elif number == 31:
            found = Outcome.VIOLATION, "a system call that tests have no use for"
        elif failed_to_start(ended, said):
            found = Outcome.INFRA_ERROR, said
        elif number:
            found = Outcome.RUN_CRASH, f"signal {number}"
        verdict = Verdict(found[0], stage_ms=spent, tier=self._compiler.tier, detail=found[1]) if found else None
        return _Run(ended, verdict, spent)


@dataclass(frozen=True, slots=True)
class _Run:
    """How a run ended; `verdict` when that alone settles it."""

    ended: Finished
    verdict: Verdict | None
    stages: dict[str, float]


def _is_text(text: str) -> bool:
    """Whether it can be written to a file: no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _only_checked(case: Case) -> bool:
    """Whether nothing but compiling is asked of it: no tests, not even such as the program holds itself."""
    return not case.tests.strip() and case.stdout is None and "#[test]" not in (case.reference or "")


def _is_safe(case: Case) -> bool:
    """Whether unsafe code is forbidden: always, but where the right answer itself needs it."""
    return "unsafe" not in lex(case.reference or "")


def _key(case: Case) -> str:
    """What decides whether tests stand inside: the tests, and the program they were written for."""
    return hashlib.sha256("\x1e".join([case.tests, case.original or ""]).encode()).hexdigest()


def _seed(case: Case) -> str:
    """The same calls for every candidate of a task, known to none of them."""
    return hashlib.sha256("\x1e".join([case.tests, case.reference or ""]).encode()).hexdigest()


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


def _difference(trial: _Trial, found: Sequence[str] | None) -> str:
    """Where a candidate's calls return something else than the reference's; "" where they agree."""
    if not trial.expected:
        return ""
    if found is None:
        return "a call did not report"
    asked = [(item.function.name, row) for item in trial.part.calls for row in item.arguments]
    for i, value in enumerate(found):
        expected = trial.expected[i % len(trial.expected)]
        if expected and not _alike(value, expected):
            name, row = asked[i % len(asked)]
            return f"{name}({', '.join(row)}) returns something else than the reference"
    return ""


def _alike(value: str, expected: str) -> bool:
    """Whether two results are the same for a caller: an error is an error in any words, and floats may round."""
    if value.startswith("Err(") and expected.startswith("Err("):
        return True
    if value == expected or '"' in value + expected:
        return value == expected
    words, others = _NUMBER.split(value), _NUMBER.split(expected)
    return len(words) == len(others) and all(
        one == other or (i % 2 == 1 and math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12))
        for i, (one, other) in enumerate(zip(words, others, strict=True))
    )


def _first_panic(stderr: bytes) -> str:
    """The first panic's words, for a person to read; its place is in a harness nobody sees."""
    lines = stderr.decode(errors="replace").split("\n")
    at = next((i for i, line in enumerate(lines) if "panicked at" in line), None)
    return "" if at is None else " ".join(line.strip() for line in lines[at + 1 : at + 4])[:300]
