"""`sleepy exam`: counts that add up, next to the compiler's suggestions, on built-in and foreign cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab import exam
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import Format, Request
from sleepy.koans import library
from sleepy.koans.koan import Koan
from sleepy.sandbox.sandbox import Sandbox

_TAIL = Koan("tail", "type_mismatch", "A tail", "pub fn f() -> u8 {\n    1;\n}\n", "pub fn f() -> u8 {\n    1\n}\n")
_NAME = Koan("name", "names", "A name", "pub fn f(a: u8) -> u8 {\n    zz\n}\n", "pub fn f(a: u8) -> u8 {\n    a\n}\n")
_SOUND = replace(_TAIL, id="sound", broken=_TAIL.fixed)
_TWO = Koan(
    "two", "names", "Two", "pub fn f(a: u8) -> u8 {\n    zz + yy\n}\n", "pub fn f(a: u8) -> u8 {\n    a + a\n}\n"
)


def _scripted(answers: dict[str, str]) -> ScriptedModel:
    """Whole files, by a word of the program that is asked about."""

    def answer(request: Request, *_: object) -> str:
        return next((text for word, text in answers.items() if word in request.source), request.source)

    return ScriptedModel(answer, form=Format.WHOLE_FILE)


def test_the_model_and_the_suggestions_are_counted_apart(sandbox: Sandbox) -> None:
    model = _scripted({"zz": _NAME.fixed})
    sitting = exam.examine([_TAIL, _NAME, _SOUND], model, sandbox)
    assert sitting.passed == {"name"}
    assert sitting.suggested == {"tail"}
    assert sitting.skipped == {"sound": "its broken program compiles"}
    told = json.loads(exam.line(sitting))
    assert (told["n"], told["passed"], told["suggestions_passed"], told["union_passed"]) == (3, 1, 1, 2)
    assert told["ids_passed"] == ["name"]
    assert sum(total for _, total in told["by_pattern"].values()) == 3
    assert sum(passed for passed, _ in told["by_family"].values()) == 1
    assert told["interval"][0] < 1 / 3 < told["interval"][1]


def test_a_second_turn_goes_on_from_what_the_first_left(sandbox: Sandbox) -> None:
    model = _scripted({"zz": _TWO.broken.replace("zz", "a"), "a + yy": _TWO.fixed})
    assert exam.examine([_TWO], model, sandbox).passed == set()
    assert exam.examine([_TWO], model, sandbox, turns=2).passed == {"two"}


def test_two_turns_together_may_change_no_more_than_one(sandbox: Sandbox) -> None:
    koan = replace(_TWO, tests="#[test]\nfn doubles() {\n    assert_eq!(f(2), 4);\n}\n")
    left = _TWO.broken.replace("zz", "a").replace("u8", "u16")  # another type, which the test does not see
    model = _scripted({"zz": left, "u16": left.replace("yy", "a")})
    assert exam.examine([koan], model, sandbox, turns=2).passed == set()


def test_more_samples_ask_only_what_has_not_passed(sandbox: Sandbox) -> None:
    asked: list[str] = []

    def answer(request: Request, *_: object) -> str:
        asked.append(request.source)
        return _TAIL.fixed if "1;" in request.source else request.source

    found = exam.examine([_TAIL, _NAME], ScriptedModel(answer, form=Format.WHOLE_FILE), sandbox, samples=3)
    assert found.passed == {"tail"}
    assert asked.count(_TAIL.broken) == 1
    assert asked.count(_NAME.broken) == 3


def test_koans_are_found_by_word_file_and_folder(tmp_path: Path) -> None:
    assert len(exam.chosen("classics")) == 42
    assert exam.chosen("exam") == library.exam()
    rows: Sequence[dict[str, str]] = [{"id": "a", "broken": "fn f( {}", "fixed": "fn f() {}"}]
    (tmp_path / "some.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert [koan.id for koan in exam.chosen(str(tmp_path / "some.jsonl"))] == ["a"]
    for wrong in (str(tmp_path / "none.jsonl"), str(tmp_path)):
        with pytest.raises(UserError):
            exam.chosen(wrong)
