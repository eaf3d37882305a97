"""Share's incremental merges against an oracle that rebuilds everything.

The oracle keeps every pattern's factors in full size, stacks them, takes a full SVD and projects: what SHARE.md
calls naive.
"""

from __future__ import annotations

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.memory.subspaces import LAYER, adapter, dw
from torch import Tensor

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Rule, Subspace


class Naive:
    """Every pattern's balanced factors; each merge an SVD of all their weighted columns."""

    def __init__(self) -> None:
        self.b: dict[str, Tensor] = {}  # (n, p) balanced
        self.a: dict[str, Tensor] = {}  # (d, p)
        self.weight: dict[str, Tensor] = {}  # (p,) what turns them into U s and V s
        self.damage: dict[str, float] = {}  # what the last projection did, relative to dW as it came
        self.norm: dict[str, float] = {}
        self.gap = math.inf  # least distance of kept from dropped singular values, of the largest

    def merge(self, patterns: dict[str, Adapter], k: int | None) -> None:
        wanted = {name: self.dw(name) for name in self.b}
        for name, new in patterns.items():
            u, s, vh = torch.linalg.svd(dw(new), full_matrices=False)
            r = int((s > 1e-12 * s[0]).sum()) if float(s[0]) else 0
            self.b[name], self.a[name] = u[:, :r] * s[:r].sqrt(), vh[:r].T * s[:r].sqrt()
            self.weight[name] = s[:r].sqrt()
            self.norm[name] = float(dw(new).norm())
            wanted[name] = dw(new)
        for side in (self.b, self.a):
            left, values, _ = torch.linalg.svd(
                torch.cat([side[p] * self.weight[p] for p in side], 1), full_matrices=False
            )
            rank = int((values > 1e-9 * values[0]).sum())
            if k is not None and k < rank:
                self.gap = min(self.gap, float((values[k - 1] - values[k]) / values[0]))
                rank = k
            for p in side:
                side[p] = left[:, :rank] @ (left[:, :rank].T @ side[p])
        for name, before in wanted.items():
            lost = float((self.dw(name) - before).norm())
            self.damage[name] = lost / self.norm[name] if self.norm[name] else 0.0

    def dw(self, name: str) -> Tensor:
        return self.b[name] @ self.a[name].T


def made(kind: str, seed: int, n: int, d: int, r: int, dtype: torch.dtype, first: Adapter | None = None) -> Adapter:
    """A random adapter, one of zeros, of rank 1, or the first again; its factors in `dtype`."""
    pair = adapter(seed, n=n, d=d, r=r).factors[LAYER]
    if kind == "zero":
        pair = Factors(torch.zeros(n, r), pair.a)
    elif kind == "deficient":
        pair = Factors(pair.b[:, :1].expand(n, r), pair.a)
    elif kind == "repeated" and first is not None:
        return first
    return Adapter({LAYER: Factors(pair.b.to(dtype), pair.a.to(dtype))})


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(6, 30),
    d=st.integers(6, 30),
    founders=st.integers(1, 3),
    ranks=st.lists(st.integers(1, 9), min_size=3, max_size=7),
    cap=st.one_of(st.none(), st.integers(1, 20)),
    kinds=st.lists(st.sampled_from(["random", "zero", "repeated", "deficient"]), min_size=7, max_size=7),
    factors=st.sampled_from([torch.float64, torch.float32, torch.bfloat16]),
    rest=st.sampled_from([torch.float64, torch.float32]),
    seed=st.integers(0, 999),
)
def test_founding_and_incremental_merges_equal_naive_ones(
    n: int,
    d: int,
    founders: int,
    ranks: list[int],
    cap: int | None,
    kinds: list[str],
    factors: torch.dtype,
    rest: torch.dtype,
    seed: int,
) -> None:
    rule = Rule(threshold=1.0, cap=cap, tau=math.inf, budget=math.inf)
    first = made("random", seed, n, d, ranks[0], factors)
    news = {"p0": first}
    for i, (r, kind) in enumerate(zip(ranks[1:], kinds, strict=False), start=1):
        news[f"p{i}"] = made(kind, seed + i, n, d, r, factors, first)
    founding = dict(list(news.items())[:founders])
    naive = Naive()
    naive.merge(founding, cap)
    subspace, certificate = Subspace.found(founding, rule, dtype=rest)
    for name in [*founding, *(name for name in news if name not in founding)]:
        if name not in founding:
            naive.merge({name: news[name]}, cap)
            subspace, certificate = subspace.absorb(name, news[name], rule)
        if rest == torch.float64:
            for pattern, lost in naive.damage.items():
                torch.testing.assert_close(certificate.damage[pattern], lost, rtol=0, atol=1e-6)
    # a direction is determined no better than rounding over the gap that separates it from the dropped ones
    scale = max(naive.norm.values())
    tolerance = 1e-6 if rest == torch.float64 else 1e-6 * len(news) * scale / min(naive.gap, 1.0)
    for name in news:
        torch.testing.assert_close(dw(subspace.reconstruct(name)), naive.dw(name), rtol=0, atol=tolerance)
        assert subspace.reconstruct(name).factors[LAYER].b.dtype == rest
    width = subspace.widths[LAYER]
    assert width[0] <= min(n, sum(ranks), cap or n)
    assert width[1] <= min(d, sum(ranks), cap or d)
