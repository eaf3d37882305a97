"""Which patterns a night selects, from counts and from earlier nights' results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.daemon.evidence import bare, put

from sleepy.daemon.gate.gate import Decision, Trial
from sleepy.daemon.night.history import past
from sleepy.daemon.night.selection import BREADTH, PACE, affordable, select
from sleepy.daemon.stages.stages import (
    Consolidated,
    Curated,
    Decided,
    Diagnosed,
    Examined,
    HeldOut,
    Rest,
    TooFew,
    Wanted,
)
from sleepy.memory.episodic import nights
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import is_signature


def chosen(
    rates: Mapping[str, tuple[int, int]],
    repaired: Mapping[str, int] = {},
    past: Sequence[Mapping[str, bool]] = (),
    **settings: Any,
) -> Diagnosed:
    """What is selected of signatures that are named by a word each, and of different codes."""
    given = {"target": 0.8, "tries": 3, "rest": 5, **settings}
    if "only" in given:
        given["only"] = list(map(of, given["only"]))
    nights = [{of(name): earned for name, earned in night.items()} for night in past]
    return select(
        {of(name): tally for name, tally in rates.items()}, {of(name): n for name, n in repaired.items()}, nights, **given
    )  # fmt: skip


def of(word: str) -> str:
    return f"{word}:message@fn"


def names(found: Diagnosed) -> list[str]:
    """The words of the signatures among what is to be learnt."""
    return [item.signature.partition(":")[0] for item in found.failing if is_signature(item.signature)]


def test_only_what_is_credibly_below_the_target_is_learnt_and_what_reaches_it_is_mastered() -> None:
    found = chosen({"bad": (0, 6), "luckless": (1, 2), "good": (9, 10), "once": (0, 1)})
    assert names(found) == ["bad"]
    assert found.mastered == (of("good"),)


def test_more_failures_come_first_where_nothing_else_is_known() -> None:
    assert names(chosen({"some": (0, 6), "many": (0, 20), "few": (0, 4)})) == ["many", "some", "few"]


def test_a_pattern_that_earned_its_route_before_comes_before_one_that_never_did() -> None:
    past = [{"learnable": True, "stubborn": False}]
    assert names(chosen({"learnable": (0, 8), "stubborn": (0, 9)}, past=past)) == ["learnable", "stubborn"]


def test_a_pattern_tried_in_vain_rests_for_some_nights_and_is_tried_again() -> None:
    vain: list[Mapping[str, bool]] = [{"p": False}] * 3
    found = chosen({"p": (0, 9)}, past=vain)
    assert names(found) == [] and found.resting[of("p")] == Rest(3, 5)
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


MOVED, USED, LOST = "E0382:borrow of moved value@fn", "E0382:use of moved value@fn", "E0499:x@fn"


def scoped(rates: Mapping[str, tuple[int, int]], router: Router | None = None, **settings: Any) -> list[str]:
    found = select(rates, {}, (), target=0.8, tries=3, rest=5, router=router or Router(), **settings)
    return [item.signature for item in found.failing]


def test_failures_too_rare_for_a_signature_are_learnt_at_their_code_or_all_together() -> None:
    rare = {f"E0382:message {i}@fn": (0, 1) for i in range(4)}
    assert scoped(rare) == ["E0382", "all"]
    assert scoped({**rare, LOST: (0, 9)}) == [LOST, "all", "E0382"]
    assert scoped({MOVED: (0, 9), LOST: (9, 9)}) == [MOVED]  # one signature's failures are no code's


def test_what_a_finer_route_answers_does_not_count_for_a_coarser_one() -> None:
    rates = {MOVED: (0, 9), USED: (0, 3), LOST: (0, 2)}
    assert scoped(rates) == [MOVED, "E0382", "all", USED, LOST]
    assert scoped(rates, Router({MOVED: MOVED})) == [MOVED, USED, LOST, "all"]
    assert scoped(rates, Router({"E0382": "E0382"})) == [MOVED, "E0382", USED, LOST]  # all: nothing but the one


def test_a_coarse_scope_is_worth_what_its_failures_are_for_each_course_that_it_takes() -> None:
    many = {f"E0308:message {i}@fn": (0, 1) for i in range(30)}
    found = {item.signature: item for item in select(many, {}, (), target=0.8, tries=3, rest=5).failing}
    assert found["all"].courses == BREADTH and found["all"].worth == 31 / 2 / BREADTH
    assert scoped({**many, MOVED: (0, 9)})[0] == MOVED
    short = {
        item.signature: item.courses for item in select(many, {}, (), target=0.8, tries=3, rest=5, minutes=11).failing
    }
    assert short["all"] == short["E0308"] == 2


def test_a_night_takes_on_what_its_minutes_hold_the_worthiest_first() -> None:
    coarse, dear, some = Wanted("all", 0, 90, 0.5, 0, 6), Wanted("E0308", 0, 50, 0.5, 0, 6), Wanted(MOVED, 0, 9, 0.5)
    wanted = [coarse, dear, some, Wanted(USED, 0, 3, 0.5), Wanted(LOST, 0, 2, 0.5)]
    course = 130
    minutes = 8 * course / PACE  # of eight courses: the second that covers many is passed over
    assert affordable(wanted, course, minutes, 16) == [coarse, *wanted[2:4]]
    assert affordable(wanted, course, minutes, 2) == [coarse, some]
    assert affordable(wanted, course, 60, 16) == wanted
    assert affordable(wanted, course, 1, 16) == [coarse]  # the first is always tried
    assert affordable([], course, 60, 16) == []


def test_a_scope_whose_candidate_is_being_tried_is_not_learnt_again() -> None:
    assert scoped({MOVED: (0, 9), USED: (0, 3)}, busy=["E0382", MOVED]) == ["all", USED]


def test_a_pattern_tried_is_one_that_was_examined_or_for_which_something_was_lacking(tmp_path: Path) -> None:
    now = datetime(2031, 3, 4, tzinfo=UTC)
    names = "E0003:not earned@fn", "E0004:earned@fn", "E0005:earned and dropped@fn"
    held_out = {
        name: HeldOut(Trial(name, 8, 0, 8, 8, 0, 0.004, 0.5, 1.0), earns=name != "E0003:not earned@fn")
        for name in names
    }
    made = replace(
        bare().made,
        curated=Curated(too_few={"E0001:few@fn": TooFew(3, 9)}),
        consolidated=Consolidated(refused={"E0002:no room@fn": "the cap stands in the way"}),
        examined=Examined(held_out=held_out),
        decided=Decided(Decision.PROMOTE, (), dropped=("E0005:earned and dropped@fn",)),
    )
    with Database.open(tmp_path / "sleepy.db") as db:
        night = nights.begin(db, now.date(), seed=1, now=now)
        put(db, night.id, made, now=now)
        assert past(db, date(2031, 3, 5)) == []  # not done yet
        nights.finish(db, night.id, report=None, now=now)
        assert past(db, date(2031, 3, 5)) == [
            {
                "E0001:few@fn": False,
                "E0002:no room@fn": False,
                "E0003:not earned@fn": False,
                "E0004:earned@fn": True,
                "E0005:earned and dropped@fn": False,
            }
        ]
        assert past(db, now.date()) == []
