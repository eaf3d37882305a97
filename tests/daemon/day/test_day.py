"""A day's practice with hints: what was failed is asked once more, and a success is a lesson without the hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import Request, ask
from sleepy.daemon.night import lessons
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
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
TAUGHT, KEPT = (next(name for name in map(str, range(99)) if shelf.is_held_out(name) is kept) for kept in (False, True))


class HintedModel(ScriptedModel):
    """Solves it where the question has the hint, and only there."""

    def __init__(self) -> None:
        super().__init__(lambda request, _: self._say(request))
        self.heard: list[str] = []

    def _say(self, request: Request) -> str:
        self.heard.append(request.text)
        return request.taught(FIXED) if HINT in request.text else ""

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
    opened, item = tools(day_hints=True), asked(TAUGHT)
    done = practise(opened, Served(), [item])
    assert (done.attempted, done.passed, done.hinted, len(done.failed)) == (1, 0, 1, 1)
    (kept,) = episodes.latest(opened.db)
    assert [(tried.rung, tried.passed) for tried in kept.episode.attempts] == [("model", False), ("hints", True)]
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
    opened = tools()
    done = practise(opened, Served(), [asked(TAUGHT)])
    assert done.hinted == 0 and opened.model.asked == 1  # type: ignore[attr-defined]


def test_a_koan_that_gives_no_lesson_and_one_without_a_hint_are_not_asked_again(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis]
) -> None:
    opened = tools(day_hints=True)
    assert practise(opened, Served(), [asked(KEPT)]).hinted == 0
    opened.home.hints.write_text('E0596 = ""\n')
    assert practise(opened, Served(), [asked(TAUGHT)]).hinted == 0
    assert opened.model.asked == 2  # type: ignore[attr-defined]


def test_hints_that_cannot_be_read_end_no_practice(
    tools: Callable[..., Tools], asked: Callable[[str], Diagnosis], caplog: pytest.LogCaptureFixture
) -> None:
    opened = tools(day_hints=True)
    opened.home.hints.write_text("E0596 = 7\n")
    assert practise(opened, Served(), [asked(TAUGHT)]).attempted == 1
    assert "your own hints are ignored" in caplog.text
