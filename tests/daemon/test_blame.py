"""What a challenger gives up for the tasks it lost."""

from __future__ import annotations

from sleepy.daemon.night.blame import spared
from sleepy.daemon.night.gate import Pair
from sleepy.memory.parametric.router import Router

OWN, NEAR, OTHER = (
    "E0277:`_` is not an iterator@fn",
    "E0277:`&_` is not an iterator@fn",
    "E0382:borrow of moved value@fn",
)


def test_a_lost_task_costs_its_own_route_and_the_rest_stays() -> None:
    router = Router({OWN: OWN, OTHER: OTHER})
    pairs = [Pair("a", True, False, OWN, OWN), Pair("b", False, True, OTHER, OTHER), Pair("c", True, True, "E1:x@fn")]
    left = spared(pairs, ["a"], router, Router())
    assert left.router == Router({OTHER: OTHER})
    assert (left.dropped, left.shortened) == ((OWN,), ())
    assert left.pairs == (Pair("a", True, True, OWN, None), *pairs[1:])


def test_a_task_lost_beyond_the_own_signature_costs_the_reach_alone() -> None:
    router = Router({OWN: OWN}, {OWN: 0.5})
    assert router.route(NEAR) == OWN
    pairs = [Pair("a", True, False, NEAR, OWN), Pair("b", False, True, OWN, OWN)]
    left = spared(pairs, ["a"], router, Router())
    assert left.router == Router({OWN: OWN})
    assert (left.dropped, left.shortened) == ((), (OWN,))
    assert left.pairs is not None and left.pairs[0] == Pair("a", True, True, NEAR, None)


def test_a_loss_that_no_route_answered_costs_no_route() -> None:
    router = Router({OWN: OWN})
    pairs = [Pair("a", True, False, OTHER, None)]
    left = spared(pairs, ["a"], router, Router())
    assert left.router == router and left.pairs == tuple(pairs)


def test_where_the_champion_had_a_route_the_answer_without_it_is_not_known() -> None:
    pairs = [Pair("a", True, False, OWN, OWN)]
    assert spared(pairs, ["a"], Router({OWN: OWN}), Router({OWN: OWN})).pairs is None
    assert spared(pairs, ["a"], Router({OWN: OWN}), Router({"x": OWN}, {OWN: 0.1})).pairs is not None


def test_a_task_that_falls_to_another_routes_reach_is_not_known_either() -> None:
    router = Router({OWN: OWN, NEAR: NEAR}, {NEAR: 0.5})
    pairs = [Pair("a", True, False, OWN, OWN)]
    left = spared(pairs, ["a"], router, Router())
    assert left.router.route(OWN) == NEAR and left.pairs is None


def test_a_pattern_that_was_learnt_again_gives_way_to_what_served_before_with_its_reach() -> None:
    serves = OWN + " before"
    carried = Router({OWN: serves, OTHER: OTHER}, {serves: 0.5})
    router = Router({OWN: OWN, OTHER: OTHER})
    champion = Router({OWN: OWN, OTHER: OTHER}, {OWN: 0.5})
    lost_itself = spared([Pair("a", True, False, OWN, OWN)], ["a"], router, champion, carried)
    # the champion answered a near mistake by the pattern's reach, which the new coefficients have not earned
    lost_reach = spared([Pair("a", True, False, NEAR, None)], ["a"], router, champion, carried)
    for left in (lost_itself, lost_reach):
        assert left.router == carried
        assert left.dropped == (OWN,)
        assert left.pairs is None  # it has not been asked yet
    assert spared([Pair("a", True, False, OWN, serves)], ["a"], carried, champion, carried).router == Router(
        {OTHER: OTHER}
    )
