"""Training where memory is short: a child process that may have no more address space than it is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import torch
from safetensors.torch import load_file

from sleepy.memory.parametric import shortage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel counts no address space")

_CHILD = Path(__file__).with_name("short_of_memory.py")


class Child:
    """The process that trains; one for all, since importing torch takes longer than training here."""

    def __init__(self, said: IO[bytes]) -> None:
        self._said = Path(said.name)
        words = [sys.executable, str(_CHILD)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)

    def trained(
        self, tmp_path: Path, name: str, *, rows: int, length: int, cap: int | None, when: str = "before"
    ) -> Any:
        """What it did with at most `cap` MiB more than it had: its forward passes and, where it ended, its factors."""
        asked = {"rows": rows, "length": length, "cap": cap, "when": when, "out": str(tmp_path / name)}
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline() or b"null")
        assert found is not None, self._said.read_text()
        return found


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    with (tmp_path_factory.mktemp("child") / "said").open("wb") as said:
        made = Child(said)
        with made.process:
            yield made


def apart(one: Path, other: Path) -> float:
    """The two runs' dW: the norm of their difference, relative."""
    sides = [load_file(path) for path in (one, other)]
    layers = [key.removesuffix(".a") for key in sides[0] if key.endswith(".a")]
    found, whole = ([side[f"{layer}.b"] @ side[f"{layer}.a"] for layer in layers] for side in sides)
    off = sum(float((a - b).norm() ** 2) for a, b in zip(found, whole, strict=True))
    return float((off / sum(float(b.norm() ** 2) for b in whole)) ** 0.5)


@pytest.fixture(scope="module")
def uncut(child: Child, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The factors of 4 steps on whole batches."""
    folder = tmp_path_factory.mktemp("uncut")
    free = child.trained(folder, "free", rows=16, length=256, cap=None)
    assert [rows for rows, _ in free["seen"]] == [16] * 4
    return folder / "free"


@pytest.mark.parametrize("when", ["before", "later"])
def test_training_goes_on_in_pieces_where_a_whole_batch_does_not_fit(
    child: Child, tmp_path: Path, uncut: Path, when: str
) -> None:
    short = child.trained(tmp_path, "short", rows=16, length=256, cap=200, when=when)
    rows = [rows for rows, _ in short["seen"]]
    assert short["error"] is None
    if when == "before":  # cut from the start, by what is free
        assert short["failed"]
        assert max(rows) < 16
    else:  # halved when it failed, and so from then on
        halved = next(number for number, count in enumerate(rows) if count < 16)
        assert halved >= 2 and set(rows[:halved]) == {16}
        assert max(rows[halved:]) <= 8
    assert apart(tmp_path / "short", uncut) < 0.02


def test_one_row_too_long_is_trained_on_with_checkpointing_which_is_off_again_afterwards(
    child: Child, tmp_path: Path
) -> None:
    child.trained(tmp_path, "free", rows=1, length=1536, cap=None)
    short = child.trained(tmp_path, "short", rows=1, length=1536, cap=190)  # 130 to 240 would do
    assert short["error"] is None
    assert short["seen"][0] == [1, False]
    assert short["seen"][-1] == [1, True]
    assert not short["still"]
    assert apart(tmp_path / "short", tmp_path / "free") < 0.02


def test_where_nothing_helps_the_error_says_how_many_tokens_were_too_many(child: Child, tmp_path: Path) -> None:
    short = child.trained(tmp_path, "short", rows=1, length=2000, cap=4)
    assert "2000 tokens" in short["error"]
    assert "smaller model" in short["remedy"]
    assert not short["still"]


def test_what_torch_raises_for_want_of_memory_is_told_from_other_faults() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60)
    assert shortage.is_shortage(caught.value)
    assert shortage.is_shortage(MemoryError())
    with pytest.raises(RuntimeError) as caught:
        torch.zeros(2) @ torch.zeros(3)
    assert not shortage.is_shortage(caught.value)
