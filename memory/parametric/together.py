"""Phase 2 for several patterns in one pass: each row of a batch trains the coefficients of its own pattern.

h = x alpha, dW x = beta (e_b,i e_a,i^T) h with the row's own core (k_a, k_b): the base runs once for rows of all
patterns. Whether that is quicker than one pattern after another depends on the machine: on a CPU, where the base's own
products fill the cores with one pattern's rows, it is not (benchmarks/RESULTS.md, P6); and the patterns stop together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.examples import Example, split
from sleepy.memory.parametric.fit import Fit, Progress, fit, frozen
from sleepy.memory.parametric.low_rank import in_place
from sleepy.memory.parametric.phase2 import CoefficientRecipe, start
from sleepy.memory.parametric.share_linear import linear
from sleepy.memory.parametric.subspace import Block, Subspace


class Trainees(nn.Module):
    """A frozen linear layer plus, for every row, scale B^ A^ of the row's pattern."""

    def __init__(self, base: nn.Linear, block: Block, e_b: Tensor, e_a: Tensor, scale: float) -> None:
        super().__init__()
        self.base, self.scale = base, scale
        device = base.weight.device
        self.register_buffer("beta", block.b.basis.float().to(device), persistent=False)  # (n, k_b)
        self.register_buffer("alpha", block.a.basis.float().to(device), persistent=False)  # (d, k_a)
        self.e_b = nn.Parameter(e_b.to(device))  # (t, k_b, p)
        self.e_a = nn.Parameter(e_a.to(device))  # (t, k_a, p)
        self.rows: Tensor | None = None  # (batch,) the pattern of each row

    beta: Tensor
    alpha: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, tokens, d) -> (batch, tokens, n)"""
        y: Tensor = self.base(x)
        assert self.rows is not None and len(self.rows) == len(x)
        core = (self.e_a[self.rows] @ self.e_b[self.rows].mT * self.scale).to(x.dtype)  # (batch, k_a, k_b)
        inside = torch.bmm(x @ self.alpha.to(x.dtype), core)  # (batch, tokens, k_b)
        return y + inside @ self.beta.to(x.dtype).T


def train_together(
    model: Any,
    subspace: Subspace,
    courses: Mapping[str, Sequence[Example]],
    recipe: CoefficientRecipe,
    *,
    report: Callable[[Progress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> dict[str, Adapter]:
    """Each pattern's factors, learnt from its own examples; the model is as before afterwards.

    A step takes the recipe's `batch_tokens` for each pattern. `ValueError` for a recipe with temporary directions.
    """
    if recipe.phi:
        raise ValueError("patterns learnt together stay in the bases: phi must be 0")
    if not courses:
        return {}
    names = list(courses)
    trainees = {}
    for name, block in subspace.blocks.items():
        base = linear(model, name, block.b.basis.shape[0], block.a.basis.shape[0])
        starts = [start(block, pattern, name, recipe) for pattern in names]
        e_b, e_a = (torch.stack(side) for side in zip(*starts, strict=True))
        trainees[name] = Trainees(base, block, e_b, e_a, recipe.scale)
    parts = [split(courses[name], recipe.held_out, recipe.seed) for name in names]
    teach, judge = (
        [replace(example, pattern=i) for i, part in enumerate(parts) for example in part[side]] for side in (0, 1)
    )

    def routed(patterns: Tensor) -> None:
        for trainee in trainees.values():
            trainee.rows = patterns

    with frozen(model), in_place(model, trainees):
        parameters = {f"{name}.{side}": getattr(t, side) for name, t in trainees.items() for side in ("e_b", "e_a")}
        whole = replace(recipe, batch_tokens=recipe.batch_tokens * len(names))
        fit(model, parameters, teach, whole, held_out=judge, report=report, ended=ended, routed=routed)
    return {
        pattern: Adapter(
            {
                name: Factors(
                    (t.beta @ t.e_b[i] * t.scale).detach().cpu(), (t.alpha @ t.e_a[i]).T.detach().contiguous().cpu()
                )
                for name, t in trainees.items()
            }
        )
        for i, pattern in enumerate(names)
    }
