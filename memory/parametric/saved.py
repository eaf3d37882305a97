"""A subspace as a folder: one index, and one file of tensors that it names by their hash.

Coefficients are turned into the present basis before they are written: the file is as large as that needs,
says the same as in an eager program (format 1 from the first), and any reader of it needs one product
only. A save writes all patterns anyway, so nothing is gained by writing what is pending.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from sleepy.memory.parametric.block import Block, Side
from sleepy.memory.parametric.coefficients import Coefficients
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.storage import write_whole

_INDEX, _FORMAT = "subspace.json", 1


def serialised(blocks: Mapping[str, Block], drift: Mapping[str, float]) -> tuple[bytes, bytes]:
    """The index and the tensors: equal values, equal bytes."""
    tensors: dict[str, Tensor] = {}
    for name, block in blocks.items():
        tensors.update({f"{name}.{key}": tensor.contiguous() for key, tensor in _tensors(block).items()})
    data = save_tensors(dict(sorted(tensors.items())))
    digest = hashlib.sha256(data).hexdigest()
    layout = {
        "format": _FORMAT,
        "tensors": f"{digest}.safetensors",
        "sha256": digest,
        "patterns": [[name, value] for name, value in drift.items()],
        "modules": [[name, list(block.patterns)] for name, block in blocks.items()],
    }
    return (json.dumps(layout, indent=1) + "\n").encode(), data


def version_of(index: bytes) -> str:
    """What a version is called: the hash of its index, which holds that of its tensors."""
    return hashlib.sha256(index).hexdigest()


def write(folder: Path, index: bytes, tensors: bytes) -> None:
    """The tensors go first, under a name made of their hash; the index that names them is replaced in one
    step, so a crash in between leaves the previous version readable."""
    folder.mkdir(parents=True, exist_ok=True)
    name = json.loads(index)["tensors"]
    if not (folder / name).exists() or (folder / name).read_bytes() != tensors:
        write_whole(folder / name, tensors)
    write_whole(folder / _INDEX, index)
    for old in folder.glob("*.safetensors"):
        if old.name != name:
            old.unlink()


def read(folder: Path, version: str | None) -> tuple[dict[str, Block], dict[str, float]]:
    """Blocks and drift as written; `SubspaceError` if they are not whole, or not of `version`."""
    restore = "restore the folder from a backup, or roll back to another version"
    try:
        index = (folder / _INDEX).read_bytes()
    except OSError as error:
        raise SubspaceError(f"{folder}: no {_INDEX}", remedy="give a folder written by save") from error
    found = version_of(index)
    if version is not None and found != version:
        raise SubspaceError(f"{folder} holds version {found[:12]}, not {version[:12]}", remedy=restore)
    try:
        layout = json.loads(index)
        if layout["format"] != _FORMAT:
            raise SubspaceError(
                f"{folder}: format {layout['format']!r}, this program reads {_FORMAT}",
                remedy="use the release that wrote it",
            )
        data = (folder / layout["tensors"]).read_bytes()
        if hashlib.sha256(data).hexdigest() != layout["sha256"]:
            raise SubspaceError(f"{folder / layout['tensors']} is damaged", remedy=restore)
        return _parsed(layout, load_tensors(data))
    except OSError as error:
        raise SubspaceError(f"{folder}: the tensors are missing: {error}", remedy=restore) from error
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise SubspaceError(f"{folder}: the index does not describe a subspace: {error!r}", remedy=restore) from error


def _tensors(block: Block) -> dict[str, Tensor]:
    return {
        "values": block.values,
        "b.basis": block.b.basis,
        "b.gram": block.b.gram,
        "b.coefficients": block.b.held.whole(),
        "a.basis": block.a.basis,
        "a.gram": block.a.gram,
        "a.coefficients": block.a.held.whole(),
    }


def _parsed(layout: dict[str, Any], tensors: dict[str, Tensor]) -> tuple[dict[str, Block], dict[str, float]]:
    """Checks every name and shape; `KeyError` or `ValueError` says which is wrong."""
    drift = {str(name): float(value) for name, value in layout["patterns"]}
    blocks = {}
    for name, patterns in layout["modules"]:
        values = tensors.pop(f"{name}.values")
        t, p = values.shape
        if len(patterns) != t or not drift.keys() >= set(patterns):
            raise ValueError(f"{name} has coefficients of {t} patterns, the index names {patterns}")
        sides = []
        for letter in "ba":
            basis, gram, own = (tensors.pop(f"{name}.{letter}.{part}") for part in ("basis", "gram", "coefficients"))
            k = basis.shape[1]
            if gram.shape != (k, k) or own.shape != (t, p, k):
                raise ValueError(f"{name}.{letter}: basis {basis.shape}, coefficients {own.shape}")
            sides.append(Side(basis, gram, Coefficients.of(own)))
        blocks[name] = Block(tuple(patterns), values, *sides)
    if tensors:
        raise ValueError(f"unexpected tensors {sorted(tensors)}")
    return blocks, drift
