"""Verdicts that cannot be cheated, many at once.

    policy -> screen (sixteen in one check) -> each candidate a crate of its own -> one harness for sixteen -> a run each

Where there are no tests the calls alone decide, and the policy. A candidate is compiled alone, with nothing in its
folder but itself; the harness is compiled afterwards and linked with the candidates of up to sixteen cases, since
linking is what costs most. Each is run in a process and a jail of its own, which executes only its own tests, and those
twice (question.py says when not). Whatever goes wrong with several at once is asked again alone.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sleepy.sandbox import guard, harness, question
from sleepy.sandbox.builder import Builder, PendingCase, Spread
from sleepy.sandbox.compiler import Compiler, failed_to_start, signal
from sleepy.sandbox.edit_policy import test_items
from sleepy.sandbox.harness import compared, difference, first_panic
from sleepy.sandbox.process import RUN, Finished
from sleepy.sandbox.scratch import ScratchFolders
from sleepy.sandbox.verdict import Case, Outcome, Verdict

VERSION = 6  # raised when a verdict may change, here or in the policy: what is remembered of earlier ones is over


class Failures(Protocol):
    """The verdicts of programs with errors, as single checks give them; None for those without errors, lints aside."""

    def __call__(self, sources: Sequence[str], *, edition: str) -> list[Verdict | None]: ...


class Check(Protocol):
    """The verdicts of single checks."""

    def __call__(self, sources: Sequence[str], *, edition: str) -> list[Verdict]: ...


class CaseJudge:
    """Judges cases with a compiler, workers, and two ways of checking many programs at once."""

    def __init__(
        self, compiler: Compiler, root: Path, spread: Spread, workers: int, *, check: Check, failures: Failures
    ) -> None:
        self._compiler, self._root = compiler, root
        self._spread, self._check, self._failures = spread, check, failures
        self._builder = Builder(compiler, root, spread, workers)
        self._returned: dict[str, tuple[str, ...]] = {}  # what references' calls returned
        self._stateful: dict[str, bool] = {}  # whether a right answer passes its tests the first time only

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order."""
        verdicts: list[Verdict | None] = [self._refused(case) for case in cases]
        for edition in dict.fromkeys(case.edition for case in cases):
            waiting = [i for i, case in enumerate(cases) if verdicts[i] is None and case.edition == edition]
            checked = [i for i in waiting if question.is_only_checked(cases[i])]
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
        """The verdict of the policy, before anything is compiled; None where it has no objection."""
        if case.file:
            return self._said(Outcome.INFRA_ERROR, f"{case.file} is a crate's file, and its crate is not at hand")
        for text in (case.tests, case.original or "", case.reference or ""):
            if not _is_text(text):
                return self._said(Outcome.INFRA_ERROR, "the task holds what is no UTF-8")
        if not _is_text(case.source):
            return self._said(Outcome.REJECTED, "the program holds what is no UTF-8")
        known = case.original
        if known is None and case.reference is None and question.test_holder(case):
            known = "\n".join(test_items(case.source))  # its tests are nothing that it adds
        refused = guard.objection(case.source, known, case.reference)
        if refused is not None:
            return self._said(Outcome.REJECTED, refused)
        mismatch = guard.mismatch(case.source, case.original, case.reference, case.tests)
        return self._said(Outcome.API_MISMATCH, mismatch) if mismatch is not None else None

    def _said(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome, tier=self._compiler.tier, detail=detail)

    # programs judged by what they print

    def _printed(self, case: Case) -> Verdict:
        with ScratchFolders(self._root) as scratch:
            folder = scratch.new()
            built = self._compiler.program(folder, case.source, case.edition, {}, safe=question.is_safe(case))
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
        ready = self._builder.ready()
        if isinstance(ready, Verdict):
            return [ready] * len(cases)
        with ScratchFolders(self._root) as scratch:
            trials = [PendingCase(case, scratch) for case in cases]
            self._spread(self._builder.build, trials)
            references = self._references(trials)
            self._spread(self._builder.build, references)
            for edition in dict.fromkeys(case.edition for case in cases):
                group = [t for t in (*references, *trials) if t.verdict is None and t.case.edition == edition]
                self._spread(self._builder.within, [t for t in group if t.inside])
                self._builder.link([t for t in group if not t.inside and not t.native], ready)
                self._spread(lambda t: self._builder.alone(t, ready), [t for t in group if not t.inside and t.native])
            self._spread(self._called, [t for t in references if t.verdict is None])
            failed = {t.question: t.verdict for t in references if _is_machines(t)}
            unknown = {
                t.question: f"the reference itself is judged {t.verdict.outcome}"
                for t in references
                if t.verdict is not None
            }
            for trial in trials:
                if trial.verdict is None and trial.part.calls:
                    trial.verdict = failed.get(trial.question)
                    trial.expected = self._returned.get(trial.question, ())
                    trial.unknown = unknown.get(trial.question, "")
            return self._spread(self._ran, trials)

    def _references(self, trials: Sequence[PendingCase]) -> list[PendingCase]:
        """The references whose calls are to be compared with and are not known yet, each once."""
        wanted: dict[str, PendingCase] = {}
        for trial in trials:
            case = trial.case
            if trial.verdict is None and trial.part.calls and case.reference is not None:
                if trial.question not in self._returned:
                    wanted[trial.question] = PendingCase(
                        replace(case, source=case.reference), trial.scratch, answers=True
                    )
        return list(wanted.values())

    def _called(self, trial: PendingCase) -> None:
        """Runs a reference's calls; a function whose results are not the same twice is not asked of candidates.

        When the machine fails, nothing is known: the trial's verdict says so, and the next candidate asks again.
        """
        nonce = secrets.token_hex(16)
        done = self._run(trial.program, f"{nonce} {trial.place} calls once\n".encode(), trial.stages)
        if done.verdict is not None and not done.verdict.is_label:
            trial.verdict = done.verdict
            return
        count = 2 * sum(len(item.arguments) for item in trial.part.calls)
        found = harness.returned(done.ended.stdout, nonce, count) if done.verdict is None else None
        kept: tuple[str, ...] = ()
        if found is not None:
            first, again = iter(found[: count // 2]), iter(found[count // 2 :])
            for item in trial.part.calls:
                one, two = ([next(said) for _ in item.arguments] for said in (first, again))
                kept += tuple(one if one == two else [""] * len(one))
        self._returned[trial.question] = kept

    def _ran(self, trial: PendingCase) -> Verdict:
        if trial.verdict is not None:
            return trial.verdict
        case, nonce = trial.case, secrets.token_hex(16)
        trial.expected = () if trial.inside else trial.expected
        asked = "calls" if trial.expected else "tests"
        often = "twice" if self._is_run_twice(trial) else "once"
        done = self._run(trial.program, f"{nonce} {trial.place} {asked} {often}\n".encode(), trial.stages)
        tests = harness.results(done.ended.stdout, nonce, trial.suite)
        lost = harness.lost(done.ended.stdout, nonce, tests, trial.suite) if tests is not None else None
        if done.verdict is not None and not lost:
            return done.verdict
        out = Verdict(Outcome.FAIL, stage_ms=done.stages, tier=self._compiler.tier)
        if tests is None:
            return replace(out, detail="the test protocol was not completed")
        out = replace(out, tests=tests)
        gone = {test.name for test in trial.suite.tests} - {name for name, _ in tests}
        if gone:
            return replace(out, outcome=Outcome.API_MISMATCH, detail="test gone: " + ", ".join(sorted(gone)))
        if question.changed_tests(case):
            return replace(out, outcome=Outcome.API_MISMATCH, detail="changes a test")
        if not lost and (done.ended.code != 0 or not all(passed for _, passed in tests)):
            return replace(out, detail=first_panic(done.ended.stderr))
        out = replace(out, calls=compared(trial.part.calls, trial.expected), uncompared=_uncompared(trial))
        differs = difference(
            trial.part.calls, trial.expected, harness.returned(done.ended.stdout, nonce, 2 * len(trial.expected))
        )
        if differs:
            return replace(out, detail=differs)
        if lost:
            return self._second_time(trial, done, out, lost)
        if not (tests or out.calls):
            return replace(out, outcome=Outcome.INFRA_ERROR, detail=f"nothing was compared: {out.uncompared}")
        return replace(out, outcome=Outcome.PASS, twice=lost is not None)

    # tests a second time

    def _is_run_twice(self, trial: PendingCase) -> bool:
        """Whether a second time says something about the candidate, as far as that is known."""
        case = trial.case
        if case.reference is None:
            return not question.has_state(case)
        return not self._stateful.get(trial.question, False) and not question.is_reference(case)

    def _second_time(self, trial: PendingCase, done: _Run, out: Verdict, lost: str) -> Verdict:
        """The verdict on a candidate that passes its tests once: where a right answer does the same, the first counts."""
        if trial.case.reference is not None:
            if trial.question not in self._stateful:
                found = self._asked_of_reference(trial)
                if isinstance(found, Verdict):
                    return found
                self._stateful[trial.question] = found
            if self._stateful[trial.question]:
                return self._ran(trial)
        if done.ended.flooded and _is_loud(done.ended):
            return replace(out, outcome=Outcome.PASS)
        detail = f"{lost} passes at first, but not when all tests are run again in the same process, the last one first"
        if trial.case.reference is None and trial.case.original is None:
            detail += " (if such state is meant, a --reference that keeps it too, or the --original, says so)"
        return replace(out, outcome=done.verdict.outcome if done.verdict else Outcome.FAIL, detail=detail)

    def _asked_of_reference(self, trial: PendingCase) -> bool | Verdict:
        """Whether the right answer does not pass its tests twice either, or cannot say; a verdict where the machine fails."""
        ready = self._builder.ready()
        if isinstance(ready, Verdict):
            return ready
        right = PendingCase(replace(trial.case, source=trial.case.reference or ""), trial.scratch)
        self._builder.build(right)
        if right.verdict is None and right.inside:
            self._builder.within(right)
        elif right.verdict is None:
            self._builder.alone(right, ready)
        if right.verdict is not None:
            return right.verdict if not right.verdict.is_label else True
        nonce = secrets.token_hex(16)
        done = self._run(right.program, f"{nonce} {right.place} tests twice\n".encode(), right.stages)
        if done.verdict is not None and not done.verdict.is_label:
            return done.verdict
        tests = harness.results(done.ended.stdout, nonce, right.suite)
        return tests is None or harness.lost(done.ended.stdout, nonce, tests, right.suite) != ""

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
    """Whether a text can be written to a file: it has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_machines(reference: PendingCase) -> bool:
    """Whether the machine, not the task, is why a reference's calls are not known."""
    return reference.verdict is not None and not reference.verdict.is_label and not reference.inside


def _uncompared(trial: PendingCase) -> str:
    """Why nothing was compared with the reference that there is; "" where something was, or it is the reference."""
    case = trial.case
    if case.reference is None or question.is_reference(case) or compared(trial.part.calls, trial.expected):
        return ""
    if case.edition == "2015":
        return "functions of edition 2015 are not called"
    if not trial.part.calls:
        return "no public function of the reference has arguments that can be made up and a result that can be printed"
    if trial.inside:
        return "the tests stand in the program's own file"
    return trial.unknown or "the reference panics in every call, or does not return the same twice, or does not end"


def _is_loud(ended: Finished) -> bool:
    """Whether the tests print so much that twice may be too much, by what they said the first time."""
    before = ended.stdout.partition(b" again\n")[0]
    return len(before) + len(ended.stderr) // 2 > RUN.output // 3
