"""A pattern outside sleepy: merged for good, and learnt inside the bases by a stock PEFT LoRA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric.adapter import Adapter, Factors, read_peft
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.merged import merged
from sleepy.memory.parametric.peft_share import in_bases
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


def lora(model: Any, **config: Any) -> Any:
    torch.manual_seed(3)
    settings = {"r": 4, "lora_alpha": 8, "target_modules": list(linear_layers(model)), **config}
    return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings))


def steps(model: Any, count: int = 8) -> list[float]:
    """Losses of a plain PyTorch loop."""
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=2e-2)
    losses = []
    for _ in range(count):
        loss = model(input_ids=IDS, labels=IDS).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


@pytest.fixture
def subspace() -> Subspace:
    model = tiny()
    return founded(adapter(model, 1), adapter(model, 2, r=3))


def trainable(model: Any) -> dict[str, Tensor]:
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def test_in_the_bases_a_lora_starts_exactly_at_the_base_and_trains_coefficients_alone(subspace: Subspace) -> None:
    expected, peft = logits(tiny()), lora(tiny())
    with in_bases(peft, subspace):
        assert torch.equal(logits(peft), expected)
        assert sum(p.numel() for p in trainable(peft).values()) == sum(
            4 * (block.b.k + block.a.k) for block in subspace.blocks.values()
        )
        for name, block in subspace.blocks.items():
            a = peft.get_base_model().get_submodule(name).lora_A["default"].weight
            assert 0.4 < a.norm(dim=1).mean() < 0.75  # PEFT's own rows are 1 / sqrt 3 long
            assert torch.allclose(a @ block.a.basis @ block.a.basis.T, a, atol=1e-5)
        before = {name: p.clone() for name, p in trainable(peft).items()}
        frozen = {name: p.clone() for name, p in peft.named_parameters() if not p.requires_grad}
        losses = steps(peft)
        assert losses[-1] < losses[0] - 0.02
        assert all(not torch.equal(p, before[name]) for name, p in trainable(peft).items())
        assert all(torch.equal(p, frozen[name]) for name, p in peft.named_parameters() if not p.requires_grad)


def test_what_was_learnt_is_a_stock_adapter_and_lies_in_the_bases(tmp_path: Path, subspace: Subspace) -> None:
    peft = lora(tiny())
    names = list(peft.state_dict())
    with in_bases(peft, subspace):
        steps(peft)
        expected = logits(peft)
    assert list(peft.state_dict()) == names and set(trainable(peft)) == {n for n in names if "lora_" in n}
    assert torch.equal(logits(peft), expected)
    peft.save_pretrained(tmp_path)
    again = PeftModel.from_pretrained(tiny(), str(tmp_path)).eval()
    torch.testing.assert_close(logits(again), expected, rtol=0, atol=1e-6)
    grown, _ = subspace.absorb("new", read_peft(tmp_path, modules=linear_layers(tiny())), Rule(threshold=1.0))
    assert grown.widths == subspace.widths
    torch.testing.assert_close(routed(tiny(), grown, "new"), expected, rtol=0, atol=1e-4)
    with in_bases(again, subspace):  # training goes on from where it was
        torch.testing.assert_close(logits(again), expected, rtol=0, atol=1e-5)


def test_an_exception_in_the_block_leaves_a_stock_lora(subspace: Subspace) -> None:
    peft = lora(tiny())
    names = list(peft.state_dict())
    with pytest.raises(ZeroDivisionError), in_bases(peft, subspace):
        _ = 1 / 0
    assert list(peft.state_dict()) == names


def test_a_half_precision_base_trains_float32_coefficients(subspace: Subspace) -> None:
    peft = lora(tiny(dtype=torch.bfloat16))
    with in_bases(peft, subspace):
        assert {p.dtype for p in trainable(peft).values()} == {torch.float32}
        losses = steps(peft)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: tiny(), "no LoRA"),
        (lambda: lora(tiny(), target_modules=["q_proj", "lm_head"]), "lm_head"),
        (lambda: lora(tiny("qwen2")), "k_proj"),
        (lambda: lora(tiny(), use_dora=True), "without variants"),
    ],
    ids=["no lora", "no basis", "another model", "dora"],
)
def test_a_lora_that_the_bases_do_not_fit_is_refused(change: Callable[[], Any], said: str, subspace: Subspace) -> None:
    model = change()
    names = list(model.state_dict())
    with pytest.raises(SubspaceError) as caught, in_bases(model, subspace):
        pass
    assert said in f"{caught.value} {caught.value.remedy}"
    assert list(model.state_dict()) == names
