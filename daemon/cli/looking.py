"""What a person looks at: status, report, doctor."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime

import click
from rich.console import Console

from sleepy.daemon import home as homes
from sleepy.daemon.cli import options
from sleepy.daemon.errors import UserError


@click.command()
@options.HOME
@options.JSON
@click.option("--watch", is_flag=True, help="Stay and refresh every two seconds.")
def status(home: str | None, as_json: bool, watch: bool) -> None:
    """What it is doing, how the patterns stand, and which version serves."""
    from sleepy.daemon import status as state

    place, config = homes.find(home), options.settings()

    def read() -> state.Status:
        return state.read(place, config, now=datetime.now(UTC))

    if as_json:
        click.echo(json.dumps(read().data, ensure_ascii=False))
        return
    console = Console()
    if not watch:
        console.print(state.view(read()))
        return
    from rich.live import Live

    with Live(state.view(read()), console=console, screen=console.is_terminal, auto_refresh=False) as live:
        while True:
            time.sleep(2)
            live.update(state.view(read()), refresh=True)


@click.command()
@options.HOME
@click.argument("night", required=False, metavar="[NIGHT]")
def report(home: str | None, night: str | None) -> None:
    """Print a night's report: the last one's, or that of a date (2026-11-24)."""
    from datetime import date as Date

    from sleepy.memory.episodic import nights
    from sleepy.memory.episodic.database import Database

    place = homes.find(home)
    with Database.open(place.database, read_only=True) as db:
        if night is None:
            found = nights.last(db)
        else:
            try:
                found = nights.read(db, Date.fromisoformat(night))
            except ValueError as error:
                raise UserError(f"{night!r} is no date", remedy="write it as 2026-11-24") from error
        known = [item.date.isoformat() for item in nights.recent(db, limit=5)]
    if found is None:
        remedy = f"there are {', '.join(known)}" if known else "`sleepy night` makes one"
        raise UserError(f"no night of {night}" if night else "no night yet", remedy=remedy)
    if found.report is None:
        why = f"it failed: {found.reason}" if found.reason else "it is not finished"
        raise UserError(f"the night of {found.date} has no report: {why}", remedy="`sleepy night` goes on with it")
    try:
        click.echo((place.root / found.report).read_text(encoding="utf-8"), nl=False)
    except OSError as error:
        raise UserError(
            f"the report {place.root / found.report} cannot be read: {error.strerror}",
            remedy="restore the file; the night's figures are in `sleepy status --json`",
        ) from error


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def doctor(home: str | None, model: str | None, tier: str | None) -> None:
    """Check what is needed, line by line, each with its remedy."""
    from sleepy.daemon.doctor import examine

    console = Console(highlight=False)
    unwell = 0
    for finding in examine(homes.find(home), options.settings(model=model, tier=tier), now=datetime.now(UTC)):
        mark = "[green]ok  [/]" if finding.well else "[red]fail[/]"
        console.print(f"{mark} {finding.what:9}", end="")
        console.print(finding.said, markup=False, soft_wrap=True)
        if not finding.well:
            unwell += 1
            console.print(f"               remedy: {finding.remedy}", markup=False, soft_wrap=True)
    sys.exit(1 if unwell else 0)
