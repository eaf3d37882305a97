"""The one training loop: some factors learn from examples, the base is frozen.

Loss on the positions with weight alone, found before the output matrix is multiplied; batches of like
lengths under a token budget, their order decided by the seed; AdamW, warm-up, cosine; the held-out part
says when to stop and which step was best. With no time budget equal arguments give equal weights.
"""

from __future__ import annotations

import hashlib
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.base.cross_entropy import linear_cross_entropy


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids, and a loss weight for each id but the first: weights[i] is for predicting ids[i + 1]."""

    ids: tuple[int, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.ids) - 1:
            raise ValueError(f"{len(self.ids)} ids want {len(self.ids) - 1} weights, not {len(self.weights)}")
        if not any(weight > 0 for weight in self.weights):
            raise ValueError("an example without a weight above 0 teaches nothing")

    @classmethod
    def completion(cls, prompt: Sequence[int], answer: Sequence[int]) -> Example:
        """Loss on the answer alone."""
        return cls((*prompt, *answer), (0.0,) * (len(prompt) - 1) + (1.0,) * len(answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how hard. A step takes a 2 M model 0.1 CPU-seconds in bfloat16, 0.15 in float32."""

    lr: float = 5e-3
    steps: int = 120
    batch_tokens: int = 1024  # padded, a step
    warmup: float = 0.05  # share of the steps
    last: float = 0.05  # share of lr left at the end of the cosine
    clip: float = 1.0  # norm of the gradient
    decay: float = 0.0
    held_out: float = 0.1  # share of the examples, unless some are given
    examine_every: int = 20  # steps
    patience: int = 3  # examinations without a new best before stopping
    seconds: float | None = None  # the schedule ends here if the steps have not ended it
    seed: int = 0
    checkpoint_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """After one step. held_out is None where none was measured at this step."""

    step: int
    steps: int
    tokens: int
    loss: float  # this batch's, a weighted mean over its positions
    held_out: float | None
    seconds: float


class Stopped(StrEnum):
    STEPS = "steps"  # the recipe's steps are done
    EARLY = "early"  # the held-out loss no longer fell
    TIME = "time"  # the seconds are over


@dataclass(frozen=True, slots=True)
class Fit:
    """How a run ended. held_out is the best held-out loss, whose parameters were kept; None without any."""

    stopped: Stopped
    steps: int
    tokens: int
    held_out: float | None
    seconds: float


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """No parameter of the model wants a gradient within; flags and training mode are put back after."""
    flags = {name: p.requires_grad for name, p in model.named_parameters()}
    training = model.training
    model.requires_grad_(False)
    try:
        yield
    finally:
        for name, p in model.named_parameters():
            if name in flags:
                p.requires_grad_(flags[name])
        model.train(training)


