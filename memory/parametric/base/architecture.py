"""The built-in model's shape: a small Llama, so that every tool for Llama models takes it as it is.

Not `model_type: qwen2`: transformers 5 rebuilds that family's tokenizer with its own pre-tokenizer
and silently changes the ids; with llama they survive the round trip (tested).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from transformers import LlamaConfig, LlamaForCausalLM


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network: layers * (4 hidden^2 + 3 hidden inner) + vocabulary hidden parameters.

    Few wide heads: on a CPU the backward pass of attention costs time per head, not per width
    (3 heads of 64 train 1.4 times as fast as 6 of 32).
    """

    hidden: int = 192
    layers: int = 4
    heads: int = 3
    inner: int = 512
    positions: int = 2048


def new_model(shape: Shape, *, vocabulary: int, end: int, pad: int, seed: int) -> LlamaForCausalLM:
    """A freshly initialised model with tied embeddings, in float32."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=pad,
        initializer_range=0.02,
        attention_bias=False,
        mlp_bias=False,
    )
    return LlamaForCausalLM(config)
