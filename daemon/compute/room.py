"""Estimates of the memory that training takes, on the safe side."""

from __future__ import annotations

from typing import Any

_PROGRAM = 700 << 20  # Python, torch and their own allocations
_TOKENS = 1024  # per step


def training_bytes(model: Any) -> int:
    """The bytes that a process training adapters on this model holds: the weights and the activations of one step.

    For the backward pass, about 34 hidden widths and 6 inner widths are kept per token and layer (Korthikanti et al.,
    "Reducing activation recomputation in large transformer models", arXiv:2205.05198, counted in 4-byte numbers).
    """
    config = model.config
    weights: int = sum(p.numel() for p in model.parameters())
    hidden = int(config.hidden_size)
    inner = int(getattr(config, "intermediate_size", 0) or 4 * hidden)
    kept = _TOKENS * int(config.num_hidden_layers) * (34 * hidden + 6 * inner)
    return _PROGRAM + 4 * (weights + kept)
