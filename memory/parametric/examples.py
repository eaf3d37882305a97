"""Training examples: token sequences with weights, and batches of them of similar lengths."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


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


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch padded to the right: ids (rows, width), and what is to be predicted at `where`, flat positions."""

    ids: Tensor
    where: Tensor
    targets: Tensor
    weights: Tensor
    row: Tensor  # of each position

    @classmethod
    def of(cls, examples: Sequence[Example], device: torch.device) -> Batch:
        width = max(len(example.ids) for example in examples) - 1
        ids = torch.zeros(len(examples), width, dtype=torch.long)
        targets = torch.zeros(len(examples), width, dtype=torch.long)
        weights = torch.zeros(len(examples), width)
        for i, example in enumerate(examples):
            length = len(example.weights)
            row = torch.tensor(example.ids)
            ids[i, :length], targets[i, :length] = row[:-1], row[1:]
            weights[i, :length] = torch.tensor(example.weights)
        where = (weights.flatten() > 0).nonzero().squeeze(1)
        made: list[Tensor] = [
            ids,
            where,
            targets.flatten()[where],
            weights.flatten()[where],
            where // width,
        ]
        if device.type == "cuda":  # from pinned memory the copy need not be waited for
            made = [part.pin_memory() for part in made]
        return cls(*(part.to(device, non_blocking=device.type == "cuda") for part in made))


def split(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """The examples without a share of them, and that share; which they are depends on the seed alone."""
    order = list(range(len(examples)))
    random.Random(seed).shuffle(order)
    out = int(share * len(order))
    return [examples[i] for i in order[out:]], [examples[i] for i in order[:out]]


def epochs(examples: Sequence[Example], tokens: int, seed: int) -> Iterator[list[Example]]:
    """Batches of at most `tokens` with padding, epoch after epoch; the order depends on the seed alone."""
    chooser = random.Random(seed)
    order = list(range(len(examples)))
    while True:
        chooser.shuffle(order)
        batches = []
        for start in range(0, len(order), 512):
            chunk = sorted(order[start : start + 512], key=lambda i: len(examples[i].ids))
            batches += buckets(chunk, examples, tokens)
        chooser.shuffle(batches)
        for batch in batches:
            yield [examples[i] for i in batch]


def buckets(order: Sequence[int], examples: Sequence[Example], tokens: int) -> list[list[int]]:
    """Cuts rising lengths into batches of at most `tokens` with padding; one example at least."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * len(examples[i].ids) > tokens:
            batches.append(batch)
            batch = []
        batch.append(i)
    return [*batches, batch] if batch else batches
