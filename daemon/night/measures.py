"""What the night measures for its report: answers that changed, the memory in figures, the memory it took."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from torch import Tensor

from sleepy.daemon.base.text import unified
from sleepy.daemon.night.exam import Sitting
from sleepy.daemon.stages.stages import Answers, MemoryFigures, SharedSpans, SideFigures
from sleepy.memory.parametric import overlap
from sleepy.memory.parametric.adapter import read_peft
from sleepy.memory.parametric.subspace import Subspace


def changed(sitting: Sitting) -> dict[str, Answers]:
    """Task -> what each side made of the broken program, where one side passed and the other did not."""
    found = {}
    for before, after in zip(sitting.baseline, sitting.challenger, strict=True):
        if before.passed != after.passed and before.verdict.is_label and after.verdict.is_label:
            koan = before.diagnosis.koan
            found[koan.id] = Answers(
                unified(koan.broken, before.source) if before.source else "",
                unified(koan.broken, after.source) if after.source else "",
            )
    return found


def memory(subspace: Subspace, adapters: Iterable[Path]) -> MemoryFigures:
    """A subspace in numbers: both sides of every layer, what is stored, and what its patterns have in common.

    Explained is the share of the energy of `adapters`, PEFT folders, which a layer's side holds, 1.0 where none has it.
    """
    explained = overlap.explained(subspace, map(read_peft, adapters))
    outputs, inputs = overlap.spans(subspace, "b"), overlap.spans(subspace, "a")
    return MemoryFigures(
        tuple(
            SideFigures(item.module, item.side, item.k, round(explained.get((item.module, item.side), 1.0), 6))
            for item in subspace.report()
        ),
        dict(overlap.numbers(subspace)),
        _rounded(overlap.aligned(subspace)),
        SharedSpans(_rounded(outputs.shared), round(outputs.chance, 4)),
        SharedSpans(_rounded(inputs.shared), round(inputs.chance, 4)),
    )


def forget_peak() -> None:
    """Begins the peak that `peak` tells anew, where the kernel allows it (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak(apart: int = 0) -> str:
    """The most memory this process has held since, or since it began, or one `apart` from it (MiB) if that is more.

    Empty where the kernel does not tell.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        lines = []
    held = [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")]
    most = max(*held, apart) if held else apart
    return f"peak {most} MiB" if most else ""


def _rounded(values: Tensor) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(value, 4) + 0.0 for value in row) for row in values.tolist())
