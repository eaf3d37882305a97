"""Teaching a pretrained model a format of answers: factors of its layers, or the upper ones, and output rows of added tokens.

Rounds of a few hundred samples, each a function of its number, of the samples there are and of how often each
was seen; after every round the whole state is written, so that a killed training goes on at the round it was in, and
samples added meanwhile are met from the next round on. Loss on answers alone; AdamW; the rate stays up after
its warm-up, so that a training can always be gone on with, and what is used is the moving average of
what was learnt, which does for a decay of the rate (Izmailov et al., arXiv:1803.05407; its decay below).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sleepy.memory.parametric.answering import Rows, last_block
from sleepy.memory.parametric.base.lower import LowerLayers, lower_layers
from sleepy.memory.parametric.base.pretrain import CheckpointError
from sleepy.memory.parametric.base.upper import attend_grouped, quick_norms, upper_layers
from sleepy.memory.parametric.examples import Batch, Example, buckets
from sleepy.memory.parametric.low_rank import in_place
from sleepy.memory.parametric.storage import write_whole

MARKS = "marks"  # the name of the added tokens' output rows among the parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachRecipe:
    """How hard; 2,048 tokens are some ten samples of 14 lines."""

    layers: int | None = None  # upper ones that learn; None: all, which learn more a sample (RESULTS, L13)
    rank: int = 16
    scale: float = 2.0  # alpha / r
    lr: float = 1e-3
    warmup: int = 60  # steps
    batch_tokens: int = 2048  # padded, a step
    round_samples: int = 256
    longest: int = 420  # tokens of a sample
    average: float = 0.99  # decay of the moving average, a step
    clip: float = 1.0  # norm of the gradient
    examine_every: int = 8  # rounds
    seed: int = 0


@dataclass(slots=True)
class TeachState:
    """How far a training is. `seen` counts how often each sample was chosen, by its key."""

    round: int = 0
    step: int = 0
    samples: int = 0
    tokens: int = 0
    cpu: float = 0.0  # seconds of the processor
    seen: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """After one round. Losses are means a token of an answer, `exact` shares of answers said token for token."""

    state: TeachState
    loss: float
    exact: float
    held_out: float | None
    held_out_exact: float | None


class Source(Protocol):
    """Where samples come from. A sample's key is the same in every run."""

    def refresh(self) -> None: ...

    def choose(self, seen: Mapping[int, int], count: int, rng: random.Random) -> list[int]: ...

    def examples(self, keys: Sequence[int]) -> list[Example]: ...

    def held_out(self) -> list[Example]: ...


class Pupil:
    """A model with factors in its layers, or the upper ones, and output rows of its own for the tokens from `first` on.

    What the layers below make of a sample is kept in the file `kept`, up to `limit` bytes; without one it is computed
    each time. Use within `with`: the model is as before afterwards, but frozen.
    """

    def __init__(
        self, model: Any, first: int, recipe: TeachRecipe, *, kept: Path | None = None, limit: int = 0
    ) -> None:
        self.model, self.first = model, first
        self._kept, self._limit = kept, limit
        most = int(model.config.num_hidden_layers)
        learning = most if recipe.layers is None else recipe.layers
        self._frozen = most - learning
        self.lower: LowerLayers | None = None
        model.requires_grad_(False)
        layers = upper_layers(model, layers=learning, rank=recipe.rank, scale=recipe.scale)
        self.parameters: dict[str, nn.Parameter] = {}
        for name, layer in layers.items():
            self.parameters[f"{name}.a"], self.parameters[f"{name}.b"] = layer.a, layer.b
        rows = model.get_output_embeddings().weight.detach()[first:]
        self.parameters[MARKS] = nn.Parameter(rows.float().clone())
        self._taken_off = ExitStack()
        self._taken_off.enter_context(in_place(model, {**layers, **quick_norms(model)}))
        self._attention = attend_grouped(model)
        self._rows: Rows | None = None
        self._tried = False

    def __enter__(self) -> Pupil:
        return self

    def __exit__(self, *_: object) -> None:
        self._taken_off.close()
        self.model.config._attn_implementation = self._attention

    def logits(self, batch: Batch, rows: Sequence[Sequence[int]]) -> Tensor:
        """(positions, vocabulary), float32, at the positions that are to be predicted; `rows` are the batch's ids unpadded."""
        if not self._tried:  # whether the last block may leave out rows that nothing reads
            self._tried, self._rows = True, self._taken_off.enter_context(last_block(self.model, batch.ids[:1]))
            if self._kept is not None:
                some = batch.ids[:1]
                self.lower = lower_layers(self.model, self._frozen, self._kept, some, limit=self._limit)
        with nullcontext() if self._rows is None else self._rows.of(batch.where):
            if self.lower is None:
                hidden = self.model.base_model(input_ids=batch.ids, use_cache=False).last_hidden_state
            else:
                hidden = self.lower.upper(self.lower.hidden(rows))
        hidden = hidden.flatten(0, 1).index_select(0, batch.where)
        known = self.model.get_output_embeddings().weight[: self.first]
        return torch.cat([hidden @ known.T, hidden @ self.parameters[MARKS].to(hidden.dtype).T], 1).float()

    def heard(self, examples: Sequence[Example]) -> tuple[Tensor, int]:
        """The loss at each position of the examples' answers, and how many answers were said exactly."""
        batch = Batch.of(examples, next(self.model.parameters()).device)
        logits = self.logits(batch, [example.ids[:-1] for example in examples])
        each = F.cross_entropy(logits, batch.targets, reduction="none")
        wrong = batch.row[logits.detach().argmax(1) != batch.targets]
        return each, len(examples) - len(set(wrong.tolist()))


