"""`sleepy pretrain`: trains the built-in model, or an adapter for a pretrained one."""

from __future__ import annotations

from pathlib import Path

import click

from sleepy.daemon.cli import options


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--samples", type=click.IntRange(min=100), default=40_000, show_default=True, help="Repairs to make.")
@click.option(
    "--tokens", type=click.FloatRange(min=0.01), default=24.0, show_default=True, help="Millions of tokens to train on."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of everything random.")
@click.option("--device", default="auto", show_default=True, help="Where it trains: auto, cpu, cuda, cuda:1 or mps.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Cores to train on.")
@click.option(
    "--corpus",
    "crates",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of crates to break in place (MIT or Apache-2.0 by their manifests); can be repeated.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A corpus.jsonl to train on instead of making one; can be repeated.",
)
@click.option("--from", "start", metavar="MODEL", help="Start from this model and its tokenizer, not from scratch.")
@click.option(
    "--layers",
    type=click.IntRange(1, 64),
    help="Layers of the network; a --from model grows to it. With --lora, upper ones that learn (all by default).",
)
@click.option("--lora", is_flag=True, help="Leave the --from model as it is and train an adapter for it.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=1e-3,
    show_default=True,
    help="Learning rate, with --lora.",
)
@click.option(
    "--cooldown",
    type=click.FloatRange(min=0),
    default=0,
    metavar="M",
    help="Millions of tokens at the end over which the rate falls, with --lora.",
)
@click.option("--window", type=click.IntRange(4, 40), help="Lines that a prompt shows; 14 with --lora, else 40.")
@click.option(
    "--apart",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Koans (JSONL), besides the exam's, that no sample may resemble; can be repeated.",
)
@options.TIER
def pretrain(
    out: Path,
    samples: int,
    tokens: float,
    seed: int,
    device: str,
    processes: int,
    crates: tuple[Path, ...],
    data: tuple[Path, ...],
    start: str | None,
    layers: int | None,
    lora: bool,
    rate: float,
    cooldown: float,
    window: int | None,
    apart: tuple[Path, ...],
    tier: str | None,
) -> None:
    """Train the built-in model, or an adapter for another model.

    The corpus is made first (OUT/corpus.jsonl, about 20 minutes on two cores), then the model is trained into the
    folder OUT. An interrupted run resumes. With --data and --from, an existing model is trained further on existing
    samples. With --lora as well, a pretrained model is taught the format of prompts: OUT gets adapter.json and
    adapter.safetensors, and OUT/checkpoint.pt stays, to continue from.
    """
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.lab.pretrain.command import make
    from sleepy.memory.parametric.base import teach

    with Bars() as bars:
        make(
            out,
            samples=samples,
            tokens=int(tokens * 1e6),
            seed=seed,
            device=device,
            tier=options.settings(tier=tier).tier,
            say=bars,
            crates=crates,
            data=data,
            start=start,
            processes=processes,
            layers=layers,
            lora=teach.TeachRecipe(seed=seed, lr=rate, layers=layers) if lora else None,
            cooldown=int(cooldown * 1e6),
            window=window or (14 if lora else 40),
            apart=apart,
        )
    click.echo(f"The model is in {out}: `sleepy demo --model {out}` tries it.")
