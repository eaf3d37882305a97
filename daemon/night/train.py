"""Trains the night's patterns: the first few (founders) by LoRA, the rest inside the subspace these span.

Where a route answers already, training goes on from the coefficients that serve: what they know need not be learnt again.
Each pattern's adapter is written in PEFT's format as soon as it is done, so an interrupted night trains none twice.
Within a pattern, training resumes from its last checkpoint.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import torch

from sleepy.daemon.base.listener import Say
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import recipe, relearning
from sleepy.daemon.night.pieces import LEARNT
from sleepy.daemon.stages.stages import TrainedPattern, Way
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.adapter import Adapter, read_peft, write_peft
from sleepy.memory.parametric.examples import Example, split
from sleepy.memory.parametric.fit import Fit, FitProgress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.phase2 import REFIT, CoefficientRecipe, refit, train_coefficients
from sleepy.memory.parametric.scope import is_signature
from sleepy.memory.parametric.storage import write_whole
from sleepy.memory.parametric.subspace import Certificate, MergeRejected, Rule, Subspace

USUAL = 220  # lessons of a signature's course
FOUNDERS = 4  # patterns learnt by LoRA before the bases are wide enough to learn the others in
# Rates are the built-in model's; another model's come from a probe (see `recipe`).
LORA = LoraRecipe(rank=8, lr=2e-3, examine_every=8)
COEFFICIENTS = CoefficientRecipe(lr=recipe.COEFFICIENTS * LORA.lr, examine_every=8)
TEMPORARIES = CoefficientRecipe(phi=2, lr=recipe.TEMPORARIES * LORA.lr, examine_every=8)
LEAST_PROGRAMS = 5  # of fewer, none can be spared for the held-out part
WIDE = 2048  # tokens of a coarse scope's step: its lessons are of many kinds
EXAMINATIONS = 10  # of the held-out lessons in a training, at least
ENOUGH = 0.5  # temporaries are tried too if a smaller share of held-out lessons is answered exactly
RULE = Rule(threshold=1.0, cap=64)  # nothing is dropped while there is room: what a merge damages must be refitted
_PRECISION = (
    "precision."  # prefix of empty marker files; the rest of the name is a precision in which training started here
)
_DAMAGED = 0.02  # a pattern that lost a larger share of its dW in a merge is refitted


class Kept(Protocol):
    """Where else a pattern's adapters and checkpoints lie than in the folder that they are trained in."""

    def bring(self, path: Path) -> None:
        """Gets what an earlier run of the night left there, into its place."""
        ...

    def keep(self, path: Path) -> None:
        """Puts an adapter there; an error if that is not possible."""
        ...

    def checkpoint(self, path: Path) -> None:
        """Puts a checkpoint there, if that is possible, in the place of the one before."""
        ...

    def drop(self, path: Path) -> None:
        """Removes a checkpoint from there."""
        ...


class OnlyHere:
    """Nowhere else."""

    def bring(self, path: Path) -> None: ...

    def keep(self, path: Path) -> None: ...

    def checkpoint(self, path: Path) -> None: ...

    def drop(self, path: Path) -> None: ...


class Trainer:
    """The model to train on, loaded at first use; the limits in steps and seconds per pattern; a progress callback.

    `dtype` is the precision of the model's weights. Results are stored under it, so precisions are never mixed. `lr` is
    the model's learning rate for LoRA. The limits are for a course of so many `lessons`: a longer one of a coarse scope
    has as many times more. What is trained is `kept` elsewhere too.
    """

    def __init__(
        self,
        load: Callable[[], LanguageModel],
        steps: int,
        seconds: float,
        say: Say,
        dtype: str = "float32",
        lr: float = LORA.lr,
        lessons: int = USUAL,
        kept: Kept | None = None,
    ) -> None:
        self._load, self.steps, self.seconds, self.say, self.dtype, self.lr = load, steps, seconds, say, dtype, lr
        self._lessons, self.kept = lessons, kept or OnlyHere()

    def times(self, scope: str, lessons: int) -> float:
        """How many times the usual limits the training of a scope with so many lessons is given; 1 for a signature."""
        return 1.0 if is_signature(scope) else max(1.0, lessons / self._lessons)

    @cached_property
    def model(self) -> LanguageModel:
        return self._load()


def examples(trainer: Trainer, lessons: Sequence[Lesson]) -> list[Example]:
    """The lessons as token ids; lessons that do not fit the model's context are left out."""
    made = []
    for item in lessons:
        prompt, answer = trainer.model.prompt_ids(item.prompt), trainer.model.answer_ids(item.answer)
        if len(prompt) + len(answer) <= trainer.model.positions:
            made.append(Example.completion(prompt, answer))
    return made


