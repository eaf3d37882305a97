"""P2: the cost of absorbing one more pattern (Phase 3) with many patterns against with few.

Goal: at t = 512 at most 1.5x the time at t = 8, and no more memory.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

import torch

from benchmarks import results
from benchmarks.share.adapters import FOUNDERS, LAYER, QUICK, Sizes, fixed, life, naively, trained
from benchmarks.share.figure import Asked, Figure, times
from benchmarks.share.naive import balanced
from benchmarks.share.timing import allocated, interleaved

_WINDOW = 16  # merges averaged for one figure


def measure(asked: Asked) -> Figure:
    sizes, dtype = QUICK if asked.quick else Sizes(), torch.float32
    rule = fixed(sizes.k)
    name, adapter = list(trained(sizes).items())[-1]
    task = balanced(adapter.factors[LAYER], dtype)
    sides: dict[str, Callable[[], object]] = {}
    ours, naive = {}, {}
    for t in (sizes.few, sizes.many):
        subspace, _ = life(sizes, t, dtype)
        ours[t], naive[t] = subspace, naively(sizes, subspace, dtype)
        sides[f"ours {t}"] = partial(subspace.absorb, name, adapter, rule)
        sides[f"naive {t}"] = partial(naive[t].absorbed, name, task)
        sides[f"oldest {t}"] = partial(subspace.reconstruct, "pattern 0")
    spent = interleaved(sides, asked.rounds)
    made = {t: allocated(sides[f"ours {t}"]) for t in ours}
    naively_made = {t: allocated(sides[f"naive {t}"]) for t in naive}
    _, lived = life(sizes, sizes.many, dtype)
    start = sizes.few - FOUNDERS
    early, late = statistics.mean(lived[start : start + _WINDOW]), statistics.mean(lived[-_WINDOW:])
    few, many = sizes.few, sizes.many
    ratio = spent[f"ours {many}"] / spent[f"ours {few}"]

    def row(what: str, found: dict[int, float], unit: str) -> list[str]:
        return [what, f"{found[few]:.3g} {unit}", f"{found[many]:.3g} {unit}", f"**{times(found[many] / found[few])}**"]

    table = results.table(
        ["one adapter more", f"t = {few}", f"t = {many}", "grows"],
        [
            row("`absorb`", {t: 1000 * spent[f"ours {t}"] for t in ours}, "ms"),
            row(f"`absorb` along a life, means of {_WINDOW}", {few: 1000 * early, many: 1000 * late}, "ms"),
            row("`absorb`, allocated in all", {t: made[t] / 2**20 for t in ours}, "MiB"),
            row("reading the oldest pattern, `reconstruct`", {t: 1000 * spent[f"oldest {t}"] for t in ours}, "ms"),
            row("naive", {t: 1000 * spent[f"naive {t}"] for t in ours}, "ms"),
            row("naive, allocated in all", {t: naively_made[t] / 2**20 for t in ours}, "MiB"),
        ],
    )
    figures = {
        "P2": round(ratio, 3),
        "P2_life": round(late / early, 3),
        "P2_bytes": round(made[many] / made[few], 3),
        "P2_naive": round(spent[f"naive {many}"] / spent[f"naive {few}"], 2),
    }
    return Figure(
        figures,
        f"One layer of n = d = {sizes.n}, r = {sizes.rank}, k = {sizes.k} on both sides with truncation at every merge, "
        f"float32, {asked.rounds} rounds, CPU time. Naive: rebuild all, stack, thin SVD, all coefficients recomputed.\n\n{table}",
    )
