"""Share's three phases as values, by property and against an oracle that rebuilds everything.

The oracle keeps every pattern's factors, stacks them, takes a full SVD and projects: what SHARE.md
calls naive. Sizes are small; float64 at rest where a property is exact.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save
from torch import Tensor

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import MergeRejected, Rule, Subspace, SubspaceError

N, D, R, K = 80, 64, 4, 12
ANY = Rule(threshold=1.0, tau=math.inf, budget=math.inf)
LAYER = "model.layers.0.mlp.up_proj"


def normal(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def adapter(seed: int, *, n: int = N, d: int = D, r: int = R, layers: tuple[str, ...] = (LAYER,)) -> Adapter:
    """Random factors; every layer its own."""
    return Adapter(
        {
            name: Factors(normal(n, r, seed=1000 * seed + 2 * i), normal(r, d, seed=1000 * seed + 2 * i + 1))
            for i, name in enumerate(layers)
        }
    )


def in_span(seed: int, r: int = R, k: int = K) -> Adapter:
    """An adapter whose sides lie in two fixed k-dimensional spaces."""
    u, v = normal(N, k, seed=1), normal(D, k, seed=2)
    return Adapter({LAYER: Factors(u @ normal(k, r, seed=10 * seed), (v @ normal(k, r, seed=10 * seed + 1)).T)})


def dw(some: Adapter, layer: str = LAYER) -> Tensor:
    return some.factors[layer].b.double() @ some.factors[layer].a.double()


def error(found: Adapter, wanted: Adapter) -> float:
    """Relative Frobenius distance of dW over all layers."""
    lost = sum(float((dw(found, name) - dw(wanted, name)).square().sum()) for name in wanted.factors)
    return math.sqrt(lost / sum(float(dw(wanted, name).square().sum()) for name in wanted.factors))


def exact(adapters: dict[str, Adapter], rule: Rule = ANY) -> Subspace:
    return Subspace.found(adapters, rule, dtype=torch.float64)[0]


def projector(basis: Tensor) -> Tensor:
    return basis.double() @ basis.double().T


class Naive:
    """Every pattern's balanced factors in full size; each merge an SVD of all their weighted columns."""

    def __init__(self) -> None:
        self.b: dict[str, Tensor] = {}  # (n, p) balanced
        self.a: dict[str, Tensor] = {}  # (d, p)
        self.weight: dict[str, Tensor] = {}  # (p,) what turns them into U s and V s

    def add(self, name: str, new: Adapter, k: int | None) -> None:
        u, s, vh = torch.linalg.svd(dw(new), full_matrices=False)
        r = int((s > 1e-12 * s[0]).sum()) if float(s[0]) else 0
        self.b[name], self.a[name] = u[:, :r] * s[:r].sqrt(), vh[:r].T * s[:r].sqrt()
        self.weight[name] = s[:r].sqrt()
        self.project(k)

    def project(self, k: int | None) -> None:
        for side in (self.b, self.a):
            left, values, _ = torch.linalg.svd(
                torch.cat([side[p] * self.weight[p] for p in side], 1), full_matrices=False
            )
            left = left[:, : min(int((values > 1e-9 * values[0]).sum()), k or len(values))]
            for p in side:
                side[p] = left @ (left.T @ side[p])

    def dw(self, name: str) -> Tensor:
        return self.b[name] @ self.a[name].T


def test_patterns_in_a_common_span_are_recovered_exactly() -> None:
    patterns = {f"p{i}": in_span(i) for i in range(10)}
    for dtype, tolerance in ((torch.float64, 1e-10), (torch.float32, 1e-5)):
        subspace, certificate = Subspace.found(patterns, ANY, dtype=dtype)
        assert subspace.widths == {LAYER: (K, K)}
        for name, wanted in patterns.items():
            assert error(subspace.reconstruct(name), wanted) < tolerance
            assert certificate.damage[name] < 1e-7


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


def test_the_certificate_is_the_error_measured_by_brute_force() -> None:
    layers = ("a", "b")
    rule = Rule(threshold=1.0, cap=10, tau=math.inf, budget=math.inf)
    before = exact({f"p{i}": adapter(i, layers=layers) for i in range(3)}, rule)
    new = adapter(9, r=6, layers=layers)
    after, certificate = before.absorb("new", new, rule)
    for i in range(3):
        old = before.reconstruct(f"p{i}")
        lost = error(after.reconstruct(f"p{i}"), old)
        norm = _norm(old) / _norm(adapter(i, layers=layers))  # damage is relative to the pattern as it came
        assert certificate.damage[f"p{i}"] == pytest.approx(lost * norm, abs=1e-9)
        assert certificate.damage[f"p{i}"] > 0.1
    assert certificate.damage["new"] == pytest.approx(error(after.reconstruct("new"), new), abs=1e-9)
    assert certificate.before == {"a": (10, 10), "b": (10, 10)} == certificate.after


def _norm(some: Adapter) -> float:
    return math.sqrt(sum(float(dw(some, name).square().sum()) for name in some.factors))


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


