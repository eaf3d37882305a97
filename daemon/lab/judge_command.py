"""`sleepy judge`: one verdict for a person or a script; a known one comes from memory."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.crate.sources import read_rust
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import optional_memory
from sleepy.sandbox import suite
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Verdict


def read_case(source: Path, tests: Path | None, original: Path | None, reference: Path | None, edition: str) -> Case:
    """The case that these files make. `UserError` where one cannot be read, or there is no test in `tests`."""
    case = Case(
        read_rust(source),
        read_rust(tests) if tests else "",
        read_rust(original) if original else None,
        edition,
        read_rust(reference) if reference else None,
    )
    try:
        _ = suite.parse(case.tests) if tests else None
    except suite.NoTestsError as error:
        remedy = "write `mod tests { use super::*; #[test] fn ... }`"
        raise UserError(f"{tests}: there is no #[test] function in it", remedy=remedy) from error
    return case


def judge(config: Config, home: Home, case: Case, complain: Complain) -> Verdict:
    """The verdict. Without a usable home it is not remembered, and `complain` is told why."""
    memory = optional_memory(home, complain, without="the verdict will not be remembered")
    with Sandbox.open(tier=config.tier) as sandbox, memory as db:
        judge = RememberingJudge(sandbox, db) if db is not None else sandbox
        return judge.judge_many([case])[0]


def line(verdict: Verdict) -> str:
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
    }
    return json.dumps(told, ensure_ascii=False)


def view(verdict: Verdict) -> str:
    """The verdict for a person: the compiler's messages or the tests, then the outcome."""
    parts = [item.rendered.rstrip() or f"error: {item.message}" for item in verdict.diagnostics]
    parts += [f"test {name} ... {'ok' if passed else 'FAILED'}" for name, passed in verdict.tests]
    spent = sum(verdict.stage_ms.values())
    how = "remembered" if verdict.cached else f"{spent:.0f} ms"
    why = f": {verdict.detail}" if verdict.detail else ""
    return "\n".join([*parts, f"{verdict.outcome.value}{why} ({verdict.tier}, {how})"])
