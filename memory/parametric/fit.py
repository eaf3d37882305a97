"""The one training loop: some factors learn from examples, the base is frozen.

Loss on the positions with weight alone, found before the output matrix is multiplied; batches of like
lengths under a token budget, their order decided by the seed; AdamW, warm-up, cosine; the held-out part
says when to stop and which step was best. With no time budget equal arguments give equal weights.

Where memory is short a batch is computed in pieces, whose gradients add up to the batch's: what is learnt differs by
rounding alone. The loop waits for the device at an examination, and where somebody reads a step's loss.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.answering import Rows, last_block
from sleepy.memory.parametric.attention import quickest
from sleepy.memory.parametric.cross_entropy import linear_cross_entropy
from sleepy.memory.parametric.examples import Batch, Example, buckets, epochs, split
from sleepy.memory.parametric.shortage import Pieces
from sleepy.memory.parametric.storage import write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRecipe:
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
    learnt: float = 0.01  # held-out loss under which, all held-out examples said exactly, there is no more to learn
    seconds: float | None = None  # the schedule ends here if the steps have not ended it
    seed: int = 0
    checkpoint_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """The held-out examples after `step` steps: the weighted mean loss, and the share said exactly, token for token."""

    step: int
    loss: float
    exact: float


@dataclass(frozen=True, slots=True)
class FitProgress:
    """After one step. held_out is None where none was measured at this step."""

    step: int
    steps: int
    tokens: int
    batch_loss: Tensor
    held_out: float | None
    seconds: float

    @property
    def loss(self) -> float:
        """This batch's, a weighted mean over its positions. Reading it waits for the device."""
        return float(self.batch_loss)


class Stopped(StrEnum):
    STEPS = "steps"  # the recipe's steps are done
    EARLY = "early"  # the held-out loss no longer fell
    LEARNT = "learnt"  # every held-out example was said exactly, at a loss of next to nothing, twice in a row
    TIME = "time"  # the seconds are over


@dataclass(frozen=True, slots=True)
class Fit:
    """How a run ended. held_out is the best held-out loss, whose parameters were kept; None without any.

    curve is the learning curve: every examination, that of the start (step 0) first.
    """

    stopped: Stopped
    steps: int
    tokens: int
    held_out: float | None
    seconds: float
    curve: tuple[HeldOutScore, ...] = ()

    @property
    def exact(self) -> float:
        """The share of held-out examples said exactly by the parameters kept; 0 without any."""
        trained = [item for item in self.curve if item.step]
        return min(trained, key=lambda item: item.loss).exact if trained else 0.0


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
    recipe: FitRecipe,
    *,
    held_out: Sequence[Example] | None = None,
    checkpoint: Path | None = None,
    kept: Callable[[Path], None] | None = None,
    report: Callable[[FitProgress], None] | None = None,
    ended: Callable[[Fit], None] | None = None,
) -> Fit:
    """Trains `parameters`, which `model`'s forward pass already uses, in place, and leaves the best there.

    `held_out` replaces the recipe's share. With a `checkpoint` path an interrupted run goes on where it was
    (same data and recipe; `ValueError` otherwise), and the file is removed at the end; `kept` hears of each that is
    written. What `report` raises ends the run after its checkpoint is written.
    """
    train, judge = (
        split(examples, recipe.held_out, recipe.seed) if held_out is None else (list(examples), list(held_out))
    )
    if not train:
        raise ValueError("no examples to train on")
    trained = list(parameters.values())
    optimiser = torch.optim.AdamW(trained, lr=0.0, betas=(0.9, 0.95), weight_decay=recipe.decay, fused=_fused(trained))
    identity = run_identity(parameters, train, judge, recipe)
    state = _State()
    if checkpoint is not None and checkpoint.exists():
        state = _resumed(checkpoint, identity, parameters, optimiser)
    began = time.monotonic()
    saved = -math.inf  # the first step is kept at once: whoever is told to stop in a slow second one has something
    before = state.seconds
    stopped = Stopped.STEPS
    with _reading(model, train[0], recipe) as reader:
        if judge and recipe.examine_every and not state.curve:
            state.curve.append(reader.examined(judge, 0))
        for number, batch in enumerate(epochs(train, recipe.batch_tokens, recipe.seed)):
            if number < state.step:  # the order of a resumed run, without its work
                continue
            state.seconds = before + time.monotonic() - began
            if (ended_by := _over(recipe, state)) is not None:
                stopped = ended_by
                break
            for group in optimiser.param_groups:
                group["lr"] = _rate(recipe, state.step, state.seconds)
            loss = reader.learnt_from(batch, trained)
            torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            state.step = number + 1
            state.tokens += sum(len(example.ids) for example in batch)
            judged = None
            if judge and recipe.examine_every and state.step % recipe.examine_every == 0:
                found = reader.examined(judge, state.step)
                state.note(found, parameters)
                judged = found.loss
            if checkpoint is not None and time.monotonic() - saved >= recipe.checkpoint_seconds:
                state.seconds = before + time.monotonic() - began
                _save(checkpoint, identity, state, parameters, optimiser, kept)
                saved = time.monotonic()
            if report is not None:
                state.seconds = before + time.monotonic() - began
                try:
                    report(FitProgress(state.step, recipe.steps, state.tokens, loss, judged, state.seconds))
                except BaseException:  # told to stop: the run is gone on with from here
                    if checkpoint is not None:
                        _save(checkpoint, identity, state, parameters, optimiser, kept)
                    raise
        if judge and state.step and (not state.curve or state.curve[-1].step != state.step):
            state.note(reader.examined(judge, state.step), parameters)
    if state.best is not None:
        with torch.no_grad():
            for name, p in parameters.items():
                p.copy_(state.best[name])
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    seconds = before + time.monotonic() - began
    held = state.best_loss if judge else None
    done = Fit(stopped, state.step, state.tokens, held, seconds, tuple(state.curve))
    if ended is not None:
        ended(done)
    return done


