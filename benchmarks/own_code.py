"""A crate's own functions as practice: what breaking them yields, how long it takes, and what the model solves of it.

    python -m benchmarks.own_code CRATE [--variants N] [--model MODEL] [--seed S]

In a scratch home, whose build of the crate is its own. A variant is one mistake in one function that a test comes to; it
is fit if it does not compile and its first error is in its file. Answers are greedy. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sleepy.daemon.attempt.attempt import attempt, diagnose, fitting
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import own_code
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.forge.functions import broken
from sleepy.koans.koan import Koan
from sleepy.memory.parametric.scope import code_of


def measured(tools: Tools, variants: int, seed: int) -> dict[str, Any]:
    """The figures for one crate."""
    assert tools.crates is not None
    began = time.monotonic()
    ready = tools.crates.ready()
    proof = time.monotonic() - began
    if not ready:
        return {"left_out": tools.crates.left_out}
    sides = own_code.sides(tools)
    began = time.monotonic()
    run = {side: [item for item in found if tools.crates.runs(item)] for side, found in sides.items()}
    coming_by = time.monotonic() - began
    there = [*run[own_code.FunctionSide.TAUGHT], *run[own_code.FunctionSide.HELD_OUT]]
    rng = random.Random(f"own code {seed}")
    made: dict[str, Koan] = {}
    while len(made) < variants:
        item = rng.choice(there)
        for koan in broken(item, [rng.choice(own_code.EVERY)], rng):
            made[koan.digest] = koan
    began = time.monotonic()
    fit, _ = diagnose(list(made.values()), tools.judge)
    breaking = time.monotonic() - began
    able, _ = fitting(fit, tools.model)
    began = time.monotonic()
    answered = list(attempt(able, tools.model, tools.judge))
    answering = time.monotonic() - began
    verdicts = Counter(item.verdict.outcome.value for item in answered)
    return {
        "functions": {side.value: len(found) for side, found in sides.items()},
        "run_by_tests": {side.value: len(found) for side, found in run.items()},
        "first_build_seconds": round(proof, 1),
        "coming_by_seconds": round(coming_by, 1),
        "check_and_tests_seconds": round(tools.crates.slowest, 2),
        "variants": len(made),
        "variants_per_minute": round(60 * len(made) / breaking),
        "fit": len(fit),
        "too_long": len(fit) - len(able),
        "codes": len({code_of(item.signature) for item in fit}),
        "solved": sum(item.passed for item in answered),
        "verdicts": dict(verdicts.most_common()),
        "answers_per_minute": round(60 * len(answered) / answering),
        "cases": len(own_code.cases(tools)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crate", type=Path)
    parser.add_argument("--variants", type=int, default=120)
    parser.add_argument("--model", default="built-in")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    config = Config(model=arguments.model, crates=(str(arguments.crate.resolve()),))
    with tempfile.TemporaryDirectory() as folder, equipped(config, Home(Path(folder) / "home")) as tools:
        print(json.dumps(measured(tools, arguments.variants, arguments.seed)))


if __name__ == "__main__":
    main()
