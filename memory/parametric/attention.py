"""Attention as plain products where torch's fused kernel is slower: for short rows in half precision on a CPU.

Its backward pass there: 8 rows of 125 tokens 12 ms a layer against 5, 2 of 400 14 against 9, one of 1,000 25 both.
In float32 the fused kernel is the quicker at any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

LONGEST = 512  # tokens a row


@contextmanager
def quickest(model: Any, ids: Tensor) -> Iterator[None]:
    """Within, a forward and backward pass over ids (rows, tokens) take the quicker way; the same but for rounding."""
    config = getattr(model, "config", None)
    plain = (
        ids.device.type == "cpu"
        and ids.shape[1] <= LONGEST
        and next(model.parameters()).dtype is torch.bfloat16
        and getattr(config, "_attn_implementation", None) == "sdpa"
    )
    if not plain:
        yield
        return
    model.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.set_attn_implementation("sdpa")
