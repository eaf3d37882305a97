"""An adapter that teaches a pretrained base the prompt format: a folder beside the base, merged when it is loaded.

The base's tokenizer gets one added token for each of the prompt's marks, and its embedding the mean of the embeddings
of some words that say the same in ordinary text. The base is left as it is on disk: what is added follows from it and
from the marks alone, so an adapter need only bring what was learnt beyond that.
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
from tokenizers import AddedToken
from torch import Tensor, nn

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import edits, opening, prompt, source
from sleepy.daemon.model.source import Kind, ModelSource
from sleepy.memory.parametric.storage import write_whole

# the marks

WORDS = {
    "⟦err⟧": "\nerror: ",
    "⟦at⟧": "\n --> at line",
    "⟦rel⟧": "\nrelated line",
    "⟦:⟧": ": ",
    "⟦note⟧": "\nnote: ",
    prompt.TRY: "\nhelp: try",
    "⟦src⟧": "\nsource code:\n",
    "⟦cut⟧": "\n...\n",
    "⟦fix⟧": "\nfix:\n",
    edits.TO: " -> ",
    edits.INSERT: " + insert",
    edits.DELETE: " - delete",
}


def words(mark: str) -> str:
    """What a mark stands for in ordinary text; a line's mark for the number and a bar."""
    return WORDS.get(mark, f"\n{mark[1:-1]}|")


def add_marks(model: Any, tokenizer: Any) -> int:
    """Adds the marks to both, in place; returns the first mark's id. `UserError` where the tokenizer has some of them.

    Rows that a model's embedding has beyond its tokenizer's ids are left out: the marks follow the tokens.
    """
    count = len(tokenizer)
    meant = [tokenizer.encode(words(mark), add_special_tokens=False) for mark in prompt.MARKS]
    added = tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in prompt.MARKS])
    if not added:
        raise UserError("the model has the prompt's marks already", remedy="use it as it is: it needs no adapter")
    if added != len(prompt.MARKS) or not all(meant):
        raise UserError(
            f"the tokenizer knows {len(prompt.MARKS) - added} of the {len(prompt.MARKS)} prompt marks, or cannot encode others",
            remedy="choose a model that has all of them, which needs no adapter, or none of them, which can be given them",
        )
    model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    with torch.no_grad():
        for matrix in {
            id(m.weight): m.weight for m in (model.get_input_embeddings(), model.get_output_embeddings())
        }.values():
            rows = torch.stack([matrix[torch.tensor(ids, device=matrix.device)].float().mean(0) for ids in meant])
            matrix[count:] = rows.to(matrix.dtype)
    return count


# the folder

INFO, WEIGHTS = source.ADAPTER, "adapter.safetensors"
ROWS = "marks"  # the marks' output rows among the tensors


@dataclass(frozen=True, slots=True)
class AdapterInfo:
    """What adapter.json says. `base` is any model's name, or a folder relative to the adapter's own."""

    base: str
    format: str
    window: int  # lines
    marks: tuple[str, ...] = prompt.MARKS
    taught: Mapping[str, Any] | None = None  # how: samples, tokens, recipe


def save_adapter(folder: Path, told: AdapterInfo, parameters: Mapping[str, Tensor], *, scale: float) -> None:
    """Writes the adapter, in bfloat16; its files are whole or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: (value * scale if name.endswith(".b") else value).to("cpu", torch.bfloat16).contiguous()
        for name, value in parameters.items()
    }
    write_whole(folder / WEIGHTS, save_tensors(tensors))
    write_whole(folder / INFO, (json.dumps(asdict(told), ensure_ascii=False, indent=1) + "\n").encode())


def read_adapter(folder: Path) -> tuple[AdapterInfo, dict[str, Tensor]]:
    """What an adapter says and its tensors, float32. `UserError` where the folder holds none that can be read."""
    try:
        told = AdapterInfo(**json.loads((folder / INFO).read_text(encoding="utf-8")))
        tensors = load_tensors((folder / WEIGHTS).read_bytes())
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise UserError(
            f"{folder} has no readable adapter: {error}", remedy=f"it needs complete files {INFO} and {WEIGHTS}"
        ) from error
    if tuple(told.marks) != prompt.MARKS:
        raise UserError(
            f"{folder} is for prompts with other marks", remedy="choose one that this version of sleepy trained"
        )
    return told, {name: value.float() for name, value in tensors.items()}


def architecture(folder: Path) -> Any:
    """The transformers configuration of the base with the adapter."""
    told, _ = read_adapter(folder)
    config = opening.configuration(base_of(folder, told.base))
    config.sleepy_format, config.sleepy_window = told.format, told.window
    config.tie_word_embeddings = False
    return config


def load_adapted(folder: Path, *, dtype: str = "auto") -> tuple[Any, Any]:
    """The base with the adapter in its weights, and its tokenizer with the marks.

    `dtype` is the weights' precision; `auto` that of the base's files. `UserError` where the adapter is of another model.
    """
    told, tensors = read_adapter(folder)
    model, tokenizer = opening.opened(base_of(folder, told.base), dtype)
    precision = model.dtype
    model.float()
    first = add_marks(model, tokenizer)
    merge_adapter(model, first, tensors, folder)
    model.config.sleepy_format, model.config.sleepy_window = told.format, told.window
    return model.to(precision).eval(), tokenizer


@torch.no_grad()
def merge_adapter(model: Any, first: int, tensors: Mapping[str, Tensor], folder: Path) -> None:
    """Adds the factors' products to the weights, and puts in the output rows from `first` on, apart from the input's."""
    factors = dict(tensors)
    rows = factors.pop(ROWS, None)
    for name in sorted({name.rpartition(".")[0] for name in factors}):
        try:
            weight = model.get_submodule(name).weight
            weight += factors[f"{name}.b"] @ factors[f"{name}.a"]  # (n, r) @ (r, d)
        except (AttributeError, KeyError, RuntimeError) as error:
            raise UserError(
                f"{folder} is for another model: {name} does not fit",
                remedy="name the base model that it was trained on",
            ) from error
    head = model.get_output_embeddings()
    matrix = head.weight.detach().clone()
    if rows is None or rows.shape != matrix[first:].shape:
        raise UserError(
            f"{folder} is for another model: its marks do not fit", remedy="name the base model that it was trained on"
        )
    matrix[first:] = rows
    head.weight = nn.Parameter(matrix)
    model.config.tie_word_embeddings = False


def base_of(folder: Path, name: str) -> ModelSource:
    """Where an adapter's base is: a folder beside it, or what the name leads to. `UserError` where that is an adapter."""
    beside = folder / name
    found = source.find(str(beside) if (beside / source.CONFIG).is_file() else name)
    if found.kind is Kind.ADAPTER:
        raise UserError(f"the base {name!r} is itself an adapter", remedy="name the model beneath it")
    return found
