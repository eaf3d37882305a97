"""A GGUF file as the folder of a Hugging Face causal LM: dense weights, and the tokenizer.

Quantised weights are written in bfloat16, others in their own precision.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import opening
from sleepy.daemon.model.source import ModelSource
from sleepy.memory.parametric.gguf.header import header

_WHOLE = {0: "float32", 1: "float16", 32: "bfloat16"}  # general.file_type, by ggml's numbers


_PROBE = 'fn main() {\n    let x: Vec<u32> = vec![1, 2];\n    println!("{x:?} ä");\n}\n'


def to_folder(found: ModelSource, folder: Path) -> None:
    """Writes the folder; `UserError` where the file cannot be read. Its tokens are compared after the round trip."""
    import torch
    from transformers import AutoTokenizer

    with opening.loading(found.name):
        model, tokenizer = opening.opened(found, precision(found.place))
        with torch.device("meta"):  # the one that was read cannot be saved: another takes its weights
            plain: Any = type(model)(model.config)
        plain.load_state_dict(model.state_dict(), assign=True)
        plain.tie_weights()
        plain.generation_config = model.generation_config
    try:
        plain.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    except SafetensorError as error:  # it hides the system's error
        raise OSError(errno.EIO, str(error).removeprefix("Error while serializing: ")) from error
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)
    if AutoTokenizer.from_pretrained(folder).encode(_PROBE) != tokenizer.encode(_PROBE):
        raise UserError(
            f"the tokenizer of {found.name!r} does not survive being written as a folder",
            remedy=f"use the file itself: --model {found.path}",
        )


def precision(file: Path) -> str:
    """The precision in which a file's weights are kept."""
    field = header(file).get_field("general.file_type")
    kind = None if field is None else int(field.contents())
    return _WHOLE.get(kind, "bfloat16") if kind is not None else "bfloat16"
