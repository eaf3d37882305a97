"""When memory does not suffice: what torch raises then, told apart from every other fault."""

from __future__ import annotations

import torch

from sleepy.daemon.errors import UserError


def is_shortage(error: BaseException) -> bool:
    """Whether torch, or Python, could not get memory. On a CPU torch raises a plain RuntimeError."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
    )


def too_little(model: str, tokens: int) -> UserError:
    """Not even one answer, to a prompt of so many tokens, could be made."""
    return UserError(
        f"there is not enough memory for one answer of the model {model!r} to a prompt of {tokens} tokens",
        remedy="close what takes memory, or give a smaller model (`--model`)",
    )
