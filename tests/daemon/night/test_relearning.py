"""A pattern that serves is learnt again: the serving coefficients stay unless the new ones do better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import torch
from benchmarks.kills.short import CONFIG, exam

from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.night import relearning
from sleepy.daemon.night.night import sleep
from sleepy.daemon.night.train import RULE
from sleepy.daemon.serve import serve
from sleepy.daemon.tools.equip import equipped
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.memory.episodic import episodes, routes, stages
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

ENUM = "E0107:enum takes # generic arguments but # generic argument was supplied@fn"
FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)


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


def test_a_night_that_learns_a_serving_pattern_no_better_keeps_it_and_promotes_the_others(tmp_path: Path) -> None:
    with equipped(CONFIG, Home(tmp_path / "home"), exam=exam()) as tools:
        mistakes = [BY_NAME["repeated_item"], BY_NAME["other_container"]]  # the novice saw neither repaired
        practise(tools, serve.serving(tools), shelf.practice(tools.judge, 7, 40, exam=tools.exam, mistakes=mistakes))
        first, second = "E0124:field `_` is already declared@struct", ENUM
        seen = {name: episodes.of_pattern(tools.db, name, passed=False, limit=20) for name in (first, second)}
        assert sleep(tools, FIRST, only=[first]).decision == "promote"
        champion = serve.serving(tools)
        assert champion.router.accepted == {first: first}
        for item in [item for some in seen.values() for item in some]:  # the champion fails them as well
            episodes.record(tools.db, replace(item.episode, version=champion.version), now=tools.now())
        night = sleep(tools, SECOND, only=[first, second])
        made = {item.name: item.artefact for item in stages.of_night(tools.db, night.id)}
        assert set(made["curate"]["patterns"]) == {first, second}
        assert not made["examine"]["held_out"][first]["earns"] and made["examine"]["held_out"][second]["earns"]
        assert night.decision == "promote", night.decision_reasons
        served = serve.serving(tools)
        assert served.router.accepted == {first: first, second: second}
        assert served.subspace is not None and champion.subspace is not None
        moved = whole = 0.0
        for layer, kept in served.subspace.reconstruct(first).factors.items():
            was = champion.subspace.reconstruct(first).factors[layer]
            moved += float((kept.b @ kept.a - was.b @ was.a).square().sum())
            whole += float((was.b @ was.a).square().sum())
        assert (moved / whole) ** 0.5 <= 2 * RULE.tau  # what two merges may do to a pattern: both were learnt tonight
        now, then = (
            next(item for item in routes.of_version(tools.db, version) if item.signature == first)
            for version in (str(served.version), str(champion.version))
        )
        assert now == then  # the proof is still that of its own night
