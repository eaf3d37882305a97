"""Finds what is wrong with koans, in words by which their author can correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import Judge, case_of
from sleepy.daemon.model import prompt
from sleepy.koans.koan import Koan
from sleepy.koans.library import Firewall
from sleepy.koans.tokens import tokens
from sleepy.sandbox.verdict import Outcome, Verdict

_LONGEST = 160  # characters of a line


@dataclass(frozen=True, slots=True)
class KoanFinding:
    """One fault of a koan. `grave` ones make it useless; the others make it weak."""

    koan: str
    said: str
    remedy: str
    grave: bool = True


def lint(koans: Sequence[Koan], judge: Judge, exam: Sequence[Koan] = ()) -> list[KoanFinding]:
    """Findings in the koans' order: what they are like, and what the judge says of both their programs."""
    firewall = Firewall(exam)
    verdicts = judge.judge_many([case_of(koan, text) for koan in koans for text in (koan.broken, koan.fixed)])
    out: list[KoanFinding] = []
    for koan, broken, fixed in zip(koans, verdicts[::2], verdicts[1::2], strict=True):
        out += _read(koan)
        out += _judged(koan, broken, fixed)
        near = firewall.blocks(koan)
        if near is not None:
            out.append(
                KoanFinding(
                    koan.id, f"too similar to {near} of the exam", "write another program: this one is never practised"
                )
            )
    return out


def _read(koan: Koan) -> list[KoanFinding]:
    """What can be seen without the compiler."""
    out = []
    if tokens(koan.broken) == tokens(koan.fixed):
        out.append(KoanFinding(koan.id, "broken and fixed are the same program", "make the mistake in `broken`"))
    if not koan.tests.strip() and not koan.stdout and "#[test]" not in koan.fixed:
        out.append(
            KoanFinding(
                koan.id, "it has no tests, only compiling is checked", "add tests of what `fixed` does", grave=False
            )
        )
    if any(len(line) > _LONGEST for line in koan.broken.splitlines()):
        out.append(
            KoanFinding(koan.id, f"a line is longer than {_LONGEST} characters", "format it with rustfmt", grave=False)
        )
    return out


def _judged(koan: Koan, broken: Verdict, fixed: Verdict) -> list[KoanFinding]:
    """What the judge found of the two programs."""
    out = []
    for name, verdict in (("broken", broken), ("fixed", fixed)):
        if not verdict.is_label:
            return [
                KoanFinding(
                    koan.id, f"{name} could not be judged: {verdict.detail}", "try again, or run `sleepy doctor`"
                )
            ]
    if broken.passed:
        out.append(KoanFinding(koan.id, "broken passes", "break it, or add a test that it fails"))
    elif broken.outcome is Outcome.COMPILE_ERROR and not prompt.errors(broken.diagnostics):
        out.append(
            KoanFinding(
                koan.id, "the error in broken has no place in the file", "make an error that the compiler can point at"
            )
        )
    elif broken.outcome is not Outcome.COMPILE_ERROR:
        said = f"broken compiles, but: {broken.outcome} {broken.detail}".strip()
        out.append(KoanFinding(koan.id, said, "make a compile error: the model is shown nothing else", grave=False))
    if not fixed.passed:
        errors = prompt.errors(fixed.diagnostics)
        why = errors[0].message if errors else fixed.detail
        if fixed.tests:
            why = ", ".join(name for name, passed in fixed.tests if not passed) or why
        out.append(
            KoanFinding(koan.id, f"fixed does not pass: {fixed.outcome} {why}".strip(), "correct `fixed` or its tests")
        )
    return out
