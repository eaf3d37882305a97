"""P6: the CPU time to learn patterns to the same accuracy, in a subspace and as separate LoRA adapters.

The accuracy to reach is the best held-out loss of the pattern's LoRA run (the night's recipe, to its early stop) plus
5 %. What counts is this process's CPU time until an evaluation first reaches it. One side learns every pattern by LoRA;
the other learns the founders by LoRA (Phase 1), the rest by coefficients, with temporary directions where coefficients
alone do not get there, and merges each (Phase 3). Goal: 3x less.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks import results
from benchmarks.share import lessons
from benchmarks.share.figure import Asked, Figure
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night.train import FOUNDERS, LORA, RULE
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import FitProgress, mean_loss
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.low_rank import LowRank
from sleepy.memory.parametric.phase2 import WITH_TEMPORARIES, CoefficientRecipe, train_coefficients
from sleepy.memory.parametric.subspace import Subspace

MARGIN = 1.05  # times LoRA's best held-out loss, plus an allowance for rounding where that is 0
LEAST = 1e-3
_EVERY, _PATIENCE = 4, 10  # steps between evaluations; evaluations without a new best before it stops
LORA_RUN = replace(LORA, steps=160, examine_every=_EVERY, patience=_PATIENCE, learnt=0.0)
WAYS = {
    "coefficients": CoefficientRecipe(steps=LORA_RUN.steps, examine_every=_EVERY, patience=_PATIENCE, learnt=0.0),
    "temporaries": replace(
        WITH_TEMPORARIES, steps=LORA_RUN.steps, examine_every=_EVERY, patience=_PATIENCE, learnt=0.0
    ),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One evaluation: the step, CPU seconds since the start, held-out loss, and the adapter at that point."""

    step: int
    seconds: float
    loss: float
    adapter: Adapter


@dataclass(frozen=True, slots=True)
class Learnt:
    """How one pattern was learnt: by LoRA, which sets the target, and by us (None: not reached); our `seconds`."""

    name: str
    before: float  # held-out loss of the base
    target: float
    lora: Point
    way: str
    ours: Point | None
    seconds: float

    @property
    def row(self) -> list[str]:
        steps = "never" if self.ours is None else str(self.ours.step)
        return [
            f"`` {self.name} ``", f"{self.before:.2f}", f"{self.target:.3f}",
            f"{self.lora.step}, {self.lora.seconds:.1f}", self.way, f"{steps}, {self.seconds:.1f}",
        ]  # fmt: skip


class _Reached(Exception):
    pass


def lora(model: Any, teach: Sequence[Example], held_out: Sequence[Example], recipe: LoraRecipe) -> list[Point]:
    """All evaluations of a LoRA run."""
    points: list[Point] = []
    began = time.process_time()

    def on_progress(progress: FitProgress) -> None:
        nonlocal began
        now = time.process_time()
        if progress.held_out is not None:
            points.append(Point(progress.step, now - began, progress.held_out, _lora_factors(model, recipe.scale)))
        began += time.process_time() - now  # do not count the benchmark's own copies

    train_lora(model, teach, recipe, held_out=held_out, report=on_progress)
    return points


def coefficients(
    model: Any, subspace: Subspace, name: str, teach: Sequence[Example], held_out: Sequence[Example],
    recipe: CoefficientRecipe, target: float,
) -> tuple[Point | None, float]:  # fmt: skip
    """The evaluation that reached the target, which ends the run, or None; and the CPU seconds."""
    reached: list[Point] = []
    began = time.process_time()

    def on_progress(progress: FitProgress) -> None:
        if progress.held_out is not None and progress.held_out <= target:
            spent = time.process_time() - began
            sides = {layer: model.get_submodule(layer).assembled() for layer in subspace.blocks}
            adapter = Adapter({n: Factors(b.detach(), a.detach().T.contiguous()) for n, (b, a) in sides.items()})
            reached.append(Point(progress.step, spent, progress.held_out, adapter))
            raise _Reached

    try:
        train_coefficients(model, subspace, name, teach, recipe, held_out=held_out, report=on_progress)
    except _Reached:
        return reached[0], reached[0].seconds
    return None, time.process_time() - began


def learn(language: LanguageModel, courses: Mapping[str, lessons.Course]) -> tuple[list[Learnt], float]:
    """Learns every pattern both ways, in turn; also returns the CPU seconds of our merges."""
    model = language.model
    founders: dict[str, Adapter] = {}
    subspace: Subspace | None = None
    out, merging = [], 0.0
    for name, course in courses.items():
        teach, held_out = lessons.examples(language, course.teach), lessons.examples(language, course.held_out)
        before = mean_loss(model, held_out)
        run = lora(model, teach, held_out, LORA_RUN)
        target = MARGIN * min(point.loss for point in run) + LEAST
        first = next(point for point in run if point.loss <= target)
        if len(founders) < FOUNDERS:
            founders[name] = first.adapter
            out.append(Learnt(name, before, target, first, "founder", first, first.seconds))
            continue
        began = time.process_time()
        subspace = subspace or Subspace.found(founders, RULE)[0]
        merging += time.process_time() - began
        spent, tried = 0.0, []
        for way, recipe in WAYS.items():
            tried.append(way)
            ours, seconds = coefficients(model, subspace, name, teach, held_out, recipe, target)
            spent += seconds
            if ours is not None:
                break
        out.append(Learnt(name, before, target, first, ", then ".join(tried), ours, spent))
        if ours is not None:
            began = time.process_time()
            subspace, _ = subspace.absorb(name, ours.adapter, RULE)
            merging += time.process_time() - began
    return out, merging


def measure(asked: Asked) -> Figure:
    language = LanguageModel.load()
    count = FOUNDERS + 1 if asked.quick else asked.patterns
    found, merging = learn(language, lessons.courses(language, count, asked.lessons))
    theirs, ours = sum(item.lora.seconds for item in found), sum(item.seconds for item in found) + merging
    founding = sum(item.seconds for item in found[:FOUNDERS])
    later = sum(item.lora.seconds for item in found[FOUNDERS:]) / (ours - founding)
    never = sum(item.ours is None for item in found)
    table = results.table(
        ["pattern", "loss before", "to reach", "LoRA: steps, CPU s", "ours", "steps, CPU s"],
        [
            *(item.row for item in found),
            ["all", "", "", f"{theirs:.1f}", f"merges {merging:.2f} s", f"{ours:.1f}, **ratio {theirs / ours:.2f}**"],
            [
                "all but the founders",
                "",
                "",
                f"{theirs - founding:.1f}",
                "",
                f"{ours - founding:.1f}, ratio {later:.2f}",
            ],
        ],
    )
    return Figure(
        {"P6": round(theirs / ours, 3), "P6_later": round(later, 3), "P6_never": never, "P6_patterns": len(found)},
        f"The built-in model, {len(found)} patterns of codes it never saw repaired, {lessons.TEACH} lessons and "
        f"{lessons.HELD_OUT} held-out ones of other programs each; LoRA r {LORA_RUN.rank}, {LORA_RUN.lr:g}; coefficients "
        f"{WAYS['coefficients'].lr:g}. An examination every {_EVERY} steps is part of both times. {never} patterns were "
        f"never reached in the subspace; their time counts.\n\n{table}",
    )


def _lora_factors(model: Any, scale: float) -> Adapter:
    layers = {name: module for name, module in model.named_modules() if isinstance(module, LowRank)}
    return Adapter(
        {name: Factors(layer.b.detach() * scale, layer.a.detach().clone()) for name, layer in layers.items()}
    )
