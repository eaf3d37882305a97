"""The writer of templates' programs: names and options are filled in, what is no shape is refused."""

from __future__ import annotations

import random

import pytest

from sleepy.koans.forge.templates.writer import write


def test_options_are_drawn_anew_for_each_program() -> None:
    made = [write(random.Random(seed), "===\nlet «¦mut »n = ‹1¦2›;\n") for seed in range(20)]
    assert len({fixed for _, fixed in made}) > 1


def test_an_unknown_name_in_a_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such name"):
        write(random.Random(1), "===\nlet «¦mut »a = $unknown;\n")


def test_a_shape_without_a_mistake_is_an_error() -> None:
    with pytest.raises(ValueError, match="none of 50 programs"):
        write(random.Random(1), "===\nlet a = $1;\n")
