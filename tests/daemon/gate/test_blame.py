"""Which routes and radii are dropped from a challenger for the tasks it lost."""

from __future__ import annotations

from sleepy.daemon.gate.blame import prune, withdraws
from sleepy.daemon.gate.gate import Pair
from sleepy.memory.parametric.router import Router

OWN, NEAR, OTHER = (
    "E0277:`_` is not an iterator@fn",
    "E0277:`&_` is not an iterator@fn",
    "E0382:borrow of moved value@fn",
)


def test_a_lost_task_costs_its_own_route_and_the_rest_stays() -> None:
    router = Router({OWN: OWN, OTHER: OTHER})
    pairs = [Pair("a", True, False, OWN, OWN), Pair("b", False, True, OTHER, OTHER), Pair("c", True, True, "E1:x@fn")]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router == Router({OTHER: OTHER})
    assert (left.dropped, left.narrowed) == ((OWN,), ())
    assert left.pairs == (Pair("a", True, True, OWN, None), *pairs[1:])


def test_a_task_lost_beyond_the_own_signature_costs_the_reach_alone() -> None:
    router = Router({OWN: OWN}, {OWN: 0.5})
    assert router.route(NEAR) == OWN
    pairs = [Pair("a", True, False, NEAR, OWN), Pair("b", False, True, OWN, OWN)]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router == Router({OWN: OWN})
    assert (left.dropped, left.narrowed) == ((), (OWN,))
    assert left.pairs is not None and left.pairs[0] == Pair("a", True, True, NEAR, None)


def test_a_loss_that_no_route_answered_costs_no_route() -> None:
    router = Router({OWN: OWN})
    pairs = [Pair("a", True, False, OTHER, None)]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router == router and left.pairs == tuple(pairs)


def test_where_the_champion_had_a_route_the_answer_without_it_is_not_known() -> None:
    pairs = [Pair("a", True, False, OWN, OWN)]
    serving = Router({OWN: OWN})
    assert prune(pairs, ["a"], Router({OWN: OWN}), serving, serving).pairs is None
    near = Router({"x": OWN}, {OWN: 0.1})
    assert prune(pairs, ["a"], Router({OWN: OWN}), near, near).pairs is not None


def test_a_task_that_falls_to_another_routes_reach_is_not_known_either() -> None:
    router = Router({OWN: OWN, NEAR: NEAR}, {NEAR: 0.5})
    pairs = [Pair("a", True, False, OWN, OWN)]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router.route(OWN) == NEAR and left.pairs is None


SERVES = OWN + " before"  # the serving coefficients of a pattern that was learnt again
CARRIED = Router({OWN: SERVES, OTHER: OTHER}, {SERVES: 0.5})
CHAMPION = Router({OWN: OWN, OTHER: OTHER}, {OWN: 0.5})


def test_a_pattern_that_was_learnt_again_gives_way_to_what_served_before_with_its_reach() -> None:
    router = Router({OWN: OWN, OTHER: OTHER, "E1:new@fn": "E1:new@fn"})
    lost_itself = prune([Pair("a", True, False, OWN, OWN)], ["a"], router, CHAMPION, CARRIED)
    # the champion answered a near mistake by the pattern's reach, which the new coefficients have not earned
    lost_reach = prune([Pair("a", True, False, NEAR, None)], ["a"], router, CHAMPION, CARRIED)
    for left in (lost_itself, lost_reach):
        assert left.router == Router({**CARRIED.accepted, "E1:new@fn": "E1:new@fn"}, CARRIED.reach)
        assert left.dropped == (OWN,)
        assert left.pairs is None  # it has not been asked yet
        assert not withdraws(left.router, CARRIED)


def test_a_neighbour_is_not_blamed_for_the_reach_that_a_new_pattern_lacks() -> None:
    neighbour = "E0277:`_` is not a future@fn"
    carried = Router({OWN: SERVES, neighbour: neighbour}, {SERVES: 0.5, neighbour: 0.9})
    champion = Router({OWN: OWN, neighbour: neighbour}, {OWN: 0.5, neighbour: 0.9})
    router = Router({OWN: OWN, neighbour: neighbour}, {neighbour: 0.9})
    assert (champion.route(NEAR), router.route(NEAR)) == (OWN, neighbour)
    left = prune([Pair("a", True, False, NEAR, neighbour)], ["a"], router, champion, carried)
    assert (left.dropped, left.narrowed) == ((OWN,), ())
    assert left.router == carried


def test_where_nothing_of_the_night_is_left_the_champion_goes_on_and_loses_nothing() -> None:
    router = Router({OWN: OWN, OTHER: OTHER})
    pairs = [Pair("a", True, False, OWN, OWN), Pair("b", False, True, OWN, OWN)]
    left = prune(pairs, ["a"], router, CHAMPION, CARRIED)
    assert left.router == CARRIED and left.dropped == (OWN,)
    assert left.pairs is not None and all(pair.challenger == pair.baseline for pair in left.pairs)


def test_no_night_may_take_away_what_serves() -> None:
    left = prune([Pair("a", True, False, OTHER, OTHER)], ["a"], CARRIED, CHAMPION, CARRIED)
    assert left.router == Router({OWN: SERVES}, {SERVES: 0.5}) and withdraws(left.router, CARRIED)
    narrowed = prune([Pair("a", True, False, NEAR, SERVES)], ["a"], CARRIED, CHAMPION, CARRIED)
    assert narrowed.narrowed == (SERVES,) and withdraws(narrowed.router, CARRIED)
    assert not withdraws(Router({OWN: OWN, OTHER: OTHER}), CARRIED)  # one that was bettered is not taken away
