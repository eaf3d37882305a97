"""The layout of templates' programs: both sides of every mark, as rustfmt would have them."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates import layout


def test_a_mark_gives_both_sides() -> None:
    assert layout.sides("let «a¦mut a» = «¦&»b;") == ("let a = b;", "let mut a = &b;")
    assert layout.rows("«one();\n¦»two();\n«¦one();\n»") == [
        layout.PairedLines(("one();", "two();"), ("two();",)),
        layout.PairedLines((), ("one();",)),
    ]


def test_options_nest_and_may_hold_marks() -> None:
    drawn = {layout.chosen("a‹b‹1¦2›¦«x¦y»›c", random.Random(seed)) for seed in range(40)}
    assert drawn == {"ab1c", "ab2c", "a«x¦y»c"}


def test_wide_literals_are_written_a_field_a_line() -> None:
    assert layout.wrapped("let t = Tree { age: 3 };") == "let t = Tree { age: 3 };"
    assert layout.wrapped('let t = Tree { name: "oak", «¦age: 3» };').split("\n") == [
        "let t = Tree {", 'name: "oak",', "«¦age: 3,»", "};",
    ]  # fmt: skip


def test_lines_are_indented_by_their_brackets() -> None:
    lines = ["fn f() {", "call(|x| {", 'print("{");', "x", "});", "list", ".iter()", "}"]
    assert [len(line) - len(line.lstrip()) for line in layout.indented(lines)] == [0, 4, 8, 8, 4, 4, 8, 0]


def test_a_program_whose_brackets_do_not_match_is_indented_like_its_repair() -> None:
    fixed = layout.indented(["fn f() {", "if a {", "b();", "}", "c();", "}"])
    assert layout.as_in(["fn f() {", "if a {", "b();", "c();", "}"], fixed) == [
        "fn f() {", "    if a {", "        b();", "    c();", "}",
    ]  # fmt: skip
