"""Versions: which one serves, and what leaves the house."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from sleepy.daemon import home as homes
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@click.argument("version", required=False)
def rollback(home: str | None, version: str | None) -> None:
    """Serve the previous version again, or VERSION (an id, its beginning, or `base`)."""
    from sleepy.daemon import lock
    from sleepy.memory.episodic import versions
    from sleepy.memory.episodic.database import Database

    place = homes.find(home)
    with lock.held(place), Database.open(place.database) as db:
        before = versions.champion(db)
        now = versions.rollback(db, version, reason="asked for by the user", now=datetime.now(UTC))
    click.echo(f"{now or 'The bare base'} serves; before it was {before or 'the bare base'}.")


@click.command()
@options.HOME
@options.MODEL
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--pattern", required=True, metavar="SIGNATURE", help="Which, by its signature or its beginning.")
@click.option("--format", "form", type=click.Choice(["peft", "hf", "gguf"]), help="An adapter or a whole model [peft].")
@click.option("--merged", is_flag=True, help="The same as --format hf: a whole model.")
@options.JSON
def export(
    home: str | None, model: str | None, out: Path, pattern: str, form: str | None, merged: bool, as_json: bool
) -> None:
    """Write one of the champion's patterns into the folder OUT, for other programs to load.

    What was written is read back and compared with what is served before OUT is there. Exit 1: it is not the same.
    """
    from sleepy.daemon import export as exporting

    kind = exporting.chosen(form, merged=merged)
    done = exporting.export(options.settings(model=model), homes.find(home), pattern, out, kind)
    click.echo(exporting.line(done) if as_json else exporting.view(done))
