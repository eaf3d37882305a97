"""P2 to P6, P9 and L8: Share's merges, serving, learning and storage against the alternatives.

    python -m benchmarks.share [--only P2,P3] [--rounds N] [--quick] [--patterns N] [--lessons FILE] [--write] [--json]

All sides of a figure are measured in one run, in turn, on one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from benchmarks import results
from benchmarks.share import gpu, growth, learning, merge, mixed, serving, storage
from benchmarks.share.figure import Asked, Figure
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.night.train import FOUNDERS
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.sandbox.sandbox import SandboxUnavailable

FIGURES: dict[str, tuple[str, Callable[[Asked], Figure]]] = {
    "P2": ("Phase 3 with many patterns and with few", growth.measure),
    "P3": ("Phase 3 against the naive SVD and two packages", merge.measure),
    "P4": ("Generation with a pattern for every row", serving.measure),
    "P5": ("Generation with a pattern for every row, against PEFT", mixed.measure),
    "P6": ("Patterns learnt in a subspace against LoRA", learning.measure),
    "L8": ("Storage of a pattern", storage.measure),
    "P9": ("On a GPU", gpu.measure),
}


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.share", description="Share's figures: P2 to P6, P9, L8."
    )
    parser.add_argument("--only", default=",".join(FIGURES), help="figures by name, with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="small shapes and no peers: it works, times mean nothing")
    parser.add_argument("--patterns", type=int, default=16, help="patterns that P6 learns")
    parser.add_argument("--lessons", type=Path, help="a JSON file where P6 keeps its forged lessons, or finds them")
    parser.add_argument("--write", action="store_true", help="put the results into RESULTS.md, a section a figure")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args(words)
    names = [name.strip() for name in arguments.only.split(",") if name.strip()]
    for name in names:
        if name not in FIGURES:
            parser.error(f"no figure {name!r}; there are {', '.join(FIGURES)}")
    if arguments.rounds < 1 or not names:
        parser.error("--rounds must be 1 or more, and --only name a figure")
    if arguments.patterns <= FOUNDERS:
        parser.error(f"--patterns must be more than the {FOUNDERS} founders, not {arguments.patterns}")
    if arguments.write and arguments.quick:
        parser.error("--quick times mean nothing: they are not written")
    torch.set_num_threads(1)
    asked = Asked(arguments.rounds, arguments.quick, arguments.patterns, arguments.lessons)
    where = results.where("python -m benchmarks.share " + " ".join(sys.argv[1:] if words is None else words))
    measured: dict[str, object] = {}
    for name in names:
        title, measure = FIGURES[name]
        try:
            figure = measure(asked)
        except (UserError, SubspaceError, SandboxUnavailable, OSError, MemoryError) as error:
            print(f"{name}: {error or type(error).__name__}", file=sys.stderr)
            if remedy := getattr(error, "remedy", ""):
                print(remedy, file=sys.stderr)
            return int(getattr(error, "exit_code", 1))
        measured.update(figure.values)
        print(f"## {name} {title}\n\n{figure.body}\n", flush=True)
        if arguments.write:
            results.write(f"{name} {title}", f"{where}\n\n{figure.body}")
    if arguments.json:
        print(json.dumps(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
