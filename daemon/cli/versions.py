"""`sleepy versions`, `rollback`, `why`, `forget`, `gc` and `export`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@click.argument("version", required=False)
def rollback(home: str | None, version: str | None) -> None:
    """Serve the previous version again, or one you name.

    VERSION is an id of `sleepy versions`, the beginning of one, or `base` for the base model alone.
    """
    from sleepy.daemon.serve import fallback
    from sleepy.daemon.serve import version as at_rest
    from sleepy.daemon.versions import unfinished
    from sleepy.memory.episodic import versions

    place = homes.find(home).checked()
    if version is not None and not version.strip():
        raise click.UsageError(
            "VERSION is empty: leave it out for the previous one, or name one that `sleepy versions` lists"
        )
    with unfinished.opened(place) as db, db.writing():
        before = versions.champion(db)
        now = versions.rollback(db, version, reason="asked for by the user", now=datetime.now(UTC))
        if now is not None:
            at_rest.check(db, place, now)  # else nothing has moved
        fallback.note_fallback(db, None, now=datetime.now(UTC))  # whoever serves next says whether it is sound
    click.echo(f"Serving {now or 'the base model'} now; before, {before or 'the base model'}.")


@click.command("versions")
@options.HOME
@click.option("--moves", is_flag=True, help="Also show when another version began to serve, and why.")
@options.JSON
def versions_(home: str | None, moves: bool, as_json: bool) -> None:
    """List the versions: which night made each, and which serves."""
    from sleepy.daemon.versions import listing
    from sleepy.memory.episodic.database import Database

    with Database.open(homes.find(home).checked().database, read_only=True) as db:
        data = listing.read(db, moves=moves)
    if as_json:
        click.echo(listing.line(data))
    else:
        Console(highlight=False).print(listing.view(data))


@click.command()
@options.HOME
@click.argument("what", metavar="TASK_OR_PATTERN")
@options.JSON
def why(home: str | None, what: str, as_json: bool) -> None:
    """Explain how a mistake is answered, and what taught it.

    Shows the pattern's route, the night that learnt it, its lessons, and the episodes they came from.
    TASK_OR_PATTERN is the name or digest of a task, or a pattern: its signature, its words as `sleepy status` shows
    them, or the beginning of either.
    """
    from sleepy.daemon.versions import why as walk
    from sleepy.memory.episodic.database import Database

    place = homes.find(home).checked()
    with Database.open(place.database, read_only=True) as db:
        data = walk.read(db, place, what)
    click.echo(walk.line(data) if as_json else walk.view(data))


@click.command()
@options.HOME
@click.argument("what", metavar="[EPISODE|PATTERN|PATH]", required=False)
@click.option("--yes", is_flag=True, help="Do not ask; a pattern must then be named in full.")
@options.JSON
def forget(home: str | None, what: str | None, yes: bool, as_json: bool) -> None:
    """Forget an episode, pattern or file, and unlearn what it taught.

    Versions that learnt from it are rebuilt without it and removed. An interrupted forgetting is completed first;
    without an argument, that is all.
    """
    from sleepy.daemon.versions import forget as forgetting
    from sleepy.daemon.versions import lookup, unfinished
    from sleepy.memory.episodic.forgettings import named

    place, now = homes.find(home).checked(), datetime.now(UTC)
    say = forgetting.line if as_json else forgetting.view
    with unfinished.opened(place) as db:
        if unfinished.pending(db):
            done = forgetting.resume(db, place, now=now)
            click.echo("An earlier forgetting had been interrupted; it is complete now.", err=True)
            if what is None or done.digest == named(what):
                click.echo(say(done))
                return
        if what is None:
            raise click.UsageError("no forgetting was interrupted: name an EPISODE, a PATTERN or a PATH")
        kind, name = lookup.to_forget(db, what, whole=yes)
        if not yes:
            click.echo(forgetting.question(forgetting.preview(db, kind, name)), err=True)
            try:
                sure = click.confirm("Forget it? This cannot be undone.", err=True)
            except click.Abort as error:  # the end of the input, or Ctrl-C
                raise UserError(
                    "there was no answer, and nothing was forgotten", remedy="`--yes` forgets without asking"
                ) from error
            if not sure:
                click.echo("Nothing was forgotten.", err=True)
                sys.exit(1)
        click.echo(say(forgetting.forget(db, place, kind, name, now=now)))
        if db.shared is not None:
            click.echo("Folders of other homes with this database were not touched: remove it there by hand.", err=True)


@click.command()
@options.HOME
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@options.JSON
def gc(home: str | None, dry_run: bool, as_json: bool) -> None:
    """Delete old versions, night folders, answers and verdicts.

    The settings keep_versions and keep_days say what is old. The champion, the previous version and what an
    unfinished night needs are never deleted.
    """
    from sleepy.daemon.versions import gc as collecting
    from sleepy.daemon.versions import unfinished

    place = homes.find(home).checked()
    with unfinished.opened(place) as db:
        found = collecting.collect(db, place, options.settings(), now=datetime.now(UTC), dry=dry_run)
    click.echo(collecting.line(found) if as_json else collecting.view(found))


@click.command()
@options.HOME
@options.MODEL
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--pattern", required=True, metavar="SIGNATURE", help="The pattern: its signature or the beginning of it."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["peft", "hf", "gguf", "gguf-adapter"]),
    metavar="FORMAT",
    help="peft: an adapter. hf: a whole model. gguf: a whole model for llama.cpp, with a Modelfile for Ollama. "
    "gguf-adapter: an adapter for llama.cpp. [peft]",
)
@click.option("--merged", is_flag=True, help="The same as --format hf: a whole model.")
@options.JSON
def export(
    home: str | None, model: str | None, out: Path, pattern: str, form: str | None, merged: bool, as_json: bool
) -> None:
    """Write a learnt pattern as an adapter or a whole model.

    Other programs can load it. What was written is read back and compared with what is served before the folder OUT
    appears. Exit code 1: they differ.
    """
    from sleepy.daemon.versions import export as exporting

    kind = exporting.chosen(form, merged=merged)
    done = exporting.export(options.settings(model=model), homes.find(home).checked(), pattern, out, kind)
    click.echo(exporting.line(done) if as_json else exporting.view(done))
