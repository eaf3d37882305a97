"""Attempts: in order, judged, and never blamed for the machine."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import replace

import pytest

from sleepy.daemon.attempt.attempt import CHUNK, Diagnosis, attempt, base_only, diagnose
from sleepy.daemon.attempt.suggestions import suggested
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request
from sleepy.koans.koan import Koan
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome, Verdict

_FIXED = "pub fn f{n}() -> u8 {{\n    {n}\n}}\n"
_BROKEN = "pub fn f{n}() -> u8 {{\n    {n};\n}}\n"
_TESTS = "mod tests {{\n    use super::*;\n    #[test]\n    fn gives() {{ assert_eq!(f{n}(), {n}); }}\n}}\n"


def _koan(n: int, tests: str = "") -> Koan:
    return Koan(f"k{n}", "type_mismatch", "t", _BROKEN.format(n=n), _FIXED.format(n=n), tests)


def _right(request: Request, _route: str | None) -> str:
    return request.taught(request.source.replace(";", ""))


def test_attempts_come_one_a_task_in_order(sandbox: Sandbox) -> None:
    count = 2 * CHUNK + 7
    found, unfit = diagnose([_koan(n) for n in range(count)], sandbox)
    assert unfit == []
    model = ScriptedModel(_right)
    made = list(attempt(found, model, sandbox))
    assert [item.diagnosis.koan.id for item in made] == [f"k{n}" for n in range(count)]
    assert all(item.passed and item.source == _FIXED.format(n=n) for n, item in enumerate(made))
    assert model.asked == count


def test_generation_runs_ahead_of_verification_by_one_chunk_only(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n) for n in range(3 * CHUNK)], sandbox)
    model = ScriptedModel(_right)
    running = attempt(found, model, sandbox)
    next(running)
    assert model.asked == 2 * CHUNK
    assert len(list(running)) == 3 * CHUNK - 1


class _Slow:
    """The sandbox, in which nothing is judged before the model has answered so many; it counts what it is given."""

    def __init__(self, sandbox: Sandbox, model: ScriptedModel, until: int) -> None:
        self._sandbox, self._model, self._until = sandbox, model, until
        self.given: list[int] = []

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        return self._sandbox.check_many(sources, edition=edition, exact=exact)

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        self.given.append(len(cases))
        while self._model.asked < self._until:
            time.sleep(0.01)
        return self._sandbox.judge_many(cases)


def test_the_judge_begins_with_the_first_answers_and_takes_then_all_that_have_come(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n) for n in range(90)], sandbox)

    def patient(request: Request, route: str | None) -> str:
        while "f80()" in request.source and not judge.given:
            time.sleep(0.01)
        return _right(request, route)

    model = ScriptedModel(patient)
    judge = _Slow(sandbox, model, until=90)
    made = list(attempt(found, model, judge, chunk=128))
    assert judge.given[0] <= 64 and sum(judge.given) == 90  # it was given the first before the last were answered
    assert len(judge.given) <= 3
    assert [item.diagnosis.koan.id for item in made] == [f"k{n}" for n in range(90)]
    assert all(item.passed for item in made)


def test_short_questions_are_answered_first_and_told_in_their_own_order(sandbox: Sandbox) -> None:
    lines = [9, 2, 7, 1, 8, 3]
    koans = [replace(_koan(n), broken=_BROKEN.format(n=n) + "".join(
        f"pub fn g{i}() {{}}\n" for i in range(count))) for n, count in enumerate(lines)]  # fmt: skip
    found, _ = diagnose(koans, sandbox)
    heard: list[int] = []

    def hear(request: Request, _route: str | None) -> str:
        heard.append(len(request.text))
        return ""

    made = list(attempt(found, ScriptedModel(hear), sandbox))
    assert heard == sorted(heard) and len(set(heard)) == len(lines)
    assert [item.diagnosis.koan.id for item in made] == [koan.id for koan in koans]


class _Failing(_Slow):
    """Judges the first cases that it is given, and fails at the next."""

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        if self.given:
            raise RuntimeError("the judge is gone")
        return super().judge_many(cases)


def test_when_the_judge_fails_what_it_judged_before_is_told_and_then_the_failure(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n) for n in range(3 * CHUNK)], sandbox)
    model = ScriptedModel(_right)
    told: list[str] = []
    with pytest.raises(RuntimeError, match="the judge is gone"):
        told.extend(item.diagnosis.koan.id for item in attempt(found, model, _Failing(sandbox, model, until=0)))
    assert told == [f"k{n}" for n in range(len(told))]
    assert len(told) >= 10  # k0 to k9 are the shortest questions
    assert model.asked <= 2 * CHUNK


def test_when_the_model_fails_the_failure_comes_out(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n) for n in range(CHUNK + 1)], sandbox)

    def tired(request: Request, route: str | None) -> str:
        if "f32" in request.source:
            raise ZeroDivisionError("no more")
        return _right(request, route)

    with pytest.raises(ZeroDivisionError, match="no more"):
        list(attempt(found, ScriptedModel(tired), sandbox))


def test_whoever_stops_asking_has_nothing_more_judged(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n) for n in range(3 * CHUNK)], sandbox)
    model = ScriptedModel(_right)
    judge = _Slow(sandbox, model, until=0)
    running = attempt(found, model, judge)
    next(running)
    assert isinstance(running, Generator)
    running.close()
    assert sum(judge.given) <= 2 * CHUNK and model.asked <= 2 * CHUNK


def test_a_right_answer_passes_a_wrong_one_fails_its_tests(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(n, _TESTS.format(n=n)) for n in (3, 4, 5, 6)], sandbox)
    said = {
        "f3": _right,
        "f4": lambda *_: "⟪2⟫4;→7",
        "f5": lambda *_: "⟪2⟫5;→true",
        "f6": lambda *_: "⟪0⟫⊕#[cfg(any())]",
    }
    model = ScriptedModel(lambda request, route: said[request.source[7:9]](request, route))
    made = list(attempt(found, model, sandbox))
    assert [item.verdict.outcome.value for item in made] == ["PASS", "FAIL", "COMPILE_ERROR", "REJECTED"]
    assert made[0].verdict.tests == (("gives", True),)
    assert made[2].verdict.diagnostics[0].code == "E0308"
    assert all(item.verdict.is_label for item in made)
    assert all(item.seconds > 0 and item.tokens > 0 and item.prompt.endswith("⟦fix⟧") for item in made)


@pytest.mark.parametrize("answer", ["", "fn main() {}", "⟪2⟫zzz→1", "⟪9⟫⊖", "⟪2⟫"])
def test_what_cannot_be_applied_is_the_answers_own_error(sandbox: Sandbox, answer: str) -> None:
    found, _ = diagnose([_koan(1)], sandbox)
    (made,) = attempt(found, ScriptedModel(lambda *_: answer), sandbox)
    assert made.verdict.outcome is Outcome.COMPILE_ERROR
    assert made.verdict.detail.startswith("not applicable: ")
    assert made.verdict.diagnostics == found[0].diagnostics
    assert (made.source, made.answer) == ("", answer)


def test_a_failure_of_the_machine_is_no_label(sandbox: Sandbox) -> None:
    """Hidden tests without a test are the koan's fault; the answer beside it is judged all the same."""
    found, _ = diagnose([_koan(1, "mod tests {}"), _koan(2, _TESTS.format(n=2))], sandbox)
    first, second = attempt(found, ScriptedModel(_right), sandbox)
    assert first.verdict.outcome is Outcome.INFRA_ERROR
    assert not first.verdict.is_label and not first.passed
    assert second.passed


