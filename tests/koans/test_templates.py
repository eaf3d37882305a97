"""Templates: whole programs that fail as their template says, and repairs the answer format can say."""

from __future__ import annotations

import random
import re
from itertools import islice

import pytest

from sleepy.daemon.model import edits
from sleepy.koans.forge.template import BY_NAME, TEMPLATES, drafts, koan
from sleepy.koans.forge.templates import layout
from sleepy.koans.forge.templates.pen import write
from sleepy.koans.koan import FAMILIES, Koan
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome, Verdict

_MARKS = re.compile("[«»‹›¦$]|^ *(?:@|%|===)", re.MULTILINE)


def _made(each: int, first: int = 0) -> list[Koan]:
    return [
        koan(template, random.Random(f"{template.name} {seed}"))
        for template in TEMPLATES
        for seed in range(first, first + each)
    ]


def _code(source: str) -> list[str]:
    """The lines as an edit must bring them back: their layout does not count."""
    return [" ".join(line.split()) for line in source.split("\n") if line.strip()]


def _first_error(verdict: Verdict) -> str | None:
    return next(item.code for item in verdict.diagnostics if item.level == "error")


def _hold(sandbox: Sandbox, koans: list[Koan]) -> None:
    fixed = sandbox.check_many([item.fixed for item in koans])
    broken = sandbox.check_many([item.broken for item in koans], exact=False)
    for item, wrong, right in zip(koans, broken, fixed, strict=True):
        assert right.outcome is Outcome.PASS, f"{item.id}\n{item.fixed}"
        assert wrong.outcome is Outcome.COMPILE_ERROR, f"{item.id}\n{item.broken}"
        codes = BY_NAME[item.mistake].codes
        assert not codes or _first_error(wrong) in codes, f"{item.id}: {_first_error(wrong)}\n{item.broken}"


def test_every_template_fails_as_it_says_and_its_repair_compiles(sandbox: Sandbox) -> None:
    _hold(sandbox, _made(1))


@pytest.mark.slow
def test_every_template_holds_over_many_seeds(sandbox: Sandbox) -> None:
    _hold(sandbox, _made(12, 100))


def test_there_are_many_templates_with_names_of_their_own() -> None:
    assert len(TEMPLATES) >= 160
    assert len(BY_NAME) == len(TEMPLATES)
    assert {template.family for template in TEMPLATES} == set(FAMILIES)
    for template in TEMPLATES:
        assert template.title and not template.title.startswith("E0"), template.name


def test_repairs_are_short_span_edits() -> None:
    for item in _made(4):
        found = edits.between(item.broken, item.fixed)
        assert _code(edits.apply(item.broken, found)) == _code(item.fixed), item.id
        assert len(edits.render(found)) <= 200, f"{item.id}\n{item.broken}"


def test_no_mark_is_left_and_lines_are_short() -> None:
    for item in _made(6):
        for source in (item.broken, item.fixed):
            assert _MARKS.search(source) is None, f"{item.id}\n{source}"
            assert all(len(line) <= layout.WIDTH for line in source.split("\n"))
            assert source.endswith("\n") and "\n\n\n" not in source


def test_a_template_seldom_writes_a_program_twice() -> None:
    for template in TEMPLATES:
        made = {koan(template, random.Random(f"again {seed}")).digest for seed in range(40)}
        assert len(made) >= 30, template.name


def test_the_same_seed_makes_the_same_koans_and_another_seed_others() -> None:
    def first(seed: int) -> list[Koan]:
        return list(drafts(random.Random(seed), 50))

    assert first(1) == first(1)
    assert not {item.digest for item in first(1)} & {item.digest for item in first(2)}


def test_a_round_of_drafts_has_every_template_and_no_program_twice() -> None:
    made = list(islice(drafts(random.Random(3)), 3 * len(TEMPLATES)))
    assert {item.mistake for item in made[: len(TEMPLATES)]} == set(BY_NAME)
    assert len({item.digest for item in made}) == len({item.id for item in made}) == len(made)


def test_a_count_ends_the_drafts() -> None:
    assert len(list(drafts(random.Random(4), 7))) == 7
    assert list(drafts(random.Random(4), 0)) == []


def test_koans_of_one_fixed_program_share_a_base() -> None:
    for item in _made(1):
        assert item.base.startswith(f"template:{item.mistake}:")
        assert item.origin == f"template:{item.mistake}"
    same = [write(random.Random(seed), "===\nlet «¦mut »n = ‹1¦2›;\n") for seed in range(20)]
    assert len({fixed for _, fixed in same}) > 1


def test_a_mark_gives_both_sides() -> None:
    assert layout.sides("let «a¦mut a» = «¦&»b;") == ("let a = b;", "let mut a = &b;")
    assert layout.rows("«one();\n¦»two();\n«¦one();\n»") == [
        layout.Row(("one();", "two();"), ("two();",)),
        layout.Row((), ("one();",)),
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


def test_an_unknown_name_in_a_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such name"):
        write(random.Random(1), "===\nlet «¦mut »a = $unknown;\n")


def test_a_shape_without_a_mistake_is_an_error() -> None:
    with pytest.raises(ValueError, match="no program"):
        write(random.Random(1), "===\nlet a = $1;\n")
