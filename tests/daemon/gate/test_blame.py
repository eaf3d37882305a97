"""Which routes are taken from a challenger, and where, for the tasks it lost."""

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


def test_a_coarse_route_is_withdrawn_at_the_signature_that_lost_and_serves_on_elsewhere() -> None:
    router = Router({"E0277": "E0277", OTHER: OTHER})
    pairs = [Pair("a", True, False, NEAR, "E0277"), Pair("b", False, True, OWN, "E0277")]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router == Router(router.accepted, {}, {"E0277": (NEAR,)})
    assert (left.dropped, left.narrowed) == ((), (("E0277", NEAR),))
    assert left.pairs == (Pair("a", True, True, NEAR, None), pairs[1])


def test_beneath_a_withdrawn_code_the_route_for_all_answers_and_is_asked_again() -> None:
    router = Router({"E0277": "E0277", "all": "all"})
    left = prune([Pair("a", True, False, OWN, "E0277")], ["a"], router, Router(), Router())
    assert left.router.route(OWN) == "all" and left.pairs is None
    twice = prune([Pair("a", True, False, OWN, "all")], ["a"], left.router, Router(), Router())
    assert twice.router.route(OWN) is None and twice.router.route(NEAR) == "E0277"


def test_a_code_that_was_learnt_again_gives_way_to_what_served_before_where_it_lost() -> None:
    champion = Router({"E0277": "E0277"}, {}, {"E0277": (NEAR,)})
    carried = Router({"E0277": "before"}, {}, {"E0277": (NEAR,)})
    router = Router({"E0277": "E0277", OTHER: OTHER})
    pairs = [Pair("a", True, False, OWN, "E0277")]
    left = prune(pairs, ["a"], router, champion, carried)
    assert left.router == Router({"E0277": "E0277", OTHER: OTHER, OWN: "before"}, {}, {"E0277": (OWN,)})
    assert (left.dropped, left.narrowed, left.pairs) == ((), (("E0277", OWN),), None)
    # where what served had been withdrawn, the base answers
    near = prune([Pair("a", True, False, NEAR, "E0277")], ["a"], router, champion, carried)
    assert near.router == Router({"E0277": "E0277", OTHER: OTHER}, {}, {"E0277": (NEAR,)})


def test_where_what_served_loses_too_the_code_that_was_learnt_again_is_dropped_altogether() -> None:
    champion, carried = Router({"E0277": "E0277"}), Router({"E0277": "before"})
    router, lost = Router({"E0277": "E0277", OTHER: OTHER}), [Pair("a", True, False, OWN, "E0277")]
    for serves in ("before", None):
        router = prune(lost, ["a"], router, champion, carried).router
        assert router.route(OWN) == serves and router.accepted["E0277"] == "E0277"
        lost = [Pair("a", True, False, OWN, serves)]
    left = prune(lost, ["a"], router, champion, carried)
    assert left.router == Router({"E0277": "before", OTHER: OTHER}) and left.dropped == ("E0277",)


def test_a_carried_route_is_not_to_blame_for_a_loss() -> None:
    pairs = [Pair("a", True, False, OWN, "E0277")]
    carried = Router({"E0277": "E0277"})
    left = prune(pairs, ["a"], Router({**carried.accepted, OTHER: OTHER}), carried, carried)
    assert (left.dropped, left.narrowed, left.router.accepted) == ((), (), {"E0277": "E0277", OTHER: OTHER})


def test_a_loss_that_no_route_answered_costs_no_route() -> None:
    router = Router({OWN: OWN})
    pairs = [Pair("a", True, False, OTHER, None)]
    left = prune(pairs, ["a"], router, Router(), Router())
    assert left.router == router and left.pairs == tuple(pairs)


def test_where_the_champion_had_a_route_the_answer_without_it_is_not_known() -> None:
    pairs = [Pair("a", True, False, OWN, OWN)]
    serving = Router({"E0277": "E0277"})
    router = Router({OWN: OWN, "E0277": "E0277", OTHER: OTHER})
    left = prune(pairs, ["a"], router, serving, serving)
    assert left.router.route(OWN) == "E0277" and left.pairs is None
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
    assert withdraws(CARRIED.without(OTHER), CARRIED)
    assert withdraws(Router(CARRIED.accepted), CARRIED)
    assert not withdraws(Router({OWN: OWN, OTHER: OTHER}), CARRIED)  # one that was bettered is not taken away
