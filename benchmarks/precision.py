"""P10: the model's speed in each precision on this machine, and whether the probe chose the faster one.

    python -m benchmarks.precision [--model M] [--rounds N] [--write] [--json]

One thread, its own CPU time, precisions in turn, medians. Forward is 8 x 256 tokens without the output matrix; training
is a LoRA step on as many; answering is what the product does with the prompts of some exam koans. The probe's choice is
compared with the better precision in each. `ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2` makes a processor with
AVX-512 behave like one without it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import torch

from benchmarks import results
from benchmarks.share.gpu import clock
from sleepy.daemon.attempt.attempt import diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.request import Request, ask
from sleepy.daemon.model.source import BUILT_IN
from sleepy.koans import library
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import FitProgress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.sandbox.sandbox import Sandbox

SECTION = "P10 Precision by measurement"
_ROWS, _WIDTH, _STEPS = 8, 256, 3
_PRECISIONS = ("float32", "bfloat16")


def measure(arguments: argparse.Namespace) -> tuple[dict[str, object], str]:
    began = time.perf_counter()
    compute = choose(Config(model=arguments.model, device="cpu"), architecture(arguments.model))
    probed = time.perf_counter() - began
    with Sandbox.open() as sandbox:
        asked, _ = diagnose(random.Random(0).sample(library.exam(), arguments.koans), sandbox)
    models = {name: LanguageModel.load(arguments.model, compute=Compute(answers=name)) for name in _PRECISIONS}
    form = models["float32"].format
    requests = [ask(item.koan.broken, item.diagnostics, form) for item in asked]
    acts: dict[str, Callable[[LanguageModel], float]] = {
        "forward": forward, "training": training, "answers": lambda model: answers(model, requests),
    }  # fmt: skip
    speeds = {what: in_turn(models, act, arguments.rounds) for what, act in acts.items()}
    chosen = {"forward": compute.answers, "training": compute.trains, "answers": compute.answers}
    figures: dict[str, object] = {"chosen": compute.recorded(), "probe_seconds": round(probed, 2)}
    rows = []
    for what, by in speeds.items():
        share = by[chosen[what]] / max(by.values())
        figures[what] = {
            **{name: round(speed, 2) for name, speed in by.items()},
            "chosen_against_best": round(share, 3),
        }
        rows.append([_TOLD[what], *(f"{by[name]:,.4g}" for name in _PRECISIONS), chosen[what], f"**{share:.2f}**"])
    forced = [f"{name}={os.environ[name]}" for name in _FORCING if name in os.environ]
    body = "\n".join(
        [
            results.where(" ".join([*forced, "python -m benchmarks.precision", *sys.argv[1:]])),
            f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}, the model {arguments.model}, one "
            f"thread's own time, {arguments.rounds} rounds in turn. The probe took {probed:.1f} s by the clock.",
            "",
            results.table(["what", *_PRECISIONS, "chosen", "against the best"], rows),
        ]
    )
    return figures, body


def in_turn(
    models: Mapping[str, LanguageModel], act: Callable[[LanguageModel], float], rounds: int
) -> dict[str, float]:
    """Each model's median; every round measures all models."""
    for model in models.values():
        act(model)  # warm up: one-off set-up
    found = [{name: act(model) for name, model in models.items()} for _ in range(rounds)]
    return {name: statistics.median(item[name] for item in found) for name in models}


_FORCING = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")
_TOLD = {
    "forward": f"forward, {_ROWS} x {_WIDTH}, tokens/s",
    "training": f"LoRA training, {_ROWS} x {_WIDTH}, tokens/s",
    "answers": "answers to exam koans, a second",
}


def _now(model: LanguageModel) -> float:
    """Seconds: this process's CPU time on a CPU; on a GPU, wall time once it has finished its work."""
    return time.process_time() if model.compute.on_cpu else clock()


def _ids(model: LanguageModel, rows: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(1, int(model.model.config.vocab_size), (rows, _WIDTH + 1), generator=generator)


@torch.inference_mode()
def forward(model: LanguageModel, rows: int = _ROWS) -> float:
    """Forward speed in tokens per second."""
    ids = _ids(model, rows)[:, :_WIDTH].to(model.model.device)
    began = _now(model)
    for _ in range(_STEPS):
        model.model.base_model(input_ids=ids, use_cache=False)
    return _STEPS * ids.numel() / (_now(model) - began)


def training(model: LanguageModel, rows: int = _ROWS) -> float:
    """Training speed in tokens per second, the median over the steps after the first."""
    made = [Example.completion(row[: _WIDTH - 24], row[_WIDTH - 24 :]) for row in _ids(model, rows).tolist()]
    ends: list[float] = []

    def ignore(_: FitProgress) -> None:
        ends.append(_now(model))

    recipe = LoraRecipe(steps=_STEPS + 1, batch_tokens=rows * (_WIDTH + 1), held_out=0.0, examine_every=0, patience=0)
    train_lora(model.model, made, recipe, report=ignore)
    return rows * _WIDTH / statistics.median(after - before for before, after in pairwise(ends))


def answers(model: LanguageModel, requests: Sequence[Request]) -> float:
    """Answers per second."""
    began = _now(model)
    model.answer(requests, [None] * len(requests))
    return len(requests) / (_now(model) - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.precision", description="P10, precision by measurement."
    )
    parser.add_argument("--model", default=BUILT_IN)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--koans", type=int, default=48, help="koans that are answered")
    forced = any(name in os.environ for name in _FORCING)
    results.run(f"{SECTION}, as on a processor without AVX-512" if forced else SECTION, parser, measure)


if __name__ == "__main__":
    main()
