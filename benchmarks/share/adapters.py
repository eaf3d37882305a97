"""Simulates adapters trained on one base, most of whose energy lies in directions they share.

B = U diag(1, 1/2, 1/3 ...) X + noise, where U (n, m) is orthonormal and shared and X (m, r) is the task's own. The
spectrum falls slowly, so that a basis of k < m always drops something. A is made the same way.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from benchmarks.share.naive import Naive, Task, balanced
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Rule, Subspace

LAYER = "model.layers.0.self_attn.q_proj"
FOUNDERS = 4


def fixed(k: int) -> Rule:
    """The rule that always keeps k directions, however much is lost."""
    return Rule(floor=k, cap=k, tau=float("inf"), budget=float("inf"))


def simulated(
    shapes: Mapping[str, tuple[int, int]], rank: int, seed: int, *, shared: int = 64, noise: float = 1e-3
) -> Iterator[Adapter]:
    """Yields endless float32 adapters for layers of shapes (n, d) by name; |dW| is about 1 per layer."""
    generator = torch.Generator().manual_seed(seed)

    def directions(n: int) -> Tensor:
        m = min(shared, n)
        q: Tensor = torch.linalg.qr(torch.randn(n, m, generator=generator))[0]
        return torch.mul(q, 1 / torch.arange(1, m + 1))  # (n, m)

    def factor(base: Tensor) -> Tensor:
        n, m = base.shape
        own = torch.randn(m, rank, generator=generator) / math.sqrt(rank)
        stray = torch.randn(n, rank, generator=generator) / math.sqrt(n)
        return base @ own + noise * stray  # (n, m) @ (m, r) -> (n, r)

    bases = {name: (directions(n), directions(d)) for name, (n, d) in shapes.items()}
    while True:
        yield Adapter({name: Factors(factor(b), factor(a).T.contiguous()) for name, (b, a) in bases.items()})


def distance(one: Factors, other: Factors) -> float:
    """||dW - dW'||_F / ||dW'||_F, computed with matrices of size 2 r."""
    left = torch.linalg.qr(torch.cat([one.b.double(), other.b.double()], 1))[1]
    right = torch.linalg.qr(torch.cat([one.a.double(), -other.a.double()]).T)[1]
    size = torch.linalg.qr(other.b.double())[1] @ torch.linalg.qr(other.a.double().T)[1].T
    return float((left @ right.T).norm() / size.norm())


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of measured merges: one square layer of width n, adapters of rank r, k kept, few and many patterns."""

    n: int = 1536
    rank: int = 16
    k: int = 32
    few: int = 8
    many: int = 512


QUICK = Sizes(n=192, rank=8, k=16, few=8, many=40)


@cache
def trained(sizes: Sizes) -> dict[str, Adapter]:
    """The adapters of all patterns and of one more, which comes last."""
    made = simulated({LAYER: (sizes.n, sizes.n)}, sizes.rank, seed=0)
    return {f"pattern {i}": next(made) for i in range(sizes.many + 1)}


@cache
def life(sizes: Sizes, patterns: int, dtype: torch.dtype) -> tuple[Subspace, list[float]]:
    """A subspace as nights build it, founded on a few patterns, absorbing the rest; and each merge's CPU seconds."""
    rule, adapters = fixed(sizes.k), trained(sizes)
    names = list(adapters)[:patterns]
    subspace, _ = Subspace.found({name: adapters[name] for name in names[:FOUNDERS]}, rule, dtype=dtype)
    spent = []
    for name in names[FOUNDERS:]:
        began = time.process_time()
        subspace, _ = subspace.absorb(name, adapters[name], rule)
        spent.append(time.process_time() - began)
    return subspace, spent


def naively(sizes: Sizes, subspace: Subspace, dtype: torch.dtype) -> Naive:
    """The subspace's patterns as they are now, in the naive merge's form."""
    tasks = {}
    for name in subspace.patterns:
        now = subspace.reconstruct(name).factors[LAYER]
        came = balanced(trained(sizes)[name].factors[LAYER], dtype)
        tasks[name] = Task(now.b.to(dtype), now.a.T.to(dtype), came.values)
    return Naive.of(tasks, sizes.k)
