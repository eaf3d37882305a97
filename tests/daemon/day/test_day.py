"""A day explores what its greedy answers fail; what then passes is a lesson without what helped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import day, practise, task
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import ask
from sleepy.daemon.night import lessons
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes, patterns
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.lessons import Provenance
from sleepy.sandbox.sandbox import Sandbox

NOW = datetime(2031, 3, 4, tzinfo=UTC)
HINT = "a binding that changes is declared with mut"
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
WRONG = FIXED.replace("let mut sum", "let sum").replace("= 0", "= 1")
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
HARD = ("dropped_clone", "other_number_type", "dropped_bound")  # mistakes of which it solves some
TAUGHT, KEPT = (next(name for name in map(str, range(99)) if shelf.is_held_out(name) is kept) for kept in (False, True))


class HintedModel(ScriptedModel):
    """Solves it where the question has the hint, and only there."""

    needs = HINT

    def __init__(self) -> None:
        super().__init__(lambda request, _: request.taught(FIXED if self.needs in request.text else WRONG))

    @contextmanager
    def serving(self, _subspace: Any) -> Iterator[HintedModel]:
        yield self


@pytest.fixture
def tools(sandbox: Sandbox, tmp_path: Path) -> Iterator[Callable[..., Tools]]:
    home = Home(tmp_path / "home").make()
    home.hints.write_text(f'E0596 = "{HINT}"\n')
    with Database.open(home.database) as db:
        yield lambda **settings: Tools(db, home, Config(**settings), HintedModel(), sandbox, (), now=lambda: NOW)  # type: ignore[arg-type]


@pytest.fixture
def asked(sandbox: Sandbox) -> Callable[[str], Diagnosis]:
    """The diagnosed koan of a base program."""

    def made(base: str) -> Diagnosis:
        (found,), unfit = diagnose([Koan(f"mine_{base}", "yours", "", BROKEN, FIXED, TESTS, base=base)], sandbox)
        assert not unfit
        return found

    return made


def test_what_a_hint_solves_is_a_lesson_without_the_hint_and_no_pass_of_the_models(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis]
) -> None:
    opened, item = tools(explore=9, day_samples=2), asked(TAUGHT)
    done = practise(opened, Served(), [item])
    assert (done.attempted, done.passed, done.explored, len(done.failed)) == (1, 0, {"hints": 1}, 1)
    (kept,) = episodes.latest(opened.db)
    assert [(tried.rung, tried.passed) for tried in kept.episode.attempts] == [
        ("model", False), ("samples", False), ("samples", False), ("turns", False), ("hints", True),
    ]  # fmt: skip
    alone, helped = (patterns.rates(opened.db, rung=rung)[item.signature] for rung in ("model", "hints"))
    assert (alone.passes, alone.attempts, helped.passes, helped.attempts) == (0, 1, 1, 1)
    (lesson,) = lessons.own(opened, item.signature)
    plain = ask(BROKEN, item.diagnostics, opened.model.format)
    assert lesson.prompt == plain.text and HINT not in lesson.prompt and plain.repaired(lesson.answer) == FIXED
    assert lesson.provenance is Provenance.OWN and lesson.episode == kept.id
    assert [found.id for found in episodes.failed_alone(opened.db, item.signature)] == [kept.id]


def test_without_the_setting_nothing_is_asked_twice(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis]
) -> None:
    opened = tools(explore=0)
    done = practise(opened, Served(), [asked(TAUGHT)])
    assert not done.explored and opened.model.asked == 1  # type: ignore[attr-defined]


def test_a_koan_that_gives_no_lesson_and_one_without_a_hint_are_not_asked_again(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis]
) -> None:
    opened = tools(explore=9, day_samples=0)
    practise(opened, Served(), [asked(KEPT)])
    assert opened.model.asked == 1  # type: ignore[attr-defined]
    opened.home.hints.write_text('E0596 = ""\n')
    assert not practise(opened, Served(), [asked(TAUGHT)]).explored
    assert opened.model.asked == 3  # type: ignore[attr-defined]  # the greedy one, and the second turn


def test_hints_that_cannot_be_read_end_no_practice(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis], caplog: pytest.LogCaptureFixture
) -> None:
    opened = tools(explore=9)
    opened.home.hints.write_text("E0596 = 7\n")
    assert practise(opened, Served(), [asked(TAUGHT)]).attempted == 1
    assert "your own hints are ignored" in caplog.text


def test_exploration_keeps_to_its_budget_and_begins_where_outcomes_are_mixed(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis]
) -> None:
    opened = tools(explore=1.5, day_samples=2, day_hints=False)
    opened.model.needs = "nothing solves it"  # type: ignore[attr-defined]
    items = [
        replace(asked(TAUGHT), signature=name) for name in ("E1:never@fn", "E2:mixed@fn", "E3:mixed@fn", "E4:never@fn")
    ]
    for item in items:
        for passed in (False, "mixed" in item.signature, False, "mixed" in item.signature):
            tried = episodes.LoggedAttempt("PASS" if passed else "FAIL", passed)
            made = episodes.Episode(task(item.koan), item.signature, (tried,), "scripted")
            episodes.record(opened.db, made, now=NOW)
    practise(opened, Served(), items)
    assert opened.model.asked == 4 + 6  # type: ignore[attr-defined]
    climbed = {
        found.episode.signature: [each.rung for each in found.episode.attempts]
        for found in episodes.latest(opened.db, limit=4)
    }
    alone, whole = ["model"], ["model", "samples", "samples", "turns"]
    assert climbed == {"E1:never@fn": alone, "E4:never@fn": alone, "E2:mixed@fn": whole, "E3:mixed@fn": whole}


# a second turn

TWO = BROKEN.replace("sum += price;", "sum += price as u32;").replace("-> u32", "-> u64")
TWO_FIXED = TWO.replace("let sum = 0", "let mut sum = 0").replace("price as u32", "u64::from(*price)")


class TwoTurnsModel(ScriptedModel):
    """Makes the first of two changes; then, asked about the program with that, the other. `middle` is what is between."""

    def __init__(self, middle: str, fixed: str) -> None:
        super().__init__(lambda request, _: request.taught(fixed if request.source == middle else middle))

    @contextmanager
    def serving(self, _subspace: Any) -> Iterator[TwoTurnsModel]:
        yield self


def turned(opened: Tools, sandbox: Sandbox, middle: str, fixed: str) -> tuple[Diagnosis, list[episodes.LoggedAttempt]]:
    """One koan practised by the model of two turns: its diagnosis, and the attempts."""
    (found,), _ = diagnose([Koan("two", "yours", "", TWO, TWO_FIXED, TESTS, base=TAUGHT)], sandbox)
    twice = replace(opened, model=TwoTurnsModel(middle, fixed))  # type: ignore[arg-type]
    practise(twice, Served(), [found])
    (kept,) = episodes.latest(opened.db)
    return found, list(kept.episode.attempts)


def test_a_second_turn_continues_from_the_failed_answer_and_both_are_taught_as_one(
    tools: Callable[..., Tools], sandbox: Sandbox
) -> None:
    opened = tools(explore=9, day_samples=1)
    middle = TWO.replace("let sum = 0", "let mut sum = 0")
    item, attempts = turned(opened, sandbox, middle, TWO_FIXED)
    assert [(tried.rung, tried.passed) for tried in attempts] == [("model", False), ("samples", False), ("turns", True)]
    assert attempts[2].prompt != attempts[0].prompt and attempts[2].source == TWO_FIXED
    (lesson,) = lessons.own(opened, item.signature)
    assert lesson.prompt == attempts[0].prompt
    assert ask(TWO, item.diagnostics, opened.model.format).repaired(lesson.answer) == TWO_FIXED


def test_a_second_turn_is_judged_by_the_koan_and_not_by_what_the_first_left(
    tools: Callable[..., Tools], sandbox: Sandbox
) -> None:
    opened = tools(explore=9, day_samples=0, day_hints=False)
    middle = TWO.replace("-> u64", "-> u32").replace(
        "price as u32", "price"
    )  # another type, which the tests do not see
    item, attempts = turned(opened, sandbox, middle, middle.replace("let sum", "let mut sum"))
    assert [(tried.rung, tried.outcome) for tried in attempts] == [
        ("model", "COMPILE_ERROR"),
        ("turns", "API_MISMATCH"),
    ]
    assert lessons.own(opened, item.signature) == []


# the built-in model


@pytest.fixture
def built_in(tmp_path: Path) -> Callable[..., Any]:
    @contextmanager
    def opened(name: str, **settings: Any) -> Iterator[Tools]:
        config = Config(explore=9, day_hints=False, **settings)
        with equipped(config, Home(tmp_path / name), exam=library.classics()[:1]) as found:
            yield found

    return opened


def test_the_built_in_model_solves_by_samples_what_it_fails_greedily_and_they_are_lessons(
    built_in: Callable[..., Any],
) -> None:
    answers = []
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        with built_in(name, dtype="float32", threads="1") as tools:  # each home would choose its own by measuring
            koans = shelf.practice(tools.judge, 5, 24, exam=tools.exam, mistakes=[BY_NAME[each] for each in HARD])
            done = practise(tools, serve.serving(tools), koans, seed=seed)
            kept = [item.episode for item in episodes.latest(tools.db, limit=50)]
            answers.append(sorted((tuple(tried.answer for tried in item.attempts), item.task.digest) for item in kept))
            assert done.explored.get("samples", 0) >= 1
            greedy = [item for item in kept if len(item.attempts) == 1]
            assert all(item.attempts[0].passed or shelf.is_held_out(item.task.base) for item in greedy)
            rates = patterns.rates(tools.db)
            assert sum(tally.passes for tally in rates.values()) == done.passed
            taught = [lesson for signature in rates for lesson in lessons.own(tools, signature)]
            sampled = {
                (item.task.digest, tried.source): item.attempts[0].prompt
                for item in kept
                for tried in item.attempts
                if tried.rung == "samples" and tried.passed
            }
            solved = {digest for digest, _ in sampled}
            found = [lesson for lesson in taught if lesson.task_digest in solved]
            assert {lesson.task_digest for lesson in found} == solved
            assert {lesson.prompt for lesson in found} <= set(sampled.values())
            assert len(found) <= len(sampled)
    assert answers[0] == answers[1] != answers[2]


def test_a_day_has_as_many_koans_as_were_asked_for(built_in: Callable[..., Any]) -> None:
    with built_in("home", dtype="float32", threads="1") as opened:
        tools = replace(opened, exam=tuple(library.exam()), config=replace(opened.config, explore=0.0))
        # a single koan whose first draw is too near to the exam's; three of which the first two are solved
        assert [day(tools, serve.serving(tools), seed, tasks).attempted for seed, tasks in ((5, 1), (3, 3))] == [1, 3]
