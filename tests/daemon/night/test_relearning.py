"""A pattern that serves is learnt again: the serving coefficients stay unless the new ones do better.

The whole night is in test_earlier_home.py.
"""

from __future__ import annotations

import pytest
import torch

from sleepy.daemon.night import relearning
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace


def subspace(*names: str) -> Subspace:
    torch.manual_seed(0)
    return Subspace.found({name: Adapter({"w": Factors(torch.randn(6, 2), torch.randn(2, 5))}) for name in names})[0]


def test_a_renamed_pattern_keeps_its_coefficients_and_its_place() -> None:
    before = subspace("a", "b", "c")
    after = before.renamed("b", "d")
    assert after.patterns == ("a", "d", "c")
    for old, new in (("a", "a"), ("b", "d"), ("c", "c")):
        assert torch.equal(before.reconstruct(old).factors["w"].b, after.reconstruct(new).factors["w"].b)
    assert before.patterns == ("a", "b", "c")
    with pytest.raises(KeyError, match="no pattern 'x'"):
        before.renamed("x", "y")
    with pytest.raises(ValueError, match="there is a pattern 'c' already"):
        before.renamed("b", "c")


def test_what_is_learnt_again_stands_beside_what_serves_and_one_of_them_is_promoted_under_its_name() -> None:
    champion = Router({"a": "a", "b": "b"}, {"a": 0.5, "b": 0.1})
    moved, aside = relearning.set_aside(subspace("a", "b"), ["a", "new"])
    assert moved is not None and list(aside) == ["a"] and moved.patterns == (aside["a"], "b")
    whole, _ = moved.absorb("a", Adapter({"w": Factors(torch.ones(6, 1), torch.ones(1, 5))}))
    carried = relearning.carried(champion, whole, aside, ["a"])
    assert carried == Router({"a": aside["a"], "b": "b"}, {aside["a"]: 0.5, "b": 0.1})
    old, router = relearning.settled(whole, carried, aside)
    assert router == champion and set(old.patterns) == {"a", "b"}
    kept, expected = old.reconstruct("a").factors["w"], whole.reconstruct(aside["a"]).factors["w"]
    assert torch.allclose(kept.b @ kept.a, expected.b @ expected.a, atol=1e-5)
    new, router = relearning.settled(whole, Router({"a": "a"}), aside)
    assert router == Router({"a": "a"}) and new.patterns == ("a",)
    made = new.reconstruct("a").factors["w"]
    assert torch.allclose(made.b @ made.a, torch.ones(6, 5), atol=1e-4)
    assert relearning.set_aside(None, ["a"]) == (None, {})
    # consolidated by a program that put the new coefficients in the serving ones' place: nothing proves them
    assert relearning.carried(champion, subspace("a", "b"), {}, ["a"]).accepted == {"b": "b"}


def test_what_served_goes_on_under_the_name_of_a_signature_where_the_new_coefficients_are_worse() -> None:
    one, two, lost = "E1:x@fn", "E2:y@fn", "E3:z@fn"
    champion = Router({"all": "all"}, {}, {"all": (lost,)})
    start = subspace("all")
    moved, aside = relearning.set_aside(start, ["all"])
    assert moved is not None
    whole, _ = moved.absorb("all", Adapter({"w": Factors(torch.ones(6, 1), torch.ones(1, 5))}))
    carried = relearning.carried(champion, whole, aside, ["all"])
    kept = relearning.kept_at("all", [two, one, lost], carried)
    assert kept == {one: aside["all"], two: aside["all"]}  # at the third the base served
    assert relearning.kept_at("E1", [one], carried) == {}  # a new scope: what is coarser answers there anyway
    made, router = relearning.settled(whole, Router({**kept, "all": "all"}, {}, {"all": (one, two, lost)}), aside)
    assert router == Router({one: one, two: one, "all": "all"}, {}, {"all": (one, two, lost)})
    assert set(made.patterns) == {one, "all"}
    serves, before = made.reconstruct(one).factors["w"], start.reconstruct("all").factors["w"]
    assert torch.allclose(serves.b @ serves.a, before.b @ before.a, atol=1e-4)
    again, aside = relearning.set_aside(made, ["all", one])  # the next night learns both once more
    assert again is not None and set(again.patterns) == set(aside.values())
