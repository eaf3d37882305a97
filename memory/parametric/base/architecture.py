"""The built-in model's shape: a small Llama, so that every tool for Llama models takes it as it is.

Not `model_type: qwen2`: transformers 5 rebuilds that family's tokenizer with its own pre-tokenizer
and silently changes the ids; with llama they survive the round trip (tested).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel


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
    return LlamaForCausalLM(configuration(shape, vocabulary=vocabulary, end=end, pad=pad))


def configuration(shape: Shape, *, vocabulary: int, end: int, pad: int) -> LlamaConfig:
    """The transformers configuration of a model of this shape."""
    return LlamaConfig(
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


def deepened(model: PreTrainedModel, layers: int) -> PreTrainedModel:
    """The model with `layers` layers that computes exactly what it computed before (changed in place).

    Each new layer is a copy of the one below it whose two output projections are zero, so that training starts where
    the smaller model ended (block expansion as in Wu et al., "LLaMA Pro", arXiv:2401.02415). They are spread evenly.
    `ValueError` when the model has more layers already, or is no model of this shape.
    """
    old = getattr(model.base_model, "layers", None)
    if old is None or any(not hasattr(layer, "self_attn") or not hasattr(layer.mlp, "down_proj") for layer in old):
        raise ValueError(f"a {model.config.model_type} model cannot be given more layers")
    if layers < len(old):
        raise ValueError(f"the model has {len(old)} layers already, more than {layers}")
    stack = []
    for place in range(layers):
        source = old[place * len(old) // layers]
        if place and source is old[(place - 1) * len(old) // layers]:
            source = copy.deepcopy(source)
            torch.nn.init.zeros_(source.self_attn.o_proj.weight)
            torch.nn.init.zeros_(source.mlp.down_proj.weight)
        source.self_attn.layer_idx = place
        stack.append(source)
    model.base_model.layers = torch.nn.ModuleList(stack)
    model.config.num_hidden_layers = layers
    if getattr(model.config, "layer_types", None) is not None:
        model.config.layer_types = [model.config.layer_types[0]] * layers
    return model