def bent(i: int) -> Adapter:
    """Inside the span but for a twentieth."""
    pair, out = in_span(i).factors[LAYER], normal(N, R, seed=5000 + i)
    return Adapter({LAYER: Factors(pair.b + 0.05 * out * pair.b.norm() / out.norm(), pair.a)})


def test_k_never_shrinks_while_its_directions_are_in_use() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    after, _ = before.absorb("bent", bent(50), Rule(threshold=0.3, tau=math.inf, budget=math.inf))
    assert after.widths == {LAYER: (K, K)}


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


def test_what_lies_below_the_tolerance_is_left_out_and_still_certified() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    pair = in_span(50).factors[LAYER]
    noisy = Adapter({LAYER: Factors(pair.b + 1e-7 * normal(N, R, seed=3), pair.a + 1e-7 * normal(R, D, seed=4))})
    after, certificate = before.absorb("noisy", noisy, Rule(threshold=1.0))
    assert after.widths == before.widths
    lost = error(after.reconstruct("noisy"), noisy)
    assert certificate.damage["noisy"] == pytest.approx(lost, rel=1e-3)
    assert 1e-8 < lost < 1e-6


def test_the_order_of_founders_does_not_matter() -> None:
    patterns = {f"p{i}": adapter(i) for i in range(6)}
    rule = Rule(threshold=0.8)
    forward, backward = exact(patterns, rule), exact(dict(reversed(patterns.items())), rule)
    one, other = forward.blocks[LAYER], backward.blocks[LAYER]
    torch.testing.assert_close(projector(one.b.basis), projector(other.b.basis), rtol=0, atol=1e-10)
    torch.testing.assert_close(projector(one.a.basis), projector(other.a.basis), rtol=0, atol=1e-10)


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


@settings(deadline=None, max_examples=30)
@given(
    n=st.integers(6, 30),
    d=st.integers(6, 30),
    ranks=st.lists(st.integers(1, 9), min_size=2, max_size=6),
    cap=st.one_of(st.none(), st.integers(1, 20)),
    kinds=st.lists(st.sampled_from(["random", "zero", "repeated", "deficient"]), min_size=6, max_size=6),
    seed=st.integers(0, 999),
)
def test_incremental_merges_equal_naive_ones(
    n: int, d: int, ranks: list[int], cap: int | None, kinds: list[str], seed: int
) -> None:
    rule = Rule(threshold=1.0, cap=cap, tau=math.inf, budget=math.inf)
    first = adapter(seed, n=n, d=d, r=ranks[0])
    subspace, naive = exact({"p0": first}, rule), Naive()
    naive.add("p0", first, cap)
    for i, (r, kind) in enumerate(zip(ranks[1:], kinds, strict=False), start=1):
        new = adapter(seed + i, n=n, d=d, r=r)
        if kind == "zero":
            new = Adapter({LAYER: Factors(torch.zeros(n, r), new.factors[LAYER].a)})
        elif kind == "repeated":
            new = first
        elif kind == "deficient":
            pair = new.factors[LAYER]
            new = Adapter({LAYER: Factors(pair.b[:, :1].expand(n, r), pair.a)})
        subspace, _ = subspace.absorb(f"p{i}", new, rule)
        if kind == "zero":
            naive.b[f"p{i}"], naive.a[f"p{i}"] = torch.zeros(n, 0).double(), torch.zeros(d, 0).double()
            naive.weight[f"p{i}"] = torch.zeros(0).double()
            naive.project(cap)
        else:
            naive.add(f"p{i}", new, cap)
    for i in range(len(ranks)):
        torch.testing.assert_close(dw(subspace.reconstruct(f"p{i}")), naive.dw(f"p{i}"), rtol=0, atol=1e-6)
    width = subspace.widths[LAYER]
    assert width[0] <= min(n, sum(ranks), cap or n)
    assert width[1] <= min(d, sum(ranks), cap or d)


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


def test_an_unknown_pattern_is_named() -> None:
    subspace = exact({"p": adapter(0)})
    for act in (subspace.reconstruct, subspace.without):
        with pytest.raises(KeyError, match="E0999"):
            act("E0999")


def test_a_refit_moves_one_pattern_and_no_basis() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    after = before.with_coefficients("p2", in_span(77))
    assert torch.equal(after.blocks[LAYER].b.basis, before.blocks[LAYER].b.basis)
    assert error(after.reconstruct("p2"), in_span(77)) < 1e-10
    assert error(after.reconstruct("p1"), in_span(1)) < 1e-10
    fresh = exact({f"p{i}": in_span(77 if i == 2 else i) for i in range(6)})
    torch.testing.assert_close(after.blocks[LAYER].a.sigma, fresh.blocks[LAYER].a.sigma)
    with pytest.raises(SubspaceError, match="outside"):
        before.with_coefficients("p2", adapter(3))


