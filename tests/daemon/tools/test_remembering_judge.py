"""A judge that remembers: what a program deserves, and nothing that was the machine's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome

_TESTS = "mod tests {\n    use super::*;\n    #[test]\n    fn one() { assert_eq!(f(), 1); }\n}\n"
_PASS = Case("pub fn f() -> u8 { 1 }\n", _TESTS)
_CASES = {
    Outcome.PASS: _PASS,
    Outcome.FAIL: Case("pub fn f() -> u8 { 2 }\n", _TESTS),
    Outcome.COMPILE_ERROR: Case("pub fn f() -> u8 { let v = Vec::new(); v.push(1u8); v }\n", _TESTS),
    Outcome.REJECTED: Case("pub fn f() -> u8 { todo!() }\n", _TESTS),
    Outcome.API_MISMATCH: Case("pub fn g() -> u8 { 1 }\n", _TESTS, "pub fn f() -> u8 { }\n"),
}
_FLEETING = {
    Outcome.INFRA_ERROR: Case("pub fn f() -> u8 { 1 }\n", "mod tests {}"),
    Outcome.RUN_TIMEOUT: Case("pub fn f() -> u8 { loop {} }\n", _TESTS),
    Outcome.OUTPUT_LIMIT: Case('pub fn f() -> u8 { loop { println!("and so on and so on"); } }\n', _TESTS),
}


def test_what_was_judged_is_answered_from_memory_to_the_letter(sandbox: Sandbox, db: Database) -> None:
    judge = RememberingJudge(sandbox, db)
    first = judge.judge_many(list(_CASES.values()))
    assert [verdict.outcome for verdict in first] == list(_CASES)
    assert not any(verdict.cached for verdict in first)
    again = RememberingJudge(sandbox, db).judge_many(list(_CASES.values()))
    assert all(verdict.cached for verdict in again)
    for one, other in zip(first, again, strict=True):
        assert replace(other, cached=False, stage_ms={}) == replace(one, stage_ms={})
        assert dict(other.stage_ms) == dict(one.stage_ms)


def test_what_is_remembered_needs_no_sandbox(db: Database) -> None:
    with Sandbox.open(workers=1) as opened:
        judge = RememberingJudge(opened, db)
        judge.judge_many([_PASS])
    assert judge.judge_many([_PASS, _PASS])[1].outcome is Outcome.PASS
    with pytest.raises(RuntimeError):
        judge.judge_many([_CASES[Outcome.FAIL]])


@pytest.mark.parametrize("outcome", _FLEETING)
def test_what_was_the_machines_is_asked_again(sandbox: Sandbox, db: Database, outcome: Outcome) -> None:
    judge = RememberingJudge(sandbox, db)
    for _ in range(2):
        (verdict,) = judge.judge_many([_FLEETING[outcome]])
        assert verdict.outcome is outcome
        assert not verdict.cached


def test_equal_cases_are_judged_once_and_keep_their_places(sandbox: Sandbox, db: Database) -> None:
    failing = _CASES[Outcome.FAIL]
    found = RememberingJudge(sandbox, db).judge_many([_PASS, failing, _PASS, failing, _PASS])
    assert [verdict.outcome.value for verdict in found] == ["PASS", "FAIL", "PASS", "FAIL", "PASS"]
    assert found[0] is found[2] is found[4] and found[1] is found[3]


@pytest.mark.parametrize(
    "other",
    [
        replace(_PASS, source=_PASS.source.replace("1", "1u8")),
        replace(_PASS, tests=_TESTS.replace("f(), 1", "1, f()")),
        replace(_PASS, original="pub fn f() -> u8 { }\n"),
        replace(_PASS, edition="2018"),
        replace(_PASS, reference=_PASS.source),
        replace(_PASS, stdout=""),
        replace(_PASS, original=""),
        replace(_PASS, own_tests=True),
    ],
)
def test_another_program_test_task_or_edition_is_another_case(sandbox: Sandbox, db: Database, other: Case) -> None:
    judge = RememberingJudge(sandbox, db)
    judge.judge_many([_PASS])
    assert not judge.judge_many([other])[0].cached
    assert judge.judge_many([_PASS])[0].cached


def test_the_layout_of_the_tests_makes_no_other_case(sandbox: Sandbox, db: Database) -> None:
    judge = RememberingJudge(sandbox, db)
    judge.judge_many([_PASS])
    assert judge.judge_many([replace(_PASS, tests=f"// hidden\n{_TESTS}\n")])[0].cached


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.FAIL, Outcome.REJECTED])
def test_the_layout_of_a_program_makes_no_other_case(sandbox: Sandbox, db: Database, outcome: Outcome) -> None:
    judge = RememberingJudge(sandbox, db)
    (first,) = judge.judge_many([_CASES[outcome]])
    moved = replace(_CASES[outcome], source=f"// so\n\n{_CASES[outcome].source.replace('{', '{ /* or so */')}")
    (again,) = judge.judge_many([moved])
    assert again == replace(first, cached=True)


def test_a_verdict_that_names_lines_is_the_exact_texts_alone(sandbox: Sandbox, db: Database) -> None:
    judge = RememberingJudge(sandbox, db)
    case = _CASES[Outcome.COMPILE_ERROR]
    moved = replace(case, source=f"\n\n{case.source}")
    (first,), (other,) = judge.judge_many([case]), judge.judge_many([moved])
    assert not other.cached
    assert [item.primary.line_start for item in (*first.diagnostics, *other.diagnostics) if item.primary] == [1, 3]
    assert judge.judge_many([case, moved]) == [replace(first, cached=True), replace(other, cached=True)]


def test_checks_are_never_remembered(sandbox: Sandbox, db: Database) -> None:
    judge = RememberingJudge(sandbox, db)
    for _ in range(2):
        found = judge.check_many([_PASS.source, "fn f() -> u8 {}"])
        assert [verdict.outcome.value for verdict in found] == ["PASS", "COMPILE_ERROR"]
        assert not any(verdict.cached for verdict in found)
