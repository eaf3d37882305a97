"""`sleepy pretrain --lora`: a pretrained base taught the prompt format, as an adapter beside it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.lab.pretrain.mix import Mix
from sleepy.daemon.model import adapter, opening, source
from sleepy.daemon.model.adapter import add_marks
from sleepy.daemon.model.request import Format
from sleepy.daemon.model.source import Kind
from sleepy.memory.parametric.base.pretrain import CheckpointError
from sleepy.memory.parametric.base.teach import Pupil, Round, TeachRecipe, progress_of, teach

LOG = "rounds.jsonl"
_KEPT = 12 << 30  # some 50,000 samples of 200 tokens in bfloat16, 576 wide


def make(
    out: Path,
    base: str,
    data: Sequence[Path],
    *,
    tokens: int,
    window: int,
    cooldown: int = 0,
    recipe: TeachRecipe,
    say: Say,
    device: str = "auto",
    precision: str = "",
) -> None:
    """Teaches `base` from the samples in `data` until `tokens` were seen in all, and writes the adapter into `out`.

    `out`/checkpoint.pt is the whole state, written after every round and kept: a killed training goes on from it, and
    one that ended goes on where more tokens are asked for. The adapter is the moving average, with a `cooldown` (see `teach`)
    what was learnt last; the base is held in `precision`, by default what is fastest here. `out`/rounds.jsonl has a line a round,
    `out`/lower-* what the frozen layers made of each sample: it may be deleted.
    """
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = opened(base)
    first = add_marks(model, tokenizer)
    compute = choose(Config(device=device), model.config)
    torch.set_num_threads(compute.threads)  # others work beside it for hours
    model.to(compute.device, getattr(torch, precision or compute.trains)).eval()
    checkpoint = out / "checkpoint.pt"
    mix = Mix(data, tokenizer, longest=recipe.longest)
    began = time.monotonic()

    def told(done: Round) -> None:
        nonlocal began
        line = {
            **{name: value for name, value in asdict(done.state).items() if name != "seen"},
            "seconds": round(time.monotonic() - began, 1), "loss": done.loss, "exact": done.exact,
            "held_out": done.held_out, "held_out_exact": done.held_out_exact, "pool": len(mix),
        }  # fmt: skip
        began = time.monotonic()
        with (out / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        say("teach the model", done.state.tokens, tokens)

    kept = out / f"lower-{str(model.dtype).removeprefix('torch.')}.bin"
    with Pupil(model, first, recipe, kept=kept, limit=_room(kept)) as pupil:
        try:
            teach(pupil, mix, recipe, checkpoint, tokens=tokens, cooldown=cooldown, report=told)
        except CheckpointError as error:
            raise UserError(str(error), remedy="give the same recipe again, or name another folder") from error
    write(out, checkpoint, base, window=window, recipe=recipe, averaged=not cooldown)


def _room(kept: Path) -> int:
    """Bytes that the file may take: 12 GiB at most, and at most a quarter of what would be free without it."""
    has = kept.stat().st_size if kept.exists() else 0
    return min(_KEPT, (shutil.disk_usage(kept.parent).free + has) // 4)


def write(out: Path, checkpoint: Path, base: str, *, window: int, recipe: TeachRecipe, averaged: bool = True) -> None:
    """Writes the adapter of a checkpoint: also of a training that is still going on."""
    state, parameters = progress_of(checkpoint, averaged=averaged)
    taught = {**asdict(recipe), **{name: value for name, value in asdict(state).items() if name != "seen"}}
    told = adapter.AdapterInfo(source.lasting(base), Format.CHOICE.value, window, taught=taught)
    adapter.save_adapter(out, told, parameters, scale=recipe.scale)


def opened(base: str) -> tuple[Any, Any]:
    """The base in float32 and its tokenizer. `UserError` says what is wrong with one that does not load."""
    found = source.find(base)
    if found.kind is Kind.ADAPTER:
        raise UserError(f"{base!r} is an adapter", remedy="name the model beneath it with --from")
    return opening.opened(found, "float32")
