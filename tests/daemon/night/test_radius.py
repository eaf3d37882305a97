"""Which practised mistakes are tried before a pattern may answer signatures other than its own."""

from __future__ import annotations

from sleepy.daemon.night.radius import FAR, neighbours
from sleepy.memory.parametric.router import distance

OPTION, REFERENCE, TEXT = "E0308:Result<-Option@fn", "E0308:Result<-&Option@fn", "E0308:String<-&str@fn"
MOVED = "E0382:borrow of moved value@fn"


def test_a_practised_mistake_is_tried_with_the_nearest_pattern() -> None:
    found = neighbours([OPTION, TEXT], [REFERENCE, MOVED, OPTION], taken=[OPTION])
    assert found == {REFERENCE: (OPTION, distance(OPTION, REFERENCE))}


def test_what_has_a_route_of_its_own_or_is_far_is_left_out() -> None:
    assert neighbours([OPTION], [REFERENCE], taken=[REFERENCE]) == {}
    assert distance(OPTION, TEXT) > FAR and neighbours([OPTION], [TEXT], taken=[]) == {}
    assert neighbours([], [REFERENCE], taken=[]) == {}
