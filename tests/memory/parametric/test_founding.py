"""Share's Phase 1: the bases of several adapters at once."""

from __future__ import annotations

import pytest
import torch
from tests.memory.subspaces import ANY, LAYER, D, K, N, R, adapter, dw, error, exact, in_span, normal, projector

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import MergeRejected, Rule, Subspace


def test_patterns_in_a_common_span_are_recovered_exactly() -> None:
    patterns = {f"p{i}": in_span(i) for i in range(10)}
    for dtype, tolerance in ((torch.float64, 1e-10), (torch.float32, 1e-5)):
        subspace, certificate = Subspace.found(patterns, ANY, dtype=dtype)
        assert subspace.widths == {LAYER: (K, K)}
        for name, wanted in patterns.items():
            assert error(subspace.reconstruct(name), wanted) < tolerance
            assert certificate.damage[name] < 1e-7


def test_k_follows_the_threshold_and_never_exceeds_the_rank() -> None:
    patterns = {f"p{i}": adapter(i) for i in range(4)}
    widths = [exact(patterns, Rule(threshold=t)).widths[LAYER] for t in (0.3, 0.6, 0.9, 0.99)]
    assert widths == sorted(widths)
    for threshold in (0.3, 0.6, 0.9, 0.99):
        for line in exact(patterns, Rule(threshold=threshold)).report():
            assert line.explained >= threshold
            assert line.explained - line.sigma[-1] ** 2 / _energy(patterns) < threshold
    single, _ = Subspace.found({"only": adapter(0, r=8)}, Rule(threshold=1.0, floor=32), dtype=torch.float64)
    assert single.widths == {LAYER: (8, 8)}
    assert error(single.reconstruct("only"), adapter(0, r=8)) < 1e-10
    assert exact(patterns, Rule(threshold=0.3, floor=7)).widths[LAYER] == (7, 7)


def _energy(patterns: dict[str, Adapter]) -> float:
    return sum(float(dw(some).square().sum()) for some in patterns.values())


def test_k_is_chosen_a_layer_and_side() -> None:
    patterns = {
        f"p{i}": Adapter({"narrow": in_span(i, k=3).factors[LAYER], "wide": adapter(i).factors[LAYER]})
        for i in range(5)
    }
    assert exact(patterns).widths == {"narrow": (3, 3), "wide": (20, 20)}
    one_sided = {
        f"p{i}": Adapter({LAYER: Factors(adapter(i).factors[LAYER].b, in_span(i, k=R).factors[LAYER].a)})
        for i in range(5)
    }
    assert exact(one_sided).widths == {LAYER: (20, R)}


def test_what_is_discarded_is_the_error_of_the_stack() -> None:
    patterns = {f"p{i}": adapter(i) for i in range(6)}
    columns = []
    for some in patterns.values():
        u, s, _ = torch.linalg.svd(dw(some), full_matrices=False)
        columns.append(u[:, :R] * s[:R])
    stack = torch.cat(columns, 1)
    values = torch.linalg.svdvals(stack)
    errors, explained = [], []
    for k in range(1, 25):
        subspace = exact(patterns, Rule(threshold=1.0, cap=k))
        beta = subspace.blocks[LAYER].b.basis
        residual = float((stack - projector(beta) @ stack).square().sum())
        assert residual == pytest.approx(float(values[k:].square().sum()), rel=1e-9, abs=1e-9)
        errors.append(residual)
        explained.append(subspace.report()[0].explained)
    assert errors == sorted(errors, reverse=True)
    assert explained == sorted(explained)
    assert explained[-1] == pytest.approx(1.0, abs=1e-12)


