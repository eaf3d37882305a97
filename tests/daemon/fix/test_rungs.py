"""The rungs one by one: memory, the model, hints and turns, samples; and what they leave in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Problem, Rung, TriedCandidate, climb
from sleepy.daemon.fix.lazy_model import LazyModel, OpenModel
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.mended import Mended
from sleepy.daemon.fix.record import record
from sleepy.daemon.fix.rungs import CompilerRung, HintRung, ModelRung, RecallRung, RecipeRung, SampleRung
from sleepy.daemon.fix.target import FileTarget
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import Format, Request
from sleepy.memory.episodic import episodes, patterns, recall
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tasks import Task, TaskKind
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.sandbox import Sandbox

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_METERS = "pub struct Meters(pub f64, pub u8);\nimpl Meters {\n    pub fn times(self, by: f64) -> Meters {\n        Meters(self.0 * by, self.1)\n    }\n}\n"
_LAP = _METERS + "pub fn lap(track: Meters) -> Meters {\n    track * 2.0\n}\n"
_WALL = _METERS + "pub fn wall(tall: Meters, n: u8) -> (u8, Meters) {\n    let high = tall * 3.5;\n    (n, high)\n}\n"
_RIGHT = ("tall * 3.5", "tall.times(3.5)")


Mend = Callable[..., Mended]


@pytest.fixture
def mended(sandbox: Sandbox, tmp_path: Path) -> Mend:
    def done(text: str, *ladder: Rung, name: str = "broken.rs") -> Mended:
        (tmp_path / name).write_text(text)
        return mend(FileTarget(tmp_path / name, sandbox), ladder)

    return done


def speaks(*texts: str) -> tuple[ScriptedModel, LazyModel]:
    """A model that answers with whole files, one after another, the last for ever."""
    left = list(texts)

    def script(_: Request, __: str | None) -> str:
        return f"```rust\n{left.pop(0) if len(left) > 1 else left[0]}```"

    model = ScriptedModel(script, form=Format.WHOLE_FILE)
    return model, LazyModel(lambda: OpenModel(model, lambda _: None))


def by(done: Mended) -> list[str | None]:
    return [each.found.rung if each.found else None for each in done.climbs]


def noted(sandbox: Sandbox, db: Database, broken: str, fixed: str) -> str:
    """A developer's repair as the watcher keeps it; returns its signature."""
    said = sandbox.check(broken).diagnostics
    name = signature(said[0], broken)
    task = Task("d" * 64, "src/lap.rs", broken, fixed, kind=TaskKind.CRATE)
    recall.remember(db, task, name, fixed, diagnostics=[asdict(each) for each in said], now=NOW)
    return name


def test_the_developers_own_repair_is_made_again_elsewhere(sandbox: Sandbox, db: Database, mended: Mend) -> None:
    noted(sandbox, db, _LAP, _LAP.replace("track * 2.0", "track.times(2.0)"))
    done = mended(_WALL, CompilerRung(), RecallRung(db, lambda text: sandbox.check(text).diagnostics))
    assert done.fixed and by(done) == ["recall"]
    assert done.edits == {Path("broken.rs"): _WALL.replace(*_RIGHT)}
    found = done.climbs[0].found
    assert found is not None and found.trial.candidate.note == "developer fix of src/lap.rs, 2026-11-20"


def test_a_repair_of_another_pattern_is_not_tried(sandbox: Sandbox, db: Database, mended: Mend) -> None:
    noted(sandbox, db, "pub fn a() -> u8 {\n    b()\n}\n", "pub fn a() -> u8 {\n    1\n}\n")
    done = mended(_WALL, RecallRung(db, lambda text: sandbox.check(text).diagnostics))
    assert not done.fixed and done.climbs[0].tries == ()


def test_what_the_model_solved_once_is_recalled_the_next_time(sandbox: Sandbox, db: Database, mended: Mend) -> None:
    model, voice = speaks(_LAP.replace("track * 2.0", "track.times(2.0)"))
    ladder = (RecallRung(db, lambda text: sandbox.check(text).diagnostics), ModelRung(voice))
    first = mended(_LAP, *ladder)
    assert first.fixed and by(first) == ["model"] and model.asked == 1
    record(db, first, model=model.name, version=None, now=lambda: NOW)
    again = mended(_WALL, *ladder, name="other.rs")
    assert again.fixed and by(again) == ["recall"] and model.asked == 1


def test_without_a_memory_the_rung_says_why_it_is_skipped(mended: Mend) -> None:
    done = mended(_WALL, RecallRung(None, lambda _: ()))
    assert done.climbs[0].receipts[0].skipped == "there is no memory of past fixes"


