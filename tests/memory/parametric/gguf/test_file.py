"""GGUF files: what another reader makes of them is the model, and an adapter fits the model beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from gguf import GGMLQuantizationType, GGUFReader, dequantize
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaConfig,
    PreTrainedTokenizerFast,
)

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.gguf import file
from sleepy.memory.parametric.merged import merged
from sleepy.memory.parametric.share_linear import linear_layers

KINDS = ("llama", "mistral", "qwen2", "qwen3")


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    """Of bytes and a few merges, and two added tokens; it has 262 ids."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("l", "e"), ("le", "t"), ("Ġ", "="), ("f", "n")]
    vocabulary = {token: i for i, token in enumerate([*letters, *map("".join, merges)])}
    made = Tokenizer(models.BPE(vocabulary, merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.add_special_tokens(["<end>"])
    made.add_tokens(["<mark>"])
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<end>", bos_token="<end>", pad_token="<end>")


def made(kind: str, dtype: torch.dtype = torch.float32, *, tied: bool = False, **more: Any) -> Any:
    """Two random layers with grouped heads of a width of their own, whose norms are not 1, and 8 rows without a token."""
    wide = 128 if kind == "qwen3" else 24
    known = {"head_dim": wide} if kind != "qwen2" else {}
    config = AutoConfig.for_model(
        kind, vocab_size=270, hidden_size=64, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, rope_parameters={"rope_type": "default", "rope_theta": 5e4},
        rms_norm_eps=1e-5, tie_word_embeddings=tied, **{"sliding_window": None, **known, **more},
    )  # fmt: skip
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config)
    for value in model.parameters():
        torch.nn.init.normal_(value, std=0.3, mean=1.0 if value.ndim == 1 else 0.0)
        value.data = value.data.to(dtype)  # the weights alone, as a loaded model has it
    return model.eval()


def adapter(model: Any) -> Adapter:
    """Of every linear layer but the head; ranks differ."""
    generator = torch.Generator().manual_seed(1)
    return Adapter(
        {
            name: Factors(
                torch.randn(layer.out_features, 2 + i % 3, generator=generator),
                torch.randn(2 + i % 3, layer.in_features, generator=generator) / 8,
            )
            for i, (name, layer) in enumerate(linear_layers(model).items())
        }
    )


def written(out: Path, model: Any, tokenizer: Any, *, chat: bool = False) -> Path:
    file.write_model(out / "model.gguf", model, tokenizer, name="tiny", about="a test", chat=chat)
    return out / "model.gguf"


def held(path: Path) -> dict[str, Tensor]:
    """A file's tensors in float32."""
    return {each.name: torch.tensor(dequantize(each.data, each.tensor_type)) for each in GGUFReader(path).tensors}


def said(path: Path) -> dict[str, Any]:
    return {key: field.contents() for key, field in GGUFReader(path).fields.items()}


@torch.no_grad()
def logits(model: Any) -> Tensor:
    found: Tensor = model(input_ids=torch.arange(3, 43)[None]).logits
    return found


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", KINDS)
def test_transformers_reads_the_same_model(
    kind: str, dtype: torch.dtype, tied: bool, tokenizer: Any, tmp_path: Path
) -> None:
    model = made(kind, dtype, tied=tied)
    path = written(tmp_path, model, tokenizer)
    again = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="model.gguf", dtype=torch.float32).eval()
    wanted = logits(model.float())
    assert wanted.std() > 1
    torch.testing.assert_close(logits(again), wanted, rtol=0, atol=1e-4 * float(wanted.abs().max()))
    assert again.config.tie_word_embeddings is tied and ("output.weight" in held(path)) is not tied
    plain = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}[dtype]
    for each in GGUFReader(path).tensors:
        assert each.tensor_type == GGMLQuantizationType["F32" if len(each.shape) == 1 else plain], each.name


