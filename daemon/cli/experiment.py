"""Experiments: what strategies are worth, and what a run of nights comes to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options

if TYPE_CHECKING:
    from sleepy.daemon.base.config import Config
    from sleepy.daemon.tools.tools import Tools

_FIRST = Date(2031, 1, 1)  # the dates of an experiment's nights say nothing


@click.group()
def experiment() -> None:
    """Measure strategies and runs of nights on one base and one exam, in a scratch home unless --home is given."""


@experiment.command("strategies")
@options.HOME
@options.MODEL
@options.TIER
@click.option("--only", multiple=True, metavar="NAME", help="Only this strategy; may be given again.")
@click.option("--other", default="built-in", show_default=True, metavar="MODEL", help="The second model.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the day.")
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write the chart here, as SVG.")
@options.JSON
def experiment_strategies(
    home: str | None, model: str | None, tier: str | None, only: tuple[str, ...], other: str, tasks: int,
    chart: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run what can be tried against failures, trained or not, and print the table.

    The base is the novice, which fails most, unless --model is given. Rows are kept in the home: the same command
    goes on where it was cut.
    """
    from sleepy.daemon.lab.experiment import strategies, table

    config = strategies.settings(options.settings(model=model or "novice", tier=tier))
    with _opened(home, config) as tools:
        rows = strategies.run(
            tools, _FIRST, lambda row: click.echo(f"{row.name}: {row.passed} of {row.n}, {len(row.lost)} lost", err=True),
            other=other, only=only, tasks=tasks,
        )  # fmt: skip
        if chart is not None:
            chart.write_text(table.chart(rows), encoding="utf-8")
        click.echo(table.line(rows) if as_json else table.markdown(rows, tools.model.name))


@experiment.command("sequential")
@options.HOME
@options.MODEL
@options.TIER
@click.option("--nights", type=click.IntRange(1, 30), default=10, show_default=True, help="Patterns, a night each.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the first day.")
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write the R matrix here, as SVG.")
@options.JSON
def experiment_sequential(
    home: str | None, model: str | None, tier: str | None, nights: int, tasks: int, chart: Path | None, as_json: bool
) -> None:
    """Learn failing patterns one after another, and draw what each night did to all of them.

    Prints the R matrix's figures: average, backward transfer, forgetting, forward transfer, each pattern's gain.
    """
    from sleepy.daemon.lab.experiment import course, sequential

    config = sequential.settings(options.settings(model=model or "novice", tier=tier))
    with _opened(home, config) as tools:
        found = sequential.run(
            tools, _FIRST, nights,
            lambda night: click.echo(f"{night.date} {night.pattern}: {night.decision}: {'; '.join(night.reasons)}", err=True),
            tasks=tasks,
        )  # fmt: skip
        if chart is not None:
            chart.write_text(course.chart(found), encoding="utf-8")
        click.echo(course.line(found) if as_json else course.markdown(found))


@experiment.command("nights")
@options.HOME
@options.MODEL
@options.TIER
@click.option(
    "--nights", "count", type=click.IntRange(1, 365), default=7, show_default=True, help="Days, a night each."
)
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of each day.")
@options.JSON
def experiment_nights(
    home: str | None, model: str | None, tier: str | None, count: int, tasks: int, as_json: bool
) -> None:
    """Live ordinary days and nights in a row, and examine the last champion against the base.

    Nothing is chosen for the nights: each learns what its days showed to fail.
    """
    from sleepy.daemon.lab.experiment import nights

    with _opened(home, options.settings(model=model or "novice", tier=tier)) as tools:
        found = nights.run(
            tools, _FIRST, count,
            lambda night: click.echo(
                f"{night.date}: {night.decision}, {night.gained} gained, {night.lost} lost: {'; '.join(night.reasons)}", err=True
            ),
            tasks=tasks,
        )  # fmt: skip
        click.echo(nights.line(found) if as_json else nights.markdown(found))


@experiment.command("hints")
@options.HOME
@options.MODEL
@options.TIER
@click.option("--patterns", type=click.IntRange(1, 30), default=6, show_default=True, help="Patterns at most.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the first day.")
@options.JSON
def experiment_hints(
    home: str | None, model: str | None, tier: str | None, patterns: int, tasks: int, as_json: bool
) -> None:
    """Measure what hints gain, and how much of it stays when they are distilled into coefficients.

    Advice in words, and past repairs carried over to the place; both on koans that gave no lesson.
    """
    from sleepy.daemon.lab.experiment import hints, sequential

    config = sequential.settings(options.settings(model=model or "novice", tier=tier))
    with _opened(home, config) as tools:
        found = hints.run(
            tools, _FIRST, lambda kept: click.echo(f"{kept.kind}: {kept.plain} {kept.hinted} {kept.distilled}", err=True),
            tasks=tasks, patterns=patterns,
        )  # fmt: skip
        click.echo(hints.line(found) if as_json else hints.markdown(found))


@contextmanager
def _opened(home: str | None, config: Config) -> Iterator[Tools]:
    from sleepy.daemon.base import lock
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.tools.equip import equipped

    with tempfile.TemporaryDirectory(prefix="sleepy-experiment-") as scratch, Bars() as bars:
        place = homes.find(home or scratch)
        place.make()
        with lock.held(place), equipped(config, place, say=bars) as tools:
            yield tools