@torch.no_grad()
def mean_loss(model: Any, examples: Sequence[Example], *, batch_tokens: int = 4096) -> float:
    """Weighted mean of -log p over the examples' positions, in evaluation mode."""
    with _reading(model, examples[0], FitRecipe(batch_tokens=batch_tokens)) as reader:
        return reader.examined(examples, 0).loss


@dataclass(slots=True)
class _State:
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best_loss: float = math.inf
    stale: int = 0
    best: dict[str, Tensor] | None = None
    curve: list[HeldOutScore] = field(default_factory=list)

    def note(self, found: HeldOutScore, parameters: Mapping[str, nn.Parameter]) -> None:
        self.curve.append(found)
        self.stale += 1
        if found.loss < self.best_loss:
            self.best_loss, self.stale = found.loss, 0
            self.best = {name: p.detach().clone() for name, p in parameters.items()}


class _Reader:
    """Runs examples through the model, to learn from them and to examine it."""

    def __init__(self, model: Any, recipe: FitRecipe, linear: bool, rows: Rows | None) -> None:
        self.model, self.recipe, self.linear, self.rows = model, recipe, linear, rows
        self.device = next(model.parameters()).device
        self.cut = Pieces(model, recipe.batch_tokens, training=True)
        self.cut_examined = Pieces(model, recipe.batch_tokens, training=False)

    def learnt_from(self, examples: Sequence[Example], trained: Sequence[nn.Parameter]) -> Tensor:
        """The mean loss of the examples, whose gradient is left at the parameters."""
        self.model.train()
        weight = sum(sum(example.weights) for example in examples)

        def work(pieces: list[list[Example]]) -> Tensor:
            loss = torch.zeros((), device=self.device)
            for p in trained:
                p.grad = None  # a try that fell short of memory may have left some
            for piece in pieces:
                batch = self._batch(piece)
                with self._rows(batch), quickest(self.model, batch.ids):
                    part = self._loss(batch) / weight
                    part.backward()  # type: ignore[no-untyped-call]
                loss += part.detach()
            return loss

        return self.cut.fitting(examples, work)

    @torch.no_grad()
    def examined(self, examples: Sequence[Example], step: int) -> HeldOutScore:
        """The examples in evaluation mode, in batches of like lengths."""
        self.model.eval()
        order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
        found = []
        for rows in buckets(order, examples, self.recipe.batch_tokens):
            found += self.cut_examined.fitting(
                [examples[i] for i in rows], lambda pieces: [self._judged(self._batch(piece)) for piece in pieces]
            )
        loss, exact = torch.stack(found).sum(0).tolist()
        weight = sum(sum(example.weights) for example in examples)
        return HeldOutScore(step, loss / weight, round(exact) / len(examples))

    def _batch(self, examples: Sequence[Example]) -> Batch:
        return Batch.of(examples, self.device)

    def _rows(self, batch: Batch) -> AbstractContextManager[None]:
        return nullcontext() if self.rows is None else self.rows.of(batch.where)

    def _hidden(self, batch: Batch) -> Tensor:
        """(positions, d) last hidden states, a few in a hundred of all.

        Under a causal mask no token sees the padding after it, so no attention mask is needed.
        """
        hidden = self.model.base_model(input_ids=batch.ids, use_cache=False).last_hidden_state
        return hidden.flatten(0, 1).index_select(0, batch.where)  # type: ignore[no-any-return]

    def _logits(self, batch: Batch) -> Tensor:
        """(positions, vocabulary), float32."""
        if self.linear:
            logits: Tensor = self._hidden(batch) @ self.model.get_output_embeddings().weight.T
            return logits.float()
        logits = self.model(input_ids=batch.ids, use_cache=False).logits
        return logits.flatten(0, 1)[batch.where].float()

    def _loss(self, batch: Batch) -> Tensor:
        """Sum of weighted losses."""
        if self.linear:
            matrix = self.model.get_output_embeddings().weight
            return linear_cross_entropy(self._hidden(batch), matrix, batch.targets, batch.weights)
        each = torch.nn.functional.cross_entropy(self._logits(batch), batch.targets, reduction="none")
        loss: Tensor = (each * batch.weights).sum()
        return loss

    def _judged(self, batch: Batch) -> Tensor:
        """(2,) float64: the sum of weighted losses, and how many rows are said exactly."""
        with self._rows(batch):
            logits = self._logits(batch)
        each = torch.nn.functional.cross_entropy(logits, batch.targets, reduction="none")
        wrong = torch.zeros(len(batch.ids), device=logits.device)
        wrong.index_add_(0, batch.row, (logits.argmax(1) != batch.targets).float())
        return torch.stack([(each * batch.weights).double().sum(), (wrong == 0).double().sum()])


