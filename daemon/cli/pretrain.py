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
    tier: str | None,
) -> None:
    """Make the built-in model anew into the folder OUT; an interrupted run is gone on with.

    The corpus is made first (OUT/corpus.jsonl, some 20 minutes on two cores), then the model trained. With --data
    and --from it is more training, on samples there are, for a model there is.
    """
    from sleepy.daemon.pretrain.command import make
    from sleepy.daemon.progress import Bars

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
        )
    click.echo(f"The model is in {out}: `sleepy demo --model {out}` tries it.")