def test_a_memory_that_cannot_be_read_is_a_rung_that_is_skipped(db: Database, mended: Mend, tmp_path: Path) -> None:
    with db.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE fixes RENAME TO lost")
    done = mended(_WALL, RecallRung(db, lambda _: ()), swapped := CompilerRung())
    assert "past fixes cannot be read" in done.climbs[0].receipts[0].skipped
    assert [each.rung for each in done.climbs[0].receipts] == ["recall", swapped.name]


def test_what_stands_for_a_secret_in_a_past_repair_is_not_written_into_code(
    sandbox: Sandbox, db: Database, mended: Mend
) -> None:
    key = "fn key(_: &str) -> f64 { 1.0 }\n"
    noted(sandbox, db, _LAP + key, _LAP.replace("track * 2.0", 'track.times(key("REDACTED0xxx"))') + key)
    done = mended(_WALL + key, RecallRung(db, lambda text: sandbox.check(text).diagnostics))
    assert not any("REDACTED" in each.trial.candidate.source for each in done.climbs[0].tries)


def test_a_second_turn_goes_on_from_what_the_first_left(mended: Mend) -> None:
    wrong = _WALL.replace("tall * 3.5", "tall.scaled(3.5)")
    model, voice = speaks(wrong, _WALL.replace(*_RIGHT))
    asked: list[str] = []

    def hint(name: str) -> str:
        asked.append(name)
        return "call a method"

    one_turn = mended(_WALL, HintRung(voice, hint, 1))
    assert not one_turn.fixed
    model, voice = speaks(wrong, _WALL.replace(*_RIGHT))
    done = mended(_WALL, HintRung(voice, hint, 2))
    assert done.fixed and by(done) == ["hints"] and model.asked == 2
    prompts = [each.trial.candidate.prompt for each in done.climbs[0].tries]
    assert "tall * 3.5" in prompts[0] and "tall.scaled" in prompts[1] and "Hint: call a method" in prompts[0]
    assert asked[-1] == done.climbs[0].problem.signature


def test_samples_are_checked_once_each_the_most_frequent_first(mended: Mend) -> None:
    right, wrong = _WALL.replace(*_RIGHT), _WALL.replace("tall * 3.5", "tall")
    model, voice = speaks(_WALL, wrong + "fn w() -> u8 { '1' }\n", right, right)
    done = mended(_WALL, SampleRung(voice, 4))
    assert done.fixed and by(done) == ["samples"] and model.asked == 4
    receipt = done.climbs[0].receipts[0]
    assert receipt.candidates == 1 and receipt.tokens > 0 and receipt.solved


def test_a_model_that_cannot_be_opened_is_asked_for_once(mended: Mend) -> None:
    opened = []

    def opens() -> OpenModel:
        opened.append(1)
        raise UserError("no such model", remedy="another")

    voice = LazyModel(opens)
    done = mended(_WALL, ModelRung(voice), HintRung(voice, lambda _: "", 2), SampleRung(voice, 2))
    assert [each.skipped for each in done.climbs[0].receipts] == ["no such model"] * 3 and len(opened) == 1


def test_an_answer_that_cannot_be_applied_is_a_candidate_that_failed(mended: Mend) -> None:
    model = ScriptedModel(lambda _request, _route: "nothing of use", form=Format.SPAN_EDITS)
    done = mended(_WALL, ModelRung(LazyModel(lambda: OpenModel(model, lambda _: "there"))))
    (tried,) = done.climbs[0].tries
    assert tried.trial.grade is CandidateGrade.REFUSED and tried.trial.checked is None
    assert "line mark" in tried.trial.candidate.note and tried.trial.candidate.route == "there"


def test_what_was_tried_is_an_episode_with_its_rungs(sandbox: Sandbox, db: Database, mended: Mend) -> None:
    _, voice = speaks(_WALL.replace("tall * 3.5", "tall.scaled(3.5)"), _WALL.replace(*_RIGHT))
    done = mended(_WALL, ModelRung(voice), HintRung(voice, lambda _: "a hint", 2))
    (number,) = record(db, done, model="scripted", version=None, now=lambda: NOW)
    known = episodes.read(db, number)
    assert known is not None and known.episode.passed and known.episode.task.kind is TaskKind.CRATE
    assert (known.episode.task.name, known.episode.task.broken) == ("broken.rs", _WALL)
    assert [(each.rung, each.passed, each.outcome) for each in known.episode.attempts] == [
        ("model", False, "COMPILE_ERROR"),
        ("hints", True, "PASS"),
    ]
    rungs = patterns.rungs(db, since=NOW.date())
    assert {name: (tally.attempts, tally.passes) for name, tally in rungs.items()} == {"hints": (1, 1), "model": (1, 0)}


