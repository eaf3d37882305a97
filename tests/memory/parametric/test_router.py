"""A signature finds the finest route that covers it, the nearest pattern within its reach, or none."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from sleepy.memory.parametric.router import ANOTHER_ITEM, Router, distance

SIGNATURES = st.builds(
    "{}:{}@{}".format,
    st.sampled_from(["E0277", "E0308"]),
    st.text("ab `<-:@", max_size=12),
    st.sampled_from(["fn", "struct"]),
)


def test_only_an_accepted_signature_is_routed() -> None:
    router = Router({"E0382 fn": "E0382", "E0382 struct": "E0382"})
    assert router.route("E0382 fn") == "E0382"
    assert router.route("E0382") is None
    assert router.route(None) is None
    assert [router.route(name) for name in ("E0382 struct", "E0502")] == ["E0382", None]


def test_a_scope_is_served_by_its_own_pattern_or_the_next_coarser_one() -> None:
    fine, other = "E0308:String<-&str@fn", "E0308:u8<-u16@fn"
    router = Router({fine: "p", "E0308": "q", "all": "r"}, withdrawn={"E0308": (other,)})
    assert [router.serves(scope) for scope in (fine, other, "E0308", "E0277", "E0277:x@fn")] == [
        "p",
        "r",
        "q",
        "r",
        "r",
    ]
    assert Router({fine: "p"}).serves("E0308") is None and Router({"E0308": "q"}).serves("all") is None


def test_withdrawing_leaves_the_router_as_it_was() -> None:
    before = Router({"x": "p", "y": "q"}, {"p": 0.2, "q": 0.1})
    assert before.without("p") == Router({"y": "q"}, {"q": 0.1})
    assert before == Router({"x": "p", "y": "q"}, {"p": 0.2, "q": 0.1})


@given(SIGNATURES, SIGNATURES)
def test_a_distance_is_symmetric_and_0_for_the_same(one: str, other: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one) >= 0
    assert math.isinf(distance(one, other)) == (one.split(":")[0] != other.split(":")[0])


def test_like_messages_are_nearer_than_unlike_ones() -> None:
    own = "E0308:Result<-Option@fn"
    assert distance(own, "E0308:Result<-Option@impl") == ANOTHER_ITEM
    assert distance(own, "E0308:Result<-&Option@fn") < distance(own, "E0308:String<-&str@fn")


def test_beyond_its_signatures_a_pattern_answers_as_far_as_it_reaches() -> None:
    own, near = "E0308:Result<-Option@fn", "E0308:Result<-&Option@fn"
    apart = distance(own, near)
    assert Router({own: "p"}).route(near) is None
    assert Router({own: "p"}, {"p": apart}).route(near) == "p"
    assert Router({own: "p"}, {"p": apart - 1e-9}).route(near) is None
    assert Router({own: "p"}, {"p": 9.0}).route("E0382:Result<-Option@fn") is None


def test_the_nearest_of_several_answers_and_an_exact_route_before_all() -> None:
    far, near, asked = "E0308:a b c d@fn", "E0308:a b c x@fn", "E0308:a b c x y@fn"
    accepted, reach = {far: "far", near: "near"}, {"far": 9.0, "near": 9.0}
    assert Router(accepted, reach).route(asked) == "near"
    assert Router({**accepted, asked: "far"}, reach).route(asked) == "far"


MOVED, USED = "E0382:borrow of moved value@fn", "E0382:use of moved value@fn"


def test_the_finest_scope_with_a_route_answers() -> None:
    router = Router({MOVED: "own", "E0382": "code", "all": "everything"})
    assert [router.route(name) for name in (MOVED, USED, "E0499:x@fn")] == ["own", "code", "everything"]
    assert [router.scope(name) for name in (MOVED, USED, "E0499:x@fn")] == [MOVED, "E0382", "all"]
    assert router.without("everything").route("E0499:x@fn") is None


def test_where_a_route_is_withdrawn_the_next_coarser_answers() -> None:
    router = Router({"E0382": "code", "all": "everything"}).withdraw("E0382", [USED]).withdraw("all", [USED])
    assert router.route(USED) is None and router.route(MOVED) == "code"
    assert router.withdraw("E0382", [MOVED]).withdrawn["E0382"] == (MOVED, USED)
    assert router.withdraw("E0382", []) == router
    assert router.without("code").withdrawn == {"all": (USED,)}


def test_a_code_before_a_nearby_pattern() -> None:
    reach = {"own": 9.0}
    assert Router({MOVED: "own"}, reach).route(USED) == "own"
    assert Router({MOVED: "own", "E0382": "code"}, reach).route(USED) == "code"
