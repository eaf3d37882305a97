"""What a case asks, read from its programs alone: nothing is compiled here."""

from __future__ import annotations

import pytest

from sleepy.sandbox import question
from sleepy.sandbox.verdict import Case

_ADD = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"
_OWN = (
    _ADD + "#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n    fn adds() { assert_eq!(add(1, 2), 3); }\n}\n"
)
_TESTS = "mod tests { use super::*; #[test] fn adds() { assert_eq!(add(1, 2), 3); } }"
_STATIC = "static LAST: std::sync::Mutex<i32> = std::sync::Mutex::new(0);\n"


@pytest.mark.parametrize(
    ("case", "only"),
    [
        (Case(_ADD), True),
        (Case(_OWN), True),  # unless it is asked for
        (Case(_OWN, own_tests=True), False),
        (Case(_ADD, own_tests=True), True),
        (Case(_ADD + "// #[test]\n", own_tests=True), True),
        (Case(_ADD, original=_OWN, own_tests=True), False),
        (Case(_ADD, original=_OWN), True),
        (Case(_ADD, reference=_OWN), False),
        (Case(_ADD, _TESTS), False),
        (Case(_ADD, stdout=""), False),
        (Case(_ADD, reference=_ADD.replace("a + b", "b + a")), False),
        (Case(_ADD, reference="// the same\n" + _ADD), True),
        (Case(_ADD, reference=_ADD.replace("a + b", "b + a"), edition="2015"), True),
        (Case(_ADD, reference=_ADD.replace("a + b", "b + a"), original=_ADD.replace("-> i32", "-> u8")), True),
    ],
)
def test_only_what_has_neither_tests_nor_calls_is_merely_compiled(case: Case, only: bool) -> None:
    assert question.is_only_checked(case) is only


@pytest.mark.parametrize(
    ("case", "has"),
    [
        (Case(_ADD, _TESTS), False),
        (Case(_ADD, _TESTS, _ADD.replace("i32", "&'static str")), False),
        (Case(_ADD + _STATIC, _TESTS, _ADD), False),  # the candidate's own says nothing
        (Case(_ADD, _TESTS, _ADD + _STATIC), True),
        (Case(_ADD, _STATIC + _TESTS, _ADD), True),
        (Case(_OWN.replace("    #[test]", "    thread_local! {}\n    #[test]"), own_tests=True), True),
        (Case(_STATIC + _OWN, own_tests=True), False),
    ],
)
def test_state_is_meant_where_the_task_itself_keeps_some(case: Case, has: bool) -> None:
    assert question.has_state(case) is has


def test_the_reference_in_another_layout_is_known_by_what_its_strings_say_too() -> None:
    said = 'pub fn name() -> &\'static str {\n    "red"\n}\n'
    assert question.is_reference(Case("// mine\n" + said.replace("\n    ", " "), reference=said))
    assert not question.is_reference(Case(said.replace("red", "blue"), reference=said))
    assert not question.is_reference(Case(said))


def test_tests_that_were_not_the_mistake_must_stand() -> None:
    other = _OWN.replace("2), 3", "2), 4")
    assert question.changed_tests(Case(other, original=_OWN, own_tests=True))
    assert not question.changed_tests(Case(_OWN.replace("    fn adds", "\n  fn adds"), original=_OWN, own_tests=True))
    assert not question.changed_tests(Case(other, original=_OWN, reference=_OWN.replace("2), 3", "2), 2 + 1")))
    assert not question.changed_tests(Case(other, own_tests=True))
    assert not question.changed_tests(Case(other, _TESTS, original=_OWN, own_tests=True))