def test_a_repair_in_a_tree_that_does_not_compile_is_kept_and_not_counted(db: Database, mended: Mend) -> None:
    text = _WALL + "pub fn lost() -> u8 {\n    nowhere()\n}\n"
    model, voice = speaks(text.replace(*_RIGHT))
    done = mended(text, ModelRung(voice))
    assert not done.fixed and by(done) == ["model", None] and model.asked >= 1
    number = record(db, done, model=model.name, version=None, now=lambda: NOW)[0]
    known = episodes.read(db, number)
    assert known is not None and not known.episode.passed and not known.episode.attempts[-1].is_label


def test_secrets_are_not_remembered(db: Database, mended: Mend) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    text = f'pub const TOKEN: &str = "{secret}";\n{_WALL}'
    _, voice = speaks(text.replace(*_RIGHT))
    done = mended(text, ModelRung(voice))
    assert done.fixed and secret in done.edits[Path("broken.rs")]
    known = episodes.read(db, record(db, done, model="m", version=None, now=lambda: NOW)[0])
    assert known is not None
    attempt = known.episode.attempts[0]
    assert all(
        secret not in said for said in (known.episode.task.broken, attempt.prompt, attempt.answer, attempt.source)
    )
    assert "tall.times(3.5)" in attempt.source


def test_a_developers_repair_survives_the_record_of_the_same_mistake(
    sandbox: Sandbox, db: Database, mended: Mend
) -> None:
    _, voice = speaks(_WALL.replace(*_RIGHT))
    done = mended(_WALL, ModelRung(voice))
    first = episodes.read(db, record(db, done, model="m", version=None, now=lambda: NOW)[0])
    assert first is not None
    task = Task(first.episode.task.digest, "src/wall.rs", _WALL, _WALL.replace(*_RIGHT), kind=TaskKind.CRATE)
    recall.remember(db, task, first.episode.signature, task.fixed, now=NOW)
    second = episodes.read(db, record(db, done, model="m", version=None, now=lambda: NOW)[0])
    assert second is not None and second.episode.task == task


def test_rungs_below_the_one_that_solved_are_not_climbed(mended: Mend) -> None:
    class Never:
        name = "never"

        def solve(self, problem: Problem, attempt: Callable[[Candidate], TriedCandidate]) -> None:  # noqa: ARG002
            raise AssertionError("it was solved")

    done = mended("pub fn a() -> u8 {\n    let n = 1;\n    n += 1;\n    n\n}\n", CompilerRung(), Never())
    assert done.fixed and [each.rung for each in done.climbs[0].receipts] == ["compiler"]


def test_time_and_tokens_are_on_the_receipt() -> None:
    ticks = iter(range(100))

    class Two:
        name = "two"

        def solve(self, problem: Problem, attempt: Callable[[Candidate], TriedCandidate]) -> None:  # noqa: ARG002
            attempt(Candidate("a", tokens=3))
            attempt(Candidate("b", tokens=4))

    problem = Problem(Path("a.rs"), "", (), "E0000")
    found = climb(
        [Two()], problem, lambda item: TriedCandidate(item, CandidateGrade.REFUSED), clock=lambda: float(next(ticks))
    )
    (receipt,) = found.receipts
    assert (receipt.candidates, receipt.tokens, receipt.seconds, receipt.solved) == (2, 7, 1.0, False)
    assert found.found is None and found.tokens == 7


def test_a_recipe_repairs_what_no_suggestion_does_and_leaves_its_receipt(
    sandbox: Sandbox, db: Database, mended: Mend
) -> None:
    tree = "pub enum Tree {\n    Leaf,\n    Fork(Tree, Tree),\n}\npub fn bud() -> Tree {\n    Tree::Fork(Tree::Leaf, Tree::Leaf)\n}\n"
    done = mended(tree, CompilerRung(), RecipeRung())
    assert done.fixed and by(done)[-1] == "recipes"
    assert "Tree::Fork(Box::new(Tree::Leaf), Box::new(Tree::Leaf))" in done.edits[Path("broken.rs")]
    receipt = done.climbs[0].receipts[-1]
    assert (receipt.rung, receipt.solved, receipt.tokens) == ("recipes", True, 0)
    (number,) = record(db, done, model="none", version=None, now=lambda: NOW)
    kept = episodes.of_pattern(db, done.climbs[0].problem.signature, passed=True)
    assert [(each.id, each.episode.attempts[-1].rung) for each in kept] == [(number, "recipes")]
