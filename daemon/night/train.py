"""Trains the night's patterns: founders by LoRA until the subspace has a few, the rest inside it.

Every pattern's adapter is written, in PEFT's format, when it is done, so a killed night trains none
twice; within a pattern the loop's own checkpoint is gone on from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from sleepy.daemon.base.listener import Say
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import relearning
from sleepy.daemon.stages.stages import TrainedPattern, Way
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.adapter import Adapter, read_peft, write_peft
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import Fit, Progress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.phase2 import REFIT, CoefficientRecipe, refit, train_coefficients
from sleepy.memory.parametric.storage import write_whole
from sleepy.memory.parametric.subspace import Certificate, MergeRejected, Rule, Subspace

FOUNDERS = 4  # patterns learnt by LoRA before there are bases wide enough to learn the others in
# Rates by what other programs' koans say (RESULTS, "Rates and steps"): LoRA at 7e-3 and coefficients at 2e-2 learn the
# lessons' own programs and lose the others, and want twice the steps for it.
LORA = LoraRecipe(rank=8, lr=2e-3)
COEFFICIENTS = CoefficientRecipe(lr=5e-3)
TEMPORARIES = CoefficientRecipe(phi=2, lr=3e-3)  # coefficients and temporary directions
ENOUGH = 0.5  # share of a pattern's held-out lessons said exactly, below which temporaries are tried as well
RULE = Rule(threshold=0.98, cap=64)
_LEARNT = "learnt.json"
_PRECISION = "precision."  # the beginning of an empty file's name: something here was begun in the precision it ends in
_DAMAGED = 0.02  # a pattern that lost more of its dW in a merge is refitted


class Trainer:
    """The model to train on, loaded when it is first wanted; steps and seconds a pattern; and who hears of progress.

    `dtype` is the precision of the model's weights: part of what tells one training from another.
    """

    def __init__(
        self, load: Callable[[], LanguageModel], steps: int, seconds: float, say: Say, dtype: str = "float32"
    ) -> None:
        self._load, self.steps, self.seconds, self.say, self.dtype = load, steps, seconds, say, dtype

    @cached_property
    def model(self) -> LanguageModel:
        return self._load()


def examples(trainer: Trainer, lessons: Sequence[Lesson]) -> list[Example]:
    """Lessons as token ids; those that do not fit the model's context are left out."""
    made = []
    for item in lessons:
        prompt, answer = trainer.model.prompt_ids(item.prompt), trainer.model.answer_ids(item.answer)
        if len(prompt) + len(answer) <= trainer.model.positions:
            made.append(Example.completion(prompt, answer))
    return made


def train(
    trainer: Trainer, folder: Path, courses: Mapping[str, Sequence[Lesson]], start: Subspace | None, seed: int
) -> list[TrainedPattern]:
    """Adapters of all courses, in the courses' order, one after the other. The model is unchanged afterwards."""

    def each(names: Sequence[str], founders: Sequence[TrainedPattern] | None) -> list[TrainedPattern]:
        inside = None if founders is None else bases(folder, start, founders)
        return [learn(trainer, folder, name, courses[name], inside, seed) for name in names]

    return in_order(each, list(courses), len(start.patterns) if start is not None else 0)


def in_order(
    each: Callable[[Sequence[str], Sequence[TrainedPattern] | None], list[TrainedPattern]],
    names: Sequence[str],
    known: int,
) -> list[TrainedPattern]:
    """The patterns learnt in two rounds: founders by LoRA, and when these are done the others inside their bases.

    `each` learns the patterns of a round, which do not depend on each other, given the founders it may build on; None
    where there are none to build on yet. `known` is how many patterns the subspace has already.
    """
    count = max(0, FOUNDERS - known)
    first = each(names[:count], None) if names[:count] else []
    return [*first, *(each(names[count:], first) if names[count:] else [])]


def bases(folder: Path, start: Subspace | None, founders: Sequence[TrainedPattern]) -> Subspace | None:
    """What the later patterns are learnt in: the founders' bases, beside those there were."""
    adapters = {item.signature: _read(folder, item) for item in founders}
    if start is None:
        return Subspace.found(adapters, RULE)[0]
    for name, adapter in adapters.items():
        with contextlib.suppress(MergeRejected):
            start, _ = start.absorb(name, adapter, RULE)
    return start


