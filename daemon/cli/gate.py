"""`sleepy gate`: simulates lives of nights to see what the gate lets through."""

from __future__ import annotations

import json
import math

import click

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.text import plural
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned


@click.group(cls=Sectioned)
def gate() -> None:
    """Simulate how often the gate promotes luck, and real gains.

    The gate decides whether a night's result replaces what serves.
    """


@gate.command("simulate")
@click.option("--trials", type=click.IntRange(1, 100), default=8, show_default=True, help="New candidates a night.")
@click.option(
    "--effects",
    metavar="SHARES",
    help="True gain of each of a night's candidates, as shares of its tasks: 0.15,0,0 for three candidates of which one"
    " gains 15 points  [default: 0.15, then 0].",
)
@click.option("--nights", type=click.IntRange(1, 1000), default=30, show_default=True, help="Nights of a life.")
@click.option("--lives", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Lives to simulate.")
@click.option(
    "--swap",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the tasks whose result changes by chance.",
)
@click.option(
    "--dry", is_flag=True, help="Measure the power of each night as if no night before it had promoted anything."
)
@click.option("--alpha", type=click.FloatRange(0, 1), help="Share of lucky promotions among all  [default: 0.01].")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the simulated luck.")
@options.JSON
def gate_simulate(
    trials: int,
    effects: str | None,
    nights: int,
    lives: int,
    swap: float,
    dry: bool,
    alpha: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """Let the real gate decide simulated lives of nights.

    Shows how often luck is promoted, and how often a real gain is: in --json, power_by_night is the share of a night's
    candidates with a true gain that were promoted by the end of that night, and false_share the mean over lives of the
    share of promotions that were luck.
    """
    from sleepy.daemon.gate.sequential import Rules
    from sleepy.daemon.lab import simulate

    gains = _gains(effects, trials)
    if not math.isfinite(swap):
        raise UserError(f"--swap {swap} is not a share", remedy="give a number from 0 to 1")
    try:
        rules = Rules() if alpha is None else Rules(alpha=alpha)
    except ValueError as error:
        raise UserError(f"--alpha: {error}", remedy="give a number between 0 and 1, such as 0.01") from error
    try:
        world = simulate.World(gains, swap=swap)
    except ValueError as error:
        raise UserError(str(error), remedy="give smaller --effects or a smaller --swap") from error
    found = simulate.simulate(world, nights, lives, seed, rules, dry=dry)
    if as_json:
        click.echo(json.dumps(simulate.summary(found), separators=(",", ":")))
        return
    click.echo(simulate.summary_in_words(world, found, nights, dry=dry))


def _gains(text: str | None, trials: int) -> tuple[float, ...]:
    """The true gains as they were typed, one a trial; `UserError` if there are others or fewer."""
    if text is None:
        return (0.15, *[0.0] * (trials - 1))
    found = []
    for word in text.split(","):
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            raise UserError(
                f"--effects: {word.strip()!r} is not a share from 0 to 1",
                remedy="give the true gains with commas between them, such as 0.15,0,0",
            )
        found.append(value)
    if len(found) != trials:
        raise UserError(
            f"--effects names {plural(len(found), 'gain')} for {plural(trials, 'trial')}",
            remedy=f"give {trials} of them, or --trials {len(found)}",
        )
    return tuple(found)
