"""A signature finds its own pattern or none."""

from __future__ import annotations

from sleepy.memory.parametric.router import Router


def test_only_an_accepted_signature_is_routed() -> None:
    router = Router().accepting("E0382 fn", "E0382").accepting("E0382 struct", "E0382")
    assert router.route("E0382 fn") == "E0382"
    assert router.route("E0382") is None
    assert router.route(None) is None
    assert router.routes(["E0382 struct", "E0502", None]) == ["E0382", None, None]


def test_accepting_and_withdrawing_leave_the_router_as_it_was() -> None:
    before = Router({"x": "p", "y": "q"})
    after = before.without("p").accepting("z", "q")
    assert before.accepted == {"x": "p", "y": "q"}
    assert after.accepted == {"y": "q", "z": "q"}
