"""How much memory a model takes at what it does: estimates on the safe side."""

from __future__ import annotations

from typing import Any

_PROGRAM = 700 << 20  # Python, torch, and what both allocate on the way
_TOKENS = 1024  # of a step


def training_bytes(model: Any) -> int:
    """What a process that trains adapters on this model holds: weights, and the activations of one step.

    About 34 widths and 6 inner widths a token and layer are kept for the way back (Korthikanti et al., "Reducing
    activation recomputation in large transformer models", arXiv:2205.05198, counted in numbers of four bytes).
    """
    config = model.config
    weights: int = sum(p.numel() for p in model.parameters())
    hidden = int(config.hidden_size)
    inner = int(getattr(config, "intermediate_size", 0) or 4 * hidden)
    kept = _TOKENS * int(config.num_hidden_layers) * (34 * hidden + 6 * inner)
    return _PROGRAM + 4 * (weights + kept)
