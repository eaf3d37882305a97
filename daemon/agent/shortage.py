"""When memory does not suffice: what torch raises then, told apart from every other fault."""

from __future__ import annotations

from sleepy.daemon.errors import UserError
from sleepy.memory.parametric.shortage import is_shortage as is_shortage


def too_little(model: str, tokens: int) -> UserError:
    """Not even one answer, to a prompt of so many tokens, could be made."""
    return UserError(
        f"there is not enough memory for one answer of the model {model!r} to a prompt of {tokens} tokens",
        remedy="close what takes memory, or give a smaller model (`--model`)",
    )
