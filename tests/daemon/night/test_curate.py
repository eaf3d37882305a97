"""Courses by scope: what they are drawn from, what they never hold, how they are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import task
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.request import ask
from sleepy.daemon.night import search
from sleepy.daemon.night.course import LEAST_HELD_OUT, Course, read_held_out, write_held_out
from sleepy.daemon.night.curate import curate, held_out_search, lesson_search
from sleepy.daemon.stages.stages import TooFew
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.koans.tokens import skeleton
from sleepy.memory.episodic import episodes, recall
from sleepy.memory.episodic.episodes import LoggedAttempt
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.tasks import TaskKind
from sleepy.memory.parametric.scope import code_of, covers

NOW = datetime(2026, 11, 28, tzinfo=UTC)
CONFIG = Config(lessons=24, held_out=9, night_minutes=10, day_samples=1, dtype="float32", threads="1")
THEIRS = "d" * 64  # the digest of a developer's task
KNOWN = "E0384"  # mastered: its answers are replayed


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    with equipped(CONFIG, Home(tmp_path_factory.mktemp("courses") / "home"), exam=library.classics()) as opened:
        yield opened


@pytest.fixture(scope="module")
def forging(tools: Tools) -> Tools:
    """The same where the model answers nothing itself, which is most of a coarse course's time."""
    return replace(tools, config=replace(tools.config, teach="forged"))


@pytest.fixture(scope="module")
def practised(tools: Tools) -> list[Diagnosis]:
    """A day on programs of both sides: every third koan is solved by the model, and all of E0384; one by its developer."""
    mistakes = [BY_NAME[name] for name in ("misspelt", "immutable_binding")]
    made = shelf.practice(tools.judge, 5, 120, exam=tools.exam, mistakes=mistakes)
    for number, item in enumerate(made):
        request = ask(item.koan.broken, item.diagnostics, tools.model.format)
        passed = number % 3 == 0 or code_of(item.signature) == KNOWN
        try:
            answer = request.taught(item.koan.fixed)
        except EditError:
            answer, passed = "", False
        tried = LoggedAttempt(
            "PASS" if passed else "FAIL", passed, request.text, answer, item.koan.fixed if passed else ""
        )
        episodes.record(tools.db, episodes.Episode(task(item.koan), item.signature, (tried,), "built-in"), now=NOW)
    theirs = next(
        item
        for number, item in enumerate(made)
        if number % 3 and item.signature == failing(made)[0] and not shelf.is_held_out(item.koan.base)
    )
    kept = replace(task(theirs.koan), kind=TaskKind.CRATE, digest=THEIRS, name="src/lib.rs", base="theirs")
    said = [asdict(item) for item in theirs.diagnostics]
    recall.remember(tools.db, kept, theirs.signature, theirs.koan.fixed, diagnostics=said, now=NOW)
    return made


def failing(made: list[Diagnosis]) -> list[str]:
    """The signatures of E0425, the most frequent first."""
    return [name for name, _ in Counter(i.signature for i in made if code_of(i.signature) == "E0425").most_common()]


@pytest.fixture(scope="module")
def courses(tools: Tools, practised: list[Diagnosis]) -> list[Course]:
    mastered = sorted({item.signature for item in practised if code_of(item.signature) == KNOWN})
    return curate(tools, [failing(practised)[0], "E0425"], mastered, 3)


def test_no_lesson_of_any_provenance_is_of_a_held_out_program_of_the_night(
    practised: list[Diagnosis], courses: list[Course]
) -> None:
    solved = [item for number, item in enumerate(practised) if number % 3 == 0]
    assert any(shelf.is_held_out(item.koan.base) for item in solved if code_of(item.signature) == "E0425")
    assert any(shelf.is_held_out(item.koan.base) for item in practised if code_of(item.signature) == KNOWN)
    taught = [lesson for course in courses for lesson in course.lessons]
    assert {item.provenance for item in taught} >= set(Provenance) - {Provenance.COMPILER}
    held_out = {koan.base for course in courses for koan in course.held_out}
    assert held_out and all(map(shelf.is_held_out, held_out))
    for item in taught:
        assert item.program and item.program not in held_out, item
        assert item.program == THEIRS or not shelf.is_held_out(item.program), item


