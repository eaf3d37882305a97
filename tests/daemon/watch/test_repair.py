"""Which steps from broken to compiling are repairs."""

from __future__ import annotations

import pytest

from sleepy.daemon.watch.repair import objection
from sleepy.sandbox.verdict import Diagnostic, Span


def error(code: str, line: int, message: str = "wrong") -> Diagnostic:
    return Diagnostic(code, "error", message, (Span(line, line, 1, 2, True),))


BODY = "fn f(s: String) {\n    let a = s;\n    let b = a.len();\n    let c = b + 1;\n    show(c);\n}\n"


@pytest.mark.parametrize(
    ("broken", "fixed", "line"),
    [
        (BODY.replace("= s;", "= &s;"), BODY, 2),
        (BODY, BODY.replace("= s;", "= s.clone();"), 2),
        (BODY.replace("b + 1;", "b + 1;\n    drop(s);"), BODY.replace("b + 1;", "b + 1;\n    drop(b);"), 5),
        (BODY, BODY.replace("    let a = s;\n", "    let a = s;\n    let d = 4;\n"), 3),
    ],
)
def test_a_small_change_to_what_was_wrong_is_a_repair(broken: str, fixed: str, line: int) -> None:
    assert objection(broken, fixed, [error("E0308", line)], None) is None


def test_a_repair_elsewhere_and_a_change_of_layout_are_none() -> None:
    wrong = [error("E0308", 2)]
    assert objection(BODY, BODY, wrong, None) == "it was repaired in another file"
    laid_out = BODY.replace("(s: String)", "(\n    s: String\n)") + "// a comment\n"
    assert objection(BODY, laid_out, wrong, None) == "only its layout or comments changed"


def test_a_rewrite_is_no_repair() -> None:
    wide = "".join(f"    let v{i} = {i};\n" for i in range(200))
    other = "".join(f"    let v{i} = {i + 1};\n" if i < 50 else f"    let v{i} = {i};\n" for i in range(200))
    found = objection(f"fn f() {{\n{wide}}}", f"fn f() {{\n{other}}}", [error("E0308", 2)], None)
    assert found == "50 lines changed, more than 40"
    small = "".join(f"    let v{i} = {i};\n" for i in range(18))
    other = "".join(f"    let v{i} = {i + 1};\n" if i < 8 else f"    let v{i} = {i};\n" for i in range(18))
    found = objection(f"fn f() {{\n{small}}}", f"fn f() {{\n{other}}}", [error("E0308", 2)], None)
    assert found == "8 of 20 lines changed, more than 30%"


def test_a_slip_put_right_is_a_repair_though_it_is_the_text_before() -> None:
    assert objection(BODY.replace("a.len()", "a.length()"), BODY, [error("E0599", 3)], BODY) is None


@pytest.mark.parametrize(
    "begun",
    [
        BODY.replace("    show(c);\n", "    show(c);\n    send(s);\n"),  # a line that was begun
        BODY.replace("let a = s", "let x = 1")
        .replace("let b = a", "let y = 2")
        .replace("let c", "let q")
        .replace("show(c)", "go()"),
    ],
)
def test_unfinished_work_taken_back_is_no_repair(begun: str) -> None:
    assert objection(begun, BODY, [error("E0425", 2)], BODY) == "the edit was undone"


@pytest.mark.parametrize("fixed", [BODY.replace("    show(c);\n", ""), BODY.replace("    show(c);", "    // show(c);")])
def test_taking_out_or_commenting_out_what_was_wrong_is_no_repair(fixed: str) -> None:
    assert objection(BODY, fixed, [error("E0425", 5)], None) == "the broken code was removed"


def test_taking_out_one_of_two_is_the_repair_where_two_was_the_mistake() -> None:
    twice = "use std::fmt;\nuse std::fmt;\nfn f(x: fmt::Error) {}\nfn g() {}\n"
    assert objection(twice, twice.replace("use std::fmt;\n", "", 1), [error("E0252", 2)], None) is None


def test_taking_out_another_line_than_the_one_complained_of_is_a_repair() -> None:
    moved = BODY.replace("    let b", "    drop(a);\n    let b")
    assert objection(moved, BODY, [error("E0382", 4)], None) is None


@pytest.mark.parametrize("later", ["todo!()", "unimplemented!()"])
def test_putting_it_off_is_no_repair(later: str) -> None:
    assert objection(BODY, BODY.replace("show(c)", later), [error("E0425", 5)], None) == (
        "it was postponed with todo!() or switched off"
    )


def test_writing_what_was_not_there_yet_is_work_and_no_repair() -> None:
    said = [error("E0425", 5, "cannot find function `show` in this scope")]
    assert (
        objection(BODY, BODY + "fn show(n: usize) {}\n", said, None) == "it used names that were not written yet: show"
    )
    assert objection(BODY, "use crate::ui::show;\n" + BODY, said, None) is None