def consolidate(
    trainer: Trainer,
    folder: Path,
    trained: Sequence[TrainedPattern],
    courses: Mapping[str, Sequence[Lesson]],
    start: Subspace | None,
    seed: int,
) -> Merged:
    """Phase 3: every adapter in one subspace, refitted where the merge hurt.

    What is learnt again is there twice: as it serves (see `relearning`) and as it was learnt now.
    """
    adapters = {item.signature: _read(folder, item) for item in trained}
    start, aside = relearning.beside(start, adapters)
    founders = {name: adapters[name] for name in adapters} if start is None else {}
    founders = dict(list(founders.items())[:FOUNDERS])
    refused: dict[str, str] = {}
    damage: dict[str, float] = {}
    subspace = start
    if founders:
        subspace, certificate = Subspace.found(founders, RULE)
        _note(damage, certificate)
    assert subspace is not None, "a night that trained anything has founders or a subspace"
    for name, adapter in adapters.items():
        if name in founders:
            continue
        try:
            subspace, certificate = subspace.absorb(name, adapter, RULE)
            _note(damage, certificate)
        except MergeRejected as error:
            refused[name] = str(error)
    hurt = [name for name in adapters if damage.get(name, 0.0) > _DAMAGED and name not in refused]
    for number, name in enumerate(hurt):
        recipe = replace(REFIT, seed=seed, seconds=trainer.seconds / 3)
        fitted = refit(trainer.model.model, subspace, name, examples(trainer, courses[name]), recipe)
        subspace = subspace.with_coefficients(name, fitted)
        trainer.say("refit", number + 1, len(hurt))
    return Merged(subspace, aside, refused, damage)


@dataclass(frozen=True, slots=True)
class Merged:
    """A subspace with what was put aside in it, what was left out and why, and each pattern's damage before its refit."""

    subspace: Subspace
    aside: Mapping[str, str]
    refused: Mapping[str, str]
    damage: Mapping[str, float]


def _note(damage: dict[str, float], certificate: Certificate) -> None:
    for name, value in certificate.damage.items():
        damage[name] = max(damage.get(name, 0.0), value)


def learn(
    trainer: Trainer, folder: Path, name: str, lessons: Sequence[Lesson], subspace: Subspace | None, seed: int
) -> TrainedPattern:
    """One pattern's adapter, trained or, when an earlier run of the night finished it, found.

    What was begun in another precision is begun anew: it lies under another name. In a subspace coefficients come
    first; temporary directions are tried where the pattern's held-out lessons ask for them, and kept where they do
    better there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{_PRECISION}{trainer.dtype}").touch()
    what = [name, str(seed), trainer.dtype, *(item.content_hash for item in lessons)]
    where = hashlib.sha256("\x1e".join(what).encode()).hexdigest()[:16]
    made = examples(trainer, lessons)
    began = time.monotonic()

    def told(progress: Progress) -> None:
        trainer.say(f"train {name}", int(100 * progress.step / progress.steps), 100)

    def by(way: Way) -> TrainingRun:
        at = folder / f"{where}.{way.value}"
        if not (at / _LEARNT).exists():
            ends: list[Fit] = []
            hooks: dict[str, Any] = {
                "checkpoint": folder / f"{at.name}.checkpoint", "report": told, "ended": ends.append,
            }  # fmt: skip
            limits: dict[str, Any] = {"seed": seed, "steps": trainer.steps, "seconds": trainer.seconds}
            torch.manual_seed(seed)
            if subspace is None:
                adapter = train_lora(trainer.model.model, made, replace(LORA, **limits), **hooks)
            else:
                recipe = COEFFICIENTS if way is Way.COEFFICIENTS else TEMPORARIES
                recipe = replace(recipe, **limits)
                adapter = train_coefficients(trainer.model.model, subspace, name, made, recipe, **hooks)
            write_peft(at, adapter, trainer.model.name)
            (fit,) = ends
            found = {"loss": fit.held_out, "exact": fit.exact, "curve": [astuple(item) for item in fit.curve]}
            write_whole(at / _LEARNT, json.dumps(found).encode())  # last: with it the folder is whole
        return TrainingRun(way, at.name, **json.loads((at / _LEARNT).read_bytes()))

    if subspace is None:
        best = by(Way.LORA)
    else:
        best = by(Way.COEFFICIENTS)
        if best.exact < ENOUGH:
            best = min(best, by(Way.TEMPORARIES), key=lambda item: (-item.exact, item.loss))
    seconds = round(time.monotonic() - began, 2)
    curve = tuple((step, round(loss, 4), round(exact, 4)) for step, loss, exact in best.curve)
    return TrainedPattern(name, best.way, best.folder, seconds, len(made), round(best.exact, 4), curve, trainer.dtype)


def precisions(folder: Path) -> set[str]:
    """The precisions in which training was begun in a night's folder."""
    return {path.name.removeprefix(_PRECISION) for path in folder.glob(f"{_PRECISION}*")}


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One run of training: what its adapter's folder says of it."""

    way: Way
    folder: str
    loss: float
    exact: float
    curve: Sequence[tuple[int, float, float]]


def _read(folder: Path, item: TrainedPattern) -> Adapter:
    return read_peft(folder / item.folder)
