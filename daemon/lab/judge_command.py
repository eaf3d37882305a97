"""`sleepy judge`: one verdict for a person or a script; a known one comes from memory."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.base.text import plural
from sleepy.daemon.crate.sources import read_rust
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import optional_memory
from sleepy.sandbox import edit_policy, question, suite
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Verdict


def read_case(source: Path, tests: Path | None, original: Path | None, reference: Path | None, edition: str) -> Case:
    """The case that these files make.

    `UserError` where one cannot be read, there is no test in `tests`, or a reference would decide nothing.
    """
    case = Case(
        read_rust(source),
        read_rust(tests) if tests else "",
        read_rust(original) if original else None,
        edition,
        read_rust(reference) if reference else None,
        own_tests=True,
    )
    try:
        _ = suite.parse(case.tests) if tests else None
    except suite.NoTestsError as error:
        remedy = "write `mod tests { use super::*; #[test] fn ... }`"
        raise UserError(f"{tests}: there is no #[test] function in it", remedy=remedy) from error
    if reference and question.is_only_checked(case) and not question.is_reference(case):
        raise UserError(
            f"nothing of {reference} can be compared: that takes a public function of the same type in the original, "
            "whose arguments can be made up and whose results can be printed",
            remedy="give tests with --tests, or leave out --reference to learn only whether it compiles",
        )
    return case


def judge(config: Config, home: Home, case: Case, complain: Complain) -> Verdict:
    """The verdict. Without a usable home it is not remembered, and `complain` is told why."""
    memory = optional_memory(home, complain, without="the verdict will not be remembered")
    with Sandbox.open(tier=config.tier) as sandbox, memory as db:
        judge = RememberingJudge(sandbox, db) if db is not None else sandbox
        verdict = judge.judge_many([case])[0]
        if not verdict.passed or verdict.calls or case.reference is None:
            return verdict
        alone = _without_tests(case)  # tests inside a program are in the way of its calls
        if question.is_reference(alone):
            return replace(verdict, uncompared="it is the reference itself")
        if question.is_only_checked(alone):
            return verdict
        called = judge.judge_many([alone])[0]
        if not (called.passed or called.is_label):
            return replace(verdict, uncompared=called.detail)
        stages = {**verdict.stage_ms, **called.stage_ms}
        return replace(called, tests=verdict.tests, twice=verdict.twice, stage_ms=stages)


def _without_tests(case: Case) -> Case:
    """The same programs without tests, of their own or others."""
    known = (case.original, case.reference)
    original, reference = (None if text is None else edit_policy.without_tests(text) for text in known)
    return Case(edit_policy.without_tests(case.source), "", original, case.edition, reference)


def basis(verdict: Verdict, case: Case) -> str:
    """What a verdict stands on: the tests that were run, what was compared with the reference, and what was not."""
    parts = []
    if verdict.tests:
        parts.append(plural(len(verdict.tests), "test") + (", run twice" if verdict.twice else ""))
    if verdict.calls:
        called = ", ".join(f"{name} ({count})" for name, count in verdict.calls)
        parts.append(f"calls compared with the reference: {called}")
    if verdict.passed and not parts:
        parts.append("it compiles, and no more was asked: no test was run, nothing was compared")
    if verdict.uncompared and verdict.uncompared not in verdict.detail:
        parts.append(f"not compared with the reference: {verdict.uncompared}")
    if verdict.tests and case.tests and question.test_holder(Case(case.source, own_tests=True)):
        parts.append("the program's own tests were not run: there are others")
    return "; ".join(parts)


def line(verdict: Verdict, case: Case) -> str:
    """The verdict as one line of JSON."""
    told: dict[str, Any] = {
        "passed": verdict.passed,
        "verdict": verdict.outcome.value,
        "diagnostics": [asdict(item) for item in verdict.diagnostics],
        "stage_ms": {name: round(spent, 2) for name, spent in verdict.stage_ms.items()},
        "tier": verdict.tier,
        "cached": verdict.cached,
        "detail": verdict.detail,
        "tests": [{"name": name, "passed": passed} for name, passed in verdict.tests],
        "calls": dict(verdict.calls),
        "twice": verdict.twice,
        "basis": basis(verdict, case),
    }
    return json.dumps(told, ensure_ascii=False)


def view(verdict: Verdict, case: Case) -> str:
    """The verdict for a person: the compiler's messages or the tests, then the outcome."""
    parts = [item.rendered.rstrip() or f"error: {item.message}" for item in verdict.diagnostics]
    parts += [f"test {name} ... {'ok' if passed else 'FAILED'}" for name, passed in verdict.tests]
    spent = sum(verdict.stage_ms.values())
    how = "remembered" if verdict.cached else f"{spent:.0f} ms"
    said = "; ".join(filter(None, [verdict.detail, basis(verdict, case)]))
    why = f": {said}" if said else ""
    return "\n".join([*parts, f"{verdict.outcome.value}{why} ({verdict.tier}, {how})"])
