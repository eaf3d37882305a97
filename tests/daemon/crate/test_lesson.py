"""A kept repair becomes a lesson that a model can be trained on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.daemon.desk import E0596, NOON, SLIP, TOTAL

from sleepy.daemon.crate import lesson
from sleepy.daemon.model.request import Format, ask
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.lessons import Provenance
from sleepy.sandbox.package import Package
from sleepy.sandbox.sandbox import Sandbox


@pytest.mark.parametrize("form", Format)
def test_the_answer_to_the_prompt_is_the_developers_repair(db: Database, sandbox: Sandbox, form: Format) -> None:
    said = sandbox.check(SLIP).diagnostics
    lesson.keep(db, "shop/src/lib.rs", lesson.scrubbed(SLIP, TOTAL, said), now=NOON)
    [found] = lesson.developer_lessons(db, E0596, form)
    request = ask(SLIP, said, form)
    assert (found.prompt, found.provenance, found.signature) == (request.text, Provenance.DEVELOPER, E0596)
    assert tokens(request.repaired(found.answer)) == tokens(TOTAL)
    assert found.task_digest == lesson.task("any", SLIP).digest
    assert lesson.developer_lessons(db, "E0000:other@fn", form) == []


def test_what_the_format_cannot_say_or_nobody_diagnosed_is_left_out(db: Database, sandbox: Sandbox) -> None:
    far = "".join(f"pub fn f{i}() -> u8 {{\n    {i}\n}}\n" for i in range(60))
    said = sandbox.check(SLIP + far).diagnostics
    fixed = TOTAL + far.replace("f59() -> u8 {\n    59", "f59() -> u8 {\n    60")
    lesson.keep(db, "a", lesson.scrubbed(SLIP + far, fixed, said), now=NOON)
    recall.remember(db, lesson.task("b", SLIP), E0596, TOTAL, now=NOON)
    assert lesson.developer_lessons(db, E0596, Format.SPAN_EDITS) == []
    assert len(lesson.developer_lessons(db, E0596, Format.WHOLE_FILE)) == 1


def test_a_later_repair_of_the_same_mistake_takes_the_earlier_ones_place(db: Database, sandbox: Sandbox) -> None:
    said = sandbox.check(SLIP).diagnostics
    other = SLIP.replace("let sum = 0;", "let mut sum: u64 = 0;")
    for hours, fixed in enumerate((TOTAL, other)):
        lesson.keep(db, "a", lesson.scrubbed(SLIP, fixed, said), now=NOON + timedelta(hours=hours))
    assert [fix.source for fix in recall.recall(db, E0596)] == [other]


def test_a_file_is_called_by_its_package_and_its_path_in_it() -> None:
    outer = Package("app", "1.0.0", Path("/w"), (), ())
    inner = Package("parser", "1.0.0", Path("/w/crates/parser"), (), ())
    assert lesson.task_name(Path("/w/crates/parser/src/lib.rs"), [outer, inner]) == "parser/src/lib.rs"
    assert lesson.task_name(Path("/w/src/main.rs"), [outer, inner]) == "app/src/main.rs"
    assert lesson.task_name(Path("/other/x.rs"), [outer, inner]) == "x.rs"
