"""A pretrained model through a day and a night: what they cost here, and what the night is worth.

    python -m benchmarks.pretrained MODEL [--format F] [--tasks N] [--exam N] [--patterns N] [--lessons N] [--steps N] [--home DIR]

A day of N koans, then a night through the product as it is, with an exam of N koans spread over the sealed one. One line
of JSON: seconds, peaks of memory in MiB (of this process, and of the largest of its children), and counts before and after.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import day
from sleepy.daemon.lab import demo
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.stages import store
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library


def lived(config: Config, home: Home, *, tasks: int, exam: int) -> dict[str, Any]:
    """The day and the night, measured."""
    sealed = library.exam()
    koans = sealed[:: max(1, len(sealed) // exam)][:exam]
    console = Console(stderr=True)
    with equipped(config, home, exam=koans) as tools:
        began = time.monotonic()
        done = day(tools, serve.serving(tools), config.seed, tasks)
        day_seconds = time.monotonic() - began
        by_day = _peak()
        console.print(f"day: {done.passed} of {done.attempted} in {day_seconds:.0f} s, {by_day} MiB")
        began = time.monotonic()
        night = sleep(tools, datetime.now().astimezone().date())
        night_seconds = time.monotonic() - began
        made = store.record(tools.db, night.id)
    out: dict[str, Any] = {
        "model": config.model, "format": tools.model.format.value, "window": tools.model.window,
        "answers": tools.model.compute.answers, "trains": tools.model.compute.trains,
        "day": {"tasks": done.attempted, "passed": done.passed, "seconds": round(day_seconds, 1), "peak": by_day},
        "night": {"seconds": round(night_seconds, 1), "peak": _peak(), "peak_children": _peak(resource.RUSAGE_CHILDREN)},
    }  # fmt: skip
    if made is None or not hasattr(made, "decided"):
        return out
    found = demo.summary(made, "", None)
    out["night"] |= {
        name: found[name] for name in ("exam", "baseline", "champion", "regressions", "decision", "patterns")
    }
    out["night"]["training"] = [
        {"pattern": item.signature, "seconds": item.seconds, "lessons": item.examples, "exact": item.exact}
        for item in made.trained.patterns
    ]
    return out


def _peak(who: int = resource.RUSAGE_SELF) -> int:
    """The most memory that this process held at once, or any one of its children, in MiB."""
    return resource.getrusage(who).ru_maxrss >> 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--format", default="")
    for name, default in (
        ("tasks", 60),
        ("exam", 120),
        ("patterns", 2),
        ("lessons", 64),
        ("steps", 24),
        ("held-out", 24),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--home", type=Path, help="kept, so that an interrupted run goes on; a temporary one by default"
    )
    arguments = parser.parse_args()
    config = replace(
        Config(), model=arguments.model, format=arguments.format, night_patterns=arguments.patterns,
        lessons=arguments.lessons, training_steps=arguments.steps, held_out=arguments.held_out,
    )  # fmt: skip
    with contextlib.ExitStack() as stack:
        folder = arguments.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        print(json.dumps(lived(config, Home(folder), tasks=arguments.tasks, exam=arguments.exam), ensure_ascii=False))


if __name__ == "__main__":
    main()
