"""The whole of `sleepy pretrain`: forge the corpus once, then train, each gone on with after an interruption."""

from __future__ import annotations

from pathlib import Path

import torch

from sleepy.daemon.errors import UserError
from sleepy.daemon.pretrain import corpus
from sleepy.daemon.pretrain.pretrain import Plan, pretrain
from sleepy.daemon.tools import Say
from sleepy.koans import library
from sleepy.memory.parametric.base.pretrain import Progress, Recipe
from sleepy.sandbox.sandbox import Sandbox

RENAMED = (0.3, 0.9)  # shares of renamed programs in the two halves of the corpus


def make(out: Path, *, samples: int, tokens: int, seed: int, device: str, tier: str, say: Say) -> None:
    """Writes model, tokenizer and corpus into `out`. `UserError` where the folder holds something else."""
    if out.exists() and any(out.iterdir()) and not (out / "corpus.jsonl").exists() and not list(out.glob("*.partial")):
        raise UserError(f"{out} is not empty", remedy="name a new folder, or one of an interrupted `sleepy pretrain`")
    out.mkdir(parents=True, exist_ok=True)
    bases, _ = library.sides()
    path = out / "corpus.jsonl"
    if not path.exists():
        firewall = library.Firewall(library.exam())
        with Sandbox.open(tier=tier) as sandbox:
            made = (
                item
                for part, rename in enumerate(RENAMED)
                for item in corpus.limited(
                    corpus.samples(bases, sandbox, firewall, seed + 1 + part, rename=rename), samples // len(RENAMED)
                )
            )
            corpus.write(path, made, samples, lambda number: say("forge the corpus", number, samples))
    torch.set_num_threads(1)  # two threads are slower at this size (measured)

    def told(progress: Progress) -> None:
        say("train the model", progress.tokens, progress.total)

    recipe = Recipe(tokens=tokens, seed=seed)
    pretrain(
        corpus.read(path), bases, out, Plan(recipe=recipe), checkpoint=out / "checkpoint.pt", report=told, device=device
    )
    (out / "checkpoint.pt").unlink(missing_ok=True)