def test_a_signatures_course_holds_its_signature_alone_and_a_codes_course_all_that_failed(
    practised: list[Diagnosis], courses: list[Course]
) -> None:
    fine, coarse = courses
    assert fine.teachable and coarse.teachable and fine.why is coarse.why is None
    assert set(fine.taught) == set(fine.asked) == {fine.scope}
    failed = {item.signature for number, item in enumerate(practised) if number % 3 and covers("E0425", item.signature)}
    able = failed - set(coarse.rare)
    assert len(able) > 1 and able <= set(coarse.taught) and able <= set(coarse.asked)
    assert max(coarse.taught[name] for name in able) <= 2 * min(coarse.taught[name] for name in able) + 2
    for course in courses:
        assert {item.signature for item in course.lessons} == {course.scope}
        assert course.replayed and len(course.held_out) == CONFIG.held_out
        assert sum(course.taught.values()) >= CONFIG.lessons


def test_a_codes_course_holds_the_models_own_answers_to_forged_koans(
    tools: Tools, courses: list[Course]
) -> None:  # fmt: skip
    def rehearsed(course: Course) -> list[Lesson]:
        return [item for item in course.lessons if item.provenance is Provenance.OWN and item.episode is None]

    fine, coarse = courses
    assert len(rehearsed(coarse)) >= 5 and not rehearsed(fine)
    alone = replace(tools, config=replace(tools.config, teach="own"))
    (course,) = curate(alone, ["E0384"], [], 8)
    assert rehearsed(course) and {item.provenance for item in course.lessons} <= {Provenance.OWN, Provenance.REPLAY}
    assert sum(course.taught.values()) == len(course.lessons)


def test_weights_say_how_a_codes_course_is_spread(forging: Tools, practised: list[Diagnosis]) -> None:
    first, second = failing(practised)[:2]
    (course,) = curate(forging, ["E0425"], [], 4, weights={"E0425": {first: 3.0, second: 1.0}})
    assert set(course.taught) == set(course.asked) == {first, second}
    assert course.taught[first] > 2 * course.taught[second] and course.asked[first] > 2 * course.asked[second]


def test_a_rare_signature_is_reported_and_its_code_is_taught_with_its_others(forging: Tools) -> None:
    rare = "E0499:nobody ever saw this@fn"
    fine, coarse = curate(forging, [rare, "E0499"], [], 5, weights={"E0499": {rare: 1.0}})
    assert not fine.teachable and fine.why == TooFew(0, 0, rare=True) and fine.rare == (rare,)
    assert "seldom" in str(fine.why)
    assert coarse.teachable and coarse.rare == (rare,)
    assert {code_of(name) for name in coarse.taught} == {"E0499"}


def test_what_templates_alone_make_is_taught_by_some_of_their_shapes_and_examined_by_others(forging: Tools) -> None:
    (course,) = curate(forging, ["E0716"], [], 6)
    assert course.teachable
    programs = {item.program for item in course.lessons}
    held_out = {koan.base for koan in course.held_out}
    assert not programs & held_out
    shapes = [{name for name in some if name.startswith("template:")} for some in (programs, held_out)]
    assert all(len(some) > 1 for some in shapes)
    assert set.intersection(*({name.split(":")[1] for name in some} for some in shapes))


def test_a_search_finds_no_renamed_program_twice_and_nothing_that_was_refused(tools: Tools) -> None:
    examining = held_out_search(tools, ["E0382"], 7)
    found = [item for _, item in examining.find({"E0382": 30})]
    more = [item for _, item in examining.find({"E0382": 30})]
    bones = [skeleton(item.koan.broken) for item in [*found, *more]]
    assert len(bones) == len(set(bones)) == 60
    assert {code_of(item.signature) for item in found} == {"E0382"}
    kinds = Counter(item.koan.origin.partition(":")[0] for item in [*found, *more])
    assert min(kinds["forge"], kinds["template"]) >= 6, kinds
    again = held_out_search(tools, ["E0382"], 7)
    again.refuse([item.koan for item in found])
    assert not {skeleton(item.koan.broken) for _, item in again.find({"E0382": 30})} & set(bones[:30])
    other = [item for _, item in lesson_search(tools, ["E0382"], 7).find({"E0382": 30})]
    assert not {item.koan.base for item in other} & {item.koan.base for item in found}


def test_held_out_koans_come_back_as_they_were_written(courses: list[Course], tools: Tools) -> None:
    write_held_out(tools.home.root, courses)
    found = list(read_held_out(tools.home.root))
    assert found == [(course.scope, koan) for course in courses for koan in course.held_out]
    assert len(found) >= 2 * LEAST_HELD_OUT


@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_places_are_apportioned_whole_and_in_proportion(count: int) -> None:
    shares = {"a": 5.0, "b": 3.0, "c": 1.5, "d": 0.5}
    found = search.apportioned(count, shares)
    assert sum(found.values()) == count
    assert all(abs(found[name] - count * share / 10) < 1 for name, share in shares.items())