@dataclass(frozen=True, slots=True)
class Serving:
    """The pattern that answers now for what is to be learnt, and the subspace it stands in."""

    pattern: str
    subspace: Subspace

    @property
    def adapter(self) -> Adapter:
        return self.subspace.reconstruct(self.pattern)


@dataclass(frozen=True, slots=True)
class Parted:
    """A course's examples: those that are learnt from, and those that say when to stop.

    `apart`: no program gives examples to both. With too few programs, or lessons of earlier versions whose programs are
    not known, the parts are drawn by example: `exact` then says how well the lessons' own programs are known.
    """

    learnt: list[Example]
    held_out: list[Example]
    apart: bool


def parted(trainer: Trainer, lessons: Sequence[Lesson], share: float, seed: int) -> Parted:
    """The lessons as examples, a share of them held out: whole programs, drawn by the seed, at least one.

    A program that gives a quarter of the lessons or more is never held out.
    """
    sizes = Counter(item.program for item in lessons)
    order = sorted(name for name, count in sizes.items() if 4 * count < len(lessons))
    random.Random(seed).shuffle(order)
    chosen: set[str] = set()
    held: list[Example] = []
    for name in order:
        if len(held) >= max(1, int(share * len(lessons))):
            break
        chosen.add(name)
        held += examples(trainer, [item for item in lessons if item.program == name])
    learnt = examples(trainer, [item for item in lessons if item.program not in chosen])
    if len(sizes) < LEAST_PROGRAMS or "" in sizes or not held or not learnt:
        return Parted(*split(examples(trainer, lessons), share, seed), apart=False)
    return Parted(learnt, held, apart=True)


def train(
    trainer: Trainer, folder: Path, courses: Mapping[str, Sequence[Lesson]], start: Subspace | None, seed: int
) -> list[TrainedPattern]:
    """Trains all courses one after the other and returns their adapters in order. The model itself is unchanged."""

    def each(names: Sequence[str], founders: Sequence[TrainedPattern] | None) -> list[TrainedPattern]:
        inside = None if founders is None else bases(folder, start, founders)
        return [learn(trainer, folder, name, courses[name], inside, seed) for name in names]

    return in_order(each, list(courses), len(start.patterns) if start is not None else 0)


def in_order(
    each: Callable[[Sequence[str], Sequence[TrainedPattern] | None], list[TrainedPattern]],
    names: Sequence[str],
    known: int,
    kept: Sequence[TrainedPattern] = (),
) -> list[TrainedPattern]:
    """Learns the patterns in two rounds: founders by LoRA, then the others inside the founders' bases.

    `each` learns the patterns of one round, which do not depend on each other. It is given the founders it may build
    on, or None in the founders' own round. `known` is the number of patterns already in the subspace. `kept` are
    adapters of earlier nights, which the bases will hold too.
    """
    count = max(0, FOUNDERS - known - len(kept))
    first = each(names[:count], None) if names[:count] else []
    return [*first, *(each(names[count:], [*kept, *first]) if names[count:] else [])]


