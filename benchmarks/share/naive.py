"""Phase 3 as in the paper: rebuild every task, stack all, take a thin SVD, recompute every task's coefficients.

It uses the same gauge as ours (dW = U diag(s) V^T; B = U sqrt(s), stacked as U s), so the results must be equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from sleepy.memory.parametric.adapter import Factors


@dataclass(frozen=True, slots=True)
class Task:
    """b (n, p) and a (d, p), balanced, and the singular values (p,) that their columns had when they came in."""

    b: Tensor
    a: Tensor
    values: Tensor


@dataclass(frozen=True, slots=True)
class Naive:
    """One layer: beta (n, k), alpha (d, k), and for every task its coefficients (k, p) on both, and its values."""

    beta: Tensor
    alpha: Tensor
    tasks: Mapping[str, tuple[Tensor, Tensor, Tensor]]

    @staticmethod
    def found(tasks: Mapping[str, Task], k: int) -> Naive:
        beta = _basis([task.b * task.values.sqrt() for task in tasks.values()], k)
        alpha = _basis([task.a * task.values.sqrt() for task in tasks.values()], k)
        return Naive(beta, alpha, {name: (beta.T @ t.b, alpha.T @ t.a, t.values) for name, t in tasks.items()})

    @staticmethod
    def of(tasks: Mapping[str, Task], k: int) -> Naive:
        """The state of tasks that already lie in spans of k directions, where any basis will do."""
        some = list(tasks.values())[: 2 * k]
        beta, alpha = _basis([task.b for task in some], k), _basis([task.a for task in some], k)
        return Naive(beta, alpha, {name: (beta.T @ t.b, alpha.T @ t.a, t.values) for name, t in tasks.items()})

    def rebuilt(self, name: str) -> Task:
        b, a, values = self.tasks[name]
        return Task(self.beta @ b, self.alpha @ a, values)

    def absorbed(self, name: str, task: Task) -> Naive:
        return Naive.found({**{old: self.rebuilt(old) for old in self.tasks}, name: task}, self.beta.shape[1])


def balanced(factors: Factors, dtype: torch.dtype) -> Task:
    """Trained factors as a task, balanced by the singular values of b @ a."""
    qb, rb = torch.linalg.qr(factors.b.double())
    qa, ra = torch.linalg.qr(factors.a.double().T)
    u, values, vh = torch.linalg.svd(rb @ ra.T)
    root = values.sqrt()
    return Task((qb @ u * root).to(dtype), (qa @ vh.T * root).to(dtype), values.to(dtype))


def _basis(columns: list[Tensor], k: int) -> Tensor:
    left: Tensor = torch.linalg.svd(torch.cat(columns, 1), full_matrices=False)[0]
    return left[:, :k].contiguous()
