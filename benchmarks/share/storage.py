"""L8: a pattern's size on disk, basis included, against one LoRA adapter at Qwen2.5-Coder-1.5B's shapes.

The formula is t r (n + d) / (k (n + d) + 2 t k p) summed over the layers: 19.7x at t = 50 and 67.7x at 512 with
k = 32 and r = p = 16. Goal: the files within 5 % of it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import results
from benchmarks.share.adapters import FOUNDERS, fixed, simulated
from benchmarks.share.figure import Asked, Figure
from sleepy.memory.parametric.adapter import write_peft
from sleepy.memory.parametric.subspace import Subspace

LAYERS = 28
SHAPES = {  # (n, d): how many linears per layer
    (1536, 1536): 2,  # q, o
    (256, 1536): 2,  # k, v
    (8960, 1536): 2,  # gate, up
    (1536, 8960): 1,  # down
}
RANK, K = 16, 32
FEW, MANY = 50, 512


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def sizes(n: int, d: int, patterns: list[int], folder: Path) -> tuple[int, dict[int, int]]:
    """The bytes of one LoRA adapter, and of a saved subspace by number of patterns, for one layer."""
    name, rule = "layer", fixed(K)
    made = simulated({name: (n, d)}, RANK, seed=2, shared=K, noise=0.0)
    first = {f"pattern {i}": next(made) for i in range(FOUNDERS)}
    subspace, _ = Subspace.found(first, rule)
    found = {}
    write_peft(folder / "lora", first["pattern 0"], "simulated")
    for t in range(FOUNDERS, max(patterns) + 1):
        if t in patterns:
            subspace.save(folder / str(t))
            found[t] = size(folder / str(t))
        subspace, _ = subspace.absorb(f"pattern {t}", next(made), rule)
    return size(folder / "lora"), found


def formula(t: int) -> float:
    lora = sum(count * RANK * (n + d) for (n, d), count in SHAPES.items())
    share = sum(count * (K * (n + d) + 2 * t * K * RANK) for (n, d), count in SHAPES.items())
    return t * lora / share


def measure(asked: Asked) -> Figure:
    patterns = [FEW // 2, FEW] if asked.quick else [FEW // 2, FEW, MANY]
    lora = 0
    share = dict.fromkeys(patterns, 0)
    with tempfile.TemporaryDirectory() as folder:
        for (n, d), count in SHAPES.items():
            adapter, saved = sizes(n, d, patterns, Path(folder) / f"{n}x{d}")
            lora += LAYERS * count * adapter
            for t in patterns:
                share[t] += LAYERS * count * saved[t]
    if asked.quick:  # every pattern adds the same size
        share[MANY] = share[FEW] + (MANY - FEW) * (share[FEW] - share[FEW // 2]) // (FEW - FEW // 2)
    ratios = {t: t * lora / share[t] for t in (FEW, MANY)}
    rows = [
        [str(t), f"{lora / 2**20:.1f}", f"{share[t] / t / 2**20:.2f}", f"**{ratios[t]:.1f}x**", f"{formula(t):.1f}x",
         f"{100 * (ratios[t] / formula(t) - 1):+.1f} %"]
        for t in ratios
    ]  # fmt: skip
    table = results.table(
        ["patterns", "LoRA adapter, MiB", "a pattern with its share of the basis, MiB", "ratio", "formula", "apart"],
        rows,
    )
    how = "; 512 from what a pattern adds" if asked.quick else ""
    return Figure(
        {"L8": {str(t): round(ratio, 2) for t, ratio in ratios.items()}},
        f"Saved files of one layer of each shape times their number (7 linears x {LAYERS} layers), float32, k = {K}, "
        f"r = p = {RANK}{how}.\n\n{table}",
    )
