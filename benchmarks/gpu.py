"""Checks and measures everything on a GPU, in one go and in under 8 minutes: `make gpu`.

    python -m benchmarks.gpu [--small] [--no-night] [--write] [--json]

It checks that the GPU's logits agree with the CPU's, and measures the built-in model's speed in each precision and the
probe's choice, P9 (training and routed decoding at the shapes of Qwen2.5-Coder-1.5B), and a day and a night of the
built-in model. Without a GPU it says so and exits with 0. `--small` runs the same code on the CPU, with shapes that
only show that it works.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import torch

from benchmarks import precision, results
from benchmarks.share import gpu
from sleepy.daemon.base.config import Config
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.sandbox import toolchain
from sleepy.sandbox.sandbox import SandboxUnavailable

SECTION = "P9 A GPU from end to end"
_AGREE = 1e-3  # most difference from the CPU's logits, as a share of the largest logit, float32
_NIGHT = 300  # seconds the day and the night may take


class Differs(Exception):
    """The GPU's logits differ from the CPU's by too much."""


def same_as_cpu(device: str) -> float:
    """The largest difference between the device's and the CPU's logits in float32, as a share of the largest logit."""
    ids = torch.randint(1, 500, (4, 64), generator=torch.Generator().manual_seed(0))
    here, there = (_logits(LanguageModel.load(compute=Compute(name)).model, ids) for name in ("cpu", device))
    return float((here - there).abs().max() / here.abs().max())


@torch.inference_mode()
def _logits(model: Any, ids: torch.Tensor) -> torch.Tensor:
    found: torch.Tensor = model(input_ids=ids.to(model.device)).logits
    return found.cpu()


def speeds(device: str, *, small: bool) -> tuple[dict[str, Any], list[list[str]]]:
    """The built-in model's tokens per second by activity and precision, and the table's rows."""
    compute = choose(Config(device=device), architecture("built-in"))
    names = ("float32", "bfloat16")
    models = {name: LanguageModel.load(compute=Compute(device, answers=name)) for name in names}
    rows = 2 if small else 64
    figures: dict[str, Any] = {"chosen": compute.recorded()}
    table = []
    for what, act, used in (
        ("forward", precision.forward, compute.answers), ("training", precision.training, compute.trains)
    ):  # fmt: skip
        found = precision.in_turn(models, lambda model, act=act: act(model, rows), 1 if small else 3)  # type: ignore[misc]
        figures[what] = {name: round(speed) for name, speed in found.items()}
        table.append([f"{what}, {rows} x 256", *(f"{found[name]:,.0f}" for name in names), used])
    return figures, table


def night(device: str) -> dict[str, Any] | str:
    """The result of `sleepy demo` on the device, or why it could not run (no compiler or sandbox)."""
    try:
        toolchain.find()
    except SandboxUnavailable as error:
        return f"not lived: {error}"
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sleepy", "demo", "--json"],
            capture_output=True, text=True, timeout=_NIGHT, env={**os.environ, "SLEEPY_DEVICE": device},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not ended after {_NIGHT} s"
    if done.returncode:
        return f"ended with code {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1]}"
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    kept = {name: figures[name] for name in ("exam", "baseline", "champion", "regressions", "decision")}
    return {**kept, "seconds": round(time.monotonic() - began)}


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description="P9, a GPU from end to end.")
    parser.add_argument("--small", action="store_true", help="the same code on the CPU; its times mean nothing")
    parser.add_argument("--no-night", action="store_true", help="without the day and the night")
    parser.add_argument("--write", action="store_true", help="put the result into RESULTS.md")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args(words)
    if arguments.write and arguments.small:
        parser.error("--small times mean nothing: they are not written")
    if not torch.cuda.is_available() and not arguments.small:
        print(f"no GPU: torch {torch.__version__} sees none; nothing to measure")
        return 0
    device = "cpu" if arguments.small else "cuda"
    apart = same_as_cpu(device)
    if not apart <= _AGREE:
        print(
            f"the GPU's logits differ from the CPU's by {apart:.2g} of the largest; {_AGREE:g} is allowed",
            file=sys.stderr,
        )
        return 1
    figures, rows = speeds(device, small=arguments.small)
    figure = gpu.on(device, rounds=1 if arguments.small else 3, small=arguments.small)
    figures |= {"apart": apart, **figure.values}
    parts = [
        results.where("python -m benchmarks.gpu " + " ".join(sys.argv[1:] if words is None else words)), "",
        f"Logits of the built-in model apart from the CPU's: {apart:.1g} of the largest (float32).", "",
        results.table(["the built-in model, tokens a second", "float32", "bfloat16", "the probe chose"], rows), "",
        figure.body,
    ]  # fmt: skip
    if not arguments.no_night:
        figures["night"] = lived = night(device)
        parts += [
            "",
            f"A day and a night (`sleepy demo --json`): {lived if isinstance(lived, str) else json.dumps(lived)}",
        ]
    body = "\n".join(parts)
    print(body)
    if arguments.write:
        results.write(SECTION, body)
    if arguments.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
