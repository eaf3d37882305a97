"""`sleepy gate`: simulates nights to see what the gate lets through."""

from __future__ import annotations

import json
import math

import click

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned


@click.group(cls=Sectioned)
def gate() -> None:
    """Simulate how often the gate promotes luck, and real gains.

    The gate decides whether a night's result replaces what serves.
    """


@gate.command("simulate")
@click.option("--nights", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Nights to simulate.")
@click.option(
    "--effect",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="True gain on the trained pattern's tasks; 0: no gain at all.",
)
@click.option(
    "--swap",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of those tasks whose result changes by chance.",
)
@click.option("--life", is_flag=True, help="Let all nights share one budget of luck, as consecutive nights do.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the simulated luck.")
@options.JSON
def gate_simulate(nights: int, effect: float, swap: float, life: bool, seed: int, as_json: bool) -> None:
    """Decide simulated nights with the real gate.

    Shows how often luck is promoted, and how often a real gain is.
    """
    from sleepy.daemon.lab import simulate

    settings = options.settings()
    for name, value in (("--effect", effect), ("--swap", swap)):
        if not math.isfinite(value):
            raise UserError(f"{name} {value} is not a share", remedy="give a number from 0 to 1")
    try:
        world = simulate.World(effect, swap=swap)
    except ValueError as error:
        raise UserError(str(error), remedy="give a smaller --effect or --swap") from error
    found = simulate.simulate(world, nights, seed, alpha=settings.alpha, margin=settings.margin, fresh=not life)
    figures = simulate.summary(found, nights, effect)
    if as_json:
        click.echo(json.dumps(figures, separators=(",", ":")))
        return
    click.echo(simulate.summary_in_words(world, figures))
