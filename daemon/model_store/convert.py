"""A GGUF file as the folder of a Hugging Face causal LM: dense weights, and the tokenizer.

What was packed is written in bfloat16, which rounds by less than the packing did; what was whole in its own precision.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sleepy.daemon.model import opening
from sleepy.daemon.model.source import Source

_WHOLE = {0: "float32", 1: "float16", 32: "bfloat16"}  # general.file_type, by ggml's numbers


def to_folder(found: Source, folder: Path) -> None:
    """Writes the folder; `UserError` where the file cannot be read. Its tokens are compared after the round trip."""
    from transformers import AutoTokenizer

    with opening.loading(found.name):
        model, tokenizer = opening.opened(found, precision(found.place))
        plain: Any = type(model)(model.config).to(model.dtype)  # the one that was read cannot be saved
        plain.load_state_dict(model.state_dict())
        plain.tie_weights()
        plain.generation_config = model.generation_config
        del model
        plain.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        for file in folder.glob("*.safetensors"):
            file.chmod(0o644)
        again = AutoTokenizer.from_pretrained(folder)
        if again.encode(_PROBE) != tokenizer.encode(_PROBE):
            raise ValueError("its tokenizer does not survive being written as a folder")


_PROBE = 'fn main() {\n    let x: Vec<u32> = vec![1, 2];\n    println!("{x:?} ä");\n}\n'


def precision(file: Path) -> str:
    """The precision in which a file's weights are kept."""
    from gguf import GGUFReader

    field = GGUFReader(file).get_field("general.file_type")
    kind = None if field is None else int(field.contents())
    return _WHOLE.get(kind, "bfloat16") if kind is not None else "bfloat16"