def test_each_answer_is_routed_by_its_signature(sandbox: Sandbox) -> None:
    other = replace(_koan(1), id="moved", broken="pub fn f() { let s = String::new(); drop(s); drop(s); }\n")
    found, _ = diagnose([_koan(2), other], sandbox)
    heard: list[str | None] = []

    def hear(request: Request, route: str | None) -> str:
        heard.append(route)
        return ""

    routes = {found[1].signature: "the moved"}
    made = list(attempt(found, ScriptedModel(hear), sandbox, routes.get))
    assert heard == [item.route for item in made] == [None, "the moved"]
    assert found[1].signature == "E0382:use of moved value: `_`@fn"
    list(attempt(found, ScriptedModel(hear), sandbox))
    assert heard[2:] == [None, None] == [base_only("x"), base_only("y")]


def test_no_tasks_are_no_attempts(sandbox: Sandbox, tiny: LanguageModel) -> None:
    assert list(attempt([], tiny, sandbox)) == []


def test_a_real_model_attempts_every_task(sandbox: Sandbox, tiny: LanguageModel, diagnoses: list[Diagnosis]) -> None:
    made = list(attempt(diagnoses, tiny, sandbox))
    assert [item.diagnosis for item in made] == diagnoses
    assert all(item.verdict.is_label for item in made)
    assert sum(item.passed for item in made) <= 2  # it has learnt nothing


def test_a_koan_that_cannot_be_attempted_says_why(sandbox: Sandbox) -> None:
    koans = [
        _koan(1),
        replace(_koan(2), broken=_FIXED.format(n=2)),
        replace(_koan(3), broken="pub fn f() { let async = 1; }\n"),
        replace(_koan(4), broken="pub fn f() { let async = 1; }\n", edition="2015"),
        _koan(5),
    ]
    found, unfit = diagnose(koans, sandbox)
    assert [item.koan.id for item in found] == ["k1", "k3", "k5"]
    assert [(koan.id, why) for koan, why in unfit] == [
        ("k2", "its broken program compiles"),
        ("k4", "its broken program compiles"),
    ]
    assert found[0].signature == "E0308:int<-()@fn"


def test_the_compilers_own_suggestions_mend_what_they_can(sandbox: Sandbox, diagnoses: list[Diagnosis]) -> None:
    hopeless = replace(_koan(2), broken="pub fn f() -> u8 { missing }\n")
    twice = replace(_koan(3), broken="pub fn f() -> u8 { let a = 1; a = 2; let b = 1; b = 2; a + b }\n")
    found, _ = diagnose([_koan(1), hopeless, twice], sandbox)
    one, none, both = suggested(found, sandbox)
    assert one == _FIXED.format(n=1)
    assert none is None
    assert both is not None and both.count("let mut ") == 2
    some = diagnoses[:12]
    for item, mended in zip(some, suggested(some, sandbox), strict=True):
        assert mended is None or sandbox.check(mended, edition=item.koan.edition).passed


def test_whole_files_are_attempted_too(sandbox: Sandbox) -> None:
    found, _ = diagnose([_koan(1, _TESTS.format(n=1))], sandbox)
    model = ScriptedModel(lambda *_: f"Here:\n```rust\n{_FIXED.format(n=1)}```\n", form=Format.WHOLE_FILE)
    (made,) = attempt(found, model, sandbox)
    assert made.passed
    assert made.source == _FIXED.format(n=1)