def bases(folder: Path, start: Subspace | None, founders: Sequence[TrainedPattern]) -> Subspace | None:
    """The subspace in which the later patterns are learnt: the existing bases, widened by the founders'."""
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
    """Phase 3: merges all adapters into one subspace and refits those that the merge damaged.

    A pattern that is learnt again is in it twice: with the coefficients that serve (see `relearning`) and the new ones.
    """
    adapters = {item.signature: _read(folder, item) for item in trained}
    start, aside = relearning.set_aside(start, adapters)
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
    hurt = [name for name in courses if damage.get(name, 0.0) > _DAMAGED and name in adapters and name not in refused]
    for number, name in enumerate(hurt):
        again = replace(REFIT, lr=trainer.lr * recipe.COEFFICIENTS, seed=seed, seconds=trainer.seconds / 3)
        part = parted(trainer, courses[name], again.held_out, again.seed)
        fitted = refit(trainer.model.model, subspace, name, part.learnt, again, held_out=part.held_out)
        subspace = subspace.with_coefficients(name, fitted)
        trainer.say("refit", number + 1, len(hurt))
    return Merged(subspace, aside, refused, damage)


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged subspace, the names set aside in it, the refused patterns and why, and the damage before refits."""

    subspace: Subspace
    aside: Mapping[str, str]
    refused: Mapping[str, str]
    damage: Mapping[str, float]


def _note(damage: dict[str, float], certificate: Certificate) -> None:
    for name, value in certificate.damage.items():
        damage[name] = max(damage.get(name, 0.0), value)


def learn(
    trainer: Trainer,
    folder: Path,
    name: str,
    lessons: Sequence[Lesson],
    subspace: Subspace | None,
    seed: int,
    serving: Serving | None = None,
) -> TrainedPattern:
    """Trains one pattern's adapter, or returns the one that an earlier run of the night finished.

    Training that started in another precision is restarted, under another name. A coarse scope is always learnt by
    LoRA: it has more to learn than a few bases hold. Inside a subspace, a signature's coefficients are trained first. If
    too few held-out lessons are answered exactly, temporary directions are tried as well, and the better of the two on
    the held-out lessons is kept. Training starts from what is `serving`; without, from nothing.
    """
    begun(folder, trainer.dtype)
    what = [name, str(seed), trainer.dtype, f"{trainer.lr:g}", *(item.content_hash + item.program for item in lessons)]
    what += [serving.pattern, serving.subspace.version] if serving is not None else []
    where = hashlib.sha256("\x1e".join(what).encode()).hexdigest()[:16]
    part = parted(trainer, lessons, LORA.held_out, seed)
    times = trainer.times(name, len(lessons))
    begins = serving.adapter if serving is not None else None
    began = time.monotonic()

    def on_progress(progress: FitProgress) -> None:
        trainer.say(f"train {spoken(name)}", int(100 * progress.step / progress.steps), 100)

    def run(way: Way) -> TrainingRun:
        at = folder / f"{where}.{way.value}"
        trainer.kept.bring(at)
        if not (at / LEARNT).exists():
            checkpoint = folder / f"{at.name}.checkpoint"
            trainer.kept.bring(checkpoint)
            ends: list[Fit] = []
            hooks: dict[str, Any] = {
                "held_out": part.held_out, "checkpoint": checkpoint, "kept": trainer.kept.checkpoint,
                "report": on_progress, "ended": ends.append,
            }  # fmt: skip
            steps = round(trainer.steps * times)
            limits: dict[str, Any] = {
                "seed": seed, "steps": steps, "seconds": trainer.seconds * times,
                "examine_every": max(LORA.examine_every, steps // EXAMINATIONS),
            }  # fmt: skip
            torch.manual_seed(seed)
            if way is Way.LORA:
                wide = LORA.batch_tokens if is_signature(name) else WIDE
                made = replace(LORA, lr=trainer.lr, batch_tokens=wide, **limits)
                adapter = train_lora(trainer.model.model, part.learnt, made, begins=begins, **hooks)
            else:
                assert subspace is not None, "coefficients are of a subspace"
                plain = way is Way.COEFFICIENTS
                lr = trainer.lr * (recipe.COEFFICIENTS if plain else recipe.TEMPORARIES)
                inside = replace(COEFFICIENTS if plain else TEMPORARIES, lr=lr, **limits)
                adapter = train_coefficients(
                    trainer.model.model, subspace, name, part.learnt, inside, begins=begins, **hooks
                )
            write_peft(at, adapter, trainer.model.name)
            (fit,) = ends
            found = {"loss": fit.held_out, "exact": fit.exact, "curve": [astuple(item) for item in fit.curve]}
            write_whole(at / LEARNT, json.dumps(found).encode())  # written last: it marks the folder as complete
            trainer.kept.keep(at)
            trainer.kept.drop(checkpoint)
        return TrainingRun(way, at.name, **json.loads((at / LEARNT).read_bytes()))

    if subspace is None or not is_signature(name):
        best = run(Way.LORA)
    else:
        best = run(Way.COEFFICIENTS)
        if best.exact < ENOUGH:
            best = min(best, run(Way.TEMPORARIES), key=lambda item: (-item.exact, item.loss))
    seconds = round(time.monotonic() - began, 2)
    curve = tuple((step, round(loss, 4), round(exact, 4)) for step, loss, exact in best.curve)
    count, exact = len(part.learnt) + len(part.held_out), round(best.exact, 4)
    return TrainedPattern(name, best.way, best.folder, seconds, count, exact, curve, trainer.dtype, part.apart)


def begun(folder: Path, dtype: str) -> None:
    """Notes that training started in a night's folder in this precision."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{_PRECISION}{dtype}").touch()


def precisions(folder: Path) -> set[str]:
    """The precisions in which training was started in a night's folder."""
    return {path.name.removeprefix(_PRECISION) for path in folder.glob(f"{_PRECISION}*")}


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One training run, as recorded in its adapter's folder."""

    way: Way
    folder: str
    loss: float
    exact: float
    curve: Sequence[tuple[int, float, float]]


def _read(folder: Path, item: TrainedPattern) -> Adapter:
    return read_peft(folder / item.folder)
