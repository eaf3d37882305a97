"""LoRA in a network's upper layers, made for training on a CPU: the layers below hold no gradient at all.

Hu et al., arXiv:2106.09685: y = x W^T + scale * (x A^T) B^T with W frozen (see low_rank.py). As no parameter below
the first factored layer learns, autograd records nothing there: a third of a pass's work (SmolLM2-135M, upper 16 of
30 layers).

Measured on one core with bfloat16 in hardware: 150 to 200 GFLOP/s in bfloat16 and 60 to 90 in float32 at 576 x 1536;
torch's flash attention takes a third of a training pass there, `grouped` a seventh; a norm with its gradient 18 ms for
1,800 tokens as transformers has it, 3 as here.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from sleepy.memory.parametric.lora import shared_a
from sleepy.memory.parametric.low_rank import LowRank
from sleepy.memory.parametric.share_linear import linear_layers

ATTENTION = "sleepy-grouped"


def upper_layers(model: Any, *, layers: int, rank: int, scale: float) -> dict[str, LowRank]:
    """Layers with factors to stand in for the linear ones of the model's upper `layers` layers, by name.

    `ValueError` for a layer with a bias, which factors do not take along, and where there is no layer at all.
    """
    found: dict[str, LowRank] = {}
    first = int(model.config.num_hidden_layers) - layers
    for name, base in linear_layers(model).items():
        depth = depth_of(name)
        if depth is None or depth < first:
            continue
        if base.bias is not None:
            raise ValueError(f"{name} has a bias, which factors do not take along")
        n, d = base.weight.shape
        found[name] = LowRank(base, shared_a(name, rank, d, 0), torch.zeros(n, rank), scale)
    if not found:
        raise ValueError(f"no linear layer in the upper {layers} layers")
    return found


def depth_of(name: str) -> int | None:
    """The layer that a module's name is of, by its first number; None outside of layers."""
    return next((int(part) for part in name.split(".") if part.isdigit()), None)


class _Scaled(torch.autograd.Function):
    """x / sqrt(mean x^2 + eps) * weight over the last axis; the weight is frozen."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        inverse: Tensor = norm.square_().div_(x.shape[-1]).add_(eps).rsqrt_().to(x.dtype)
        unit = x * inverse
        ctx.save_for_backward(unit, weight, inverse)
        return unit * weight

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:
        unit, weight, inverse = ctx.saved_tensors
        pulled = upstream[0] * weight
        along = (pulled * unit).mean(-1, keepdim=True)
        return pulled.sub_(unit * along).mul_(inverse), None, None


class Norm(nn.Module):
    """A frozen RMS norm in one autograd node."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        self.base: Any = base

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = _Scaled.apply(x, self.base.weight, self.base.variance_epsilon)  # type: ignore[no-untyped-call]
        return y


def quick_norms(model: Any) -> dict[str, Norm]:
    """Norms to stand in for a model's RMS norms, by name."""
    return {
        name: Norm(module)
        for name, module in model.named_modules()
        if type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon")
    }


_masks: dict[tuple[int, int, torch.dtype, torch.device], Tensor] = {}


def grouped(
    module: nn.Module,  # noqa: ARG001 - the interface's
    query: Tensor,  # (rows, heads, length, d)
    key: Tensor,  # (rows, groups, length, d)
    value: Tensor,
    attention_mask: Tensor | None,  # noqa: ARG001 - right padding under a causal mask needs none
    scaling: float,
    dropout: float = 0.0,  # noqa: ARG001
    **_: Any,
) -> tuple[Tensor, None]:
    """Causal attention of whole sequences from their start, padded on the right; heads of a group in one product."""
    rows, heads, length, d = query.shape
    groups = key.shape[1]
    each = heads // groups
    known = (length, each, query.dtype, query.device)
    if known not in _masks:
        if len(_masks) >= 64:  # lengths: batches of like lengths come again
            _masks.clear()
        above = torch.full((length, length), -1e9, device=query.device).triu(1).to(query.dtype)
        _masks[known] = above.repeat(each, 1)[None]  # (1, each * length, length)
    q = query.reshape(rows * groups, each * length, d)
    k, v = (item.reshape(rows * groups, length, d) for item in (key, value))
    scores = torch.baddbmm(_masks[known], q, k.mT, alpha=scaling)
    out = torch.bmm(scores.softmax(-1), v)
    return out.view(rows, heads, length, d).transpose(1, 2).contiguous(), None


def attend_grouped(model: Any) -> str:
    """Has the model use `grouped`; returns what it used before. Only for training: there is no cache in it."""
    AttentionInterface.register(ATTENTION, grouped)
    before = str(model.config._attn_implementation)
    model.config._attn_implementation = ATTENTION
    return before