def test_storage_is_what_the_formula_says() -> None:
    n, d, k, p, t = 80, 64, 12, 4, 10
    subspace = exact({f"p{i}": in_span(i, r=p) for i in range(t)}, Rule(threshold=1.0, cap=k))
    assert subspace.parameters == (k * (n + d), t * 2 * k * p)


def some_subspace(dtype: torch.dtype = torch.float32) -> Subspace:
    patterns = {f"E0{i}: 'ünusual' \"name\"/x": adapter(i, r=3 + i, layers=("a", "b")) for i in range(3)}
    return Subspace.found(patterns, Rule(threshold=0.9), dtype=dtype)[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_saved_subspace_is_read_back_bit_for_bit(tmp_path: Path, dtype: torch.dtype) -> None:
    subspace = some_subspace(dtype)
    version = subspace.save(tmp_path)
    again = Subspace.load(tmp_path, version=version)
    assert version == subspace.version == again.version
    assert again.patterns == subspace.patterns
    assert again.drift == subspace.drift
    for name, block in subspace.blocks.items():
        for side, other in ((block.b, again.blocks[name].b), (block.a, again.blocks[name].a)):
            assert torch.equal(side.basis, other.basis)
            assert torch.equal(side.gram, other.gram)
            assert torch.equal(side.coefficients, other.coefficients)
    merged, _ = subspace.absorb("new", adapter(5, layers=("a", "b")))
    merged_again, _ = again.absorb("new", adapter(5, layers=("a", "b")))
    assert merged.version == merged_again.version != version


def test_equal_subspaces_have_equal_bytes_and_others_do_not(tmp_path: Path) -> None:
    one, two = some_subspace().save(tmp_path / "one"), some_subspace().save(tmp_path / "two")
    assert one == two
    assert [p.name for p in sorted((tmp_path / "one").iterdir())] == [
        p.name for p in sorted((tmp_path / "two").iterdir())
    ]
    assert some_subspace().without(some_subspace().patterns[0]).version != one


def test_a_crash_between_tensors_and_index_leaves_the_previous_version(tmp_path: Path) -> None:
    before = some_subspace()
    version = before.save(tmp_path / "store")
    after, _ = before.absorb("new", adapter(8, layers=("a", "b")))
    after.save(tmp_path / "elsewhere")
    for tensors in (tmp_path / "elsewhere").glob("*.safetensors"):  # the crash: only the first write is done
        shutil.copy(tensors, tmp_path / "store")
    assert Subspace.load(tmp_path / "store", version=version).patterns == before.patterns
    after.save(tmp_path / "store")
    assert Subspace.load(tmp_path / "store").patterns == after.patterns
    assert len(list((tmp_path / "store").iterdir())) == 2


def _flip(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    data = bytearray(tensors.read_bytes())
    data[-1] ^= 1
    tensors.write_bytes(data)


def _cut(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    tensors.write_bytes(tensors.read_bytes()[:-100])


def _lose_tensors(folder: Path) -> None:
    next(folder.glob("*.safetensors")).unlink()


def _lose_index(folder: Path) -> None:
    (folder / "subspace.json").unlink()


def _edited(old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        index = folder / "subspace.json"
        text = index.read_text(encoding="utf-8")
        assert old in text
        index.write_text(text.replace(old, new), encoding="utf-8")

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        _flip,
        _cut,
        _lose_tensors,
        _lose_index,
        _edited('"a"', '"renamed"'),
        _edited('"modules"', '"layers"'),
        _edited('"format": 1', '"format": 9'),
        _edited("{", "["),
    ],
)
def test_a_damaged_subspace_is_refused_with_a_remedy(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    some_subspace().save(tmp_path)
    damage(tmp_path)
    with pytest.raises(SubspaceError) as caught:
        Subspace.load(tmp_path)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("change", ["renamed", "missing", "unexpected", "another shape"])
def test_tensors_that_do_not_fit_the_index_are_refused(tmp_path: Path, change: str) -> None:
    """The hash is right: someone wrote this file, but not this program."""
    some_subspace().save(tmp_path)
    old = next(tmp_path.glob("*.safetensors"))
    tensors = load_file(old)
    if change == "renamed":
        tensors["a.beta"] = tensors.pop("a.b.basis")
    elif change == "missing":
        del tensors["a.b.basis"]
    elif change == "unexpected":
        tensors["a.mean"] = torch.zeros(3)
    else:
        tensors["a.b.basis"] = tensors["a.b.basis"][:, :-1].contiguous()
    data = save(tensors)
    old.write_bytes(data)
    index = tmp_path / "subspace.json"
    layout = json.loads(index.read_text())
    index.write_text(json.dumps({**layout, "sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(SubspaceError, match="does not describe") as caught:
        Subspace.load(tmp_path)
    assert caught.value.remedy


def test_another_version_than_asked_for_is_refused(tmp_path: Path) -> None:
    some_subspace().save(tmp_path)
    with pytest.raises(SubspaceError, match="not 000000000000"):
        Subspace.load(tmp_path, version="0" * 64)
