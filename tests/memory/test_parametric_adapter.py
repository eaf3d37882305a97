"""PEFT's folders in and out, judged by PEFT itself on real tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric.adapter import Adapter, Factors, read_peft, write_peft
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.share_linear import attach, linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

# PEFT 0.21 reads a property that transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

IDS = torch.arange(1, 13).reshape(2, 6)


def tiny(kind: str) -> Any:
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
    }
    model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen2ForCausalLM(Qwen2Config(**shape))
    return model.eval()


@torch.no_grad()
def logits(model: Any) -> Tensor:
    found: Tensor = model(input_ids=IDS).logits
    return found


def trained(folder: Path, kind: str = "llama", **config: Any) -> Tensor:
    """Saves a LoRA with random weights as PEFT does; returns its logits."""
    settings = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"], **config}
    peft = get_peft_model(tiny(kind), LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, p in peft.named_parameters():
            if "lora_" in name:
                p.copy_(0.2 * torch.randn(p.shape, generator=generator))
    peft.save_pretrained(folder)
    return logits(peft)


@torch.no_grad()
def with_weights_changed(adapter: Adapter, kind: str = "llama") -> Tensor:
    """The oracle: dW added to every weight of a model of its own."""
    model = tiny(kind)
    for name, pair in adapter.factors.items():
        model.get_submodule(name).weight += (pair.b.double() @ pair.a.double()).float()
    return logits(model)


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"use_rslora": True},
        {"lora_alpha": 3},
        {"rank_pattern": {"q_proj": 2, "layers.1.mlp.down_proj": 6}},
        {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"q_proj": 5, "down_proj": 1}, "use_rslora": True},
        {"layers_to_transform": [1]},
    ],
)
def test_an_adapter_of_peft_means_here_what_it_means_there(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    expected = trained(tmp_path, kind, **config)
    adapter = read_peft(tmp_path, modules=linear_layers(tiny(kind)))
    torch.testing.assert_close(with_weights_changed(adapter, kind), expected, rtol=0, atol=1e-5)
    assert not torch.allclose(expected, logits(tiny(kind)), atol=1e-2)


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_a_pattern_leaves_as_a_stock_peft_adapter(tmp_path: Path, kind: str) -> None:
    trained(tmp_path / "in", kind, rank_pattern={"q_proj": 2})
    subspace, _ = Subspace.found({"E0382": read_peft(tmp_path / "in")}, Rule(threshold=1.0))
    write_peft(tmp_path / "out", subspace.reconstruct("E0382"), "some/base")
    peft = PeftModel.from_pretrained(tiny(kind), str(tmp_path / "out")).eval()
    model = tiny(kind)
    with attach(model, subspace).routed(["E0382", "E0382"]):
        served = logits(model)
    torch.testing.assert_close(logits(peft), served, rtol=0, atol=1e-5)
    again, _ = Subspace.found({"E0382": read_peft(tmp_path / "out")}, Rule(threshold=1.0))
    assert again.widths == subspace.widths
    one, other = subspace.reconstruct("E0382"), again.reconstruct("E0382")
    for name, pair in one.factors.items():
        torch.testing.assert_close(other.factors[name].b @ other.factors[name].a, pair.b @ pair.a, rtol=0, atol=1e-5)
    config = json.loads((tmp_path / "out" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "some/base"


def test_equal_dw_under_another_alpha_and_rank_gives_equal_coefficients(tmp_path: Path) -> None:
    trained(tmp_path / "one", lora_alpha=16, r=8)
    tensors = load_file(tmp_path / "one" / "adapter_model.safetensors")
    halved = {key: tensor / 2 if "lora_B" in key else tensor for key, tensor in tensors.items()}
    config = json.loads((tmp_path / "one" / "adapter_config.json").read_text())
    for name, changed in (
        ("alpha", {"lora_alpha": 32}),
        ("rslora", {"lora_alpha": 32 / 8**0.5, "use_rslora": True}),
    ):
        (tmp_path / name).mkdir()
        save_file(halved, tmp_path / name / "adapter_model.safetensors")
        (tmp_path / name / "adapter_config.json").write_text(json.dumps({**config, **changed}))
        patterns = {"one": read_peft(tmp_path / "one"), "other": read_peft(tmp_path / name)}
        subspace, _ = Subspace.found(patterns, Rule(threshold=1.0), dtype=torch.float64)
        for block in subspace.blocks.values():
            one, other = block.b.coefficients
            torch.testing.assert_close(one.abs(), other.abs(), rtol=1e-4, atol=1e-5)
            assert block.b.k == 8


@pytest.mark.parametrize(
    "config",
    [
        {"use_dora": True},
        {"bias": "lora_only"},
        {"lora_bias": True},
        {"modules_to_save": ["lm_head"]},
        {"trainable_token_indices": [1, 2]},
        {"init_lora_weights": "pissa"},
    ],
)
def test_what_factors_cannot_say_is_refused_by_name(tmp_path: Path, config: dict[str, Any]) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    (name,) = config
    with pytest.raises(SubspaceError, match=name) as caught:
        read_peft(tmp_path)
    assert caught.value.exit_code == 2
    assert name in caught.value.remedy


def test_a_real_dora_adapter_is_refused(tmp_path: Path) -> None:
    trained(tmp_path, use_dora=True)
    with pytest.raises(SubspaceError, match="use_dora"):
        read_peft(tmp_path)


KEY = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"


@pytest.mark.parametrize("change", ["rename", "drop one side", "drop a module", "add", "another rank", "empty"])
def test_missing_and_unexpected_keys_raise(tmp_path: Path, change: str) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    tensors = load_file(path)
    if change == "rename":
        tensors[KEY.replace("lora_A", "rv_A")] = tensors.pop(KEY)
    elif change == "drop one side":
        del tensors[KEY]
    elif change == "drop a module":
        del tensors[KEY], tensors[KEY.replace("lora_A", "lora_B")]
    elif change == "add":
        tensors["base_model.model.lm_head.weight"] = torch.zeros(2, 2)
    elif change == "another rank":
        tensors[KEY] = tensors[KEY][:2].clone()
    else:
        tensors = {}
    save_file(tensors, path)
    with pytest.raises(SubspaceError, match=r"key|rank") as caught:
        read_peft(tmp_path, modules=linear_layers(tiny("llama")))
    assert caught.value.remedy


def test_an_adapter_for_another_model_is_refused(tmp_path: Path) -> None:
    trained(tmp_path)
    names = [name.replace("q_proj", "query") for name in linear_layers(tiny("llama"))]
    with pytest.raises(SubspaceError, match="unexpected module"):
        read_peft(tmp_path, modules=names)


@pytest.mark.parametrize("damage", ["no config", "no weights", "cut", "not json", "no lora"])
def test_a_broken_folder_is_refused_with_a_remedy(tmp_path: Path, damage: str) -> None:
    trained(tmp_path)
    config, weights = tmp_path / "adapter_config.json", tmp_path / "adapter_model.safetensors"
    if damage == "no config":
        config.unlink()
    elif damage == "no weights":
        weights.unlink()
    elif damage == "cut":
        weights.write_bytes(weights.read_bytes()[:50])
    elif damage == "not json":
        config.write_text("{")
    else:
        config.write_text(json.dumps({"peft_type": "IA3"}))
    with pytest.raises(SubspaceError) as caught:
        read_peft(tmp_path)
    assert caught.value.remedy


def test_factors_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="layer: B"):
        Adapter({"layer": Factors(torch.zeros(4, 2), torch.zeros(3, 4))})
    with pytest.raises(ValueError, match="finite"):
        Adapter({"layer": Factors(torch.full((4, 2), float("nan")), torch.zeros(2, 4))})


def test_reducing_an_adapter_keeps_its_best_directions() -> None:
    generator = torch.Generator().manual_seed(0)
    pair = Factors(torch.randn(12, 6, generator=generator), torch.randn(6, 10, generator=generator))
    low = Adapter({"layer": pair}).reduced(2).factors["layer"]
    values = torch.linalg.svdvals(pair.b.double() @ pair.a.double())
    lost = (pair.b.double() @ pair.a.double() - low.b @ low.a).norm()
    torch.testing.assert_close(lost, values[2:].norm())