def teach(
    pupil: Pupil,
    source: Source,
    recipe: TeachRecipe,
    checkpoint: Path,
    *,
    tokens: int,
    cooldown: int = 0,
    report: Callable[[Round], None] | None = None,
) -> TeachState:
    """Trains whole rounds until `tokens` were seen in all; the checkpoint has what came of it.

    Over the last `cooldown` of them the rate falls to nothing, a step's share at a time: for a copy that is to be used as
    it is then. `CheckpointError` where the checkpoint is of other factors.
    """
    parameters = pupil.parameters
    trained = list(parameters.values())
    optimiser = torch.optim.AdamW(trained, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)
    averaged = {name: p.detach().clone() for name, p in parameters.items()}
    state = TeachState()
    if checkpoint.exists():
        state = _resumed(checkpoint, parameters, averaged, optimiser)
    before = time.process_time() - state.cpu
    while state.tokens < tokens:
        source.refresh()
        rng = random.Random(f"{recipe.seed} round {state.round}")
        keys = source.choose(state.seen, recipe.round_samples, rng)
        examples = source.examples(keys)
        if not examples:
            raise ValueError(f"none of {len(keys)} samples has {recipe.longest} tokens or fewer")
        total = weight = exact = 0.0
        for batch in _batches(examples, recipe, rng):
            for group in optimiser.param_groups:
                group["lr"] = _rate(recipe, state, tokens, cooldown)
            each, right = pupil.heard(batch)
            each.mean().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            state.step += 1
            _average(averaged, parameters, min(recipe.average, (1 + state.step) / (10 + state.step)))
            total, weight, exact = total + float(each.detach().sum()), weight + len(each), exact + right
            state.tokens += sum(len(item.ids) for item in batch)
        state.samples += len(examples)
        state.round += 1
        for key in keys:
            state.seen[key] = state.seen.get(key, 0) + 1
        state.cpu = time.process_time() - before
        held = None
        if state.round % recipe.examine_every == 0:
            held = examined(pupil, source.held_out(), averaged, recipe)
        _save(checkpoint, recipe, state, parameters, averaged, optimiser)
        if report is not None:
            told = held or (None, None)
            report(Round(state, total / max(1.0, weight), exact / max(1, len(examples)), *told))
    return state


@torch.no_grad()
def examined(
    pupil: Pupil, examples: Sequence[Example], parameters: Mapping[str, Tensor], recipe: TeachRecipe
) -> tuple[float, float] | None:
    """The mean loss a token and the share said exactly, with these parameters; None without examples."""
    if not examples:
        return None
    kept = {name: p.detach().clone() for name, p in pupil.parameters.items()}
    total = weight = exact = 0.0
    try:
        _assign(pupil.parameters, parameters)
        for batch in _batches(examples, recipe, random.Random(0)):
            each, right = pupil.heard(batch)
            total, weight, exact = total + float(each.sum()), weight + len(each), exact + right
    finally:
        _assign(pupil.parameters, kept)
    return total / weight, exact / len(examples)


def progress_of(checkpoint: Path, *, averaged: bool = True) -> tuple[TeachState, dict[str, Tensor]]:
    """How far the training of a checkpoint is, and its parameters by name: averaged ones, or the last."""
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    return TeachState(**saved["state"]), saved["ema" if averaged else "factors"]


def _rate(recipe: TeachRecipe, state: TeachState, tokens: int, cooldown: int) -> float:
    left = (tokens - state.tokens) / cooldown if cooldown else 1.0
    return recipe.lr * max(0.0, min(1.0, (state.step + 1) / recipe.warmup, left))


def _batches(examples: Sequence[Example], recipe: TeachRecipe, rng: random.Random) -> list[list[Example]]:
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
    out = [[examples[i] for i in rows] for rows in buckets(order, examples, recipe.batch_tokens)]
    rng.shuffle(out)
    return out


@torch.no_grad()
def _average(averaged: Mapping[str, Tensor], parameters: Mapping[str, nn.Parameter], decay: float) -> None:
    for name, p in parameters.items():
        averaged[name].lerp_(p, 1 - decay)


@torch.no_grad()
def _assign(parameters: Mapping[str, nn.Parameter], values: Mapping[str, Tensor]) -> None:
    for name, p in parameters.items():
        p.copy_(values[name])


def _save(
    path: Path,
    recipe: TeachRecipe,
    state: TeachState,
    parameters: Mapping[str, nn.Parameter],
    averaged: Mapping[str, Tensor],
    optimiser: torch.optim.Optimizer,
) -> None:
    saved = {
        "recipe": asdict(recipe),
        "state": asdict(state),
        "factors": {name: p.detach() for name, p in parameters.items()},
        "ema": dict(averaged),
        "optimiser": optimiser.state_dict(),
    }
    write_whole(path, lambda file: torch.save(saved, file))


def _resumed(
    path: Path,
    parameters: Mapping[str, nn.Parameter],
    averaged: Mapping[str, Tensor],
    optimiser: torch.optim.Optimizer,
) -> TeachState:
    saved = torch.load(path, weights_only=True, map_location="cpu")
    same = saved["factors"].keys() == parameters.keys()
    if not same or any(saved["factors"][name].shape != p.shape for name, p in parameters.items()):
        raise CheckpointError(f"{path} is of another training: its factors have other names or shapes")
    _assign(parameters, saved["factors"])
    for name, value in saved["ema"].items():
        averaged[name].copy_(value)
    optimiser.load_state_dict(saved["optimiser"])
    return TeachState(**saved["state"])