def test_a_file_says_what_llama_cpp_asks_for(tokenizer: Any, tmp_path: Path) -> None:
    told = said(written(tmp_path, made("llama", torch.bfloat16), tokenizer))
    assert {key: value for key, value in told.items() if key.startswith(("general.", "llama."))} == {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "tiny",
        "general.description": "a test",
        "general.file_type": 32,  # bfloat16
        "llama.vocab_size": 270,
        "llama.context_length": 64,
        "llama.embedding_length": 64,
        "llama.block_count": 2,
        "llama.feed_forward_length": 48,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.attention.key_length": 24,
        "llama.attention.value_length": 24,
        "llama.rope.dimension_count": 24,
        "llama.rope.freq_base": 5e4,
        "llama.attention.layer_norm_rms_epsilon": pytest.approx(1e-5),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_added_in_the_file_is_the_merged_model(kind: str, tokenizer: Any, tmp_path: Path) -> None:
    """As llama.cpp applies it: W + alpha / r B A, tensor by tensor, in its own names and order of rows."""
    model = made(kind)
    learnt = adapter(model)
    (tmp_path / "merged").mkdir()
    wanted = held(written(tmp_path / "merged", merged(model, learnt), tokenizer))
    base = held(written(tmp_path, model, tokenizer))
    path = tmp_path / "adapter.gguf"
    file.write_adapter(path, learnt, model.config, name="tiny", about="a test")
    told, factors = said(path), held(path)
    assert (told["general.type"], told["adapter.type"]) == ("adapter", "lora")
    assert told["general.architecture"] == file.ARCHITECTURES[kind]
    names = {name.removesuffix(".lora_a") for name in factors if name.endswith(".lora_a")}
    assert len(factors) == 2 * len(names) == 2 * len(learnt.factors)
    for name in names:
        a, b = factors[f"{name}.lora_a"], factors[f"{name}.lora_b"]
        base[name] = base[name] + told["adapter.lora.alpha"] / a.shape[0] * b @ a
    assert base.keys() == wanted.keys() > names
    for name, tensor in wanted.items():
        torch.testing.assert_close(base[name], tensor, rtol=0, atol=1e-5, msg=name)


def test_an_adapter_is_read_back_in_transformers_order(tmp_path: Path) -> None:
    model = made("llama")
    learnt, path = adapter(model), tmp_path / "adapter.gguf"
    file.write_adapter(path, learnt, model.config, name="tiny", about="a test")
    again = file.read_adapter(path, model)
    assert again.factors.keys() == learnt.factors.keys()
    for name, pair in learnt.factors.items():
        found = again.factors[name]
        torch.testing.assert_close(found.b @ found.a, pair.b @ pair.a, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (AutoConfig.for_model("gpt2"), "the architecture 'gpt2' (supported: llama, mistral, qwen2, qwen3)"),
        (AutoConfig.for_model("gemma2"), "the architecture 'gemma2'"),
        (LlamaConfig(attention_bias=True), "attention_bias = True"),
        (LlamaConfig(mlp_bias=True), "mlp_bias = True"),
        (LlamaConfig(hidden_act="gelu"), "hidden_act = 'gelu'"),
        (LlamaConfig(rope_parameters={"rope_type": "linear", "rope_theta": 1e4, "factor": 2.0}), "rope_type = 'linear'"),
        (AutoConfig.for_model("mistral", sliding_window=4096), "sliding_window = 4096"),
        (AutoConfig.for_model("qwen3", head_dim=64), "head_dim = 64"),
    ],
)  # fmt: skip
def test_what_the_file_cannot_say_is_named(config: Any, words: str) -> None:
    assert words in (file.unsupported(config) or "")


@pytest.mark.parametrize("kind", KINDS)
def test_plain_models_are_supported(kind: str) -> None:
    assert file.unsupported(made(kind).config) is None


def test_a_stock_reader_has_the_tokenizer_too(tokenizer: Any, tmp_path: Path) -> None:
    """Where a vocabulary has bytes and no marks outside them, transformers makes the same ids of the file."""
    written(tmp_path, made("llama"), tokenizer)
    text = "let x = fn y<mark>let\n\n  42 == é<end>"
    again = AutoTokenizer.from_pretrained(tmp_path, gguf_file="model.gguf")
    assert again.encode(text, add_special_tokens=False) == tokenizer.encode(text, add_special_tokens=False)
    assert (again.eos_token, again.pad_token) == ("<end>", "<end>")
