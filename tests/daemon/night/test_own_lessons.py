"""A course is made of the user's own functions and after their own repairs, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon.depot import depot
from tests.daemon.desk import tree

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.crate import lesson
from sleepy.daemon.day import own_code
from sleepy.daemon.day.day import task
from sleepy.daemon.day.own_code import FunctionSide
from sleepy.daemon.night import lessons
from sleepy.daemon.night.course import Course
from sleepy.daemon.night.curate import curate
from sleepy.daemon.stages.stages import TooFew
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.koan import CRATE, Koan
from sleepy.koans.tokens import skeleton
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.lessons import Provenance

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RARE = "E0107:method takes # generic arguments but # generic argument was supplied@fn"
THEIRS = "pub fn count(all: &[u8]) -> usize {\n    all.len()\n}\n"
BROKEN = THEIRS.replace("len()", "len::<u8>()")


@dataclass(frozen=True)
class Curated:
    """A home with a crate, and the course of a signature that the forge does not make: without a repair, and after one."""

    tools: Tools
    root: Path
    tree: dict[str, tuple[int, int, bytes]]  # the crate, before anything
    without: Course
    after: Course


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Curated]:
    folder = tmp_path_factory.mktemp("own")
    root = depot(folder)
    untouched = tree(root)
    config = Config(lessons=16, held_out=8, night_minutes=30, crates=(str(root),), dtype="float32", threads="1")
    with equipped(config, Home(folder / "home"), exam=library.classics()) as tools:
        (without,) = curate(tools, [RARE], [], 3)
        (verdict,) = tools.judge.check_many([BROKEN])
        lesson.keep(tools.db, "other/src/lib.rs", lesson.scrubbed(BROKEN, THEIRS, verdict.diagnostics), now=NOW)
        (after,) = curate(tools, [RARE], [], 3)
        yield Curated(tools, root, untouched, without, after)


def test_a_quarter_of_a_course_is_of_the_users_functions_each_on_its_side(curated: Curated) -> None:
    course, sides = curated.after, own_code.sides(curated.tools)
    mine = [item for item in course.lessons if item.program.startswith(CRATE)]
    asked = [koan for koan in course.held_out if koan.file]
    assert course.teachable and 16 // 4 <= len(mine) < len(course.lessons) and 1 <= len(asked) < len(course.held_out)
    assert course.own_code == len(mine) + len(asked)
    assert {item.program for item in mine} <= {item.base for item in sides[FunctionSide.TAUGHT]}
    assert {koan.base for koan in asked} <= {item.base for item in sides[FunctionSide.HELD_OUT]}
    assert all(item.provenance is Provenance.FORGED and item.prompt and item.answer for item in mine)
    bones = [skeleton(koan.broken) for koan in course.held_out]
    assert len(set(bones)) == len(bones)


def test_no_function_gives_a_lesson_of_the_models_own_unless_it_is_there_to_be_taught(curated: Curated) -> None:
    tools = curated.tools
    bases = {side: found[0].base for side, found in own_code.sides(tools).items()}
    for number, base in enumerate(bases.values()):
        koan = Koan(f"k{number}", "items", "", f"fn f() {{ x{number} }}", "fn f() {}", base=base)
        tried = LoggedAttempt("PASS", True, f"question {number}", "answer", koan.fixed)
        episodes.record(tools.db, Episode(task(koan), "E0000:made up@fn", (tried,), "m"), now=NOW)
    assert [item.program for item in lessons.own(tools, "E0000:made up@fn")] == [bases[FunctionSide.TAUGHT]]


def test_nothing_in_the_crate_is_touched_by_a_night(curated: Curated) -> None:
    assert tree(curated.root) == curated.tree


def test_a_repair_of_the_users_is_made_elsewhere_until_there_are_enough_to_teach_and_to_examine(
    curated: Curated,
) -> None:
    before, course = curated.without, curated.after
    assert before.why == TooFew(0, 0, rare=True, own=0) and not before.repairs
    assert course.teachable and course.repairs == course.shapes == 1
    assert course.kinds().keys() == {"developer", "forged"}
    made = [item for item in course.lessons if item.provenance is Provenance.FORGED]
    assert any(not item.program.startswith(CRATE) for item in made)
    digest = next(item.task_digest for item in course.lessons if item.provenance is Provenance.DEVELOPER)
    assert digest and all(item.task_digest == digest for item in made if "::<u8>" in item.prompt)  # `forget` finds them


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (TooFew(1, 2), "only 1 lesson and 2 held-out koans"),
        (TooFew(0, 0, True), "only 0 lessons and 0 held-out koans: the forge seldom makes it, there is no crate of yours to make it in"),
        (TooFew(3, 2, True, 0, 1, 0), "only 3 lessons and 2 held-out koans: the forge seldom makes it, your repair of it fits no other code, your functions gave none of them"),
        (TooFew(3, 2, False, 5, 1, 1), "only 3 lessons and 2 held-out koans: few other programs have code like that which you repaired, your functions gave 5 of them"),
    ],
)  # fmt: skip
def test_the_report_says_what_was_lacking(found: TooFew, said: str) -> None:
    assert str(found) == said
