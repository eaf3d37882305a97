"""Phase 2 of Share (arXiv:2602.06043) in somebody else's training loop: a PEFT LoRA held inside a subspace's bases.

PEFT takes no new method from outside (its `PeftType` is a closed enum that `register_peft_method` checks), so this
is a stock LoRA whose two weights are products while it is trained: A = e_a alpha^T and B = beta e_b, with alpha and
beta frozen and the coefficients e_a, e_b the only parameters. Afterwards A and B are ordinary weights
again: `save_pretrained` writes a stock LoRA, `read_peft` reads it, and `Subspace.with_coefficients` takes it in.

    peft = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=list(subspace.blocks)))
    with in_bases(peft, subspace):
        Trainer(peft, ...).train()
    peft.save_pretrained(folder)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.subspace import Subspace


class _A(nn.Module):
    """e_a (r, k_a) as A = e_a alpha^T (r, d)."""

    def __init__(self, alpha: Tensor) -> None:
        super().__init__()
        self.register_buffer("basis", alpha, persistent=False)  # (d, k_a)

    basis: Tensor

    def forward(self, coefficients: Tensor) -> Tensor:
        return coefficients @ self.basis.T

    def right_inverse(self, weight: Tensor) -> Tensor:
        return weight @ self.basis


class _B(nn.Module):
    """e_b (k_b, r) as B = beta e_b (n, r)."""

    def __init__(self, beta: Tensor) -> None:
        super().__init__()
        self.register_buffer("basis", beta, persistent=False)  # (n, k_b)

    basis: Tensor

    def forward(self, coefficients: Tensor) -> Tensor:
        return self.basis @ coefficients

    def right_inverse(self, weight: Tensor) -> Tensor:
        return self.basis.T @ weight


@contextmanager
def in_bases(model: Any, subspace: Subspace, adapter_name: str = "default") -> Iterator[Any]:
    """Within, the LoRA of that name is trained as coefficients in the subspace's bases.

    A fresh one (B = 0) starts exactly at the base model, its A's rows as long as PEFT made them; another one
    starts as its projection on the bases. Save it after the block: within, its weights are not PEFT's own.
    `SubspaceError` if the model has no such LoRA, or one of a layer that the subspace has no basis for.
    """
    layers = _layers(model, subspace, adapter_name)
    made: list[nn.Module] = []
    try:
        for name, layer in layers.items():
            block = subspace.blocks[name]
            a, b = layer.lora_A[adapter_name], layer.lora_B[adapter_name]
            fresh = not b.weight.any()
            for linear, kind, basis in ((a, _A, block.a.basis), (b, _B, block.b.basis)):
                parametrize.register_parametrization(linear, "weight", kind(basis.to(linear.weight)))
                made.append(linear)
            if fresh:
                with torch.no_grad():  # a projection of random rows on k of d directions is shorter by sqrt(k / d)
                    a.parametrizations.weight.original.mul_(math.sqrt(block.a.basis.shape[0] / max(block.a.k, 1)))
        yield model
    finally:
        for linear in made:
            parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)


def _layers(model: Any, subspace: Subspace, adapter_name: str) -> dict[str, Any]:
    """The model's LoRA layers by the name of the linear layer they are put around."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    found = {
        name: module
        for name, module in base.named_modules()
        if hasattr(module, "lora_A") and adapter_name in module.lora_A
    }
    if not found:
        raise SubspaceError(f"no LoRA {adapter_name!r} on this model", remedy="put one on it with get_peft_model")
    for name, module in found.items():
        block = subspace.blocks.get(name)
        shape = (module.out_features, module.in_features)
        if block is None or block.shape != shape or adapter_name in getattr(module, "lora_variant", {}):
            there = "no basis" if block is None else f"a basis for {block.shape}"
            raise SubspaceError(
                f"the LoRA {adapter_name!r} is on {name} of {shape}, where the subspace has {there}",
                remedy="target_modules=list(subspace.blocks), on the model the subspace was learnt on, without variants",
            )
    return found
