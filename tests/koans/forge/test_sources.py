"""What koans are made from: both sides have all of it, and the table knows most of it."""

from __future__ import annotations

import random
from pathlib import Path

from sleepy.koans import library
from sleepy.koans.forge import template
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.koans.forge.sources import YIELDS, Yield, of_mistakes, of_templates, write_yields, yields


def test_every_template_has_shapes_on_both_sides_of_the_split() -> None:
    for item in template.load_templates().values():
        kept = [shape for shape in item.shapes if template.is_held_out(template.base_of(item, shape))]
        assert 0 < len(kept) <= len(item.shapes) // 2, item.name


def test_koans_of_a_shape_have_its_base_and_a_sides_sources_its_bases_alone() -> None:
    held_out = of_templates(template.is_held_out)
    others = of_templates(lambda base: not template.is_held_out(base))
    assert {item.name for item in held_out} | {item.name for item in others} == {item.name for item in of_templates()}
    for item in held_out[::10]:
        made = item.draft(random.Random(item.name))
        assert made is not None and made.base == item.name and made.origin == item.origin
        assert template.is_held_out(made.base)


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
    assert yields.__wrapped__(tmp_path / "table.json") == table
    assert YIELDS.is_file()
