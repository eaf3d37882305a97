"""Which lessons say when to stop: whole programs, none of which is learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import silent
from sleepy.daemon.night.train import USUAL, Trainer, examples, parted
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.examples import split

LESSON = Lesson("⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "⟪1⟫x→1", "p:", Provenance.FORGED)


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainer]:
    with equipped(
        Config(dtype="float32", threads="1"),
        Home(tmp_path_factory.mktemp("parts") / "home"),
        exam=library.classics()[:1],
    ) as tools:
        yield Trainer(lambda: tools.model, 10, 10.0, silent)


def lessons(*sizes: int) -> list[Lesson]:
    """So many lessons of each program."""
    return [
        replace(LESSON, answer=f"⟪1⟫x→{i}0{n}", program=f"program {i}")
        for i, size in enumerate(sizes)
        for n in range(size)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_a_held_out_program_gives_no_lesson_to_learn_from(trainer: Trainer, seed: int) -> None:
    taught = lessons(4, 4, 4, 4, 4, 4, 4, 4, 4, 4)
    made = parted(trainer, taught, 0.1, seed)
    assert made.apart and len(made.held_out) == 4 and len(made.learnt) == 36
    for some in (taught[at : at + 4] for at in range(0, 40, 4)):
        ids = {example.ids for example in examples(trainer, some)}
        assert not (ids & {item.ids for item in made.held_out} and ids & {item.ids for item in made.learnt})


def test_the_held_out_programs_depend_on_the_seed(trainer: Trainer) -> None:
    taught = lessons(*[2] * 12)
    assert parted(trainer, taught, 0.1, 1) == parted(trainer, taught, 0.1, 1)
    assert len({tuple(item.ids for item in parted(trainer, taught, 0.1, seed).held_out) for seed in range(8)}) > 2


def test_a_program_of_many_lessons_is_not_held_out(trainer: Trainer) -> None:
    for seed in range(8):
        made = parted(trainer, lessons(30, 2, 2, 2, 2, 2), 0.1, seed)
        assert made.apart and len(made.held_out) == 4


@pytest.mark.parametrize(
    "taught", [lessons(10, 10, 10, 10), [replace(item, program="") for item in lessons(*[1] * 40)]]
)
def test_with_too_few_or_unknown_programs_the_parts_are_drawn_by_lesson(trainer: Trainer, taught: list[Lesson]) -> None:
    made = parted(trainer, taught, 0.1, 3)
    assert not made.apart
    assert (made.learnt, made.held_out) == split(examples(trainer, taught), 0.1, 3)


def test_a_coarse_scopes_training_grows_with_its_lessons_and_a_signatures_does_not(trainer: Trainer) -> None:
    assert trainer.times("E0308", 3 * USUAL) == trainer.times("all", 3 * USUAL) == 3
    assert trainer.times("E0308", 10) == trainer.times("E0308:mismatched types@fn", 3 * USUAL) == 1
