"""`sleepy status`, `report`, `doctor` and `logs`."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options

if TYPE_CHECKING:
    from sleepy.daemon.doctor import Finding


@click.command()
@options.HOME
@options.JSON
@click.option("--watch", is_flag=True, help="Stay and refresh the screen until Ctrl-C.")
@click.option(
    "--every",
    type=click.FloatRange(0.2, 3600),
    default=2.0,
    show_default=True,
    help="Seconds between refreshes with --watch.",
)
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the screen as a picture."
)
def status(home: str | None, as_json: bool, watch: bool, every: float, svg: Path | None) -> None:
    """Show what it is doing, what it has learnt and what comes next."""
    from sleepy.daemon import status as state

    if sum([as_json, watch, svg is not None]) > 1:
        raise UserError("--json, --watch and --svg exclude each other", remedy="give one of them")
    place, config = homes.find(home).checked(), options.settings()

    def read() -> state.Status:
        return state.read(place, config, now=datetime.now(UTC))

    if as_json:
        click.echo(json.dumps(read().data, ensure_ascii=False))
    elif svg is not None:
        from sleepy.daemon.status.display import svg as drawn
        from sleepy.memory.parametric.storage import write_whole

        write_whole(svg, drawn(state.view(read())).encode())
        click.echo(f"Wrote {svg}.")
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a terminal that lacks these characters must not end it
        console = Console(width=None if sys.stdout.isatty() else state.WIDTH, highlight=False)
        if watch:
            from sleepy.daemon.status.display import watch as stay

            stay(lambda: state.view(read()), console, every=every)
        elif console.is_terminal:
            console.print(state.view(read()))
        else:  # without the blanks that pad a screen's lines
            with console.capture() as shown:
                console.print(state.view(read()))
            print("\n".join(line.rstrip() for line in shown.get().splitlines()))


@click.command()
@options.HOME
@click.argument("night", required=False, metavar="[NIGHT]")
def report(home: str | None, night: str | None) -> None:
    """Print the report of the last night, or of a date.

    NIGHT is a date such as 2026-11-24.
    """
    from datetime import date as Date

    from sleepy.daemon.storage import home as stored
    from sleepy.memory.episodic import nights
    from sleepy.memory.episodic.database import Database

    place = homes.find(home).checked()
    with Database.open(place.database, read_only=True) as db:
        if night is None:
            found = nights.last(db)
        else:
            try:
                found = nights.read(db, Date.fromisoformat(night))
            except ValueError as error:
                raise UserError(f"{night!r} is not a date", remedy="write it as 2026-11-24") from error
        known = [item.date.isoformat() for item in nights.recent(db, limit=5)]
    if found is None:
        remedy = f"the last nights were {', '.join(known)}" if known else "`sleepy night` runs one"
        raise UserError(f"there was no night on {night}" if night else "there was no night yet", remedy=remedy)
    if found.report is None:
        why = f"it failed: {found.reason}" if found.reason else "it is not finished"
        raise UserError(
            f"the night of {found.date} has no report: {why}",
            remedy=f"`sleepy night --date {found.date}` resumes it",
        )
    stored.bring(place, place.root / found.report)
    try:
        click.echo((place.root / found.report).read_text(encoding="utf-8"), nl=False)
    except OSError as error:
        raise UserError(
            f"the report {place.root / found.report} cannot be read: {error.strerror}",
            remedy="restore the file; `sleepy status --json` has the night's figures",
        ) from error


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--quick", is_flag=True, help="Leave out the checks that load the model.")
@options.JSON
def doctor(home: str | None, model: str | None, tier: str | None, quick: bool, as_json: bool) -> None:
    """Check everything sleepy needs; each fault has its remedy."""
    from sleepy.daemon import doctor as clinic

    place, config = homes.find(home), options.settings(model=model, tier=tier)
    told = []
    for finding in clinic.examine(place, config, now=datetime.now(UTC), quick=quick):
        told.append(finding)
        if not as_json:
            finding_line(finding)
    if as_json:
        rows = [asdict(finding) for finding in told]
        click.echo(json.dumps({"schema": 1, "well": all(item.well for item in told), "findings": rows}))
    sys.exit(0 if all(item.well for item in told) else 1)


def finding_line(finding: Finding) -> None:
    """Prints a finding, and its remedy on the next line."""
    colour = {"ok": "green", "warn": "yellow", "bad": "red"}[finding.grade]
    click.echo(f"{click.style(f'{finding.grade:4}', fg=colour)} {finding.what:9} {finding.said}")
    if finding.remedy:
        click.echo(f"               remedy: {finding.remedy}")


@click.command()
@options.HOME
@click.option("-n", "--lines", "count", type=click.IntRange(0), default=40, show_default=True, help="How many lines.")
@click.option("--follow", "-f", is_flag=True, help="Stay and print new lines until Ctrl-C.")
@click.option(
    "--level", type=click.Choice(["debug", "info", "warning", "error"]), default="debug", help="Least level to print."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def logs(home: str | None, count: int, follow: bool, level: str, as_json: bool) -> None:
    """Print the end of the daemon's log."""
    from sleepy.daemon.base import log

    folder = homes.find(home).checked().logs
    path, least = folder / log.NAME, log.Level(level)
    told = log.line if as_json else log.shown
    there = path.exists()
    if not there and not follow:
        raise UserError(f"there is no log in {folder} yet", remedy="`sleepy start` and `sleepy run` write one")
    for entry in log.last(folder, count, level=least):
        click.echo(told(entry))
    if follow:
        try:
            for entry in log.follow(path, level=least, begin=not there):
                click.echo(told(entry))
                sys.stdout.flush()
        except KeyboardInterrupt:
            return
