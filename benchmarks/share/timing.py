"""Times several sides in one run, in turn, and counts the bytes that a call allocates.

On a CPU the clock is this process's CPU time (one thread, see `__main__`), so other programs on the machine matter only
as far as they share its caches.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

Clock = Callable[[], float]  # seconds


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call to be timed, and an untimed one that makes its argument beforehand."""

    prepare: Callable[[], Any]
    act: Callable[[Any], object]


Sides = Mapping[str, Callable[[], object] | Prepared]


def interleaved(
    sides: Sides,
    rounds: int,
    *,
    least: float = 0.05,
    clock: Clock = time.process_time,
) -> dict[str, float]:
    """The seconds per call of each side: medians over rounds in which the sides take turns.

    A fast side is called repeatedly until `least` seconds have passed; the mean counts.
    """
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            spent, calls = 0.0, 0
            while spent < least:
                act = partial(side.act, side.prepare()) if isinstance(side, Prepared) else side
                began = clock()
                act()
                spent += clock() - began
                calls += 1
            found[name].append(spent / calls)
    return {name: statistics.median(times) for name, times in found.items()}


class Allocated(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts in `bytes` the storage of every new tensor; views and writes into existing tensors do not count."""

    bytes: int = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = {leaf.untyped_storage().data_ptr() for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)}
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            if isinstance(leaf, Tensor) and leaf.untyped_storage().data_ptr() not in given:
                self.bytes += leaf.untyped_storage().nbytes()
        return out


def allocated(act: Callable[[], object]) -> int:
    """The total bytes of all tensors that `act` makes, whether they survive it or not."""
    counting = Allocated()  # type: ignore[no-untyped-call]
    with torch.no_grad(), counting:
        act()
    return counting.bytes
