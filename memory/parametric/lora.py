"""Phase 1: one LoRA adapter for one pattern (Hu et al., arXiv:2106.09685), in PEFT's terms.

Every pattern starts from the same A: a private random A keeps most of its start, and the bases of
many patterns would have to hold every one (SHARE.md 2.7). One that is learnt further starts from the adapter it has.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import Fit, FitProgress, FitRecipe, fit, frozen
from sleepy.memory.parametric.low_rank import LowRank, in_place
from sleepy.memory.parametric.share_linear import linear_layers


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraRecipe(FitRecipe):
    """r 8 at 5e-3 on 150 samples or more reaches .88 where 2 and 4 CPU-seconds fall short (SHARE.md 8)."""

    rank: int = 8
    scale: float = 2.0  # alpha / r
    a_seed: int = 0  # of A's start; one for all patterns of a subspace


def train_lora(
    model: Any,
    examples: Sequence[Example],
    recipe: LoraRecipe = LoraRecipe(),
    *,
    begins: Adapter | None = None,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    kept: Callable[[Path], None] | None = None,
    report: Callable[[FitProgress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> Adapter:
    """An adapter of every linear layer but the output embedding; the model is as before afterwards.

    With `begins` training goes on from that adapter, or from the nearest of the recipe's rank.
    """
    layers = {}
    for name, base in linear_layers(model).items():
        n, d = base.weight.shape
        a = shared_a(name, recipe.rank, d, recipe.a_seed)
        b = torch.zeros(n, recipe.rank)
        if begins is not None and name in begins.factors:
            _continue(a, b, begins.factors[name], recipe.scale)
        layers[name] = LowRank(base, a, b, recipe.scale)
    with frozen(model), in_place(model, layers):
        parameters = {f"{name}.{side}": getattr(layer, side) for name, layer in layers.items() for side in ("a", "b")}
        fit(
            model,
            parameters,
            examples,
            recipe,
            held_out=held_out,
            checkpoint=checkpoint,
            kept=kept,
            report=report,
            ended=ended,
        )
    return Adapter(
        {
            name: Factors(layer.b.detach().cpu() * recipe.scale, layer.a.detach().cpu().clone())
            for name, layer in layers.items()
        }
    )


def _continue(a: Tensor, b: Tensor, known: Factors, scale: float) -> None:
    """Writes the known product into A (rank, d) and B (n, rank), in place: scale B A is its best approximation.

    A's rows are as long as at the usual start, so that steps of the usual rate turn them as far.
    """
    whole = linear_algebra.triple(known.b, known.a)
    p = min(len(whole.values), a.shape[0])
    length = 1 / math.sqrt(3)  # of a row whose d elements are uniform within 1 / sqrt d
    a[:p] = (whole.right[:, :p].T * length).to(a.dtype)
    b[:, :p] = (whole.left[:, :p] * whole.values[:p] / (length * scale)).to(b.dtype)


def shared_a(name: str, rank: int, d: int, seed: int) -> Tensor:
    """LoRA's start for A (rank, d), uniform within 1 / sqrt d, a function of layer and seed alone."""
    generator = torch.Generator().manual_seed(seed * 0x9E3779B1 + zlib.crc32(name.encode()))
    return (torch.rand(rank, d, generator=generator) * 2 - 1) / math.sqrt(d)
