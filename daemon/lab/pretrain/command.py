"""The whole of `sleepy pretrain`: forges the corpus once, then trains; both resume after an interruption."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch.multiprocessing.spawn import ProcessRaisedException

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.lab.pretrain import corpus
from sleepy.daemon.lab.pretrain import crates as places
from sleepy.daemon.lab.pretrain import lora as adapters
from sleepy.daemon.lab.pretrain.pretrain import Plan, pretrain
from sleepy.daemon.model.window import LIMIT
from sleepy.koans import library, rows
from sleepy.koans.forge.crates import crates as crates_of
from sleepy.memory.parametric.base import teach
from sleepy.memory.parametric.base.pretrain import CheckpointError, PretrainProgress, Recipe
from sleepy.sandbox.sandbox import Sandbox

RENAMED = (0.3, 0.9)  # shares of renamed programs in the two halves of what is forged
SHARES = {"forge": 0.4, "templates": 0.25, "crates": 0.35}  # of the corpus; without crates the others fill it


def make(
    out: Path,
    *,
    samples: int,
    tokens: int,
    seed: int,
    device: str,
    tier: str,
    say: Say,
    crates: Sequence[Path] = (),
    data: Sequence[Path] = (),
    start: str | None = None,
    processes: int = 1,
    layers: int | None = None,
    lora: teach.TeachRecipe | None = None,
    cooldown: int = 0,
    window: int = LIMIT,
    apart: Sequence[Path] = (),
) -> None:
    """Writes model, tokenizer and corpus into `out`. `UserError` where the folder holds something else.

    `crates` are folders of crates to break in place, beside what the project has of its own. Where `data` names
    files of samples, nothing is made; `start` is the model that training goes on with,
    with `layers` layers where it is to have more. With `lora` only an adapter of `start` is made (see its module).
    Prompts show `window` lines at most; nothing near to the koans in the files `apart` is made.
    """
    ours = ("corpus.jsonl", "checkpoint.pt", "*.partial")
    if out.exists() and any(out.iterdir()) and not any(list(out.glob(name)) for name in ours):
        raise UserError(f"{out} is not empty", remedy="name a new folder, or that of an interrupted `sleepy pretrain`")
    for folder in crates:
        if not folder.is_dir():
            raise UserError(f"{folder} has no crates", remedy="name a folder of folders that have a Cargo.toml")
    out.mkdir(parents=True, exist_ok=True)
    bases, _ = library.sides()
    path = out / "corpus.jsonl"
    if not data and not path.exists():
        with Sandbox.open(tier=tier) as sandbox:
            made = _parts(sandbox, out, crates, samples, seed, say, window, apart)
            corpus.write(path, made, samples, lambda number: say("make the corpus", number, samples))
        shutil.rmtree(out / "crates", ignore_errors=True)
    if lora is not None:
        if start is None:
            raise UserError("--lora needs a base model", remedy="name it with --from FOLDER")
        adapters.make(
            out,
            start,
            data or [path],
            tokens=tokens,
            cooldown=cooldown,
            window=window,
            recipe=lora,
            say=say,
            device=device,
        )
        return
    torch.set_num_threads(1)  # two threads are slower at this size (measured)

    def told(progress: PretrainProgress) -> None:
        say("train the model", progress.tokens, progress.total)

    checkpoint = out / "checkpoint.pt"
    recipe = Recipe(tokens=tokens, seed=seed, batch_tokens=Recipe().batch_tokens // processes)
    try:
        pretrain(
            [item for file in data or [path] for item in corpus.read(file)],
            bases,
            out,
            Plan(recipe=recipe),
            checkpoint=checkpoint,
            report=told,
            device=device,
            processes=processes,
            start=start,
            layers=layers,
        )
    except (CheckpointError, ProcessRaisedException) as error:
        if "CheckpointError" not in f"{type(error).__name__} {error}":
            raise
        raise UserError(
            f"{checkpoint} belongs to another training", remedy="give the same flags and data again, or remove it"
        ) from error
    checkpoint.unlink(missing_ok=True)


def _parts(
    sandbox: Sandbox,
    out: Path,
    folders: Sequence[Path],
    count: int,
    seed: int,
    say: Say,
    lines: int,
    apart: Sequence[Path],
) -> Iterator[corpus.Sample]:
    """The corpus, part after part, each in its share."""
    firewall = library.Firewall([*library.exam(), *(koan for file in apart for koan in rows.read(file))])
    bases, _ = library.sides()
    left = 1 - (0 if folders else SHARES["crates"])
    for part, rename in enumerate(RENAMED):
        made = corpus.samples(bases, sandbox, firewall, seed + 1 + part, rename=rename, lines=lines)
        yield from corpus.limited(made, int(count * SHARES["forge"] / left / len(RENAMED)))
    yield from corpus.limited(
        corpus.templated(sandbox, firewall, seed, lines=lines), int(count * SHARES["templates"] / left)
    )
    wanted = int(count * SHARES["crates"] / max(1, len(folders)))
    for number, folder in enumerate(folders):
        builds = places.CrateBuilds(sandbox.jail, folder, out / "crates" / str(number))
        ready = places.crate_compilers(builds, list(crates_of(folder)), say)
        if not ready:
            raise UserError(f"{folder}: none of its crates compiles", remedy="`cargo check` in one of them says why")
        yield from corpus.limited(places.samples(ready, seed + number, firewall=firewall, lines=lines), wanted)
    yield from corpus.samples(
        bases, sandbox, firewall, seed + 9, rename=RENAMED[-1], lines=lines
    )  # what rounding left open