def test_the_order_of_founders_does_not_matter() -> None:
    patterns = {f"p{i}": adapter(i) for i in range(6)}
    rule = Rule(threshold=0.8)
    forward, backward = exact(patterns, rule), exact(dict(reversed(patterns.items())), rule)
    one, other = forward.blocks[LAYER], backward.blocks[LAYER]
    torch.testing.assert_close(projector(one.b.basis), projector(other.b.basis), rtol=0, atol=1e-10)
    torch.testing.assert_close(projector(one.a.basis), projector(other.a.basis), rtol=0, atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_gauge_of_the_factors_does_not_matter(dtype: torch.dtype) -> None:
    rule = Rule(threshold=0.8)
    plain = {f"p{i}": adapter(i) for i in range(5)}
    bent = {}
    for i, (name, some) in enumerate(plain.items()):
        g = normal(R, R, seed=77 + i) + 3 * torch.eye(R, dtype=torch.float64)
        pair = some.factors[LAYER]
        bent[name] = Adapter({LAYER: Factors(30 * pair.b @ g, torch.linalg.inv(g) @ pair.a / 30)})
    one, _ = Subspace.found(plain, rule, dtype=dtype)
    other, _ = Subspace.found(bent, rule, dtype=dtype)
    for side in ("b", "a"):
        x, y = getattr(one.blocks[LAYER], side).basis, getattr(other.blocks[LAYER], side).basis
        cosines = torch.linalg.svdvals(x.double().T @ y.double())
        assert float(cosines.min()) > 1 - 1e-6
    for name in plain:
        assert error(one.reconstruct(name), plain[name]) == pytest.approx(
            error(other.reconstruct(name), plain[name]), abs=1e-6
        )


def test_a_common_part_is_kept_though_it_is_the_mean() -> None:
    v = normal(N, 1, seed=1)
    patterns = {
        f"p{i}": Adapter(
            {LAYER: Factors(v @ torch.ones(1, 1).double() + 1e-3 * normal(N, 1, seed=9 + i), normal(1, D, seed=3))}
        )
        for i in range(8)
    }
    subspace = exact(patterns, Rule(threshold=0.0, floor=1, cap=1))
    assert subspace.widths == {LAYER: (1, 1)}
    assert max(error(subspace.reconstruct(name), some) for name, some in patterns.items()) < 3e-3


def _trained_like(i: int, shared: bool) -> Adapter:
    """As training leaves it: A near its start, B of a few common directions."""
    a = normal(R, D, seed=0 if shared else 500 + i) + 0.05 * normal(R, D, seed=900 + i)
    b = normal(N, 6, seed=1) @ normal(6, R, seed=300 + i)
    return Adapter({LAYER: Factors(b, a)})


def test_k_of_a_does_not_explode_when_every_pattern_starts_from_one_a() -> None:
    shared = exact({f"p{i}": _trained_like(i, shared=True) for i in range(12)}, Rule(threshold=0.6))
    private = exact({f"p{i}": _trained_like(i, shared=False) for i in range(12)}, Rule(threshold=0.6))
    assert shared.widths[LAYER][1] <= R + 2
    assert private.widths[LAYER][1] > 2 * R
    capped = Rule(threshold=0.6, cap=R + 2)
    with pytest.raises(MergeRejected):
        Subspace.found({f"p{i}": _trained_like(i, shared=False) for i in range(12)}, capped, tau=0.5)
    Subspace.found({f"p{i}": _trained_like(i, shared=True) for i in range(12)}, capped, tau=0.5)


def test_an_adapter_with_an_a_of_its_own_widens_the_basis_or_is_refused_by_name() -> None:
    shared = normal(R, D, seed=99)
    family = {
        f"p{i}": Adapter({LAYER: Factors(adapter(i).factors[LAYER].b, shared + 0.01 * normal(R, D, seed=i))})
        for i in range(6)
    }
    rule = Rule(threshold=0.98, cap=64)
    subspace, _ = Subspace.found(family, rule)
    stranger = adapter(77)  # trained from another random A
    _, before = subspace.widths[LAYER]
    wider, certificate = subspace.absorb("stranger", stranger, rule)
    assert wider.widths[LAYER][1] >= before + R and certificate.damage["stranger"] <= rule.tau
    with pytest.raises(MergeRejected, match="'stranger' would lose") as raised:
        subspace.absorb("stranger", stranger, Rule(threshold=0.98, cap=before))
    assert raised.value.certificate.damage["stranger"] > rule.tau