@contextmanager
def _reading(model: Any, example: Example, recipe: FitRecipe) -> Iterator[_Reader]:
    """A reader for the model, which is as it was afterwards."""
    linear = _head_is_linear(model, example)
    with ExitStack() as stack:
        rows = None
        if linear:
            ids = torch.tensor([example.ids[:64]], device=next(model.parameters()).device)
            rows = stack.enter_context(last_block(model, ids))
        reader = _Reader(model, recipe, linear, rows)
        for cut in (reader.cut, reader.cut_examined):
            stack.enter_context(closing(cut))
        yield reader


def _over(recipe: FitRecipe, state: _State) -> Stopped | None:
    """Why there is no further step, if there is none."""
    if state.step >= recipe.steps:
        return Stopped.STEPS
    if recipe.seconds is not None and state.seconds >= recipe.seconds:
        return Stopped.TIME
    if recipe.examine_every and state.step and state.curve:
        if state.stale >= recipe.patience > 0:
            return Stopped.EARLY
        if len(state.curve) > 1 and all(item.exact == 1.0 and item.loss < recipe.learnt for item in state.curve[-2:]):
            return Stopped.LEARNT
    return None


def _fused(parameters: Sequence[nn.Parameter]) -> bool:
    """Whether AdamW has one kernel for all of it: a tenth of a CPU step's time, and no waiting on a GPU."""
    return all(p.device.type in ("cpu", "cuda") and p.is_floating_point() for p in parameters)


@torch.no_grad()
def _head_is_linear(model: Any, example: Example) -> bool:
    """Whether logits are hidden @ W^T alone (no bias, cap or scale), tried on one example."""
    ids = torch.tensor([example.ids[:8]], device=next(model.parameters()).device)
    model.eval()
    logits = model(input_ids=ids, use_cache=False).logits
    hidden = model.base_model(input_ids=ids, use_cache=False).last_hidden_state
    plain = hidden @ model.get_output_embeddings().weight.T
    return logits.shape == plain.shape and torch.allclose(logits.float(), plain.float(), rtol=1e-2, atol=1e-3)


def _rate(recipe: FitRecipe, step: int, seconds: float) -> float:
    done = step / recipe.steps
    if recipe.seconds is not None:
        done = max(done, seconds / recipe.seconds)
    if done < recipe.warmup:
        return recipe.lr * max(done, 1 / recipe.steps) / recipe.warmup
    falling = (1 + math.cos(math.pi * min(1.0, (done - recipe.warmup) / (1 - recipe.warmup)))) / 2
    return recipe.lr * (recipe.last + (1 - recipe.last) * falling)


def run_identity(
    parameters: Mapping[str, nn.Parameter], train: list[Example], judge: list[Example], recipe: FitRecipe
) -> str:
    """A hash of all that decides what a run comes to; as the first version said it, whose checkpoints must be found."""
    shapes = [(name, tuple(p.shape)) for name, p in parameters.items()]
    texts = [", ".join(f"{repr(item)[:-1]}, pattern=0)" for item in some) for some in (train, judge)]
    return hashlib.sha256(f"({shapes!r}, [{texts[0]}], [{texts[1]}], {recipe!r})".encode()).hexdigest()


def _save(
    path: Path,
    identity: str,
    state: _State,
    parameters: Mapping[str, nn.Parameter],
    optimiser: torch.optim.Optimizer,
    kept: Callable[[Path], None] | None,
) -> None:
    saved = {
        "identity": identity,
        "step": state.step,
        "tokens": state.tokens,
        "seconds": state.seconds,
        "best_loss": state.best_loss,
        "stale": state.stale,
        "best": state.best,
        "curve": [asdict(item) for item in state.curve],
        "parameters": {name: p.detach() for name, p in parameters.items()},
        "optimiser": optimiser.state_dict(),
    }
    write_whole(path, lambda file: torch.save(saved, file))
    if kept is not None:
        kept(path)


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
    curve = [HeldOutScore(**item) for item in saved["curve"]]
    return _State(**{name: saved[name] for name in fields}, curve=curve)
