"""The gate, asked about nights that never were."""

from __future__ import annotations

import json
import math

import click

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options


@click.group()
def gate() -> None:
    """The gate that a night's result must pass."""


@gate.command("simulate")
@click.option("--nights", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="How many nights.")
@click.option(
    "--effect",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="True gain on the target pattern's tasks; 0: the same model twice.",
)
@click.option(
    "--swap",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of them that comes out otherwise by chance.",
)
@click.option("--life", is_flag=True, help="One life of nights that share a month's luck, not each a month's first.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the simulated luck.")
@options.JSON
def gate_simulate(nights: int, effect: float, swap: float, life: bool, seed: int, as_json: bool) -> None:
    """Decide simulated nights with the real gate: how often luck promotes, and how often a real gain does."""
    from sleepy.daemon.lab import simulate

    settings = options.settings()
    for name, value in (("--effect", effect), ("--swap", swap)):
        if not math.isfinite(value):
            raise UserError(f"{name} {value} is no share", remedy="give a number from 0 to 1")
    try:
        world = simulate.World(effect, swap=swap)
    except ValueError as error:
        raise UserError(str(error), remedy="a smaller --effect or --swap") from error
    found = simulate.simulate(world, nights, seed, alpha=settings.alpha, margin=settings.margin, fresh=not life)
    figures = simulate.summary(found, nights, effect)
    if as_json:
        click.echo(json.dumps(figures, separators=(",", ":")))
        return
    click.echo(simulate.told(world, figures))
