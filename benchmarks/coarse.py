"""What one adapter for all errors gains, by how its lessons are made and how long it learns.

    python -m benchmarks.coarse [--model M] [--lessons N] [--fresh N] [--teach both|own|forged] [--samples N] [--steps N] [--exam]

Koans of the practice side, as often as the forge makes them, are answered by the model, then taught: its own right answer
where it has one (greedy, or one of some samples), else the forge's. Base and adapter then answer fresh koans of programs
that give no lessons, one greedy answer each, and with --exam the sealed exam. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import torch

from sleepy.daemon.attempt.attempt import EXAM, Diagnosis, attempt, fitting
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.night import exam as sealed
from sleepy.daemon.night import rehearsal
from sleepy.daemon.night.making import forged_lesson
from sleepy.daemon.night.train import EXAMINATIONS, LORA, WIDE, Trainer, parted
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.forge import forge
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.fit import Fit
from sleepy.memory.parametric.lora import train_lora
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import ALL
from sleepy.memory.parametric.subspace import Subspace
from sleepy.sandbox.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Compared:
    """Koans that base and adapter pass, and those that only one of them does."""

    n: int
    base: int
    adapter: int
    won: int
    lost: int

    @classmethod
    def of(cls, before: Sequence[bool], after: Sequence[bool]) -> Compared:
        pairs = list(zip(before, after, strict=True))
        won, lost = sum(new and not old for old, new in pairs), sum(old and not new for old, new in pairs)
        return cls(len(pairs), sum(before), sum(after), won, lost)


def made(tools: Tools, seed: int) -> Iterator[Diagnosis]:
    """Koans of the practice side, none near to the exam; endless."""
    bases, _ = library.sides()
    firewall = library.Firewall(tools.exam)
    for koan, verdict in forge(bases, tools.judge, seed, a_mistake=1, exact=False):
        item = None if firewall.blocks(koan) else shelf.diagnosed(koan, cast(Verdict, verdict))
        if item is not None:
            yield item


def koans(tools: Tools, lessons: int, fresh: int, seed: int) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """Koans to teach, and fresh ones of programs that give no lessons."""
    taught: dict[str, Diagnosis] = {}
    asked: dict[str, Diagnosis] = {}
    for item in made(tools, seed):
        side, size = (asked, fresh) if shelf.is_held_out(item.koan.base) else (taught, lessons)
        if len(side) < size:
            side.setdefault(item.koan.digest, item)
        if len(asked) == fresh and len(taught) == lessons:
            break
    return fitting(list(taught.values()), tools.model)[0], fitting(list(asked.values()), tools.model)[0]


def lessons_of(tools: Tools, items: Sequence[Diagnosis], teach: str, seed: int) -> list[Lesson]:
    """A lesson for each koan: the model's own right answer, else the forge's; only the ones asked for."""
    right = (
        {} if teach == "forged" else rehearsal.right_answers(tools, Served(), items, seed, until=math.inf)
    )  # fmt: skip
    out = []
    for item in items:
        lesson = right.get(item.koan.digest) or (None if teach == "own" else forged_lesson(tools, item))
        if lesson is not None:
            out.append(replace(lesson, program=item.koan.base))
    return out


def passed(tools: Tools, items: Sequence[Diagnosis], served: Served) -> list[bool]:
    with served.on(tools.model) as model:
        return [item.passed for item in attempt(items, model, tools.judge, served.router.route, chunk=EXAM)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="built-in")
    parser.add_argument("--lessons", type=int, default=3000)
    parser.add_argument("--fresh", type=int, default=600)
    parser.add_argument("--teach", choices=("both", "own", "forged"), default="both")
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rank", type=int, default=LORA.rank)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exam", action="store_true")
    arguments = parser.parse_args()
    began = time.monotonic()
    config = Config(model=arguments.model, day_samples=arguments.samples)
    with tempfile.TemporaryDirectory() as folder, equipped(config, Home(Path(folder) / "home")) as tools:
        torch.set_num_threads(1)
        taught, fresh = koans(tools, arguments.lessons, arguments.fresh, arguments.seed)
        found = lessons_of(tools, taught, arguments.teach, arguments.seed)
        random.Random(arguments.seed).shuffle(found)
        trainer = Trainer(lambda: tools.model, arguments.steps, math.inf, tools.say)
        part = parted(trainer, found, LORA.held_out, arguments.seed)
        ends: list[Fit] = []
        recipe = replace(
            LORA, rank=arguments.rank, steps=arguments.steps, batch_tokens=WIDE, seed=arguments.seed,
            examine_every=max(1, arguments.steps // EXAMINATIONS),
        )  # fmt: skip
        adapter = train_lora(tools.model.model, part.learnt, recipe, held_out=part.held_out, ended=ends.append)
        served = Served("adapter", Subspace.found({ALL: adapter})[0], Router({ALL: ALL}))
        out: dict[str, object] = {
            "lessons": len(found), "own": sum(item.provenance is Provenance.OWN for item in found),
            "steps": ends[0].steps, "stopped": ends[0].stopped.value, "held_out_loss": ends[0].held_out,
            "fresh": asdict(Compared.of(passed(tools, fresh, Served()), passed(tools, fresh, served))),
        }  # fmt: skip
        if arguments.exam:
            asked = sealed.diagnoses(tools, tools.exam)
            out["exam"] = asdict(Compared.of(passed(tools, asked, Served()), passed(tools, asked, served)))
    print(json.dumps({**vars(arguments), **out, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
