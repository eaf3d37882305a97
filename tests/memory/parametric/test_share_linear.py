"""Routed serving on real tiny models: routed rows as if alone, the others as if nothing were attached."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.share_linear import ShareLinear, attach, linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

DTYPES = [torch.float32, torch.bfloat16]
KINDS = ["llama", "qwen2"]


def tiny(kind: str, dtype: torch.dtype = torch.float32) -> Any:
    torch.manual_seed(0)
    shape = {
        "vocab_size": 40,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4 if kind == "llama" else 2,
        "max_position_embeddings": 64,
        "tie_word_embeddings": kind == "qwen2",
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": 0,
    }
    model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen2ForCausalLM(Qwen2Config(**shape))
    return model.to(dtype).eval()


def adapter(model: Any, seed: int, r: int = 4, only: str = "") -> Adapter:
    generator = torch.Generator().manual_seed(seed)
    return Adapter(
        {
            name: Factors(
                0.2 * torch.randn(layer.out_features, r, generator=generator),
                0.2 * torch.randn(r, layer.in_features, generator=generator),
            )
            for name, layer in linear_layers(model).items()
            if only in name
        }
    )


def subspace(model: Any, **patterns: Adapter) -> Subspace:
    found = patterns or {"a": adapter(model, 1), "b": adapter(model, 2, r=3), "c": adapter(model, 3)}
    return Subspace.found(found, Rule(threshold=1.0))[0]


def batch(rows: int, tokens: int = 9) -> Tensor:
    return torch.randint(1, 40, (rows, tokens), generator=torch.Generator().manual_seed(5))


@torch.no_grad()
def logits(model: Any, ids: Tensor) -> Tensor:
    found: Tensor = model(input_ids=ids).logits
    return found


@contextmanager
def gathering(numbers: int) -> Iterator[None]:
    """Within, factors are gathered up to this many numbers a layer."""
    before = share_linear.GATHERED_NUMBERS
    share_linear.GATHERED_NUMBERS = numbers
    try:
        yield
    finally:
        share_linear.GATHERED_NUMBERS = before


def merged(model: Any, some: Adapter) -> Any:
    with torch.no_grad():
        for name, pair in some.factors.items():
            layer = model.get_submodule(name)
            layer.weight += (pair.b @ pair.a).to(layer.weight.dtype)
    return model


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("numbers", [0, 1 << 20])
@pytest.mark.parametrize("tokens", [1, 9])
def test_a_routed_row_is_what_the_merged_model_would_say(kind: str, numbers: int, tokens: int) -> None:
    model, ids = tiny(kind), batch(4, tokens)
    share = subspace(model)
    served = attach(model, share)
    with gathering(numbers), served.routed(["c", "a", "b", "a"]):
        found = logits(model, ids)
    for row, name in enumerate("caba"):
        alone = logits(merged(tiny(kind), share.reconstruct(name)), ids)
        torch.testing.assert_close(found[row], alone[row], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("numbers", [0, 1 << 20])
@pytest.mark.parametrize("grad", [False, True])
def test_rows_without_a_pattern_are_bit_for_bit_the_bases(
    kind: str, dtype: torch.dtype, numbers: int, grad: bool
) -> None:
    model = tiny(kind, dtype)
    served = attach(model, subspace(model))
    for tokens in (1, 9):
        ids = batch(5, tokens)
        expected = logits(tiny(kind, dtype), ids)
        with gathering(numbers), torch.set_grad_enabled(grad), served.routed(["a", None, "b", None, "a"]):
            found = model(input_ids=ids).logits
        assert torch.equal(found[[1, 3]], expected[[1, 3]])
        for row in (0, 2, 4):
            assert not torch.allclose(found[row], expected[row], atol=0.02)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_mixed_batch_equals_single_runs(dtype: torch.dtype) -> None:
    model, ids = tiny("qwen2", dtype), batch(3)
    served = attach(model, subspace(model))
    with served.routed(["a", "b", None]):
        mixed = logits(model, ids)
    for row, name in enumerate(["a", "b", None]):
        with served.routed([name]):
            single = logits(model, ids[row : row + 1])
        tolerance = 1e-5 if dtype == torch.float32 else 0.02
        torch.testing.assert_close(mixed[row], single[0], rtol=0, atol=tolerance)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_nothing_of_the_adapter_runs_when_no_row_is_routed(kind: str, dtype: torch.dtype) -> None:
    model, ids = tiny(kind, dtype), batch(3)
    expected = logits(model, ids)
    served = attach(model, subspace(model))
    for layer in model.modules():
        if isinstance(layer, ShareLinear):  # any use of these would show
            layer.alpha.fill_(float("nan"))
            layer.beta.fill_(float("nan"))
    assert torch.equal(logits(model, ids), expected)
    with served.routed([None, None, None]):
        assert torch.equal(logits(model, ids), expected)


def test_a_thousand_route_switches_leave_base_and_weights_alone() -> None:
    model, ids = tiny("llama", torch.bfloat16), batch(2, 3)
    expected, weights = logits(model, ids), {n: p.clone() for n, p in model.named_parameters()}
    served, chooser = attach(model, subspace(model)), random.Random(0)
    for i in range(1000):
        with served.routed([chooser.choice(["a", "b", "c", None]) for _ in range(2)]):
            if i % 50 == 0:
                logits(model, ids)
    assert torch.equal(logits(model, ids), expected)
    served.detach()
    assert torch.equal(logits(model, ids), expected)
    for name, p in model.named_parameters():
        assert torch.equal(p, weights[name])


@pytest.mark.parametrize("kind", KINDS)
def test_detaching_restores_the_very_modules(kind: str) -> None:
    model = tiny(kind)
    modules, names = list(model.modules()), list(model.state_dict())
    served = attach(model, subspace(model))
    assert any(isinstance(module, ShareLinear) for module in model.modules())
    served.detach()
    served.detach()
    after = list(model.modules())
    assert len(after) == len(modules)
    assert all(one is other for one, other in zip(after, modules, strict=True))
    assert list(model.state_dict()) == names
    with pytest.raises(RuntimeError, match="taken off"), served.routed(["a"]):
        pass


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_generation_with_a_cache_agrees_with_single_runs(kind: str, dtype: torch.dtype) -> None:
    model, ids = tiny(kind, dtype), batch(3, 7)
    mask = torch.ones_like(ids)
    mask[0, :3] = 0  # left padding
    settings = {"max_new_tokens": 8, "min_new_tokens": 8, "do_sample": False}
    plain = model.generate(input_ids=ids, attention_mask=mask, **settings)
    served = attach(model, subspace(model))
    with torch.inference_mode(), served.routed(["a", None, "b"]):
        found = model.generate(input_ids=ids, attention_mask=mask, **settings)
    assert torch.equal(found[1], plain[1])
    assert not torch.equal(found[0], plain[0])
    if dtype == torch.float32:
        for row, name in ((0, "a"), (2, "b")):
            with served.routed([name]):
                alone = model.generate(input_ids=ids[row : row + 1], attention_mask=mask[row : row + 1], **settings)
            assert torch.equal(found[row], alone[0])


def test_an_unknown_pattern_is_named_and_nothing_is_routed() -> None:
    model, ids = tiny("llama"), batch(1)
    expected = logits(model, ids)
    served = attach(model, subspace(model))
    with pytest.raises(KeyError, match="E9999"), served.routed(["E9999"]):
        pass
    assert torch.equal(logits(model, ids), expected)


def test_a_batch_of_another_size_is_refused() -> None:
    model = tiny("llama")
    served = attach(model, subspace(model))
    with served.routed(["a", None]), pytest.raises(ValueError, match="3 rows in the batch, 2 routes"):
        logits(model, batch(3))


def test_blocks_nest_and_an_exception_takes_the_route_off() -> None:
    model, ids = tiny("llama"), batch(1)
    expected = logits(model, ids)
    served = attach(model, subspace(model))
    with served.routed(["a"]):
        outer = logits(model, ids)
        with served.routed(["b"]):
            assert not torch.equal(logits(model, ids), outer)
        assert torch.equal(logits(model, ids), outer)
    with pytest.raises(ZeroDivisionError), served.routed(["a"]):
        _ = 1 / 0
    assert torch.equal(logits(model, ids), expected)


def test_a_pattern_of_some_layers_leaves_the_others_alone() -> None:
    model, ids = tiny("llama"), batch(2)
    share = subspace(model, up=adapter(model, 1, only="up_proj"), q=adapter(model, 2, only="q_proj"))
    served = attach(model, share)
    with served.routed(["up", "q"]):
        found = logits(model, ids)
    for row, name in enumerate(["up", "q"]):
        alone = logits(merged(tiny("llama"), share.reconstruct(name)), ids)
        torch.testing.assert_close(found[row], alone[row], rtol=1e-4, atol=1e-5)


def test_a_subspace_of_another_model_is_refused() -> None:
    share = subspace(tiny("llama"))
    with pytest.raises(SubspaceError, match="k_proj"):
        attach(tiny("qwen2"), share)
    model = tiny("llama")
    attach(model, share)
    with pytest.raises(SubspaceError, match="ShareLinear"):
        attach(model, share)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("checkpointing", [False, True])
def test_gradients_reach_the_input_through_routed_rows(dtype: torch.dtype, checkpointing: bool) -> None:
    def gradient(model: Any) -> Tensor:
        embedded = model.get_input_embeddings()(batch(2)).detach().requires_grad_()
        model(inputs_embeds=embedded, use_cache=False).logits.float().square().sum().backward()
        assert embedded.grad is not None
        found: Tensor = embedded.grad.float()
        return found

    model = tiny("llama", dtype)
    share = subspace(model)
    served = attach(model, share)
    if checkpointing:
        model.train()
        enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
        enable({"use_reentrant": False})
    with served.routed(["a", None]):
        found = gradient(model)
    alone, base = (
        gradient(merged(tiny("llama", dtype), share.reconstruct("a"))),
        gradient(tiny("llama", dtype)),
    )
    scale = base.abs().max().item()
    tolerance = (1e-5 if dtype == torch.float32 else 0.05) * scale
    torch.testing.assert_close(found[0], alone[0], rtol=0, atol=tolerance)
    torch.testing.assert_close(found[1], base[1], rtol=0, atol=tolerance)


@pytest.mark.parametrize("routes", [["a", "b"], ["a", None], [None, None]])
def test_a_layer_compiles_to_one_graph(routes: list[str | None]) -> None:
    model = tiny("llama")
    served = attach(model, subspace(model))
    layer = model.model.layers[0].mlp.up_proj
    x = torch.randn(2, 5, 32, generator=torch.Generator().manual_seed(0))
    torch.compiler.reset()
    compiled: Any = torch.compile(layer, backend="eager", fullgraph=True)
    with torch.no_grad(), served.routed(routes):
        torch.testing.assert_close(compiled(x), layer(x))
    torch.compiler.reset()
