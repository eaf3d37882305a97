"""Share's Phase 3: one adapter more, and what becomes of the bases."""

from __future__ import annotations

import math

import pytest
import torch
from tests.memory.subspaces import ANY, LAYER, D, K, N, R, adapter, bent, error, exact, in_span, normal, projector

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Rule, Subspace, SubspaceError


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
def test_bases_stay_orthonormal_over_200_merges(dtype: torch.dtype, tolerance: float) -> None:
    rule = Rule(threshold=1.0, cap=K, tau=math.inf, budget=math.inf)
    subspace, _ = Subspace.found({"p": adapter(0, n=40, d=32)}, rule, dtype=dtype)
    for i in range(200):
        subspace, _ = subspace.absorb(f"p{i % 5}", adapter(i + 1, n=40, d=32), rule)
    for side in (subspace.blocks[LAYER].b, subspace.blocks[LAYER].a):
        assert side.k == K
        gram = side.basis.double().T @ side.basis.double()
        assert float((gram - torch.eye(K, dtype=torch.float64)).norm()) < tolerance


def test_a_pattern_inside_the_span_changes_nothing_but_itself() -> None:
    patterns = {f"p{i}": in_span(i) for i in range(6)}
    before = exact(patterns)
    after, certificate = before.absorb("new", in_span(99), ANY)
    assert torch.equal(after.blocks[LAYER].b.basis, before.blocks[LAYER].b.basis)
    for name in patterns:
        assert error(after.reconstruct(name), before.reconstruct(name)) < 1e-10
    assert error(after.reconstruct("new"), in_span(99)) < 1e-10
    assert certificate.damage["new"] < 1e-10


def test_an_untruncated_merge_is_exact_for_every_pattern() -> None:
    subspace = exact({"p0": adapter(0), "p1": adapter(1)})
    for i in range(2, 8):
        subspace, certificate = subspace.absorb(f"p{i}", adapter(i, r=R + i % 3), ANY)
        assert max(certificate.damage.values()) < 1e-10
    for i in range(8):
        wanted = adapter(i, r=R + i % 3 if i > 1 else R)
        assert error(subspace.reconstruct(f"p{i}"), wanted) < 1e-10


def test_k_grows_only_as_far_as_the_rule_needs() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    small = Adapter({LAYER: Factors(0.02 * normal(N, R, seed=5), normal(R, D, seed=6))})
    bent = Adapter(
        {LAYER: Factors(in_span(50).factors[LAYER].b + small.factors[LAYER].b, in_span(50).factors[LAYER].a)}
    )
    stayed, certificate = before.absorb("bent", bent, Rule(tau=0.1))
    assert stayed.widths == before.widths
    assert 1e-4 < certificate.damage["bent"] <= 0.1
    grown, certificate = before.absorb("other", adapter(7), Rule(tau=0.1))
    assert (K, K) < grown.widths[LAYER] <= (K + R, K + R)
    assert max(certificate.damage.values()) <= 0.1


def test_k_never_shrinks_while_its_directions_are_in_use() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    after, _ = before.absorb("bent", bent(50), Rule(threshold=0.3, tau=math.inf, budget=math.inf))
    assert after.widths == {LAYER: (K, K)}


def test_what_lies_below_the_tolerance_is_left_out_and_still_certified() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    pair = in_span(50).factors[LAYER]
    noisy = Adapter({LAYER: Factors(pair.b + 1e-7 * normal(N, R, seed=3), pair.a + 1e-7 * normal(R, D, seed=4))})
    after, certificate = before.absorb("noisy", noisy, Rule(threshold=1.0))
    assert after.widths == before.widths
    lost = error(after.reconstruct("noisy"), noisy)
    assert certificate.damage["noisy"] == pytest.approx(lost, rel=1e-3)
    assert 1e-8 < lost < 1e-6


def test_what_lies_below_the_tolerance_is_certified_when_directions_are_dropped_too() -> None:
    before = exact({f"p{i}": adapter(i) for i in range(3)}).without("p2")
    pair = adapter(0).factors[LAYER]
    noisy = Adapter({LAYER: Factors(pair.b + 1e-7 * normal(N, R, seed=3), pair.a + 1e-7 * normal(R, D, seed=4))})
    after, certificate = before.absorb("noisy", noisy, Rule(threshold=0.9999))
    assert after.widths == {LAYER: (2 * R, 2 * R)}  # p2's directions are gone
    assert certificate.damage["noisy"] == pytest.approx(error(after.reconstruct("noisy"), noisy), rel=1e-3)
    assert 1e-8 < certificate.damage["noisy"] < 1e-6
    _, certificate = after.absorb("p3", adapter(3), ANY)
    assert max(certificate.damage.values()) < 1e-10


def test_the_order_of_untruncated_merges_does_not_matter() -> None:
    bases = []
    for order in ((1, 2, 3), (3, 1, 2)):
        subspace = exact({"p0": adapter(0)})
        for i in order:
            subspace, _ = subspace.absorb(f"p{i}", adapter(i), ANY)
        bases.append(projector(subspace.blocks[LAYER].b.basis))
        for i in range(4):
            assert error(subspace.reconstruct(f"p{i}"), adapter(i)) < 1e-10
    torch.testing.assert_close(*bases, rtol=0, atol=1e-10)


def test_a_pattern_learnt_again_takes_its_old_place() -> None:
    before = exact({f"p{i}": adapter(i) for i in range(3)})
    after, _ = before.absorb("p1", adapter(9), ANY)
    assert sorted(after.patterns) == ["p0", "p1", "p2"]
    assert error(after.reconstruct("p1"), adapter(9)) < 1e-10
    assert error(after.reconstruct("p2"), adapter(2)) < 1e-10
    fresh = exact({"p0": adapter(0), "p2": adapter(2), "p1": adapter(9)})
    torch.testing.assert_close(after.blocks[LAYER].b.sigma[: 3 * R], fresh.blocks[LAYER].b.sigma, rtol=1e-9, atol=1e-9)


def test_directions_no_pattern_needs_any_more_are_given_up() -> None:
    subspace = exact({f"p{i}": adapter(i) for i in range(3)})
    assert subspace.without("p2").widths == {LAYER: (3 * R, 3 * R)}
    after, certificate = subspace.without("p2").absorb("p3", adapter(0), Rule(threshold=0.9999))
    assert after.widths == {LAYER: (2 * R, 2 * R)}
    assert max(certificate.damage.values()) < 1e-6


def test_partial_layers_and_mixed_ranks_live_in_one_subspace() -> None:
    first, second = adapter(0, layers=("a", "b")), adapter(1, r=7, layers=("b", "c"))
    subspace, _ = exact({"first": first}).absorb("second", second, ANY)
    assert subspace.reconstruct("first").factors.keys() == {"a", "b"}
    assert subspace.reconstruct("second").factors.keys() == {"b", "c"}
    assert error(subspace.reconstruct("first"), first) < 1e-10
    assert error(subspace.reconstruct("second"), second) < 1e-10
    founded = exact({"first": first, "second": second})
    assert error(founded.reconstruct("second"), second) < 1e-10


def test_a_layer_of_another_shape_is_refused() -> None:
    with pytest.raises(SubspaceError, match="share a basis"):
        exact({"p": adapter(0)}).absorb("q", adapter(1, n=N + 1), ANY)
    with pytest.raises(SubspaceError, match="share a basis"):
        exact({"p": adapter(0), "q": adapter(1, d=D - 1)})
