"""Pretraining on token documents: every token predicted, length buckets, resumable, deterministic.

Measured on two shared cores: one torch thread is faster than two at this size, bfloat16 weights
with float32 masters twice as fast as float32, loss on all tokens better than on answers alone. Cores beyond the
first are used by processes, each with every n-th batch; where torch.distributed is initialised, gradients are
averaged over them.
"""

from __future__ import annotations

import hashlib
import random
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor
from transformers import PreTrainedModel

from sleepy.memory.parametric.base.muon import Muon
from sleepy.memory.parametric.cross_entropy import linear_cross_entropy
from sleepy.memory.parametric.storage import write_whole


class CheckpointError(ValueError):
    """A checkpoint that this training cannot go on from."""


@dataclass(frozen=True, slots=True)
class TokenDocument:
    """One token sequence; from `answer` on the tokens are an answer's."""

    ids: tuple[int, ...]
    answer: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how hard."""

    tokens: int = 20_000_000  # in all; epochs follow from the data
    batch_tokens: int = 4096  # padded, a step
    lr: float = 4e-3
    warmup: float = 0.02  # share of the tokens
    cooldown: float = 0.6  # share of the tokens over which the rate falls to a twentieth
    seed: int = 0
    checkpoint_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class PretrainProgress:
    tokens: int
    total: int
    running: Tensor  # the loss, averaged over the last steps
    seconds: float

    @property
    def loss(self) -> float:
        """Reading it waits for the device."""
        return float(self.running)


def train(
    model: PreTrainedModel,
    documents: Sequence[TokenDocument],
    recipe: Recipe,
    *,
    pad: int,
    answer_weight: float = 1.0,
    checkpoint: Path | None = None,
    report: Callable[[PretrainProgress], None] | None = None,
    origin: str = "",
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """Trains `model` in place. With a `checkpoint` path an interrupted run goes on where it was.

    The model is left in the precision in which it is trained, with float32 masters: `dtype`, or a checkpoint's own.
    `origin` names what the model was before. `CheckpointError` when the checkpoint is of another training: other
    documents, another recipe, origin or number of processes.
    """
    if not documents:
        raise ValueError("no documents to train on: every sample is longer than the model may read, or there is none")
    rank, workers = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    identity = _identity(documents, recipe, f"{origin} {workers}")
    saved = None
    if checkpoint is not None and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        if saved["identity"] != identity:
            raise CheckpointError(f"{checkpoint} is of another training")
        dtype = getattr(torch, saved.get("dtype", "bfloat16"))
    model.to(dtype)
    model.train()
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    rest = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    optimiser = Muon(matrices, rest, decay=0.05, dtype=dtype)
    seen = step = 0
    if saved is not None:
        optimiser.load_state_dict(saved["optimiser"])
        seen, step = saved["seen"], saved["step"]
    began = saved_at = time.monotonic()
    device = next(model.parameters()).device
    running, skipped = torch.zeros((), device=device), 0
    for number, batch in enumerate(islice(_batches(documents, recipe), rank, None, workers)):
        if skipped < step:  # replays the order of a resumed run without computing
            skipped = number + 1
            continue
        if seen >= recipe.tokens:
            break
        width = max(len(item.ids) for item in batch)
        ids = torch.full((len(batch), width), pad)
        share = torch.zeros(len(batch), width)
        for i, item in enumerate(batch):
            ids[i, : len(item.ids)] = torch.tensor(item.ids)
            share[i, : len(item.ids)] = 1.0
            share[i, item.answer : len(item.ids)] = answer_weight
        ids, share = ids.to(device), share.to(device)
        targets, weights = ids[:, 1:].flatten(), share[:, 1:].flatten()
        # right padding under a causal mask needs no attention mask: no token looks at padding
        hidden = model.base_model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state.flatten(0, 1)
        loss = linear_cross_entropy(hidden, model.get_output_embeddings().weight, targets, weights / weights.sum())
        loss.backward()  # type: ignore[no-untyped-call]
        tokens = sum(len(item.ids) for item in batch)
        if workers > 1:
            tokens = _averaged([*matrices, *rest], tokens, workers)
        optimiser.step(_rate(recipe, seen))
        seen += tokens
        step = number + 1
        running = loss.detach() if step == 1 else running.lerp(loss.detach(), 0.02)
        if report is not None:
            report(PretrainProgress(seen, recipe.tokens, running, time.monotonic() - began))
        if checkpoint is not None and rank == 0 and time.monotonic() - saved_at > recipe.checkpoint_seconds:
            _save(checkpoint, optimiser, seen, step, identity, dtype)
            saved_at = time.monotonic()
    model.eval()


def _averaged(parameters: Sequence[torch.nn.Parameter], tokens: int, workers: int) -> int:
    """Makes every gradient the mean over the processes; returns the tokens of all of them."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat(
        [*(g.float().flatten() for g in gradients), gradients[0].new_tensor([float(tokens)], dtype=torch.float32)]
    )
    dist.all_reduce(flat)
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient) / workers)
        at += gradient.numel()
    return int(flat[-1].item())


def _rate(recipe: Recipe, seen: int) -> float:
    done = seen / recipe.tokens
    if done < recipe.warmup:
        return recipe.lr * max(done, recipe.warmup / 20) / recipe.warmup
    left = max(0.0, 1 - done)
    return recipe.lr * max(0.05, min(1.0, left / recipe.cooldown))


def _batches(documents: Sequence[TokenDocument], recipe: Recipe) -> Iterator[list[TokenDocument]]:
    """Endless epochs of batches of like lengths; the order depends on the seed alone."""
    chooser = random.Random(recipe.seed)
    order = list(range(len(documents)))
    while True:
        chooser.shuffle(order)
        batches = []
        for start in range(0, len(order), 512):
            chunk = sorted(order[start : start + 512], key=lambda i: len(documents[i].ids))
            batch: list[TokenDocument] = []
            for i in chunk:
                if batch and (len(batch) + 1) * len(documents[i].ids) > recipe.batch_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(documents[i])
            batches.append(batch)
        chooser.shuffle(batches)
        yield from batches


def _identity(documents: Sequence[TokenDocument], recipe: Recipe, rest: str) -> str:
    """A hash of all that decides what a training comes to."""
    found = hashlib.sha256(f"{recipe} {rest}".encode())
    for item in documents:
        found.update(array("q", [item.answer, *item.ids]).tobytes())
    return found.hexdigest()


def _save(path: Path, optimiser: Muon, seen: int, step: int, identity: str, dtype: torch.dtype) -> None:
    saved = {
        "optimiser": optimiser.state_dict(),
        "seen": seen,
        "step": step,
        "identity": identity,
        "dtype": str(dtype).removeprefix("torch."),
    }
    write_whole(path, lambda file: torch.save(saved, file))
