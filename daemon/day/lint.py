"""What is wrong with koans, said so that the person who wrote them can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import Judge, case
from sleepy.daemon.model import prompt
from sleepy.koans.koan import Koan
from sleepy.koans.library import Firewall
from sleepy.koans.tokens import tokens
from sleepy.sandbox.verdict import Outcome, Verdict

_LONGEST = 160  # characters of a line


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a koan. `grave` ones make it useless; the others make it weak."""

    koan: str
    said: str
    remedy: str
    grave: bool = True


def lint(koans: Sequence[Koan], judge: Judge, exam: Sequence[Koan] = ()) -> list[Finding]:
    """Findings in the koans' order: what they are like, and what the judge says of both their programs."""
    firewall = Firewall(exam)
    verdicts = judge.judge_many([case(koan, text) for koan in koans for text in (koan.broken, koan.fixed)])
    out: list[Finding] = []
    for koan, broken, fixed in zip(koans, verdicts[::2], verdicts[1::2], strict=True):
        out += _read(koan)
        out += _judged(koan, broken, fixed)
        near = firewall.blocks(koan)
        if near is not None:
            out.append(Finding(koan.id, f"too near to {near} of the exam", "another program: this is never practised"))
    return out


def _read(koan: Koan) -> list[Finding]:
    """What can be seen without the compiler."""
    out = []
    if tokens(koan.broken) == tokens(koan.fixed):
        out.append(Finding(koan.id, "broken and fixed are the same program", "make the mistake in `broken`"))
    if not koan.tests.strip() and not koan.stdout and "#[test]" not in koan.fixed:
        out.append(Finding(koan.id, "only compiling is asked of it", "add tests of what `fixed` does", grave=False))
    if any(len(line) > _LONGEST for line in koan.broken.splitlines()):
        out.append(Finding(koan.id, f"a line is longer than {_LONGEST} characters", "rustfmt it", grave=False))
    return out


def _judged(koan: Koan, broken: Verdict, fixed: Verdict) -> list[Finding]:
    """What the judge found of the two programs."""
    out = []
    for name, verdict in (("broken", broken), ("fixed", fixed)):
        if not verdict.is_label:
            return [Finding(koan.id, f"{name} could not be judged: {verdict.detail}", "try again; `sleepy doctor`")]
    if broken.passed:
        out.append(Finding(koan.id, "broken passes", "break it, or test what is wrong with it"))
    elif broken.outcome is Outcome.COMPILE_ERROR and not prompt.errors(broken.diagnostics):
        out.append(Finding(koan.id, "broken fails without a place in it", "an error the compiler can point at"))
    elif broken.outcome is not Outcome.COMPILE_ERROR:
        said = f"broken compiles, and then: {broken.outcome} {broken.detail}".strip()
        out.append(Finding(koan.id, said, "nothing is shown to the model then: a compile error", grave=False))
    if not fixed.passed:
        errors = prompt.errors(fixed.diagnostics)
        why = errors[0].message if errors else fixed.detail
        if fixed.tests:
            why = ", ".join(name for name, passed in fixed.tests if not passed) or why
        out.append(Finding(koan.id, f"fixed does not pass: {fixed.outcome} {why}".strip(), "mend `fixed` or its tests"))
    return out
