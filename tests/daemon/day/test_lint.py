"""Koans of one's own: what is wrong with them, the shelf they lie on, and the day that practises them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.day import shelf
from sleepy.daemon.day.lint import lint
from sleepy.koans import library
from sleepy.koans.koan import Koan, write
from sleepy.sandbox.sandbox import Sandbox

_GOOD = Koan(
    id="mine",
    family="type_mismatch",
    title="A missing tail",
    broken="pub fn area(side: u32) -> u32 {\n    side * side;\n}\n",
    fixed="pub fn area(side: u32) -> u32 {\n    side * side\n}\n",
    tests="mod tests {\n    use super::*;\n    #[test]\n    fn squares() { assert_eq!(area(3), 9); }\n}\n",
)
_BAD = {
    "same": (replace(_GOOD, broken=_GOOD.fixed), "broken and fixed are the same program"),
    "passes": (replace(_GOOD, broken=_GOOD.fixed + "fn more() {}\n"), "broken passes"),
    "wrong": (replace(_GOOD, fixed=_GOOD.fixed.replace("*", "+")), "fixed does not pass: FAIL squares"),
    "unfixed": (
        replace(_GOOD, fixed="pub fn area(side: u32) -> u32 { missing }\n"),
        "fixed does not pass: COMPILE_ERROR",
    ),
    "empty": (replace(_GOOD, tests="mod tests {}"), "fixed could not be judged"),
}
_WEAK = {
    "untested": (replace(_GOOD, tests=""), "it has no tests, only compiling is checked"),
    "long": (replace(_GOOD, broken=_GOOD.broken + "// " + "x" * 170 + "\n"), "a line is longer"),
}


def test_a_sound_koan_has_nothing_wrong_with_it(sandbox: Sandbox) -> None:
    assert lint([_GOOD], sandbox, library.exam()) == []


def test_what_is_wrong_is_said_of_the_koan_it_is_wrong_with(sandbox: Sandbox) -> None:
    koans = [replace(koan, id=name) for name, (koan, _) in (_BAD | _WEAK).items()]
    found = lint([replace(_GOOD, id="sound"), *koans], sandbox)
    assert "sound" not in {item.koan for item in found}
    for name, (_, said) in (_BAD | _WEAK).items():
        own = [item for item in found if item.koan == name]
        assert any(item.said.startswith(said) for item in own), (name, own)
        assert any(item.grave for item in own) is (name in _BAD), (name, own)
        assert all(item.remedy for item in own)


def test_a_koan_of_the_exam_is_not_for_practice(sandbox: Sandbox, tmp_path: Path) -> None:
    exam = [_GOOD]
    near = replace(_GOOD, id="near", title="Another title", broken="// mine\n" + _GOOD.broken)
    (finding,) = lint([near], sandbox, exam)
    assert finding.grave
    assert "mine" in finding.said
    for koan in (
        near,
        replace(_GOOD, id="other", broken="pub fn one() -> u8 { }\n", fixed="pub fn one() -> u8 { 1 }\n", tests=""),
    ):
        (tmp_path / f"{koan.id}.toml").write_text(write(koan))
    assert [item.koan.id for item in shelf.own(sandbox, 0, 5, folder=tmp_path, exam=exam)] == ["other"]
    assert shelf.own(sandbox, 0, 5, folder=tmp_path / "none", exam=exam) == []


@pytest.mark.parametrize("templates", [False, True])
def test_forged_koans_are_sound_and_the_same_by_seed(sandbox: Sandbox, templates: bool) -> None:
    made = list(shelf.forged_koans(sandbox, 3, 4, templates=templates))
    assert len(made) == 4
    assert [item for item in lint(made, sandbox, library.exam()) if item.grave] == []
    assert made == list(shelf.forged_koans(sandbox, 3, 4, templates=templates))


def test_a_mistake_that_does_not_exist_is_met_with_the_nearest(sandbox: Sandbox) -> None:
    with pytest.raises(UserError, match="there is no mistake 'droped_clone'") as caught:
        next(shelf.forged_koans(sandbox, 0, 1, names=["droped_clone"]))
    assert caught.value.remedy == "did you mean dropped_clone?"
