"""What a night would learn, from counts and from what nights before came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sleepy.daemon.night.selection import Selection, select


def chosen(
    rates: Mapping[str, tuple[int, int]],
    repaired: Mapping[str, int] = {},
    past: Sequence[Mapping[str, bool]] = (),
    **settings: Any,
) -> Selection:
    return select(rates, repaired, past, **{"target": 0.8, "tries": 3, "rest": 5, **settings})


def names(found: Selection) -> list[str]:
    return [item.signature for item in found.failing]


def test_only_what_is_credibly_below_the_target_is_learnt_and_what_reaches_it_is_mastered() -> None:
    found = chosen({"bad": (0, 6), "luckless": (1, 2), "good": (9, 10), "once": (0, 1)})
    assert names(found) == ["bad"]
    assert found.mastered == ("good",)


def test_more_failures_come_first_where_nothing_else_is_known() -> None:
    assert names(chosen({"some": (0, 6), "many": (0, 20), "few": (0, 4)})) == ["many", "some", "few"]


def test_a_pattern_that_earned_its_route_before_comes_before_one_that_never_did() -> None:
    past = [{"learnable": True, "stubborn": False}]
    assert names(chosen({"learnable": (0, 8), "stubborn": (0, 9)}, past=past)) == ["learnable", "stubborn"]


def test_a_pattern_tried_in_vain_rests_for_some_nights_and_is_tried_again() -> None:
    vain: list[Mapping[str, bool]] = [{"p": False}] * 3
    found = chosen({"p": (0, 9)}, past=vain)
    assert names(found) == [] and "3 nights and did not move" in found.resting["p"]
    idle: list[Mapping[str, bool]] = [{}]
    assert names(chosen({"p": (0, 9)}, past=idle * 4 + vain)) == []
    assert names(chosen({"p": (0, 9)}, past=idle * 5 + vain)) == ["p"]
    assert names(chosen({"p": (0, 9)}, past=[{"p": False}, *idle * 5, *vain])) == []


def test_tries_before_a_success_do_not_count() -> None:
    assert names(chosen({"p": (0, 9)}, past=[{"p": False}, {"p": False}, {"p": True}, {"p": False}])) == ["p"]


def test_what_the_developer_repaired_comes_first_even_when_nobody_else_tried_it() -> None:
    found = chosen({"many": (0, 20), "solved": (5, 5)}, {"theirs": 1, "solved": 2})
    assert names(found) == ["theirs", "many"]
    assert found.failing[0].repaired == 1


def test_a_night_told_what_to_learn_learns_nothing_else() -> None:
    assert names(chosen({"a": (0, 9), "b": (0, 9)}, only=["b"])) == ["b"]
