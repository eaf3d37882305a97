"""P3: merging one adapter into t patterns (Phase 3), against the naive SVD and two packages of the same paper.

Goal: at least 1,000x the naive SVD's speed and 100x the packages', with the naive merge's result to 1e-6.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks import results
from benchmarks.share import peers
from benchmarks.share.adapters import LAYER, QUICK, Sizes, distance, fixed, life, naively, trained
from benchmarks.share.figure import Asked, Figure, times
from benchmarks.share.naive import Naive, balanced
from benchmarks.share.timing import Prepared, interleaved
from sleepy.memory.parametric.adapter import Factors, write_peft
from sleepy.memory.parametric.subspace import Subspace

_DTYPES = {"float64": torch.float64, "float32": torch.float32}


def difference(ours: Subspace, naive: Naive) -> float:
    """The largest relative difference of any task's factor on either side; 0 if the projectors are equal."""
    worst = 0.0
    for name in ours.patterns:
        one, other = ours.reconstruct(name).factors[LAYER], naive.rebuilt(name)
        for mine, theirs in ((one.b, other.b), (one.a.T, other.a)):
            worst = max(worst, float((mine.double() - theirs.double()).norm() / theirs.double().norm()))
    return worst


def error(sizes: Sizes, factors: Callable[[str], Factors]) -> float:
    """The mean relative error of dW against the trained one, over all tasks including the new one."""
    return statistics.mean(distance(factors(name), a.factors[LAYER]) for name, a in trained(sizes).items())


def measure(asked: Asked) -> Figure:
    sizes = QUICK if asked.quick else Sizes()
    rule = fixed(sizes.k)
    new, adapter = list(trained(sizes).items())[-1]
    sides: dict[str, Callable[[], object] | Prepared] = {}
    made: dict[str, Any] = {}  # each side's result

    def kept(label: str, act: Callable[..., object], *given: object) -> None:
        made[label] = act(*given)

    for label, dtype in _DTYPES.items():
        subspace, _ = life(sizes, sizes.many, dtype)
        naive, task = naively(sizes, subspace, dtype), balanced(adapter.factors[LAYER], dtype)
        sides[f"naive {label}"] = partial(kept, f"naive {label}", naive.absorbed, new, task)
        sides[f"ours {label}"] = partial(kept, f"ours {label}", subspace.absorb, new, adapter, rule)
    merges: list[peers.Merge | peers.Missing] = []
    with tempfile.TemporaryDirectory() as folder:
        if asked.quick:
            merges = [peers.Missing(label, "left out of the quick form") for label in ("lorashare", "vlora")]
        else:
            folders = {name: Path(folder) / name.replace(" ", "-") for name in trained(sizes)}
            for name, place in folders.items():
                write_peft(place, trained(sizes)[name], "simulated")
            merges = [peers.lorashare(folders, new, sizes.k), *peers.vlora(folders, new, sizes.k)]
        there = [item for item in merges if isinstance(item, peers.Merge)]
        sides |= {item.label: Prepared(item.prepare, partial(kept, item.label, item.merge)) for item in there}
        spent = interleaved(sides, asked.rounds)
        erring = {item.label: error(sizes, partial(item.factors, made[item.label])) for item in there}
    ours = {label: made[f"ours {label}"][0] for label in _DTYPES}
    differences = {label: difference(ours[label], made[f"naive {label}"]) for label in _DTYPES}
    best = Naive.found({name: balanced(a.factors[LAYER], torch.float32) for name, a in trained(sizes).items()}, sizes.k)
    ideal = error(sizes, lambda name: Factors(best.rebuilt(name).b, best.rebuilt(name).a.T))
    mine = {label: error(sizes, partial(_rebuilt, subspace)) for label, subspace in ours.items()}
    figures: dict[str, object] = {
        "P3": round(spent["naive float64"] / spent["ours float64"], 1),
        "P3_float32": round(spent["naive float32"] / spent["ours float32"], 1),
        "P3_difference": differences["float64"],
        "P3_error": round(mine["float64"], 4),
        "P3_best_error": round(ideal, 4),
    }
    rows = [
        ["the best basis of all originals at once", "", "", f"{ideal:.3f}", f"k = {sizes.k}"],
        *(
            row
            for label in _DTYPES
            for row in (
                [f"ours, {label}", f"{1000 * spent[f'ours {label}']:.2f}", "1", f"{mine[label]:.3f}", ""],
                [f"naive, {label}", f"{1000 * spent[f'naive {label}']:,.0f}",
                 f"**{times(spent[f'naive {label}'] / spent[f'ours {label}'])}**", f"{mine[label]:.3f}",
                 f"differs from ours by at most {differences[label]:.1e}"],
            )
        ),
    ]  # fmt: skip
    for key, item in zip(("P3_lorashare", "P3_vlora", "P3_vlora_incremental"), merges, strict=False):
        if isinstance(item, peers.Missing):
            rows.append([item.label, "", "", "", f"skipped: {item.reason}"])
            figures[key] = None
            continue
        ratio = spent[item.label] / spent["ours float32"]
        figures[key], figures[f"{key}_error"] = round(ratio, 1), round(erring[item.label], 4)
        shown = [f"{1000 * spent[item.label]:,.0f}", f"**{times(ratio)}**", f"{erring[item.label]:.3f}", item.note]
        rows.append([item.label, *shown])
    table = results.table([f"one adapter into {sizes.many}", "ms", "slower", "mean error of dW", ""], rows)
    return Figure(
        figures,
        f"One layer of n = d = {sizes.n}, r = {sizes.rank}, k = {sizes.k}, {asked.rounds} rounds, CPU time. Ours and naive "
        f"start from a life of {sizes.many} merges, each of which dropped something; the packages from all originals "
        f"at once. The error is over all {sizes.many + 1} tasks, against what was trained.\n\n{table}",
    )


def _rebuilt(subspace: Subspace, name: str) -> Factors:
    return subspace.reconstruct(name).factors[LAYER]
