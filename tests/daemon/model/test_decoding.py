"""Batches that shrink: whatever leaves when, every answer is the one that `generate` gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from sleepy.daemon.model.decoding import Shrinking, may_shrink
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.share_linear import ServedModel, attach, linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

_SHAPE: dict[str, Any] = {
    "vocab_size": 40, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "max_position_embeddings": 128, "bos_token_id": None, "eos_token_id": None, "pad_token_id": 0,
    "initializer_range": 0.4,
}  # fmt: skip
_ENDS = [3, 7, 11, 19, 23, 31]
_ROUTES = ["a", None, "b", None, "a", "b", "a", None]


def _model(kind: str, **more: Any) -> Any:
    torch.manual_seed(1)
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(**_SHAPE, **more)).eval()
    if kind == "mistral":
        return MistralForCausalLM(MistralConfig(**_SHAPE, num_key_value_heads=2, **more)).eval()
    return Qwen2ForCausalLM(Qwen2Config(**_SHAPE, num_key_value_heads=2, **more)).eval()


def _served(model: Any) -> ServedModel:
    """Two patterns, one of which moves the second layer alone."""
    generator = torch.Generator().manual_seed(2)
    patterns = {}
    for name, only in (("a", "layers."), ("b", "layers.1.")):
        factors = {
            key: Factors(
                torch.randn(layer.out_features, 3, generator=generator),
                torch.randn(3, layer.in_features, generator=generator),
            )
            for key, layer in linear_layers(model).items()
            if only in key
        }
        patterns[name] = Adapter(factors)
    return attach(model, Subspace.found(patterns, Rule(threshold=1.0))[0])


def _prompts() -> tuple[Tensor, Tensor]:
    """Eight prompts of different lengths, padded on the left, and their mask."""
    generator = torch.Generator().manual_seed(3)
    ids = torch.randint(1, 40, (8, 12), generator=generator)
    mask = torch.ones_like(ids)
    for row in range(8):
        mask[row, : row % 5] = 0
    return ids * mask, mask


@contextlib.contextmanager
def _routed(model: Any, with_routes: bool) -> Iterator[Any]:
    """Within, the batch is routed or not; what is given is to be told which rows stay."""
    if not with_routes:
        yield lambda _: None
        return
    served = _served(model)
    try:
        with served.routed(_ROUTES):
            yield served.keep
    finally:
        served.detach()


def _both(model: Any, with_routes: bool = False, seed: int | None = None, **settings: Any) -> tuple[Tensor, Tensor]:
    """What `generate` writes, and what it writes with a batch that shrinks."""
    ids, mask = _prompts()
    found = []
    for shrinks in (False, True):
        torch.manual_seed(seed or 0)
        with _routed(model, with_routes) as keep:
            more = {"custom_generate": Shrinking(mask, keep)} if shrinks else {}
            found.append(
                model.generate(
                    input_ids=ids, attention_mask=mask, max_new_tokens=20, eos_token_id=_ENDS, pad_token_id=0,
                    do_sample=seed is not None, top_k=None, top_p=None, **settings, **more,
                )
            )  # fmt: skip
    return found[0], found[1]


def _lengths(ids: Tensor) -> set[int]:
    """How many tokens the answers have."""
    ends = torch.isin(ids[:, 12:], torch.tensor(_ENDS))
    return {int(row.nonzero()[0]) if bool(row.any()) else len(row) for row in ends}


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
@pytest.mark.parametrize("with_routes", [False, True])
def test_greedy_answers_are_those_of_generate(kind: str, with_routes: bool) -> None:
    model = _model(kind)
    assert may_shrink(model)
    whole, shrunk = _both(model, with_routes)
    assert torch.equal(whole, shrunk)
    assert len(_lengths(whole)) > 2  # they end one after another


@pytest.mark.parametrize("with_routes", [False, True])
def test_routes_count(with_routes: bool) -> None:
    bare, _ = _both(_model("qwen2"))
    found, _ = _both(_model("qwen2"), with_routes)
    assert torch.equal(bare, found) is not with_routes


@pytest.mark.parametrize("seed", range(3))
def test_sampled_answers_are_those_of_generate_with_the_same_seed(seed: int) -> None:
    whole, shrunk = _both(_model("qwen2"), seed=seed + 1, temperature=1.5)
    assert torch.equal(whole, shrunk)
    other, _ = _both(_model("qwen2"), seed=seed + 20, temperature=1.5)
    assert not torch.equal(whole[:, :14], other[:, :14])


def test_a_models_own_settings_hold_for_every_row() -> None:
    """A penalty on what the prompt says is kept by row: it is still each row's own when others have left."""
    model = _model("qwen2")
    model.generation_config.repetition_penalty = 1.3
    whole, shrunk = _both(model)
    assert torch.equal(whole, shrunk)
    plain, _ = _both(_model("qwen2"))
    assert plain.shape != whole.shape or not torch.equal(plain, whole)


def test_models_that_keep_more_of_a_row_are_left_to_generate() -> None:
    assert may_shrink(_model("mistral", sliding_window=None))
    assert not may_shrink(_model("mistral", sliding_window=8))
    assert may_shrink(GPT2LMHeadModel(GPT2Config(n_embd=8, n_layer=1, n_head=1, vocab_size=20)))
    assert not may_shrink(torch.nn.Linear(2, 2))
    searching = _model("llama")
    searching.generation_config.num_beams = 2
    assert not may_shrink(searching)


def test_rows_that_are_kept_are_routed_as_they_were() -> None:
    model, ids = _model("llama"), _prompts()[0]
    served = _served(model)
    with torch.no_grad(), served.routed(_ROUTES):
        whole = model(input_ids=ids).logits
        for rows in ([0, 1, 2, 5, 7], [1, 2, 3], [0, 1], [0]):  # of what was kept before: 0, 1, 2, 5, 7, then 1, 2, 5
            served.keep(rows)
            ids, whole = ids[rows], whole[rows]
            torch.testing.assert_close(model(input_ids=ids).logits, whole, rtol=1e-4, atol=1e-4)
    served.detach()