def fit(
    model: Any,
    parameters: Mapping[str, nn.Parameter],
    examples: Sequence[Example],
    recipe: Recipe,
    *,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Fit:
    """Trains `parameters`, which `model`'s forward pass already uses, in place, and leaves the best there.

    `held_out` replaces the recipe's share. With a `checkpoint` path an interrupted run goes on where it was
    (same data and recipe; `ValueError` otherwise), and the file is removed at the end.
    """
    train, judge = _split(examples, recipe) if held_out is None else (list(examples), list(held_out))
    if not train:
        raise ValueError("no examples to train on")
    trained = list(parameters.values())
    optimiser = torch.optim.AdamW(trained, lr=0.0, betas=(0.9, 0.95), weight_decay=recipe.decay)
    identity = _identity(parameters, train, judge, recipe)
    state = _State()
    if checkpoint is not None and checkpoint.exists():
        state = _resumed(checkpoint, identity, parameters, optimiser)
    linear = _head_is_linear(model, train[0])
    began = saved = time.monotonic()
    before = state.seconds
    stopped = Stopped.STEPS
    for number, batch in enumerate(_batches(train, recipe)):
        if number < state.step:  # the order of a resumed run, without its work
            continue
        state.seconds = before + time.monotonic() - began
        if state.step >= recipe.steps:
            break
        if recipe.seconds is not None and state.seconds >= recipe.seconds:
            stopped = Stopped.TIME
            break
        if recipe.examine_every and state.stale >= recipe.patience > 0:
            stopped = Stopped.EARLY
            break
        for group in optimiser.param_groups:
            group["lr"] = _rate(recipe, state.step, state.seconds)
        model.train()
        total, weight = _loss(model, batch, linear)
        loss = total / weight
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        state.step = number + 1
        state.tokens += sum(len(example.ids) for example in batch)
        judged = None
        if judge and recipe.examine_every and state.step % recipe.examine_every == 0:
            judged = _examine(model, judge, recipe, linear)
            state.note(judged, parameters)
        if checkpoint is not None and time.monotonic() - saved >= recipe.checkpoint_seconds:
            state.seconds = before + time.monotonic() - began
            _save(checkpoint, identity, state, parameters, optimiser)
            saved = time.monotonic()
        if report is not None:
            seconds = before + time.monotonic() - began
            report(Progress(state.step, recipe.steps, state.tokens, loss.item(), judged, seconds))
    if judge and (not recipe.examine_every or state.step % recipe.examine_every):
        state.note(_examine(model, judge, recipe, linear), parameters)
    if state.best is not None:
        with torch.no_grad():
            for name, p in parameters.items():
                p.copy_(state.best[name])
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    seconds = before + time.monotonic() - began
    return Fit(stopped, state.step, state.tokens, state.best_loss if judge else None, seconds)


@torch.no_grad()
def mean_loss(model: Any, examples: Sequence[Example], *, batch_tokens: int = 4096) -> float:
    """Weighted mean of -log p over the examples' positions, in evaluation mode."""
    return _examine(model, examples, Recipe(batch_tokens=batch_tokens), _head_is_linear(model, examples[0]))


@dataclass(slots=True)
class _State:
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best_loss: float = math.inf
    stale: int = 0
    best: dict[str, Tensor] | None = None

    def note(self, judged: float, parameters: Mapping[str, nn.Parameter]) -> None:
        self.stale += 1
        if judged < self.best_loss:
            self.best_loss, self.stale = judged, 0
            self.best = {name: p.detach().clone() for name, p in parameters.items()}


def _loss(model: Any, batch: Sequence[Example], linear: bool) -> tuple[Tensor, float]:
    """Sum of weighted losses, and of weights, over a batch padded to the right.

    Under a causal mask no token sees the padding after it, so no attention mask is needed.
    """
    width = max(len(example.ids) for example in batch) - 1
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    targets = torch.zeros(len(batch), width, dtype=torch.long)
    weights = torch.zeros(len(batch), width)
    for i, example in enumerate(batch):
        length = len(example.weights)
        row = torch.tensor(example.ids)
        ids[i, :length], targets[i, :length] = row[:-1], row[1:]
        weights[i, :length] = torch.tensor(example.weights)
    device = next(model.parameters()).device
    where = (weights.flatten() > 0).nonzero().squeeze(1).to(device)
    chosen = targets.to(device).flatten()[where], weights.to(device).flatten()[where]
    if linear:
        hidden = model.base_model(input_ids=ids.to(device), use_cache=False).last_hidden_state
        # (positions, d): a few in a hundred of all
        hidden = hidden.flatten(0, 1).index_select(0, where)
        loss = linear_cross_entropy(hidden, model.get_output_embeddings().weight, *chosen)
    else:
        logits = model(input_ids=ids.to(device), use_cache=False).logits.flatten(0, 1)[where].float()
        loss = (torch.nn.functional.cross_entropy(logits, chosen[0], reduction="none") * chosen[1]).sum()
    return loss, float(weights.sum())


@torch.no_grad()
def _head_is_linear(model: Any, example: Example) -> bool:
    """Whether logits are hidden @ W^T alone (no bias, cap or scale), tried on one example."""
    ids = torch.tensor([example.ids[:8]], device=next(model.parameters()).device)
    model.eval()
    logits = model(input_ids=ids, use_cache=False).logits
    hidden = model.base_model(input_ids=ids, use_cache=False).last_hidden_state
    plain = hidden @ model.get_output_embeddings().weight.T
    return logits.shape == plain.shape and torch.allclose(logits.float(), plain.float(), rtol=1e-2, atol=1e-3)


@torch.no_grad()
def _examine(model: Any, examples: Sequence[Example], recipe: Recipe, linear: bool) -> float:
    model.eval()
    loss = weight = 0.0
    for batch in _buckets(sorted(range(len(examples)), key=lambda i: len(examples[i].ids)), examples, recipe):
        some, share = _loss(model, [examples[i] for i in batch], linear)
        loss, weight = loss + some.item(), weight + share
    return loss / weight


def _rate(recipe: Recipe, step: int, seconds: float) -> float:
    done = step / recipe.steps
    if recipe.seconds is not None:
        done = max(done, seconds / recipe.seconds)
    if done < recipe.warmup:
        return recipe.lr * max(done, 1 / recipe.steps) / recipe.warmup
    falling = (1 + math.cos(math.pi * min(1.0, (done - recipe.warmup) / (1 - recipe.warmup)))) / 2
    return recipe.lr * (recipe.last + (1 - recipe.last) * falling)


def _split(examples: Sequence[Example], recipe: Recipe) -> tuple[list[Example], list[Example]]:
    order = list(range(len(examples)))
    random.Random(recipe.seed).shuffle(order)
    out = int(recipe.held_out * len(order))
    return [examples[i] for i in order[out:]], [examples[i] for i in order[:out]]


def _batches(examples: Sequence[Example], recipe: Recipe) -> Iterator[list[Example]]:
    """Endless epochs; the order depends on the seed alone."""
    chooser = random.Random(recipe.seed)
    order = list(range(len(examples)))
    while True:
        chooser.shuffle(order)
        batches = []
        for start in range(0, len(order), 512):
            chunk = sorted(order[start : start + 512], key=lambda i: len(examples[i].ids))
            batches += _buckets(chunk, examples, recipe)
        chooser.shuffle(batches)
        for batch in batches:
            yield [examples[i] for i in batch]


def _buckets(order: Sequence[int], examples: Sequence[Example], recipe: Recipe) -> list[list[int]]:
    """Cuts rising lengths into batches of at most batch_tokens with padding; one example at least."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * len(examples[i].ids) > recipe.batch_tokens:
            batches.append(batch)
            batch = []
        batch.append(i)
    return [*batches, batch] if batch else batches


def _identity(
    parameters: Mapping[str, nn.Parameter], train: list[Example], judge: list[Example], recipe: Recipe
) -> str:
    shapes = [(name, tuple(p.shape)) for name, p in parameters.items()]
    return hashlib.sha256(repr((shapes, train, judge, recipe)).encode()).hexdigest()


def _save(
    path: Path,
    identity: str,
    state: _State,
    parameters: Mapping[str, nn.Parameter],
    optimiser: torch.optim.Optimizer,
) -> None:
    partial = path.with_name(path.name + ".partial")
    torch.save(
        {
            "identity": identity,
            "step": state.step,
            "tokens": state.tokens,
            "seconds": state.seconds,
            "best_loss": state.best_loss,
            "stale": state.stale,
            "best": state.best,
            "parameters": {name: p.detach() for name, p in parameters.items()},
            "optimiser": optimiser.state_dict(),
        },
        partial,
    )
    partial.replace(path)


@torch.no_grad()
def _resumed(
    path: Path, identity: str, parameters: Mapping[str, nn.Parameter], optimiser: torch.optim.Optimizer
) -> _State:
    saved = torch.load(path, weights_only=True, map_location="cpu")
    if saved["identity"] != identity:
        raise ValueError(f"{path} is the checkpoint of another run: delete it, or give the same data and recipe")
    for name, p in parameters.items():
        p.copy_(saved["parameters"][name])
    optimiser.load_state_dict(saved["optimiser"])
    fields = ("step", "tokens", "seconds", "best_loss", "stale", "best")
    return _State(**{field: saved[field] for field in fields})
