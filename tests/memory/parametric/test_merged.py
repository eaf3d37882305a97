"""A pattern outside sleepy: merged into the weights for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.merged import merged
from sleepy.memory.parametric.share_linear import attach, linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

# PEFT 0.21 reads a property that transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

IDS = torch.randint(1, 40, (2, 9), generator=torch.Generator().manual_seed(5))


def tiny(kind: str = "llama", dtype: torch.dtype = torch.float32, *, tied: bool | None = None) -> Any:
    """A random model of two layers; qwen2 has grouped queries, biases and, unless said, tied embeddings."""
    torch.manual_seed(0)
    shape = {
        "vocab_size": 40,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4 if kind == "llama" else 2,
        "max_position_embeddings": 64,
        "tie_word_embeddings": kind == "qwen2" if tied is None else tied,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen2ForCausalLM(Qwen2Config(**shape))
    return model.to(dtype).eval()


def adapter(model: Any, seed: int = 1, r: int = 4, *, head: bool = False, size: float = 0.2) -> Adapter:
    generator = torch.Generator().manual_seed(seed)
    layers = {**linear_layers(model), **({"lm_head": model.lm_head} if head else {})}
    return Adapter(
        {
            name: Factors(
                size * torch.randn(layer.out_features, r, generator=generator),
                size * torch.randn(r, layer.in_features, generator=generator),
            )
            for name, layer in layers.items()
        }
    )


@torch.no_grad()
def logits(model: Any) -> Tensor:
    found: Tensor = model(input_ids=IDS).logits
    return found.float()


def routed(model: Any, subspace: Subspace, pattern: str) -> Tensor:
    served = attach(model, subspace)
    with served.routed([pattern, pattern]):
        found = logits(model)
    served.detach()
    return found


def founded(*patterns: Adapter) -> Subspace:
    return Subspace.found({f"E{i}": some for i, some in enumerate(patterns)}, Rule(threshold=1.0))[0]


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_a_merged_model_says_what_the_routed_one_says(kind: str) -> None:
    model = tiny(kind)
    subspace = founded(adapter(model, 1), adapter(model, 2, r=3))
    for pattern in subspace.patterns:
        found = logits(merged(model, subspace.reconstruct(pattern)))
        torch.testing.assert_close(found, routed(model, subspace, pattern), rtol=0, atol=1e-5)
        assert not torch.allclose(found, logits(model), atol=1e-2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_model_given_is_untouched(dtype: torch.dtype) -> None:
    model = tiny("qwen2", dtype)
    expected, weights = logits(model), {name: p.clone() for name, p in model.named_parameters()}
    whole = merged(model, adapter(model))
    assert all(torch.equal(p, weights[name]) for name, p in model.named_parameters())
    assert torch.equal(logits(model), expected)
    assert not {p.data_ptr() for p in model.parameters()} & {p.data_ptr() for p in whole.parameters()}


def test_half_precision_is_rounded_once() -> None:
    model = tiny("qwen2", torch.bfloat16)
    some = adapter(model)
    whole = merged(model, some)
    for name, pair in some.factors.items():
        before, after = model.get_submodule(name).weight, whole.get_submodule(name).weight
        exact = before.double() + pair.b.double() @ pair.a.double()
        assert after.dtype == torch.bfloat16
        off = (after.double() - exact).abs()
        assert bool((off <= (2**-8 + 1e-6) * exact.abs()).all())  # half a unit in the last of 8 bits
    # the model's own float32 arithmetic on those weights: what is lost is rounding alone
    torch.testing.assert_close(logits(whole.float()), routed(model.float(), founded(some), "E0"), rtol=0, atol=0.05)


@pytest.mark.parametrize("head", [False, True])
def test_tied_embeddings_stay_tied_unless_the_head_is_changed(tmp_path: Path, head: bool) -> None:
    model = tiny("qwen2")
    some = adapter(model, head=head)
    whole = merged(model, some)
    assert (whole.lm_head.weight is whole.model.embed_tokens.weight) is not head
    assert torch.equal(whole.model.embed_tokens.weight, model.model.embed_tokens.weight)
    assert whole.config.tie_word_embeddings is not head
    assert model.config.tie_word_embeddings and model.lm_head.weight is model.model.embed_tokens.weight
    expected = routed(model, founded(some), "E0")
    torch.testing.assert_close(logits(whole), expected, rtol=0, atol=1e-5)
    whole.save_pretrained(tmp_path)
    again = AutoModelForCausalLM.from_pretrained(tmp_path).eval()
    torch.testing.assert_close(logits(again), expected, rtol=0, atol=1e-5)


def test_an_adapter_of_another_model_is_refused_and_so_is_a_served_one() -> None:
    model = tiny("llama")
    with pytest.raises(SubspaceError, match="k_proj"):
        merged(tiny("qwen2"), adapter(model))
    attach(model, founded(adapter(tiny("llama"))))
    with pytest.raises(SubspaceError, match="ShareLinear"):
        merged(model, adapter(tiny("llama")))
