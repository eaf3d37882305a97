"""Phase 2 of Share: a new pattern learnt as coefficients in bases that stay as they are.

B^ = beta e_b + Q_b f_b and A^^T = alpha e_a + Q_a f_a, beta and alpha frozen, dW = scale B^ A^. The b
side starts at 0 and the a side at random, so training starts exactly at the base model and not in the
saddle where both are 0. The phi temporary directions Q, orthonormal and orthogonal to the basis, are
trained too; they belong to the adapter returned and vanish with it: the subspace given is never changed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import Fit, FitProgress, FitRecipe, fit, frozen
from sleepy.memory.parametric.low_rank import in_place, plus
from sleepy.memory.parametric.share_linear import linear
from sleepy.memory.parametric.subspace import Block, Subspace


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientRecipe(FitRecipe):
    """Coefficients alone: at k 16-32 they learn what LoRA learns with a tenth of its numbers (SHARE.md 8)."""

    lr: float = 2e-2
    rank: int = 8  # p
    phi: int = 0  # temporary directions a side
    scale: float = 2.0  # as LoRA's alpha / r


WITH_TEMPORARIES = CoefficientRecipe(phi=2, lr=7e-3)  # 2e-2 breaks temporaries, phi 8 is worse than 2-4
REFIT = CoefficientRecipe(lr=5e-3, steps=40, scale=1.0)  # from where the pattern is


class Trainee(nn.Module):
    """A frozen linear layer plus scale B^ A^, both assembled from basis and coefficients at every step.

    Assembling costs k p (n + d), far less than taking every token through the k-wide bases.
    """

    def __init__(
        self, base: nn.Linear, block: Block, e_b: Tensor, e_a: Tensor, phi: int, scale: float, seed: int
    ) -> None:
        super().__init__()
        self.base, self.scale = base, scale
        device = base.weight.device
        generator = torch.Generator().manual_seed(seed)
        p = e_b.shape[1]
        # beta (n, k_b), alpha (d, k_a)
        self.register_buffer("beta", block.b.basis.float().to(device), persistent=False)
        self.register_buffer("alpha", block.a.basis.float().to(device), persistent=False)
        self.e_b = nn.Parameter(e_b.to(device))  # (k_b, p)
        self.e_a = nn.Parameter(e_a.to(device))  # (k_a, p)
        self.phi = phi
        if phi:
            self.q_b = nn.Parameter(_fresh(block.b.basis, phi, generator).to(device))  # (n, phi)
            self.q_a = nn.Parameter(_fresh(block.a.basis, phi, generator).to(device))  # (d, phi)
            self.f_b = nn.Parameter(torch.zeros(self.q_b.shape[1], p, device=device))
            # like e_a: a column of A^ has the length of a row of LoRA's A
            width = self.q_a.shape[1] + len(e_a)
            f_a = torch.randn(self.q_a.shape[1], p, generator=generator) / (3 * width) ** 0.5
            f_a[:, e_b.any(0)] = 0.0  # where B^ is not 0, dW is to start as it is known
            self.f_a = nn.Parameter(f_a.to(device))

    beta: Tensor
    alpha: Tensor

    def assembled(self) -> tuple[Tensor, Tensor]:
        """B^ (n, p), scaled, and A^^T (d, p)."""
        b, a = self.beta @ self.e_b, self.alpha @ self.e_a
        if self.phi:
            b, a = b + self.q_b @ self.f_b, a + self.q_a @ self.f_a
        return b * self.scale, a

    def forward(self, x: Tensor) -> Tensor:
        b, a = self.assembled()
        return plus(self.base(x), x, a.T, b)


def train_coefficients(
    model: Any,
    subspace: Subspace,
    pattern: str,
    examples: Sequence[Example],
    recipe: CoefficientRecipe = CoefficientRecipe(),
    *,
    begins: Adapter | None = None,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    kept: Callable[[Path], None] | None = None,
    report: Callable[[FitProgress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> Adapter:
    """Learns `pattern` and returns its whole factors, of rank p at most; `absorb` takes them.

    It starts from nothing, or from as much of the adapter `begins` as lies in the bases and has rank p. The start depends
    on the recipe's seed and the pattern's name. The model is as before afterwards.
    """
    starts = {name: start(block, pattern, name, recipe) for name, block in subspace.blocks.items()}
    if begins is not None:
        for name, (e_b, e_a) in starts.items():
            if name in begins.factors:
                _project(e_b, e_a, subspace.blocks[name], begins.factors[name], recipe.scale)
    return _trained(
        model,
        subspace,
        pattern,
        starts,
        examples,
        recipe,
        held_out=held_out,
        checkpoint=checkpoint,
        kept=kept,
        report=report,
        ended=ended,
    )


def refit(
    model: Any,
    subspace: Subspace,
    pattern: str,
    examples: Sequence[Example],
    recipe: CoefficientRecipe = REFIT,
    *,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    report: Callable[[FitProgress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> Adapter:
    """Trains the coefficients on from where the subspace has them; `with_coefficients` takes the result.

    After truncation 4 CPU-seconds a pattern brought .777 back to .898 (SHARE.md 8).
    """
    if recipe.phi:
        raise ValueError("a refit stays in the bases: phi must be 0")
    if pattern not in subspace.patterns:
        raise KeyError(f"no pattern {pattern!r}; there are {', '.join(subspace.patterns) or 'none'}")
    starts = {}
    for name, block in subspace.blocks.items():
        if pattern in block.patterns:
            row = block.patterns.index(pattern)
            starts[name] = (
                block.b.coefficients[row].T.float() / recipe.scale,
                block.a.coefficients[row].T.float(),
            )
    return _trained(
        model,
        subspace,
        pattern,
        starts,
        examples,
        recipe,
        held_out=held_out,
        checkpoint=checkpoint,
        report=report,
        ended=ended,
    )


def start(block: Block, pattern: str, name: str, recipe: CoefficientRecipe) -> tuple[Tensor, Tensor]:
    """e_b (k_b, p) of zeros and e_a (k_a, p) at random: dW is 0, and the b side has a gradient."""
    generator = torch.Generator().manual_seed(_seed(recipe.seed, pattern, name))
    width = block.a.k + min(recipe.phi, block.a.basis.shape[0] - block.a.k)
    e_a = torch.randn(block.a.k, recipe.rank, generator=generator) / (3 * max(width, 1)) ** 0.5
    return torch.zeros(block.b.k, recipe.rank), e_a


def _project(e_b: Tensor, e_a: Tensor, block: Block, known: Factors, scale: float) -> None:
    """Writes the known product's coefficients into e_b (k_b, p) and e_a (k_a, p), in place, balanced."""
    b, a = linear_algebra.reduced(known.b, known.a, e_b.shape[1])  # (n, p), (p, d)
    p = b.shape[1]
    e_b[:, :p] = block.b.basis.float().T @ b.float() / scale
    e_a[:, :p] = block.a.basis.float().T @ a.T.float()


