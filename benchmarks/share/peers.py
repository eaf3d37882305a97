"""The merges of two packages of the same paper, on files in PEFT's format.

Each uses its counterpart of Phase 3: adds an adapter, recomputes the shared basis, and with it every coefficient.
"""

from __future__ import annotations

import copy
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.share.adapters import LAYER
from sleepy.memory.parametric.adapter import Factors


@dataclass(frozen=True, slots=True)
class Merge:
    """`prepare` makes a state of t patterns, `merge` returns it with the new one, `factors` reads a pattern."""

    label: str
    prepare: Callable[[], Any]
    merge: Callable[[Any], Any]
    factors: Callable[[Any, str], Factors]
    note: str


@dataclass(frozen=True, slots=True)
class Missing:
    label: str
    reason: str


def lorashare(folders: Mapping[str, Path], new: str, k: int) -> Merge | Missing:
    """`add_adapter` with the basis recomputed; its other mode only projects onto the existing basis."""
    version = _version("lorashare")
    if version is None:
        return Missing("lorashare", "not installed: pip install -e '.[bench]'")
    from lorashare import SHAREModel

    old = SHAREModel.from_adapters({n: str(f) for n, f in folders.items() if n != new}, num_components=k)

    def merge(state: Any) -> Any:
        state.add_adapter(str(folders[new]), name=new, force_recompute=True)
        return state

    def factors(state: Any, name: str) -> Factors:
        found = state.reconstruct(name)
        keys = [f"base_model.model.{LAYER}.lora_{side}.weight" for side in "BA"]
        return Factors(*(found[key] for key in keys))

    note = "reads every original from disk again, float32"
    return Merge(f"lorashare {version}, `add_adapter`", partial(copy.deepcopy, old), merge, factors, note)


def vlora(folders: Mapping[str, Path], new: str, k: int) -> list[Merge | Missing]:
    """`absorb` and `absorb_incremental`; here k counts directions of flattened factors, of r n numbers each."""
    version = _version("vlora-dev")
    methods = ("absorb", "absorb_incremental")
    if version is None:
        return [Missing(f"vlora, `{method}`", "not installed: pip install -e '.[bench]'") for method in methods]
    from vlora import SharedSubspace, load_adapter

    read = {name: load_adapter(folder) for name, folder in folders.items()}
    before = [name for name in folders if name != new]
    old = SharedSubspace.from_adapters([read[name] for name in before], task_ids=before, num_components=k)

    def merge(method: str, state: Any) -> Any:
        getattr(state, method)(read[new], new)
        return state

    def factors(state: Any, name: str) -> Factors:
        found = state.reconstruct(name)
        return Factors(found.lora_b[LAYER], found.lora_a[LAYER])

    note = "k directions of whole flattened factors: r times the numbers of ours"
    return [
        Merge(f"vlora {version}, `{method}`", partial(copy.deepcopy, old), partial(merge, method), factors, note)
        for method in methods
    ]


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
