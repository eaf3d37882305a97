"""PEFT's folders in and out, judged by PEFT itself on real tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, VeraConfig, get_peft_model
from peft.tuners.lora.config import BdLoraConfig, KasaConfig, MontecloraConfig, VeloraConfig
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
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
        {"target_modules": "all-linear", "exclude_modules": ["down_proj"]},
        {"target_modules": r".*\.1\..*[qk]_proj", "r": 3},
        {"rank_pattern": {r".*\.0\..*": 1}, "alpha_pattern": {r"1\.self_attn\.v_proj": 3, r".*\.0\..*": 7}},
        {"init_lora_weights": "gaussian"},
        {"init_lora_weights": "orthogonal"},
        {"init_lora_weights": "mica"},
    ],
)
def test_an_adapter_of_peft_means_here_what_it_means_there(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    expected = trained(tmp_path, kind, **config)
    loaded = PeftModel.from_pretrained(tiny(kind), str(tmp_path)).eval()
    torch.testing.assert_close(logits(loaded), expected, rtol=0, atol=1e-6)
    adapter = read_peft(tmp_path, modules=linear_layers(tiny(kind)))
    torch.testing.assert_close(with_weights_changed(adapter, kind), expected, rtol=0, atol=1e-5)
    assert not torch.allclose(expected, logits(tiny(kind)), atol=1e-2)


def test_of_overlapping_patterns_the_first_in_the_file_holds_as_when_peft_loads_it(tmp_path: Path) -> None:
    # PEFT sorts them when it saves, so what it loads is another adapter than the one that was trained
    before = trained(tmp_path, alpha_pattern={r"self_attn\.v_proj": 3, r".*\.1\..*": 70})
    expected = logits(PeftModel.from_pretrained(tiny("llama"), str(tmp_path)).eval())
    assert not torch.allclose(before, expected, atol=1e-2)
    adapter = read_peft(tmp_path, modules=linear_layers(tiny("llama")))
    torch.testing.assert_close(with_weights_changed(adapter), expected, rtol=0, atol=1e-5)


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


def refused(folder: Path, *words: str) -> SubspaceError:
    """What reading the folder is refused with; it names each of the words."""
    with pytest.raises(SubspaceError) as caught:
        read_peft(folder, modules=linear_layers(tiny("llama")))
    assert caught.value.exit_code == 2 and caught.value.remedy
    for word in words:
        assert word in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "config",
    [
        {"use_dora": True},
        {"bias": "lora_only"},
        {"bias": "all"},
        {"lora_bias": True},
        {"modules_to_save": ["lm_head"]},
        {"trainable_token_indices": [1, 2]},
        {"target_parameters": ["self_attn.k_proj.weight"]},
        {"layer_replication": [[0, 2], [1, 2]]},
        {"alora_invocation_tokens": [1, 2]},
        {"use_bdlora": BdLoraConfig(target_modules_bd_a=["q_proj"], target_modules_bd_b=["v_proj"], nblocks=2)},
        {"velora_config": VeloraConfig()},
        {"kasa_config": KasaConfig()},
        {"monteclora_config": MontecloraConfig()},
        {"init_lora_weights": "pissa"},
        {"init_lora_weights": "pissa_niter_2"},
        {"init_lora_weights": "olora"},
    ],
    ids=lambda config: "-".join(f"{name}-{value}"[:30] for name, value in config.items()),
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # PEFT's own remarks on some of these
def test_an_adapter_of_more_than_factors_is_refused_by_name(tmp_path: Path, config: dict[str, Any]) -> None:
    trained(tmp_path, **{"target_modules": ["q_proj", "v_proj"], **config})
    (name,) = config
    assert name in refused(tmp_path, name).remedy


@pytest.mark.parametrize(
    "config",
    [
        {"use_qalora": True},  # these need a quantised model or a router to be made
        {"arrow_config": {"top_k": 2}},
        {"init_lora_weights": "loftq"},
        {"init_lora_weights": "corda"},
        {"init_lora_weights": "lora_ga"},
        {"fan_in_fan_out": True},
        {"ensure_weight_tying": True},
        {"some_later_idea": {"strength": 2}},
    ],
    ids=lambda config: "-".join(config),
)
def test_a_config_that_says_more_is_refused_by_name(tmp_path: Path, config: dict[str, Any]) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    (name,) = config
    assert name in refused(tmp_path, name).remedy


def test_an_unknown_field_that_is_empty_is_none(tmp_path: Path) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "some_later_idea": None}))
    assert len(read_peft(tmp_path).factors) == 6


def test_every_field_of_pefts_config_is_known_here(tmp_path: Path) -> None:
    from sleepy.memory.parametric import adapter

    get_peft_model(tiny("llama"), LoraConfig(target_modules=["q_proj"])).save_pretrained(tmp_path)
    saved = json.loads((tmp_path / "adapter_config.json").read_text())
    assert saved.keys() - adapter._KNOWN == set()


@pytest.mark.parametrize("target", ["embed_tokens", "lm_head"])
@pytest.mark.filterwarnings("ignore:Setting `save_embedding_layers`:UserWarning")
def test_a_lora_of_an_embedding_is_refused_by_name(tmp_path: Path, target: str) -> None:
    trained(tmp_path, target_modules=["q_proj", target])
    error = refused(tmp_path, "embedding", target)
    assert target in error.remedy


def test_a_lora_of_a_convolution_is_refused_by_name(tmp_path: Path) -> None:
    class Listener(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ear, self.mouth = nn.Conv1d(4, 8, 3), nn.Linear(8, 2)

        def forward(self, x: Tensor) -> Tensor:
            found: Tensor = self.mouth(self.ear(x).mean(-1))
            return found

    peft = get_peft_model(Listener(), LoraConfig(r=2, target_modules=["ear", "mouth"]))
    peft.save_pretrained(tmp_path)
    with pytest.raises(SubspaceError, match="ear is no linear layer") as caught:
        read_peft(tmp_path)
    assert "without ear" in caught.value.remedy


def test_another_method_of_peft_is_refused_by_name(tmp_path: Path) -> None:
    get_peft_model(tiny("llama"), VeraConfig(r=4, target_modules=["q_proj"])).save_pretrained(tmp_path)
    refused(tmp_path, "VERA")


@pytest.mark.parametrize(
    ("config", "name"),
    [({"r": 0}, "r"), ({"rank_pattern": {"q_proj": "4"}}, "q_proj"), ({"alpha_pattern": {"v_proj": None}}, "v_proj")],
)
def test_a_rank_or_alpha_that_is_no_number_is_named(tmp_path: Path, config: dict[str, Any], name: str) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    refused(tmp_path, f"{name} is", repr(next(iter(config.values()))).strip("{}").split(": ")[-1])


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    tensors = load_file(path)
    tensors[KEY][0, 0] = float("inf")
    save_file(tensors, path)
    refused(tmp_path, "q_proj", "not finite")


def test_an_adapter_in_half_precision_is_read(tmp_path: Path) -> None:
    trained(tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    whole = read_peft(tmp_path)
    save_file({key: tensor.bfloat16() for key, tensor in load_file(path).items()}, path)
    for name, pair in read_peft(tmp_path).factors.items():
        assert pair.b.dtype == pair.a.dtype == torch.float32
        torch.testing.assert_close(pair.b, whole.factors[name].b, rtol=2**-8, atol=0)


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
