"""P4: generation for a batch whose 32 rows use 32 different patterns, against the same batch on the bare base.

Goal: at least 0.8x the throughput on the built-in model, 0.9x at the shapes of Qwen2.5-Coder-1.5B.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from benchmarks import results
from benchmarks.share import models
from benchmarks.share.figure import Asked, Figure
from benchmarks.share.timing import Sides, interleaved
from sleepy.memory.parametric.share_linear import attach


def difference(served: models.Served, rows: int = 2) -> float:
    """The largest difference between a routed row's last logits and those of the base with the pattern's b @ a added
    to its weights, in float32, relative to the largest logit."""
    given = {"input_ids": served.ids, "attention_mask": served.mask}
    worst = 0.0
    with torch.inference_mode():
        on = attach(served.exactly(), served.subspace)
        with on.routed(served.patterns) as model:
            mixed = model(**given).logits[:, -1]
        for row in range(rows):
            merged = served.exactly()
            for name, factors in served.subspace.reconstruct(served.patterns[row]).factors.items():
                merged.get_submodule(name).weight += (factors.b @ factors.a).to(served.ids.device)
            alone = merged(**{name: each[row : row + 1] for name, each in given.items()}).logits[0, -1]
            worst = max(worst, float((mixed[row] - alone).abs().max() / alone.abs().max()))
    return worst


def throughput(served: models.Served, rounds: int, **clock: Any) -> dict[str, float]:
    """Seconds for one batch with the subspace attached: without routes, which is the bare base, and with routes."""
    base = served.model
    on = attach(base, served.subspace)

    def with_patterns() -> None:
        with on.routed(served.patterns) as model:
            served.generate(model)

    try:
        sides: Sides = {"bare": partial(served.generate, base), "routed": with_patterns}
        served.generate(base)
        return interleaved(sides, rounds, **clock)
    finally:
        on.detach()


def measure(asked: Asked) -> Figure:
    figures: dict[str, object] = {}
    rows = []
    batches = {"P4": models.built_in(tokens=4, width=32) if asked.quick else models.built_in()}
    if not asked.quick:
        batches["P4_qwen"] = models.qwen()
    for key, served in batches.items():
        apart = difference(served)
        spent = throughput(served, asked.rounds)
        rate = {name: models.ROWS * served.tokens / seconds for name, seconds in spent.items()}
        figures |= {key: round(rate["routed"] / rate["bare"], 3), f"{key}_difference": apart}
        rows.append(
            [f"{served.name}, {served.tokens} new tokens a row", f"{rate['bare']:,.0f}", f"{rate['routed']:,.0f}",
             f"**{rate['routed'] / rate['bare']:.2f}x**", f"{apart:.0e}"]
        )  # fmt: skip
    table = results.table(
        ["model", "bare, tokens a second", "32 patterns", "ratio", "logits apart from merged weights, float32"], rows
    )
    return Figure(
        figures, f"{models.ROWS} rows, k = 32, greedy, {asked.rounds} rounds, CPU time, one thread.\n\n{table}"
    )
