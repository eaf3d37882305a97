"""The served models: the built-in one, and layers of Qwen2.5-Coder-1.5B with random weights; 32 patterns each."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import Qwen2Config, Qwen2ForCausalLM

from benchmarks.share.adapters import fixed, simulated
from sleepy.daemon.lab.pretrain import corpus
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.koans import library
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Subspace

ROWS = 32
_QWEN_LAYERS, _QWEN_VOCABULARY = 28, 151_936


@dataclass(frozen=True, slots=True)
class Served:
    """A model, a batch of prompts (rows, tokens) padded on the left, and a subspace with one pattern per row."""

    name: str
    model: Any
    ids: Tensor
    mask: Tensor
    subspace: Subspace
    tokens: int  # new tokens per row

    @property
    def patterns(self) -> list[str]:
        return list(self.subspace.patterns)

    def generate(self, model: Any, **more: Any) -> Tensor:
        """Generates greedily, always exactly `tokens` per row; returns (rows, prompt + tokens)."""
        with torch.inference_mode():
            out: Tensor = model.generate(
                input_ids=self.ids, attention_mask=self.mask, max_new_tokens=self.tokens, min_new_tokens=self.tokens,
                do_sample=False, pad_token_id=0, **more,
            )  # fmt: skip
        return out

    def exactly(self) -> Any:
        """A copy with the model in float32, to compare logits."""
        return copy.deepcopy(self.model).float()


def built_in(*, tokens: int = 32, width: int = 128, k: int = 32) -> Served:
    """The built-in model, with windows of the practice programs as numbered prompts of at most `width` tokens."""
    language = LanguageModel.load()
    programs, _ = library.sides()
    texts = corpus.plain(programs[:ROWS], random.Random(0))
    rows = [language.prompt_ids(text)[:width] for text in texts]
    longest = max(map(len, rows))
    pad = language.tokenizer.pad_token_id
    return Served(
        f"built-in, {_described(language.model)}, prompts of up to {longest} tokens",
        language.model,
        torch.tensor([[pad] * (longest - len(row)) + row for row in rows]),
        torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows]),
        _patterns(language.model, rank=8, k=k),
        tokens,
    )


def qwen(
    *, layers: int = 2, tokens: int = 16, width: int = 16, k: int = 32, device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Served:  # fmt: skip
    """Layers of Qwen2.5-Coder-1.5B's shapes, with its vocabulary cut so that the output keeps its share of the work."""
    model = qwen_model(layers, device, dtype)
    vocabulary = model.config.vocab_size
    ids = torch.randint(1, vocabulary, (ROWS, width), generator=torch.Generator().manual_seed(0)).to(device)
    name = f"{layers} of {_QWEN_LAYERS} layers of Qwen2.5-Coder-1.5B's shapes, {_described(model)}, prompts of {width}"
    return Served(name, model, ids, torch.ones_like(ids), _patterns(model, rank=16, k=k), tokens)


def qwen_model(layers: int, device: str, dtype: torch.dtype) -> Any:
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=_QWEN_VOCABULARY * layers // _QWEN_LAYERS, hidden_size=1536, intermediate_size=8960,
        num_hidden_layers=layers, num_attention_heads=12, num_key_value_heads=2, tie_word_embeddings=True,
        bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    return Qwen2ForCausalLM(config).to(device, dtype).eval()


def _described(model: Any) -> str:
    count = sum(p.numel() for p in model.parameters()) / 1e6
    return f"{count:.1f} M, {str(model.dtype).removeprefix('torch.')}"


def _patterns(model: Any, rank: int, k: int) -> Subspace:
    """Random patterns in k directions per side, too small to change the model's behaviour."""
    shapes = {name: (layer.out_features, layer.in_features) for name, layer in linear_layers(model).items()}
    made = simulated(shapes, rank, seed=1, shared=k)
    return Subspace.found({f"pattern {i}": next(made) for i in range(ROWS)}, fixed(k))[0]
