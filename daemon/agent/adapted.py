"""An adapter that teaches a pretrained base this program's format, as a folder beside the untouched base.

`adapter.json` says which base it is for, the marks that it adds to the tokenizer, the answer format and how many
lines a prompt shows; `adapter.safetensors` holds the factors of each linear layer that learnt, with the scale in b,
and the marks' output rows. Loading adds the products to the base's weights in float32: served, it is one plain model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from sleepy.daemon.agent import prompt
from sleepy.daemon.agent.adopt import adopt
from sleepy.daemon.errors import UserError
from sleepy.memory.parametric.storage import write_whole

TOLD, WEIGHTS = "adapter.json", "adapter.safetensors"
ROWS = "marks"  # the marks' output rows among the tensors


@dataclass(frozen=True, slots=True)
class Told:
    """What adapter.json says. `base` is a folder, from the adapter's own where it is relative, or a hub name."""

    base: str
    format: str
    window: int  # lines
    marks: tuple[str, ...] = prompt.MARKS
    taught: Mapping[str, Any] | None = None  # how: samples, tokens, recipe


def is_adapter(name: str) -> bool:
    return (Path(name).expanduser() / TOLD).is_file()


def save(folder: Path, told: Told, parameters: Mapping[str, Tensor], *, scale: float) -> None:
    """Writes the adapter, in bfloat16; its files are whole or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: (value * scale if name.endswith(".b") else value).to("cpu", torch.bfloat16).contiguous()
        for name, value in parameters.items()
    }
    write_whole(folder / WEIGHTS, save_tensors(tensors))
    write_whole(folder / TOLD, (json.dumps(asdict(told), ensure_ascii=False, indent=1) + "\n").encode())


def read(folder: Path) -> tuple[Told, dict[str, Tensor]]:
    """What an adapter says and its tensors, float32. `UserError` where the folder holds none that can be read."""
    try:
        told = Told(**json.loads((folder / TOLD).read_text(encoding="utf-8")))
        tensors = load_tensors((folder / WEIGHTS).read_bytes())
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise UserError(
            f"{folder} holds no adapter that can be read: {error}", remedy=f"it needs {TOLD} and {WEIGHTS}, whole"
        ) from error
    if tuple(told.marks) != prompt.MARKS:
        raise UserError(f"{folder} is for prompts with other marks", remedy="one taught by this version of sleepy")
    return told, {name: value.float() for name, value in tensors.items()}


def architecture(folder: Path) -> Any:
    """The transformers configuration of the base with the adapter."""
    told, _ = read(folder)
    config = AutoConfig.from_pretrained(_base(folder, told.base))
    config.sleepy_format, config.sleepy_window = told.format, told.window
    config.tie_word_embeddings = False
    return config


def load(folder: Path, *, dtype: str = "auto") -> tuple[Any, Any]:
    """The base with the adapter in its weights, and its tokenizer with the marks.

    `dtype` is the weights' precision; `auto` that of the base's files. `UserError` where the adapter is of another model.
    """
    told, tensors = read(folder)
    base = _base(folder, told.base)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype)
    tokenizer = AutoTokenizer.from_pretrained(base)
    precision = model.dtype
    model.float()
    first = adopt(model, tokenizer)
    merge(model, first, tensors, folder)
    model.config.sleepy_format, model.config.sleepy_window = told.format, told.window
    return model.to(precision).eval(), tokenizer


@torch.no_grad()
def merge(model: Any, first: int, tensors: Mapping[str, Tensor], folder: Path) -> None:
    """Adds the factors' products to the weights, and puts in the output rows from `first` on, apart from the input's."""
    factors = dict(tensors)
    rows = factors.pop(ROWS, None)
    for name in sorted({name.rpartition(".")[0] for name in factors}):
        try:
            weight = model.get_submodule(name).weight
            weight += factors[f"{name}.b"] @ factors[f"{name}.a"]  # (n, r) @ (r, d)
        except (AttributeError, KeyError, RuntimeError) as error:
            raise UserError(
                f"{folder} is for another model: {name} does not fit", remedy="name the base that it was taught on"
            ) from error
    head = model.get_output_embeddings()
    matrix = head.weight.detach().clone()
    if rows is None or rows.shape != matrix[first:].shape:
        raise UserError(f"{folder} is for another model: its marks do not fit", remedy="name the base it was taught on")
    matrix[first:] = rows
    head.weight = nn.Parameter(matrix)
    model.config.tie_word_embeddings = False


def _base(folder: Path, name: str) -> str:
    """A folder's path where there is one of that name, else the name, for the hub."""
    found = next((path for path in (Path(name).expanduser(), folder / name) if (path / "config.json").is_file()), None)
    return name if found is None else str(found)
