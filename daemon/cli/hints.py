"""`sleepy hints`: shows the hints for an error, and where to write your own."""

from __future__ import annotations

import json

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned


@click.group(cls=Sectioned)
def hints() -> None:
    """Show the hints given to the model, and where to add yours."""


@hints.command()
@options.HOME
def path(home: str | None) -> None:
    """Print the path of the file for your own hints.

    A line of it is E0382 = "...", or "E0277:Hash" = "...".
    """
    click.echo(homes.find(home).hints)


@hints.command()
@options.HOME
@options.JSON
@click.argument("code", default="")
def show(home: str | None, as_json: bool, code: str) -> None:
    """Print the hints for CODE, or all of them.

    CODE is an error code or a pattern's signature. Exit code 1: there is no hint for it.
    """
    from sleepy.daemon.model.hints import Hints

    found = Hints.load(homes.find(home).hints)
    under = found.under(code)
    if as_json:
        click.echo(json.dumps(under, ensure_ascii=False))
    else:
        for key, text in under.items():
            click.echo(f"{key}{' (yours)' if key in found.own else ''}: {text or 'switched off'}")
    if not under:
        click.echo(f"There is no hint for {code}.", err=True)
        raise click.exceptions.Exit(1)
