"""Adapters and subspaces for tests, small and, where a property is exact, in float64."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Rule, Subspace

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


def bent(i: int) -> Adapter:
    """Inside the span but for a twentieth."""
    pair, out = in_span(i).factors[LAYER], normal(N, R, seed=5000 + i)
    return Adapter({LAYER: Factors(pair.b + 0.05 * out * pair.b.norm() / out.norm(), pair.a)})


def dw(some: Adapter, layer: str = LAYER) -> Tensor:
    return some.factors[layer].b.double() @ some.factors[layer].a.double()


def norm(some: Adapter) -> float:
    return math.sqrt(sum(float(dw(some, name).square().sum()) for name in some.factors))


def error(found: Adapter, wanted: Adapter) -> float:
    """Relative Frobenius distance of dW over all layers."""
    lost = sum(float((dw(found, name) - dw(wanted, name)).square().sum()) for name in wanted.factors)
    return math.sqrt(lost / sum(float(dw(wanted, name).square().sum()) for name in wanted.factors))


def exact(adapters: dict[str, Adapter], rule: Rule = ANY) -> Subspace:
    return Subspace.found(adapters, rule, dtype=torch.float64)[0]


def projector(basis: Tensor) -> Tensor:
    return basis.double() @ basis.double().T
