"""A past repair as a suggestion: the change of whole lines that turns one text into another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.lab.experiment.hints import HintGain, markdown, replacement
from sleepy.daemon.model import prompt

LINES = st.lists(st.sampled_from(["", "a", "b();", "    c", "}"]), min_size=1, max_size=6).map("\n".join)


@given(LINES, LINES)
def test_the_replacement_makes_the_one_text_of_the_other(broken: str, text: str) -> None:
    broken, text = f"{broken}\n", f"{text}\n"
    assert prompt.replaced(broken, replacement(broken, text)) == text


def test_a_hint_that_gains_nothing_has_nothing_to_keep() -> None:
    useless = HintGain("advice", 40, 10, 9, 12, 100, 2, -0.1, 0.2)
    useful = HintGain("example", 40, 10, 20, 18, 100, 2, 0.05, 0.3)
    assert useless.share is None and useful.share == 0.8
    table = markdown([useless, useful])
    assert "the hint gains nothing" in table and "| 80 % |" in table
