"""How many rows a model answers at once: as many as memory has room for, and no more than a limit."""

from __future__ import annotations

from typing import Any

import torch

from sleepy.daemon.base.errors import UserError

ON_CPU = 16  # rows at once; 300 answers take 9.4 s of CPU, 9.2 by 32, and no memory to speak of
ON_GPU = 256
_SHARE = 2  # of the free memory, one part in this many: others need some, and what is freed comes back in pieces


def most_rows(device: torch.device) -> int:
    """The most rows at once, whatever the memory."""
    return ON_GPU if device.type == "cuda" else ON_CPU


def row_bytes(config: Any, dtype: torch.dtype, tokens: int, *, said: int = 1, kept: bool = True) -> int:
    """Bytes that a row of so many tokens takes, with logits for `said` of them, its keys and values `kept` or not.

    Keys and values of all layers; what one layer makes of the row meanwhile, its mask included; and logits
    in the model's precision and thrice in float32.
    """
    said_of = config.get_text_config(decoder=True)
    width, heads = int(said_of.hidden_size), int(said_of.num_attention_heads)
    inner = int(getattr(said_of, "intermediate_size", None) or 4 * width)
    head = int(getattr(said_of, "head_dim", None) or width // heads)
    pairs = 2 * head * int(getattr(said_of, "num_key_value_heads", None) or heads)
    layers = int(said_of.num_hidden_layers) if kept else 1
    bytes_each = torch.empty(0, dtype=dtype).element_size()
    once = 6 * width + 3 * inner + 2 * head * heads
    held = bytes_each * tokens * (layers * pairs + once) + 4 * tokens * tokens
    return held + said * int(said_of.vocab_size) * (bytes_each + 12)


def rows(free_bytes: int | None, each: int, most: int) -> int:
    """Rows of so many bytes that fit into what is free; one at least, `most` where nobody says what is free."""
    return most if free_bytes is None else max(1, min(most, free_bytes // _SHARE // each))


def too_little(model: str, tokens: int) -> UserError:
    """The error for a model with no room for even one answer to a prompt of so many tokens."""
    return UserError(
        f"there is not enough memory for one answer of the model {model!r} to a prompt of {tokens} tokens",
        remedy="close programs that use memory, or choose a smaller model (`--model`)",
    )
