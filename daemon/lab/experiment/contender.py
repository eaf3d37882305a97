"""A trained strategy as it answers: a subspace and a router, made by the strategy's configuration.

What is served globally is one adapter, founded as a subspace of its own without truncation and routed to by every
signature: served and examined like everything else.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.experiment.setup import SharedSetup, of_kind
from sleepy.daemon.lab.experiment.strategy import Consolidate, Serve, Strategy, Trainable, TrainOn
from sleepy.daemon.night import lessons
from sleepy.daemon.night import train as training
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import TrainedPattern, Way
from sleepy.memory.episodic import patterns
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.adapter import Adapter, Factors, read_peft, write_peft
from sleepy.memory.parametric.fit import FitProgress
from sleepy.memory.parametric.lora import train_lora
from sleepy.memory.parametric.phase2 import train_coefficients
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.rule import Rule
from sleepy.memory.parametric.subspace import Subspace

POOLED = 480  # steps of one adapter for all patterns: three times what a pattern gets
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Contender:
    """What answers; how many numbers were trained for it, and for how many seconds."""

    served: Served
    trained: int
    seconds: float


def contender(setup: SharedSetup, strategy: Strategy) -> Contender:
    """The strategy's contender, trained here; adapters that another strategy trained are used again."""
    if strategy.serve is Serve.ROUTED:
        return _night(setup)
    began = time.monotonic()
    if strategy.consolidate is Consolidate.NONE:
        adapter, trained = _pooled(setup, strategy)
        seconds = time.monotonic() - began
    elif strategy.trainable is Trainable.COEFFICIENTS:
        night = _night(setup)
        assert night.served.subspace is not None
        adapter = mean([night.served.subspace.reconstruct(name) for name in night.served.subspace.patterns])
        trained, seconds = night.trained, night.seconds
    else:
        courses = _courses(setup, strategy)
        found = [
            training.train(setup.trainer, setup.adapters, {name: some}, None, setup.seed)[0]
            for name, some in courses.items()
        ]
        adapters = [read_peft(setup.adapters / item.folder) for item in found]
        chosen = adapters[:1] if strategy.consolidate is Consolidate.ONE else adapters
        adapter, trained = mean(chosen), sum(map(numbers, chosen))
        seconds = sum(item.seconds for item in found[: len(chosen)])
    subspace, _ = Subspace.found({_ALL: adapter}, Rule(threshold=1.0))
    everywhere = dict.fromkeys({item.signature for item in setup.asked}, _ALL)
    return Contender(Served(strategy.name, subspace, Router(everywhere)), trained, seconds)


def mean(adapters: Sequence[Adapter]) -> Adapter:
    """The adapter whose dW is the mean of theirs: their factors side by side."""
    names = dict.fromkeys(name for adapter in adapters for name in adapter.factors)
    parts = {name: [adapter.factors[name] for adapter in adapters if name in adapter.factors] for name in names}
    return Adapter(
        {
            name: Factors(torch.cat([pair.b for pair in some], 1) / len(adapters), torch.cat([pair.a for pair in some]))
            for name, some in parts.items()
        }
    )


def numbers(adapter: Adapter) -> int:
    """How many numbers an adapter holds."""
    return sum(pair.b.numel() + pair.a.numel() for pair in adapter.factors.values())


def _courses(setup: SharedSetup, strategy: Strategy) -> Mapping[str, Sequence[Lesson]]:
    if strategy.train_on is TrainOn.PRACTISED:
        tools = setup.tools
        return {name: lessons.own(tools, name) for name in patterns.rates(tools.db)}
    chosen = dict(setup.failing)
    if strategy.train_on is TrainOn.FEW:
        chosen = dict(list(chosen.items())[: training.FOUNDERS])
    if strategy.train_on is TrainOn.ALL:
        chosen |= setup.mastered
    return chosen


def _pooled(setup: SharedSetup, strategy: Strategy) -> tuple[Adapter, int]:
    """One adapter of all the lessons together."""
    tools = setup.tools
    courses = _courses(setup, strategy).values()
    found = [item for some in courses for item in of_kind(some, strategy.teach)]
    if not found:
        raise UserError(
            f"there is no lesson for the strategy {strategy.name!r}", remedy="give more --tasks, or another --model"
        )
    place = setup.adapters / f"pooled.{strategy.name}"
    start = _founded(setup) if strategy.trainable is Trainable.COEFFICIENTS else None
    if start is not None:
        sides = [(block.b.basis.shape[1], block.a.basis.shape[1]) for block in start.blocks.values()]
        trained = training.COEFFICIENTS.rank * sum(b + a for b, a in sides)
    if not (place / "adapter_config.json").exists():
        examples = training.examples(setup.trainer, found)
        torch.manual_seed(setup.seed)

        def told(progress: FitProgress) -> None:
            tools.say(f"train {strategy.name}", progress.step, progress.steps)

        if start is None:
            lora = replace(training.LORA, steps=POOLED, seed=setup.seed, lr=strategy.lr or training.LORA.lr)
            adapter = train_lora(tools.model.model, examples, lora, report=told)
        else:
            inside = replace(training.COEFFICIENTS, steps=POOLED, seed=setup.seed)
            adapter = train_coefficients(tools.model.model, start, _ALL, examples, inside, report=told)
        write_peft(place, adapter, tools.model.name)
    adapter = read_peft(place)
    return adapter, numbers(adapter) if start is None else trained


def _founded(setup: SharedSetup) -> Subspace:
    """The bases of the night's founders."""
    names = list(setup.failing)[: training.FOUNDERS]
    found = [
        training.train(setup.trainer, setup.adapters, {name: setup.failing[name]}, None, setup.seed)[0]
        for name in names
    ]
    return Subspace.found({item.signature: read_peft(setup.adapters / item.folder) for item in found}, training.RULE)[0]


def _night(setup: SharedSetup) -> Contender:
    """The night's own challenger, with the routes that the gate left it."""
    trained = setup.made.trained.patterns
    subspace = Subspace.load(setup.folder / "subspace")
    served = Served("night", subspace, setup.made.decided.routes)
    return Contender(served, _trained(setup, trained, subspace), sum(item.seconds for item in trained))


def _trained(setup: SharedSetup, trained: Iterable[TrainedPattern], subspace: Subspace) -> int:
    """Numbers that were trained, by the way of each pattern; the bases as they are at the end."""
    total = 0
    for item in trained:
        if item.way == Way.LORA:
            total += numbers(read_peft(setup.adapters / item.folder))
            continue
        recipe = training.COEFFICIENTS if item.way == Way.COEFFICIENTS else training.TEMPORARIES
        for block in subspace.blocks.values():
            for side in (block.b, block.a):
                width, k = side.basis.shape
                total += recipe.rank * k + recipe.phi * (width + recipe.rank)
    return total
