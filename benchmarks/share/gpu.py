"""P9: on a GPU, at the shapes of Qwen2.5-Coder-1.5B with random weights in bfloat16.

Measures a training step's share of this GPU's measured peak in bfloat16 matrix products (goal: 50 %), and generation
with a different pattern in every row against the bare base (goal: 0.9x).
"""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from typing import Any

import torch

from benchmarks import results
from benchmarks.share import models, serving
from benchmarks.share.figure import Asked, Figure
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import FitProgress
from sleepy.memory.parametric.phase2 import CoefficientRecipe, train_coefficients
from sleepy.memory.parametric.share_linear import linear_layers

_LAYERS, _LENGTH, _ANSWER = 28, 1024, 256  # layers, tokens of an example, and how many of these are learnt


def clock() -> float:
    """Wall seconds, once the device has finished its work."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def peak(device: str, size: int = 8192, calls: int = 20) -> float:
    """FLOP/s of bfloat16 products of square matrices: the best of five tries."""
    a, b = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    best = 0.0
    for _ in range(5):
        began = clock()
        for _ in range(calls):
            torch.matmul(a, b)
        best = max(best, calls * 2 * size**3 / (clock() - began))
    return best


def flops(model: Any, length: int, answer: int) -> float:
    """The FLOP of a step on one example: forward, and backward through frozen weights (without their gradients).

    2 per weight and token forward, 2 backward; causal attention's two products, 2 d L on average forward, twice that
    backward; the output matrix on the answer only, forward and backward.
    """
    weights = sum(layer.weight.numel() for layer in linear_layers(model).values())
    attention = 6 * length * model.config.hidden_size * model.config.num_hidden_layers
    head = model.get_output_embeddings().weight.numel()
    total: float = length * (4.0 * weights + attention) + answer * 4.0 * head
    return total


def step(served: models.Served, *, rows: int, steps: int, length: int = _LENGTH, answer: int = _ANSWER) -> float:
    """FLOP/s of coefficient training: the median over the steps after the first few."""
    generator = torch.Generator().manual_seed(3)
    ids = torch.randint(1, served.model.config.vocab_size, (rows, length + 1), generator=generator).tolist()
    made = [Example.completion(row[: length + 1 - answer], row[length + 1 - answer :]) for row in ids]
    ends: list[float] = []

    def ignore(_: FitProgress) -> None:
        ends.append(clock())

    recipe = CoefficientRecipe(
        rank=16, steps=steps, batch_tokens=rows * (length + 1), held_out=0.0, examine_every=0, patience=0
    )
    train_coefficients(served.model, served.subspace, "another", made, recipe, report=ignore)
    seconds = statistics.median(after - before for before, after in pairwise(ends[2:]))
    return rows * flops(served.model, length, answer) / seconds


def measure(asked: Asked) -> Figure:
    if not torch.cuda.is_available():
        return Figure({}, "skipped: no CUDA device")
    return on("cuda", rounds=asked.rounds)


def on(device: str, *, rounds: int, small: bool = False) -> Figure:
    """The figures of a device; `small` shapes only show that it works."""
    if small:
        served = models.qwen(layers=1, tokens=2, width=8, k=4, device=device)
        most = peak(device, size=128, calls=2)
        length, reached = 32, step(served, rows=2, steps=4, length=32, answer=8)
    else:
        served = models.qwen(layers=_LAYERS, tokens=64, width=128, device=device, dtype=torch.bfloat16)
        most = peak(device)
        length, reached = _LENGTH, step(served, rows=16, steps=12)
    spent = serving.throughput(served, rounds, clock=clock)
    rate = {name: models.ROWS * served.tokens / seconds for name, seconds in spent.items()}
    ratio = rate["routed"] / rate["bare"]
    answer = 8 if small else _ANSWER
    trained = reached * length / flops(served.model, length, answer)
    table = results.table(
        ["what", "measured", "against", "share"],
        [
            ["a training step, TFLOP/s (MFU)", f"{reached / 1e12:.3g}", f"matmul peak {most / 1e12:.3g}",
             f"**{100 * reached / most:.0f} %**"],
            ["the same, tokens a second", f"{trained:,.0f}", "", ""],
            ["32 rows with 32 patterns, tokens a second", f"{rate['routed']:,.0f}", f"bare base {rate['bare']:,.0f}",
             f"**{ratio:.2f}x**"],
        ],
    )  # fmt: skip
    measured = {"P9": round(reached / most, 3), "P9_routed": round(ratio, 3), "P9_tokens": round(trained)}
    name = torch.cuda.get_device_name() if device.startswith("cuda") else device
    return Figure(measured, f"{served.name}; {name}, by the clock.\n\n{table}")
