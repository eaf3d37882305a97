"""When memory does not suffice: what torch raises then, how much is free, and how a batch is cut to fit.

How a batch is cut is no part of what is learnt: the pieces' gradients add up to the whole batch's, but for rounding.
What is free is an estimate; where it was too high, pieces are halved until they fit.
"""

from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psutil
import torch

from sleepy.memory.parametric.errors import MemoryShort
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.share_linear import linear_layers

Found = TypeVar("Found")

_SAID = (
    "DefaultCPUAllocator",
    "bad_alloc",
    "Cannot allocate memory",  # a file that cannot be mapped
    "out of memory",  # MPS
    "CUBLAS_STATUS_ALLOC_FAILED",
    "could not create a memory object",  # oneDNN
    "could not create a primitive",  # oneDNN, for its scratch pad
)
_KEPT = 2  # numbers kept for the backward pass per number that enters or leaves a linear layer; 1.6-1.9 measured
_SHARE = 0.8  # of what is free


def is_shortage(error: BaseException) -> bool:
    """Whether torch, or Python, could not get memory. On a CPU torch raises a plain RuntimeError."""
    return (
        isinstance(error, MemoryError | torch.OutOfMemoryError)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or (isinstance(error, RuntimeError) and any(words in str(error) for words in _SAID))
    )


def free(device: torch.device) -> int | None:
    """Bytes that can still be had there: no more than this process may have; None where nobody says."""
    if device.type == "cuda":
        reserved = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + reserved
    if device.type != "cpu":
        return None
    found = int(psutil.virtual_memory().available)
    used = psutil.Process().memory_info()
    for limit, has in ((resource.RLIMIT_AS, used.vms), (resource.RLIMIT_DATA, _data() or used.rss)):
        soft, _ = resource.getrlimit(limit)
        if soft != resource.RLIM_INFINITY:
            found = min(found, soft - has)
    return max(0, found)


def _data() -> int | None:
    """What Linux counts against RLIMIT_DATA, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmData:")), None)


class Pieces:
    """Cuts batches for one model, in pieces that fit: smaller ones after each shortage, and so from then on."""

    def __init__(self, model: Any, tokens: int, *, training: bool) -> None:
        self.model, self.training = model, training
        self.room = tokens  # padded, a piece
        self.checkpointing = False
        has = free(next(model.parameters()).device)
        if has is not None:
            self.room = min(tokens, max(1, int(_SHARE * has / bytes_a_token(model, training=training))))

    def of(self, batch: Sequence[Example]) -> list[list[Example]]:
        """The batch in order, in pieces of at most `room` tokens; one example at least."""
        width = max(len(example.ids) for example in batch)
        rows = max(1, self.room // width)
        return [list(batch[start : start + rows]) for start in range(0, len(batch), rows)]

    def fitting(self, batch: Sequence[Example], work: Callable[[list[list[Example]]], Found]) -> Found:
        """What `work` returns for the batch's pieces, begun anew with smaller ones as long as memory falls short.

        `MemoryShort` when one row alone is too much, in training with gradient checkpointing too.
        """
        while True:
            pieces = self.of(batch)
            try:
                return work(pieces)
            except (RuntimeError, MemoryError) as error:
                if not is_shortage(error):
                    raise
            # here, when the error is gone and with it what its frames held
            if next(self.model.parameters()).device.type == "cuda":
                torch.cuda.empty_cache()
            most, width = len(pieces[0]), max(len(example.ids) for example in batch)
            if most > 1:
                self.room = (most // 2) * width
            elif not self._checkpointed():
                raise MemoryShort(
                    f"there is not enough memory to {'train on' if self.training else 'read'} {width} tokens at a time",
                    remedy="close what takes memory, leave out the longest lessons, or take a smaller model",
                )

    def _checkpointed(self) -> bool:
        """Turns gradient checkpointing on; False where it was on, or cannot be."""
        enable = getattr(self.model, "gradient_checkpointing_enable", None)
        if not self.training or enable is None or not getattr(self.model, "supports_gradient_checkpointing", True):
            return False
        if any(getattr(module, "gradient_checkpointing", False) for module in self.model.modules()):
            return False
        enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        self.checkpointing = True
        return True

    def close(self) -> None:
        """Turns off what was turned on."""
        if self.checkpointing:
            self.model.gradient_checkpointing_disable()
            self.checkpointing = False


def bytes_a_token(model: Any, *, training: bool) -> float:
    """An estimate: what passes through the linear layers, in training what the backward pass keeps of it."""
    layers = linear_layers(model)
    size = next(model.parameters()).element_size()
    through = [layer.in_features + layer.out_features for layer in layers.values()]
    if not through:
        return float(size)
    return float(size * _KEPT * (sum(through) if training else max(through)))
