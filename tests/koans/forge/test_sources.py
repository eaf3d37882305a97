"""What koans are made from: both sides have all of it, and the table knows most of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sleepy.koans import library
from sleepy.koans.forge import sources, template
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.koans.forge.sources import of_mistakes, of_templates
from sleepy.koans.forge.template import Template
from sleepy.koans.forge.templates.writer import TooWide, write_one
from sleepy.koans.forge.yields import Yield, read_yields, write_yields, yields
from sleepy.koans.tokens import skeleton
from sleepy.memory.parametric.scope import code_of


def test_what_the_shapes_lead_to_is_found_on_both_sides_of_the_split() -> None:
    sides: dict[str, set[bool]] = {}
    for item in template.load_templates().values():
        for shape in item.shapes:
            name = template.shape_name(item, shape)
            for signature in yields()[name].signatures if name in yields() else ():
                alone = template.is_alone(item, shape)
                found = {True, False} if alone else {template.is_held_out(name)}
                sides.setdefault(code_of(signature), set()).update(found)
    assert len(sides) > 140
    assert {code for code, found in sides.items() if found != {True, False}} <= {"uncoded"}


def test_about_three_in_ten_shapes_are_held_out() -> None:
    names = [template.shape_name(item, shape) for item in template.load_templates().values() for shape in item.shapes]
    assert 0.25 <= sum(map(template.is_held_out, names)) / len(names) <= 0.4


def test_koans_of_a_shape_have_its_base_and_a_sides_sources_its_bases_alone() -> None:
    held_out = of_templates(template.is_held_out)
    others = of_templates(lambda base: not template.is_held_out(base))
    assert {item.name for item in held_out} | {item.name for item in others} == {item.name for item in of_templates()}
    for some, kept in ((held_out, True), (others, False)):
        for item in some[::10]:
            made = item.draft(random.Random(item.name))
            assert made is not None and made.base.startswith(item.name) and made.origin == item.origin
            assert template.is_held_out(made.base) is kept


def test_a_shape_that_is_alone_with_its_code_is_split_by_programs_under_whatever_names() -> None:
    alone = [
        (item, shape)
        for item in template.load_templates().values()
        for shape in item.shapes
        if template.is_alone(item, shape)
    ]
    assert alone
    for item, shape in alone[::5]:
        made = [template.koan(item, random.Random(seed), shape) for seed in range(40)]
        bases = {skeleton(koan.broken): koan.base for koan in made}
        assert all(bases[skeleton(koan.broken)] == koan.base for koan in made)
        assert len(set(bases.values())) == len(bases)
        assert {template.is_held_out(base) for base in bases.values()} == {True, False}, item.name


def test_a_mistakes_koans_are_of_its_programs() -> None:
    bases = library.sides()[0][:20]
    (source,) = of_mistakes(bases, [BY_NAME["misspelt"]])
    made = [source.draft(random.Random(seed)) for seed in range(10)]
    assert {item.base for item in made if item} <= {base.base for base in bases}
    assert {item.origin for item in made if item} == {source.name}
    assert of_mistakes([]) == []


def test_the_table_knows_the_sources_there_are() -> None:
    bases, _ = library.sides()
    names = {item.name for item in [*of_mistakes(bases), *of_templates()]}
    assert len(names & yields().keys()) >= 0.95 * len(names), "run python -m benchmarks.yields --write"
    assert yields()["forge:immutable_binding"].drafted >= 50


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    table = {"forge:a": Yield(3, {"E0001:x@fn": 2}), "template:b:c": Yield(4, {})}
    write_yields(tmp_path / "table.json", table)
    assert read_yields(tmp_path / "table.json") == table


def test_a_shape_whose_programs_are_all_too_wide_gives_no_koan() -> None:
    line = " + ".join(f"{i}_u64" for i in range(30))
    wide = Template("wide", "items", "t", (), (f"fn main() {{ let «mut x¦x» = {line}; }}",))
    (shape,) = wide.shapes
    with pytest.raises(TooWide):
        write_one(random.Random(1), shape)
    assert sources._of_shape(wide, shape, None).draft(random.Random(1)) is None
