"""Measurements for the night's report: changed answers, the subspace's figures, the process's peak of memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from torch import Tensor

from sleepy.daemon.base.text import unified
from sleepy.daemon.compute.peak import peak_mib
from sleepy.daemon.night.exam import Sitting
from sleepy.daemon.stages.stages import Answers, MemoryFigures, SharedSpans, SideFigures
from sleepy.memory.parametric import overlap
from sleepy.memory.parametric.adapter import read_peft
from sleepy.memory.parametric.subspace import Subspace


def changed(sitting: Sitting) -> dict[str, Answers]:
    """Task -> both sides' answers as diffs, for tasks that one side passed and the other failed."""
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
    """A subspace in figures: both sides of every layer, the numbers stored, and what its patterns have in common.

    `explained` is the share of the energy of `adapters` (PEFT folders) that a layer's side holds; 1.0 for a layer that
    no adapter touches.
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
    """Resets the peak that `peak` reports, where the kernel allows it (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak(workers: int = 0) -> str:
    """`peak N MiB`: this process's peak of memory since its start or the last reset, or `workers` if that is more."""
    return f"peak {max(peak_mib(), workers)} MiB"


def _rounded(values: Tensor) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(value, 4) + 0.0 for value in row) for row in values.tolist())
