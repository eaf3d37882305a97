"""`sleepy experiment`: compares strategies and measures series of nights."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned

if TYPE_CHECKING:
    from sleepy.daemon.base.config import Config
    from sleepy.daemon.tools.tools import Tools

_FIRST = Date(2031, 1, 1)  # the dates of an experiment's nights mean nothing


@click.group(cls=Sectioned)
def experiment() -> None:
    """Measure strategies and series of nights.

    All on one base model and one exam, in a scratch home unless --home is given.
    """


@experiment.command("strategies")
@options.HOME
@options.MODEL
@options.TIER
@click.option("--only", multiple=True, metavar="NAME", help="Run only this strategy; can be repeated.")
@click.option("--other", default="built-in", show_default=True, metavar="MODEL", help="Second model.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans to practise on.")
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write a chart to this SVG file.")
@options.JSON
def experiment_strategies(
    home: str | None, model: str | None, tier: str | None, only: tuple[str, ...], other: str, tasks: int,
    chart: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Compare everything that can be tried against failures.

    The base is the novice, which fails most, unless --model is given. Rows are stored in the home: after an
    interruption the same command resumes.
    """
    from sleepy.daemon.lab.experiment import strategies

    config = strategies.settings(options.settings(model=model or "novice", tier=tier))
    with _opened(home, config) as tools:
        rows = strategies.run(
            tools, _FIRST, lambda row: click.echo(f"{row.name}: {row.passed} of {row.n}, {len(row.lost)} lost", err=True),
            other=other, only=only, tasks=tasks,
        )  # fmt: skip
        if chart is not None:
            chart.write_text(strategies.chart(rows), encoding="utf-8")
        click.echo(strategies.line(rows) if as_json else strategies.markdown(rows, tools.model.name))


@experiment.command("sequential")
@options.HOME
@options.MODEL
@options.TIER
@click.option("--nights", type=click.IntRange(1, 30), default=10, show_default=True, help="Patterns, one per night.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the first day.")
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write the R matrix to this SVG file.")
@options.JSON
def experiment_sequential(
    home: str | None, model: str | None, tier: str | None, nights: int, tasks: int, chart: Path | None, as_json: bool
) -> None:
    """Learn patterns one by one, and measure each night's effect.

    Prints the figures of the R matrix: average, backward transfer, forgetting, forward transfer, and the gain of
    each pattern.
    """
    from sleepy.daemon.base.pattern import spoken
    from sleepy.daemon.lab.experiment import sequential

    config = sequential.settings(options.settings(model=model or "novice", tier=tier))
    with _opened(home, config) as tools:
        found = sequential.run(
            tools, _FIRST, nights,
            lambda night: click.echo(f"{night.date} {spoken(night.pattern)}: {night.decision}: {'; '.join(night.reasons)}", err=True),
            tasks=tasks,
        )  # fmt: skip
        if chart is not None:
            chart.write_text(sequential.chart(found), encoding="utf-8")
        click.echo(sequential.line(found) if as_json else sequential.markdown(found))


@experiment.command("nights")
@options.HOME
@options.MODEL
@options.TIER
@click.option(
    "--nights", "count", type=click.IntRange(1, 365), default=7, show_default=True, help="Days, each with its night."
)
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of each day.")
@options.JSON
def experiment_nights(
    home: str | None, model: str | None, tier: str | None, count: int, tasks: int, as_json: bool
) -> None:
    """Live ordinary days and nights, and examine the last champion.

    It is compared with the base model. Nothing is chosen for the nights: each learns what the days showed to fail.
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
@click.option("--patterns", type=click.IntRange(1, 30), default=6, show_default=True, help="Most patterns to try.")
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the first day.")
@options.JSON
def experiment_hints(
    home: str | None, model: str | None, tier: str | None, patterns: int, tasks: int, as_json: bool
) -> None:
    """Measure what hints gain, and how much training keeps of it.

    Two kinds of hint are measured, advice in words and past repairs transferred to the new place, on koans that
    gave no lesson.
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
    """The tools in the home, or in a scratch home; the user's crates are no part of an experiment."""
    from sleepy.daemon.base import lock
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.tools.equip import equipped

    with tempfile.TemporaryDirectory(prefix="sleepy-experiment-") as scratch, Bars() as bars:
        place = homes.Home(homes.find(home).root if home else Path(scratch))  # never a database that others share
        place.make()
        with lock.held(place), equipped(replace(config, crates=()), place, say=bars) as tools:
            yield tools
