"""Measures what the patterns of a subspace have in common, from k-sized matrices alone, and what its bases hold and cost.

dW_i = beta M_i alpha^T with M_i = C_b,i^T C_a,i (k_b, k_a) and beta, alpha orthonormal, so in every layer
<dW_i, dW_j> = <M_i, M_j>; and the principal angles between two patterns' spans on a side are those between the
row spaces of their coefficients there: with orthonormal Q_i (r_i, k) of C_i the singular values of Q_i Q_j^T are
their cosines (Bjorck and Golub 1973).

All of it describes weights, not behaviour: patterns that overlap may still never meet in use, since one answers at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.adapter import Adapter
from sleepy.memory.parametric.block import Block, Side
from sleepy.memory.parametric.linear_algebra import RTOL
from sleepy.memory.parametric.subspace import Subspace


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """shared (t, t): the mean squared cosine of the principal angles between two patterns' spans, over the layers
    they share; 1 = the smaller lies in the larger. chance: what spans of these ranks share if unrelated."""

    shared: Tensor
    chance: float


def aligned(subspace: Subspace) -> Tensor:
    """Cosines (t, t) of the angles between the patterns' dW over all layers, in the order of `patterns`.

    1 = the same change up to its size, 0 = unrelated, -1 = opposed. A pattern of zeros is 0 to all, itself included.
    """
    t = len(subspace.patterns)
    inner = torch.zeros(t, t, dtype=torch.float64)
    for block, rows in _placed(subspace):
        m = block.b.coefficients.double().mT @ block.a.coefficients.double()  # (t', k_b, k_a)
        flat = m.flatten(1)  # (t', k_b k_a)
        inner[rows[:, None], rows] += flat @ flat.T
    sizes = inner.diagonal().sqrt()
    cosines = inner / (sizes[:, None] * sizes)
    return cosines.nan_to_num(0.0, 0.0, 0.0).clamp(-1.0, 1.0)


def spans(subspace: Subspace, side: str) -> Spans:
    """What the patterns' spans share on a side: "b" (outputs) or "a" (inputs)."""
    t = len(subspace.patterns)
    total, layers = torch.zeros(t, t, dtype=torch.float64), torch.zeros(t, t, dtype=torch.float64)
    chance = torch.zeros(t, t, dtype=torch.float64)
    for block, rows in _placed(subspace):
        q = _orthonormal(_side(block, side).coefficients)  # (t', p, k)
        ranks = q.square().sum((-2, -1)).round()  # (t',)
        flat = (q.mT @ q).flatten(1)  # projectors (t', k k)
        least = torch.minimum(ranks[:, None], ranks)
        both = (least > 0).double()
        at = rows[:, None], rows
        total[at] += (flat @ flat.T) / least.clamp(min=1) * both
        chance[at] += torch.maximum(ranks[:, None], ranks) / max(q.shape[2], 1) * both
        layers[at] += both
    shared = (total / layers.clamp(min=1)).clamp(0.0, 1.0)
    apart = (layers > 0) & ~torch.eye(t, dtype=torch.bool)
    return Spans(shared, float((chance / layers.clamp(min=1))[apart].mean()) if apart.any() else 0.0)


def explained(subspace: Subspace, adapters: Iterable[Adapter]) -> dict[tuple[str, str], float]:
    """(module, side) -> the share of the adapters' energy, as they came, that the side's basis holds; 1 = all.

    Unlike `Subspace.report`, which asks of the patterns as they are now held: a refitted one lies inside by making.
    Modules that no adapter changes are left out.
    """
    held: dict[tuple[str, str], float] = {}
    total: dict[str, float] = {}
    for adapter in adapters:
        for module, factors in adapter.factors.items():
            came = linear_algebra.triple(factors.b, factors.a)
            block = subspace.blocks[module]
            total[module] = total.get(module, 0.0) + float(came.values.square().sum())
            for side, basis, columns in (("b", block.b.basis, came.left), ("a", block.a.basis, came.right)):
                inside = basis.double().T @ (columns * came.values)  # (k, p)
                held[module, side] = held.get((module, side), 0.0) + float(inside.square().sum())
    return {(module, side): energy / total[module] for (module, side), energy in held.items() if total[module]}


def numbers(subspace: Subspace) -> Mapping[str, int]:
    """Numbers stored: the bases', all patterns' coefficients', and what the patterns' own LoRA factors would be."""
    bases, coefficients = subspace.parameters
    lora = sum(int((block.values > 0).sum()) * sum(block.shape) for block in subspace.blocks.values())
    return {"bases": bases, "coefficients": coefficients, "lora": lora}


def _placed(subspace: Subspace) -> list[tuple[Block, Tensor]]:
    """Every block that has patterns, with their rows in the order of the subspace's."""
    row = {name: i for i, name in enumerate(subspace.patterns)}
    return [
        (block, torch.tensor([row[name] for name in block.patterns]))
        for block in subspace.blocks.values()
        if block.patterns
    ]


def _side(block: Block, side: str) -> Side:
    if side not in ("a", "b"):
        raise ValueError(f"no side {side!r}: 'b' (outputs) or 'a' (inputs)")
    return block.b if side == "b" else block.a


def _orthonormal(coefficients: Tensor) -> Tensor:
    """Orthonormal rows (t, p, k) spanning each pattern's; rows beyond its rank are zeros."""
    _, values, vh = torch.linalg.svd(coefficients.double(), full_matrices=False)  # (t, q), (t, q, k)
    kept: Tensor = (values > RTOL * values.amax(1, keepdim=True)) if values.numel() else values > 0
    rows: Tensor = vh * kept.double()[..., None]
    return rows
