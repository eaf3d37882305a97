"""The learning rate that suits a model: a short probe on its first lessons, remembered with the model.

A rate that suits one model overfits or stalls another. Each rate is tried for a few steps of LoRA, and the one with the
lowest loss on lessons of other programs is kept. Coefficients and temporary directions take their rates in the ratio
that was measured (RESULTS, "Rates and steps").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import torch

from sleepy.daemon.base.state_keys import RECIPES
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.fit import Fit, FitProgress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora

if TYPE_CHECKING:
    from sleepy.daemon.night.train import Parted, Trainer

RATES = (5e-4, 1e-3, 2e-3, 4e-3)
STEPS = 16  # of each rate: more change the choice little, and a step of a large model takes seconds
COEFFICIENTS, TEMPORARIES = 2.5, 1.5  # their rates, as multiples of LoRA's
_MEASURED = {"built-in": 2e-3, "novice": 2e-3}  # of the models that come with sleepy


@dataclass(frozen=True, slots=True)
class RateRecipe:
    """A model's learning rate for LoRA. `tried` are the probe's (rate, held-out loss); empty where none was needed."""

    lr: float
    tried: tuple[tuple[float, float], ...] = ()


def known(db: Database, model: str) -> RateRecipe | None:
    """The model's recipe; None if it is still to be probed."""
    if model in _MEASURED:
        return RateRecipe(_MEASURED[model])
    kept = state.get(db, RECIPES)
    found = kept.value.get(model) if kept is not None else None
    return None if found is None else RateRecipe(found["lr"], tuple((rate, loss) for rate, loss in found["tried"]))


def remember(db: Database, model: str, found: RateRecipe, *, now: datetime) -> None:
    """Keeps the model's recipe."""
    kept = state.get(db, RECIPES)
    others: Mapping[str, object] = kept.value if kept is not None else {}
    state.put(db, RECIPES, {**others, model: asdict(found)}, now=now)


def probe(
    trainer: Trainer, part: Parted, seed: int, *, rates: Sequence[float] = RATES, steps: int = STEPS
) -> RateRecipe:
    """Tries the rates on a course and returns the best. The model itself is unchanged.

    `ValueError` if no rate leaves a finite loss, as with a model whose weights are damaged.
    """
    tried: list[tuple[float, float]] = []
    for number, rate in enumerate(rates):
        ends: list[Fit] = []

        def report(progress: FitProgress, done: int = number * steps) -> None:
            trainer.say("probe", done + progress.step, len(rates) * steps)

        recipe = LoraRecipe(rank=8, lr=rate, steps=steps, examine_every=max(1, steps // 4), seed=seed)
        torch.manual_seed(seed)
        hooks: dict[str, Any] = {"held_out": part.held_out, "report": report, "ended": ends.append}
        try:
            train_lora(trainer.model.model, part.learnt, recipe, **hooks)
        except ValueError:  # factors that are not finite, which an adapter may not have
            if not ends:
                raise
        loss = ends[0].held_out
        if loss is not None and math.isfinite(loss):
            tried.append((rate, round(loss, 4)))
    if not tried:
        raise ValueError("the model learns at no rate: its loss is not a number")
    return RateRecipe(min(tried, key=lambda item: item[1])[0], tuple(tried))
