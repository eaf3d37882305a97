"""LoRA in a network's upper layers, made for training on a CPU: the layers below hold no gradient at all.

Hu et al., arXiv:2106.09685: y = x W^T + scale * (x A^T) B^T with W frozen. One autograd node a layer keeps
x and x A^T alone, and adds both products in place. The factors are float32 masters; they are rounded to the
weights' precision for every pass. As no parameter below the first factored layer learns, autograd records
nothing there: a third of a pass's work (SmolLM2-135M, upper 16 of 30 layers).

Measured on one core with bfloat16 in hardware: 150 to 200 GFLOP/s in bfloat16 and 60 to 90 in float32 at 576 x 1536;
torch's flash attention takes a third of a training pass there, `grouped` a seventh; a norm with its gradient 18 ms for
1,800 tokens as transformers has it, 3 as here.
"""

from __future__ import annotations

import math
import zlib
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from sleepy.memory.parametric.share_linear import linear_layers

ATTENTION = "sleepy-grouped"


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor) -> Tensor:
        inner = x @ a.T  # (tokens, d) @ (d, r)
        y = (x @ weight.T).addmm_(inner, b.T)  # (tokens, n)
        ctx.save_for_backward(x, weight, a, b, inner)
        return y

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, None, Tensor, Tensor]:
        (dy,) = upstream
        x, weight, a, b, inner = ctx.saved_tensors
        d_inner = dy @ b  # (tokens, n) @ (n, r)
        dx = (dy @ weight).addmm_(d_inner, a) if ctx.needs_input_grad[0] else None
        return dx, None, d_inner.T @ x, dy.T @ inner


class Factored(nn.Module):
    """A linear layer without bias, frozen, with factors that learn: a (r, d) and b (n, r), float32."""

    def __init__(self, linear: nn.Linear, name: str, rank: int, scale: float) -> None:
        super().__init__()
        if linear.bias is not None:
            raise ValueError(f"{name} has a bias, which factors do not take along")
        self.inside: nn.Linear = linear
        self.scale: float = scale
        n, d = linear.weight.shape
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        start = (torch.rand(rank, d, generator=generator) * 2 - 1) / math.sqrt(d)
        self.a: nn.Parameter = nn.Parameter(start.to(linear.weight.device))
        self.b: nn.Parameter = nn.Parameter(torch.zeros(n, rank, device=linear.weight.device))

    def forward(self, x: Tensor) -> Tensor:
        weight = self.inside.weight
        a, b = self.a.to(weight.dtype), (self.b * self.scale).to(weight.dtype)
        y: Tensor = _Product.apply(x.reshape(-1, x.shape[-1]), weight, a, b)  # type: ignore[no-untyped-call]
        return y.view(*x.shape[:-1], -1)


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
    """An RMS norm in one autograd node."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.inside: Any = norm

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = _Scaled.apply(x, self.inside.weight, self.inside.variance_epsilon)  # type: ignore[no-untyped-call]
        return y


class Selective(nn.Module):
    """The last layer's MLP at the positions `where` alone, flat ones: nobody reads what it makes of the others."""

    def __init__(self, mlp: nn.Module) -> None:
        super().__init__()
        self.inside: Any = mlp
        self.where: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.where is None:
            return self.inside(x)  # type: ignore[no-any-return]
        flat = x.reshape(-1, x.shape[-1])
        return torch.zeros_like(flat).index_copy(0, self.where, self.inside(flat[self.where])).view_as(x)


def depth_of(name: str) -> int | None:
    """The layer that a module's name is of, by its first number; None outside of layers."""
    return next((int(part) for part in name.split(".") if part.isdigit()), None)


def factor(model: Any, *, layers: int, rank: int, scale: float) -> dict[str, nn.Parameter]:
    """Freezes the model and puts factors into the linear layers of its upper `layers` layers.

    Returns the factors by name: `NAME.a` and `NAME.b` for the linear layer NAME. Taken off again by `restore`.
    """
    model.requires_grad_(False)
    found: dict[str, nn.Parameter] = {}
    first = int(model.config.num_hidden_layers) - layers
    for name in linear_layers(model):
        depth = depth_of(name)
        if depth is None or depth < first:
            continue
        made = Factored(model.get_submodule(name), name, rank, scale)
        _put(model, name, made)
        found[f"{name}.a"], found[f"{name}.b"] = made.a, made.b
    if not found:
        raise ValueError(f"no linear layer in the upper {layers} layers")
    return found


def hasten(model: Any) -> list[Selective]:
    """Puts quicker norms and a `Selective` into a factored model of Llama's kind, where it has what they are for."""
    for name, module in list(model.named_modules()):
        if type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon"):
            _put(model, name, Norm(module))
    last = f".{model.config.num_hidden_layers - 1}.mlp"
    found = []
    for name, module in list(model.named_modules()):
        if name.endswith(last):
            found.append(Selective(module))
            _put(model, name, found[-1])
    return found


def restore(model: Any) -> None:
    """Takes off again what `factor` and `hasten` put in; the model is as before, but frozen."""
    for name, module in reversed(list(model.named_modules())):
        if isinstance(module, Factored | Norm | Selective):
            _put(model, name, module.inside)


def _put(model: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, leaf = name.rpartition(".")
    setattr(model.get_submodule(parent), leaf, module)


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