def _trained(
    model: Any,
    subspace: Subspace,
    pattern: str,
    starts: Mapping[str, tuple[Tensor, Tensor]],
    examples: Sequence[Example],
    recipe: CoefficientRecipe,
    **hooks: Any,
) -> Adapter:
    trainees = {}
    for name, (e_b, e_a) in starts.items():
        block = subspace.blocks[name]
        base = linear(model, name, block.b.basis.shape[0], block.a.basis.shape[0])
        seed = _seed(recipe.seed + 1, pattern, name)
        trainees[name] = Trainee(base, block, e_b.clone(), e_a.clone(), recipe.phi, recipe.scale, seed)
    with frozen(model), in_place(model, trainees):
        parameters = {
            f"{name}.{key}": p
            for name, trainee in trainees.items()
            for key, p in trainee.named_parameters(recurse=False)
        }
        fit(model, parameters, examples, recipe, **hooks)
    factors = {}
    for name, trainee in trainees.items():
        with torch.no_grad():
            b, a = trainee.assembled()
        factors[name] = Factors(b.cpu(), a.T.contiguous().cpu())
    return Adapter(factors)


def _fresh(basis: Tensor, phi: int, generator: torch.Generator) -> Tensor:
    """(n, <= phi) orthonormal directions orthogonal to the basis."""
    n, k = basis.shape
    found = torch.randn(n, min(phi, n - k), generator=generator, dtype=torch.float64)
    basis = linear_algebra.orthonormalised(basis)
    for _ in range(2):
        found = torch.linalg.qr(found - basis @ (basis.T @ found))[0]
    return found.float()


def _seed(seed: int, pattern: str, name: str) -> int:
    return seed * 0x9E3779B1 + zlib.crc32(f"{pattern}\n{name}".encode())
