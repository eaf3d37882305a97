"""Models and adapters as GGUF, the file format of llama.cpp: tensors and what it must be told of the architecture.

llama.cpp turns pairs of neighbouring rows of a head (2i, 2i + 1) where transformers turns rows i and i + d / 2, so the rows
of q and k are put in another order for what it calls `llama`, in an adapter those of B. Norms and biases are float32, as
it expects; other weights stay as they are. Nothing is quantised: llama.cpp's own tools do that with what is written here.

What the file cannot say of a model, or llama.cpp ignores (see `unsupported`), is not written at all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFType, GGUFWriter, Keys, LlamaFileType
from torch import Tensor, nn

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.gguf import vocabulary
from sleepy.memory.parametric.gguf.header import header

# transformers' name -> llama.cpp's
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
OURS = {"sleepy_format": "sleepy.format", "sleepy_window": "sleepy.window"}  # a configuration's field -> the file's key
_PLAIN = {"hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "sliding_window": None}
_TYPES = {
    torch.float32: (GGMLQuantizationType.F32, LlamaFileType.ALL_F32),
    torch.float16: (GGMLQuantizationType.F16, LlamaFileType.MOSTLY_F16),
    torch.bfloat16: (GGMLQuantizationType.BF16, LlamaFileType.MOSTLY_BF16),
}


def unsupported(config: Any) -> str | None:
    """What stands against writing a model of this transformers configuration; None if nothing does."""
    if config.model_type not in ARCHITECTURES:
        return f"models of the architecture {config.model_type!r} (supported: {', '.join(ARCHITECTURES)})"
    for field, plain in _PLAIN.items():
        if (value := getattr(config, field, plain)) != plain:
            return f"a {config.model_type} with {field} = {value!r} (supported: {plain!r})"
    if (kind := _rope(config).get("rope_type", "default")) != "default":
        return f"a {config.model_type} with rope_type = {kind!r} (supported: 'default')"
    if config.model_type == "qwen3" and config.head_dim != 128:  # readers take it for granted
        return f"a qwen3 with head_dim = {config.head_dim} (supported: 128)"
    return None


def write_model(path: Path, model: Any, tokenizer: Any, *, name: str, about: str, chat: bool) -> None:
    """Writes a whole model with its tokenizer; `chat` says whether prompts go through its chat template.

    `SubspaceError` where llama.cpp has nothing for its tokenizer.
    """
    config, heads = model.config, model.config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // heads
    rows = model.get_input_embeddings().weight.shape[0]
    writer = _writer(path, config, GGUFType.MODEL, name=name, about=about)
    writer.add_file_type(_TYPES[model.dtype][1])
    writer.add_vocab_size(rows)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    writer.add_rope_freq_base(float(_rope(config)["rope_theta"]))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    for field, key in OURS.items():
        if (value := getattr(config, field, None)) is not None:
            writer.add_string(key, str(value))
    vocabulary.add(writer, tokenizer, rows, chat=chat)
    for key, value in model.named_parameters():  # a tied output embedding is no parameter of its own
        place = _place(config, key)
        value = value.detach().float() if value.ndim == 1 else value.detach()
        _add(writer, place, _ordered(config, place, value))
    _close(writer)


def write_adapter(path: Path, adapter: Adapter, config: Any, *, name: str, about: str) -> None:
    """Writes an adapter of a model of this configuration, in float32, for llama.cpp's `--lora` at scale 1."""
    rank, pairs = adapter.uniform()
    writer = _writer(path, config, GGUFType.ADAPTER, name=name, about=about)
    writer.add_string(Keys.Adapter.TYPE, "lora")
    writer.add_float32(Keys.Adapter.LORA_ALPHA, float(rank))
    for module, pair in pairs.items():
        place = _place(config, f"{module}.weight")
        _add(writer, f"{place}.lora_a", pair.a)
        _add(writer, f"{place}.lora_b", _ordered(config, place, pair.b))
    _close(writer)


def ours(path: Path) -> dict[str, str]:
    """What a file says to this program alone, by the configuration's fields: the answers' format, lines of a window."""
    fields = header(path).fields
    return {field: str(fields[key].contents()) for field, key in OURS.items() if key in fields}


def read_adapter(path: Path, model: nn.Module) -> Adapter:
    """The adapter of the model's layers that is in a file, its scale folded in, as llama.cpp would apply it."""
    reader, config = header(path), model.config
    alpha = float(reader.fields[Keys.Adapter.LORA_ALPHA].contents())
    tensors = {each.name: torch.from_numpy(np.array(each.data)) for each in reader.tensors}
    modules = {
        _place(config, f"{module}.weight"): module
        for module, each in model.named_modules()
        if isinstance(each, nn.Linear)
    }
    factors = {}
    for place in (key.removesuffix(".lora_a") for key in tensors if key.endswith(".lora_a")):
        a, b = tensors[f"{place}.lora_a"], tensors[f"{place}.lora_b"]
        back = _ordered(config, place, torch.arange(b.shape[0])).argsort()
        factors[modules[place]] = Factors(b[back] * (alpha / a.shape[0]), a)
    return Adapter(factors)


def _rope(config: Any) -> dict[str, Any]:
    return getattr(config, "rope_parameters", None) or {}


def _writer(path: Path, config: Any, kind: str, *, name: str, about: str) -> GGUFWriter:
    writer = GGUFWriter(path, ARCHITECTURES[config.model_type])
    writer.add_type(kind)
    writer.add_name(name)
    writer.add_description(about)
    return writer


def _place(config: Any, key: str) -> str:
    """llama.cpp's name for a parameter of transformers'."""
    names = _names(ARCHITECTURES[config.model_type], config.num_hidden_layers)
    found = names.get_name(key, try_suffixes=(".weight", ".bias"))
    if found is None:
        raise SubspaceError(
            f"llama.cpp has no tensor for {key}",
            remedy="export it as a Hugging Face folder (hf) or adapter (peft) instead",
        )
    return str(found)


@cache
def _names(architecture: str, layers: int) -> Any:
    kind = next(each for each, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture)
    return gguf.get_tensor_name_map(kind, layers)


def _ordered(config: Any, place: str, rows: Tensor) -> Tensor:
    """The rows of a weight (n, ...) in llama.cpp's order: within each head of q or k, halves become neighbours."""
    count = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}.get(place.split(".")[-2])
    if count is None or ARCHITECTURES[config.model_type] != "llama":
        return rows
    return (
        rows.reshape(count, 2, -1, *rows.shape[1:]).transpose(1, 2).reshape(rows.shape)
    )  # (heads, halves, d / 2, ...)


def _add(writer: GGUFWriter, name: str, value: Tensor) -> None:
    value = value.cpu().contiguous()
    writer.add_tensor(name, value.view(torch.uint8).numpy(), raw_dtype=_TYPES[value.dtype][0])  # numpy has no bfloat16


def _close(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
