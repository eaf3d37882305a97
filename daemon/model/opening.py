"""Loads a model's configuration, weights and tokenizer from where its name leads.

A GGUF file becomes ordinary layers with dense weights: quantised ones can be neither routed nor trained.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import logging
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model.source import GETTABLE, Kind, ModelSource, shipped
from sleepy.memory.parametric.gguf import file, vocabulary
from sleepy.memory.parametric.gguf.header import header
from sleepy.memory.parametric.shortage import free, is_shortage

STORED = "auto"  # the precision in which a model's files hold its weights
_HEADROOM = 1.1  # of the weights' bytes that must be free before they are read


_RAISED = (
    OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError, NotImplementedError, ImportError,
    MemoryError, SafetensorError, struct.error,
)  # fmt: skip  # by libraries, for a file that is broken in one way or another


@contextlib.contextmanager
def loading(name: str) -> Iterator[None]:
    """Turns what is raised for a model that does not load into a `UserError` of one line."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        yield
    except UserError:
        raise
    except _RAISED as error:
        if is_shortage(error):
            raise no_room(name) from error
        reason = next((line for line in str(error).strip().split("\n") if line), type(error).__name__)
        got = next((item.name for item in GETTABLE.values() if item.hub == name), None)
        near = difflib.get_close_matches(name, [*shipped(), *GETTABLE], n=1)
        more = "the model built-in needs neither"
        if near:
            more = f"did you mean {near[0]!r}?"
        elif got:
            more = f"`sleepy model get {got}` fetches it another way"
        raise UserError(
            f"the model {name!r} cannot be loaded: {reason}",
            remedy=f"check its files, or the network if it is a hub name; {more}",
        ) from error


def no_room(name: str, needed: int | None = None) -> UserError:
    """The error for a model whose weights do not fit into memory."""
    takes = f"it takes {needed >> 20} MiB, and " if needed else ""
    return UserError(
        f"there is not enough memory to load the model {name!r}: {takes}{_free() >> 20} MiB are free",
        remedy="close programs that use memory, or choose a smaller model (`--model`)",
    )


def configuration(source: ModelSource) -> Any:
    """The transformers configuration of a model that is no adapter."""
    with loading(source.name):
        if source.kind is Kind.GGUF:
            return _told(source, AutoConfig.from_pretrained(source.place.parent, gguf_file=source.place.name))
        return AutoConfig.from_pretrained(source.path)


def checked(source: ModelSource) -> None:
    """Raises `UserError` where a folder's configuration or tokenizer cannot be read, or it has no weights."""
    with loading(source.name):
        AutoConfig.from_pretrained(source.path)
        AutoTokenizer.from_pretrained(source.path)
        weight_bytes(source.place)  # whose headers must be whole
        if not any(source.place.glob("*.safetensors")) and not any(source.place.glob("*.bin")):
            raise UserError(f"the model folder {source.name!r} has no weights", remedy="copy its *.safetensors into it")


def opened(source: ModelSource, dtype: str) -> tuple[Any, Any]:
    """The causal LM with weights in this precision, and its tokenizer. Not for adapters (see `adapter`)."""
    with loading(source.name):
        _check_room(source, dtype)
        if source.kind is not Kind.GGUF:
            tokenizer = AutoTokenizer.from_pretrained(source.path)
            return _whole(source, source.path, dtype=dtype), tokenizer
        folder, name = source.place.parent, source.place.name
        more: dict[str, Any] = {}
        if hasattr(transformers, "GgufConfig"):
            more["quantization_config"] = transformers.GgufConfig(dequantize=True)
        with contextlib.redirect_stderr(io.StringIO()):  # a bar that cannot be turned off
            tokenizer = _named(source, AutoTokenizer.from_pretrained(folder, gguf_file=name))
            model = _whole(source, folder, gguf_file=name, dtype=torch.float32, **more)
        _told(source, model.config)
        if dtype != STORED:
            model.to(getattr(torch, dtype))
        return model, tokenizer


def _whole(source: ModelSource, path: str | Path, **more: Any) -> Any:
    """The model; `UserError` where its weights lack some that it needs, or have them in other shapes: they would be random."""
    model, told = AutoModelForCausalLM.from_pretrained(
        path, output_loading_info=True, ignore_mismatched_sizes=True, **more
    )
    wrong = sorted({*told["missing_keys"], *(str(item[0]) for item in told["mismatched_keys"])})
    if wrong:
        raise UserError(
            f"the weights of {source.name!r} do not fit its configuration: {len(wrong)} are missing or of other shapes, "
            f"{wrong[0]} first",
            remedy="copy its config.json and weights anew, from one place",
        )
    return model


def _named(source: ModelSource, tokenizer: Any) -> Any:
    """The tokenizer with the file's own tokens where they are known to the letter: transformers cuts up a prompt's marks."""
    exact = vocabulary.known(source.place)
    if exact is None:
        return tokenizer
    settings = {name: getattr(tokenizer, name) for name in ("bos_token", "eos_token", "unk_token", "pad_token")}
    made = PreTrainedTokenizerFast(tokenizer_object=exact, **settings)
    made.chat_template = tokenizer.chat_template
    return made


def _told(source: ModelSource, config: Any) -> Any:
    """A GGUF file's configuration with what it says to this program, and no longer noted as quantised."""
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    for field, value in file.ours(source.place).items():
        setattr(config, field, value)
    return config


def _check_room(source: ModelSource, dtype: str) -> None:
    """Raises where the weights are known not to fit: reading them would have the system kill something."""
    if source.kind is Kind.GGUF:
        needed = 4 * sum(int(tensor.n_elements) for tensor in header(source.place).tensors)
    elif source.kind is Kind.FOLDER:
        needed = weight_bytes(source.place, None if dtype == STORED else getattr(torch, dtype).itemsize)
    else:
        return
    if needed * _HEADROOM > _free():
        raise no_room(source.name, needed)


def _free() -> int:
    return free(torch.device("cpu")) or 0


def weight_bytes(folder: Path, each: int | None = None) -> int:
    """Bytes of a folder's safetensors weights, `each` a number where given; from the files' headers alone."""
    total = 0
    for path in folder.glob("model*.safetensors"):
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > path.stat().st_size:
                raise ValueError(f"{path.name} is damaged: its header does not end")
            header = json.loads(file.read(length))
        ends = [item["data_offsets"][1] for name, item in header.items() if name != "__metadata__"]
        if 8 + length + max(ends, default=0) > path.stat().st_size:
            raise ValueError(f"{path.name} is cut off")
        for name, item in header.items():
            if name != "__metadata__":
                begin, end = item["data_offsets"]
                count = 1
                for size in item["shape"]:
                    count *= size
                total += count * each if each else end - begin
    return total
