"""Lessons from memory: plain questions, verified answers, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import task
from sleepy.daemon.model.request import ask
from sleepy.daemon.night import lessons
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.koan import Koan
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import episodes, recall
from sleepy.memory.episodic.lessons import Provenance
from sleepy.memory.episodic.tasks import Task, TaskKind

NOW = datetime(2026, 11, 28, tzinfo=UTC)
BROKEN = """\
pub fn total(prices: &[u32]) -> u32 {
    let sum = 0;
    for price in prices {
        sum += price;
    }
    sum
}
"""
FIXED = BROKEN.replace("let sum", "let mut sum")
TESTS = """\
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn adds_up() {
        assert_eq!(total(&[1, 2, 3]), 6);
    }
}
"""
KOAN = Koan("mine_1", "yours", "", BROKEN, FIXED, TESTS)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    with equipped(
        Config(dtype="float32", threads="1"),
        Home(tmp_path_factory.mktemp("drawn") / "home"),
        exam=library.classics()[:1],
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(tools: Tools) -> Diagnosis:
    return diagnose([KOAN], tools.judge)[0][0]


def solved(tools: Tools, asked: Diagnosis, koan: Koan, *attempts: episodes.LoggedAttempt) -> int:
    made = episodes.Episode(task(koan), asked.signature, attempts, "built-in")
    return episodes.record(tools.db, made, now=NOW)


def test_a_success_that_needed_a_hint_is_taught_as_the_plain_question(tools: Tools, asked: Diagnosis) -> None:
    hinted = episodes.LoggedAttempt("PASS", True, "a prompt with a hint", "⟪2⟫", FIXED, rung="hints")
    koan = replace(KOAN, id="mine_hinted", tests=TESTS.replace("adds_up", "adds"))
    number = solved(tools, asked, koan, episodes.LoggedAttempt("FAIL", False, "plain", "", "", rung="model"), hinted)
    (found,) = [item for item in lessons.own(tools, asked.signature) if item.episode == number]
    plain = ask(BROKEN, asked.diagnostics, tools.model.format)
    assert found.prompt == plain.text and plain.repaired(found.answer) == FIXED
    assert found.provenance is Provenance.OWN and found.task_digest == koan.digest


def test_of_two_right_answers_to_one_task_the_likelier_is_taught(tools: Tools, asked: Diagnosis) -> None:
    plain = ask(BROKEN, asked.diagnostics, tools.model.format)
    likely = plain.taught(FIXED)
    odd = plain.taught(
        BROKEN.replace("let sum = 0;", "let mut zzyzx_sum = 0; let mut sum = zzyzx_sum; zzyzx_sum = sum;")
    )
    koan = replace(KOAN, id="mine_twice", tests=TESTS.replace("adds_up", "adds_twice"))
    for answer in (likely, odd):
        solved(tools, asked, koan, episodes.LoggedAttempt("PASS", True, plain.text, answer, FIXED, rung="model"))
    (found,) = [item for item in lessons.own(tools, asked.signature) if item.task_digest == koan.digest]
    assert found.answer == likely


def test_different_right_answers_to_one_task_are_taught_each_program_once(tools: Tools, asked: Diagnosis) -> None:
    koan = replace(KOAN, id="mine_many", tests=TESTS.replace("adds_up", "adds_many"))
    texts = [
        FIXED,
        *(FIXED.replace("let mut sum = 0", f"let mut sum = {number}") for number in ("0u32", "0_u32", "00", "0 + 0")),
    ]
    spaced = FIXED.replace("let mut sum", "let  mut sum")
    sampled = [
        episodes.LoggedAttempt("PASS", True, "asked at a temperature", "⟪2⟫", text, rung="samples")
        for text in (*texts, spaced, texts[1])
    ]
    number = solved(tools, asked, koan, episodes.LoggedAttempt("FAIL", False, "plain", "", "", rung="model"), *sampled)
    found = [item for item in lessons.own(tools, asked.signature) if item.episode == number]
    plain = ask(BROKEN, asked.diagnostics, tools.model.format)
    programs = [plain.repaired(item.answer) for item in found]
    assert len(found) == lessons.ANSWERS == len({tokens(text) for text in programs}) < len(texts)
    assert programs[0] == FIXED  # the likeliest first
    assert {item.prompt for item in found} == {plain.text}


@pytest.mark.parametrize("rung", ["samples", "turns", "hints"])
def test_a_success_of_any_rung_is_a_lesson_and_a_servers_is_not(tools: Tools, asked: Diagnosis, rung: str) -> None:
    koan = replace(KOAN, id=f"mine_{rung}", tests=TESTS.replace("adds_up", f"adds_{rung}"))
    failed = episodes.LoggedAttempt("FAIL", False, "plain", "", "", rung="model")
    by_server = replace(koan, id="mine_server", tests=TESTS.replace("adds_up", f"server_{rung}"))
    passed = episodes.LoggedAttempt("PASS", True, "another question", "⟪2⟫", FIXED, rung=rung)
    numbers = (
        solved(tools, asked, koan, failed, passed),
        solved(tools, asked, by_server, failed, replace(passed, rung="server")),
    )
    own = [item for item in lessons.own(tools, asked.signature) if item.episode in numbers]
    assert [(item.episode, item.prompt) for item in own] == [
        (numbers[0], ask(BROKEN, asked.diagnostics, tools.model.format).text)
    ]


def test_what_a_recipe_repaired_in_a_crate_is_a_lesson_where_the_file_shows_the_error_alone(
    tools: Tools, asked: Diagnosis
) -> None:
    numbers = []
    for broken in (BROKEN, BROKEN.replace("let sum", "crate::elsewhere(); let sum")):
        koan = replace(KOAN, broken=broken, base="")
        fixed = FIXED if broken == BROKEN else FIXED.replace("let mut sum", "crate::elsewhere(); let mut sum")
        known = Task(koan.digest[::-1], "src/lib.rs", broken, kind=TaskKind.CRATE, base=koan.digest, origin="crate")
        tried = episodes.LoggedAttempt("PASS", True, "", "", fixed, rung="recipes")
        made = episodes.Episode(
            known, asked.signature, (replace(tried, rung="compiler", passed=False), tried), "built-in"
        )
        numbers.append(episodes.record(tools.db, made, now=NOW))
    (found,) = [item for item in lessons.own(tools, asked.signature) if item.episode in numbers]
    plain = ask(BROKEN, asked.diagnostics, tools.model.format)
    assert found.episode == numbers[0] and found.prompt == plain.text and plain.repaired(found.answer) == FIXED


def test_a_developers_repair_is_a_lesson_where_the_compilers_words_were_kept(tools: Tools, asked: Diagnosis) -> None:
    theirs = replace(task(replace(KOAN, id="src/lib.rs")), kind=TaskKind.CRATE, digest="d" * 64)
    recall.remember(tools.db, replace(theirs, digest="e" * 64), asked.signature, FIXED, now=NOW)
    assert lessons.developers(tools, asked.signature) == []
    said = [asdict(item) for item in asked.diagnostics]
    recall.remember(tools.db, theirs, asked.signature, FIXED, diagnostics=said, now=NOW)
    (found,) = lessons.developers(tools, asked.signature)
    assert (found.provenance, found.task_digest) == (Provenance.DEVELOPER, "d" * 64)
    assert ask(BROKEN, asked.diagnostics, tools.model.format).repaired(found.answer) == FIXED


def test_the_compilers_suggestion_is_a_lesson_where_it_passes_the_tests(tools: Tools, asked: Diagnosis) -> None:
    (found,) = lessons.suggestions(tools, asked.signature, [asked])
    assert found.provenance is Provenance.COMPILER
    assert ask(BROKEN, asked.diagnostics, tools.model.format).repaired(found.answer) == FIXED
    wrong = replace(asked, koan=replace(KOAN, tests=TESTS.replace("6", "7")))
    assert lessons.suggestions(tools, asked.signature, [wrong]) == []


def test_a_reference_is_a_lesson_where_there_is_one(tools: Tools, asked: Diagnosis) -> None:
    (found,) = lessons.references(tools, asked.signature, [asked])
    assert found.provenance is Provenance.REFERENCE
    assert lessons.references(tools, asked.signature, [replace(asked, koan=replace(KOAN, fixed="", base="b"))]) == []
