"""The built-in model, made anew."""

from __future__ import annotations

from pathlib import Path

import click

from sleepy.daemon.cli import options


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--samples", type=click.IntRange(min=100), default=40_000, show_default=True, help="Repairs to forge.")
@click.option(
    "--tokens", type=click.FloatRange(min=0.01), default=24.0, show_default=True, help="Millions to train on."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of everything random.")
@click.option("--device", default="auto", show_default=True, help="Where it trains: auto, cpu, cuda, cuda:1 or mps.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Cores to train on.")
@click.option(
    "--corpus",
    "crates",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of crates to break in place (MIT or Apache-2.0 by their manifests); may be given again.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A corpus.jsonl to train on instead of making one; may be given again.",
)
@click.option("--from", "start", metavar="MODEL", help="Go on with this model and its tokenizer, not from nothing.")
@click.option("--layers", type=click.IntRange(1, 64), help="Layers of the network; a model of --from is given more.")
@click.option("--lora", is_flag=True, help="Leave the model of --from as it is and make an adapter beside it.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=1e-3,
    show_default=True,
    help="Of learning, with --lora.",
)
@click.option(
    "--cooldown",
    type=click.FloatRange(min=0),
    default=0,
    metavar="M",
    help="Millions of tokens over which, with --lora, the rate falls at the end.",
)
@click.option("--window", type=click.IntRange(4, 40), help="Lines a prompt shows; 14 with --lora, else 40.")
@click.option(
    "--apart",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Koans (JSONL) that nothing made may be near to, beside the exam's; may be given again.",
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
    """Make the built-in model anew into the folder OUT; an interrupted run is gone on with.

    The corpus is made first (OUT/corpus.jsonl, some 20 minutes on two cores), then the model trained. With --data
    and --from it is more training, on samples there are, for a model there is. With --lora too a pretrained model is
    taught the format of prompts: OUT gets adapter.json and adapter.safetensors, and OUT/checkpoint.pt stays, to go on from.
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
            lora=teach.Recipe(seed=seed, lr=rate) if lora else None,
            cooldown=int(cooldown * 1e6),
            window=window or (14 if lora else 40),
            apart=apart,
        )
    click.echo(f"The model is in {out}: `sleepy demo --model {out}` tries it.")
