"""Phase 1: one LoRA adapter for one pattern (Hu et al., arXiv:2106.09685), trained with PEFT.

Every pattern starts from the same A: a private random A keeps most of its start, and the bases of
many patterns would have to hold every one (SHARE.md 2.7).
"""

from __future__ import annotations

import math
import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import Fit, Progress, Recipe, fit, frozen
from sleepy.memory.parametric.share_linear import linear_layers


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraRecipe(Recipe):
    """r 8 at 5e-3 on 150 samples or more reaches .88 where 2 and 4 CPU-seconds fall short (SHARE.md 8)."""

    rank: int = 8
    scale: float = 2.0  # alpha / r
    a_seed: int = 0  # of A's start; one for all patterns of a subspace


def train_lora(
    model: Any,
    examples: Sequence[Example],
    recipe: LoraRecipe = LoraRecipe(),
    *,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    report: Callable[[Progress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> Adapter:
    """An adapter of every linear layer but the output embedding; the model is as before afterwards."""
    from peft import LoraConfig, get_peft_model

    layers = linear_layers(model)
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.scale * recipe.rank,
        target_modules=list(layers),
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )
    with frozen(model):
        state = torch.random.get_rng_state()
        with warnings.catch_warnings():  # PEFT 0.21 reads a property that transformers 5.23 deprecates
            warnings.simplefilter("ignore", FutureWarning)
            wrapped = get_peft_model(model, config)
        torch.random.set_rng_state(state)
        try:
            parameters: dict[str, nn.Parameter] = {}
            for name in layers:
                lora = model.get_submodule(name)
                a, b = lora.lora_A["default"].weight, lora.lora_B["default"].weight
                with torch.no_grad():
                    a.copy_(shared_a(name, recipe.rank, a.shape[1], recipe.a_seed))
                    b.zero_()
                parameters[f"{name}.a"], parameters[f"{name}.b"] = a, b
            fit(
                model,
                parameters,
                examples,
                recipe,
                held_out=held_out,
                checkpoint=checkpoint,
                report=report,
                ended=ended,
            )
            return Adapter(
                {
                    name: Factors(
                        parameters[f"{name}.b"].detach().float().cpu() * recipe.scale,
                        parameters[f"{name}.a"].detach().float().cpu().clone(),
                    )
                    for name in layers
                }
            )
        finally:
            wrapped.unload()
            if hasattr(model, "peft_config"):
                del model.peft_config


def shared_a(name: str, rank: int, d: int, seed: int) -> Tensor:
    """LoRA's start for A (rank, d), uniform within 1 / sqrt d, a function of layer and seed alone."""
    generator = torch.Generator().manual_seed(seed * 0x9E3779B1 + zlib.crc32(name.encode()))
    return (torch.rand(rank, d, generator=generator) * 2 - 1) / math.sqrt(d)
