"""Several patterns learnt in one pass: each by its own rows."""

from __future__ import annotations

import pytest
import torch
from tests.memory.parametric.test_training import answers, equal, lessons, tiny

from sleepy.memory.parametric.fit import Fit
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.phase2 import CoefficientRecipe, train_coefficients
from sleepy.memory.parametric.share_linear import attach
from sleepy.memory.parametric.subspace import Rule, Subspace
from sleepy.memory.parametric.together import Trainees, train_together

RECIPE = CoefficientRecipe(steps=200, batch_tokens=128, held_out=0.0, lr=3e-2)


@pytest.fixture(scope="module")
def subspace() -> Subspace:
    recipe = LoraRecipe(steps=60, batch_tokens=256, held_out=0.0, lr=2e-2)
    founders = {name: train_lora(tiny(), lessons(seed), recipe) for name, seed in (("one", 1), ("two", 2))}
    return Subspace.found(founders, Rule(threshold=0.9999))[0]


def test_patterns_learnt_together_are_each_answered_by_their_own(subspace: Subspace) -> None:
    model = tiny()
    before = [p.clone() for p in model.parameters()]
    courses = {name: lessons(seed) for name, seed in (("three", 3), ("four", 4), ("five", 5))}
    made = train_together(model, subspace, courses, RECIPE)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    assert not any(isinstance(module, Trainees) for module in model.modules())
    for name, adapter in made.items():
        subspace, certificate = subspace.absorb(name, adapter, Rule(tau=0.02))
        assert certificate.before == certificate.after  # in the span: nothing grew
    everything = [example for course in courses.values() for example in course]
    routes = [name for name, course in courses.items() for _ in course]
    served = attach(model, subspace)
    with served.routed(routes):
        assert sum(answers(model, everything)) >= 15
    with served.routed(routes[6:] + routes[:6]):  # not by one another's
        assert sum(answers(model, everything)) <= 3


def test_one_pattern_learnt_together_is_the_pattern_learnt_alone(subspace: Subspace) -> None:
    recipe = CoefficientRecipe(steps=8, batch_tokens=64, held_out=0.0, lr=1e-2)
    alone = train_coefficients(tiny(), subspace, "three", lessons(3), recipe)
    together = train_together(tiny(), subspace, {"three": lessons(3)}, recipe)["three"]
    for name, pair in alone.factors.items():
        other = together.factors[name]
        torch.testing.assert_close(pair.b @ pair.a, other.b @ other.a, rtol=1e-3, atol=1e-6)


def test_each_pattern_is_judged_on_its_own_held_out_part(subspace: Subspace) -> None:
    ends: list[Fit] = []
    recipe = CoefficientRecipe(steps=4, batch_tokens=64, held_out=0.5, examine_every=2, lr=1e-2)
    courses = {"three": lessons(3), "four": lessons(4)}
    made = train_together(tiny(), subspace, courses, recipe, ended=ends.append)
    assert [item.step for item in ends[0].curve] == [0, 2, 4]
    again = train_together(tiny(), subspace, courses, recipe)
    assert all(equal(made[name], again[name]) for name in courses)


def test_temporary_directions_are_refused_and_nothing_to_learn_is_nothing(subspace: Subspace) -> None:
    with pytest.raises(ValueError, match="phi must be 0"):
        train_together(tiny(), subspace, {"three": lessons(3)}, CoefficientRecipe(phi=2))
    assert train_together(tiny(), subspace, {}, RECIPE) == {}
