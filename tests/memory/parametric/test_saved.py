"""A subspace on disk: whole or refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save
from tests.memory.subspaces import adapter

from sleepy.memory.parametric.subspace import Rule, Subspace, SubspaceError


def some_subspace(dtype: torch.dtype = torch.float32) -> Subspace:
    patterns = {f"E0{i}: 'ünusual' \"name\"/x": adapter(i, r=3 + i, layers=("a", "b")) for i in range(3)}
    return Subspace.found(patterns, Rule(threshold=0.9), dtype=dtype)[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_saved_subspace_is_read_back_bit_for_bit(tmp_path: Path, dtype: torch.dtype) -> None:
    subspace = some_subspace(dtype)
    version = subspace.save(tmp_path)
    again = Subspace.load(tmp_path, version=version)
    assert version == subspace.version == again.version
    assert again.patterns == subspace.patterns
    assert again.drift == subspace.drift
    for name, block in subspace.blocks.items():
        for side, other in ((block.b, again.blocks[name].b), (block.a, again.blocks[name].a)):
            assert torch.equal(side.basis, other.basis)
            assert torch.equal(side.gram, other.gram)
            assert torch.equal(side.coefficients, other.coefficients)
    merged, _ = subspace.absorb("new", adapter(5, layers=("a", "b")))
    merged_again, _ = again.absorb("new", adapter(5, layers=("a", "b")))
    assert merged.version == merged_again.version != version


def test_equal_subspaces_have_equal_bytes_and_others_do_not(tmp_path: Path) -> None:
    one, two = some_subspace().save(tmp_path / "one"), some_subspace().save(tmp_path / "two")
    assert one == two
    assert [p.name for p in sorted((tmp_path / "one").iterdir())] == [
        p.name for p in sorted((tmp_path / "two").iterdir())
    ]
    assert some_subspace().without(some_subspace().patterns[0]).version != one


def test_a_crash_between_tensors_and_index_leaves_the_previous_version(tmp_path: Path) -> None:
    before = some_subspace()
    version = before.save(tmp_path / "store")
    after, _ = before.absorb("new", adapter(8, layers=("a", "b")))
    after.save(tmp_path / "elsewhere")
    for tensors in (tmp_path / "elsewhere").glob("*.safetensors"):  # the crash: only the first write is done
        shutil.copy(tensors, tmp_path / "store")
    assert Subspace.load(tmp_path / "store", version=version).patterns == before.patterns
    after.save(tmp_path / "store")
    assert Subspace.load(tmp_path / "store").patterns == after.patterns
    assert len(list((tmp_path / "store").iterdir())) == 2


def _flip(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    data = bytearray(tensors.read_bytes())
    data[-1] ^= 1
    tensors.write_bytes(data)


def _cut(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    tensors.write_bytes(tensors.read_bytes()[:-100])


def _lose_tensors(folder: Path) -> None:
    next(folder.glob("*.safetensors")).unlink()


def _lose_index(folder: Path) -> None:
    (folder / "subspace.json").unlink()


def _edited(old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        index = folder / "subspace.json"
        text = index.read_text(encoding="utf-8")
        assert old in text
        index.write_text(text.replace(old, new), encoding="utf-8")

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        _flip,
        _cut,
        _lose_tensors,
        _lose_index,
        _edited('"a"', '"renamed"'),
        _edited('"modules"', '"layers"'),
        _edited('"format": 1', '"format": 9'),
        _edited("{", "["),
    ],
)
def test_a_damaged_subspace_is_refused_with_a_remedy(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    some_subspace().save(tmp_path)
    damage(tmp_path)
    with pytest.raises(SubspaceError) as caught:
        Subspace.load(tmp_path)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("change", ["renamed", "missing", "unexpected", "another shape"])
def test_tensors_that_do_not_fit_the_index_are_refused(tmp_path: Path, change: str) -> None:
    """The hash is right: someone wrote this file, but not this program."""
    some_subspace().save(tmp_path)
    old = next(tmp_path.glob("*.safetensors"))
    tensors = load_file(old)
    if change == "renamed":
        tensors["a.beta"] = tensors.pop("a.b.basis")
    elif change == "missing":
        del tensors["a.b.basis"]
    elif change == "unexpected":
        tensors["a.mean"] = torch.zeros(3)
    else:
        tensors["a.b.basis"] = tensors["a.b.basis"][:, :-1].contiguous()
    data = save(tensors)
    old.write_bytes(data)
    index = tmp_path / "subspace.json"
    layout = json.loads(index.read_text())
    index.write_text(json.dumps({**layout, "sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(SubspaceError, match="does not describe") as caught:
        Subspace.load(tmp_path)
    assert caught.value.remedy


def test_another_version_than_asked_for_is_refused(tmp_path: Path) -> None:
    some_subspace().save(tmp_path)
    with pytest.raises(SubspaceError, match="not 000000000000"):
        Subspace.load(tmp_path, version="0" * 64)
