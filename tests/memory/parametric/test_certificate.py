"""What a merge is said to do to every pattern is what it does, and too much is refused."""

from __future__ import annotations

import math

import pytest
import torch
from tests.memory.subspaces import ANY, LAYER, adapter, bent, error, exact, in_span, norm

from sleepy.memory.parametric.subspace import MergeRejected, Rule, Subspace


def test_the_certificate_is_the_error_measured_by_brute_force() -> None:
    layers = ("a", "b")
    rule = Rule(threshold=1.0, cap=10, tau=math.inf, budget=math.inf)
    before = exact({f"p{i}": adapter(i, layers=layers) for i in range(3)}, rule)
    new = adapter(9, r=6, layers=layers)
    after, certificate = before.absorb("new", new, rule)
    for i in range(3):
        old = before.reconstruct(f"p{i}")
        lost = error(after.reconstruct(f"p{i}"), old)
        share = norm(old) / norm(adapter(i, layers=layers))  # damage is relative to the pattern as it came
        assert certificate.damage[f"p{i}"] == pytest.approx(lost * share, abs=1e-9)
        assert certificate.damage[f"p{i}"] > 0.1
    assert certificate.damage["new"] == pytest.approx(error(after.reconstruct("new"), new), abs=1e-9)
    assert certificate.before == {"a": (10, 10), "b": (10, 10)} == certificate.after


def test_founding_certifies_what_truncation_costs_each_founder() -> None:
    patterns = {f"p{i}": adapter(i) for i in range(5)}
    subspace, certificate = Subspace.found(patterns, Rule(threshold=1.0, cap=11), dtype=torch.float64)
    for name, wanted in patterns.items():
        assert certificate.damage[name] == pytest.approx(error(subspace.reconstruct(name), wanted), abs=1e-9)
    with pytest.raises(MergeRejected):
        Subspace.found(patterns, Rule(threshold=1.0, cap=11), tau=0.01)
    whole, _ = Subspace.found(patterns, Rule(threshold=0.5), tau=0.01)
    assert max(whole.drift.values()) <= 0.01


def test_drift_bounds_the_whole_of_several_merges() -> None:
    rule = Rule(threshold=1.0, cap=14, tau=math.inf, budget=math.inf)
    subspace = exact({"p0": adapter(0)}, rule)
    for i in range(1, 7):
        subspace, _ = subspace.absorb(f"p{i}", adapter(i), rule)
    for i in range(7):
        lost = error(subspace.reconstruct(f"p{i}"), adapter(i))
        assert lost <= subspace.drift[f"p{i}"] + 1e-9
        assert lost > 0.1


def test_a_merge_that_would_hurt_is_refused_and_changes_nothing() -> None:
    before = exact({f"p{i}": adapter(i) for i in range(3)}, ANY)
    version = before.version
    with pytest.raises(MergeRejected) as caught:
        before.absorb("new", adapter(9), Rule(cap=12, tau=0.05))
    assert before.version == version
    assert before.patterns == ("p0", "p1", "p2")
    assert max(caught.value.certificate.damage.values()) > 0.05
    assert "p" in str(caught.value) or "new" in str(caught.value)
    assert "cap" in caught.value.remedy


def test_the_budget_counts_damage_over_several_merges() -> None:
    def live(rule: Rule) -> list[float]:
        subspace = exact({f"p{i}": in_span(i) for i in range(3)})
        for i in range(10, 20):
            subspace, certificate = subspace.absorb(f"p{i}", bent(i), rule)
            assert max(certificate.damage.values()) <= rule.tau
        return [max(subspace.drift.values()), subspace.widths[LAYER][0]]

    free, free_k = live(Rule(tau=0.06, budget=math.inf))
    held, held_k = live(Rule(tau=0.06, budget=0.07))
    assert free > 0.07 >= held
    assert held_k > free_k
