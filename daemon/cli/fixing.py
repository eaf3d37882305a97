"""`sleepy fix`: a crate or a file that does not compile, repaired as a verified diff."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")
@click.option("--apply", "applies", is_flag=True, help="Write the repair into the files, if it is whole.")
@click.option("--diff", "only_diff", is_flag=True, help="The unified diff and nothing else, as when stdout is piped.")
@options.JSON
@options.HOME
@options.MODEL
@options.TIER
@click.option("--turns", type=click.IntRange(1, 10), help="Answers in a row an error [the setting turns].")
@click.option("--samples", type=click.IntRange(1, 64), help="Tries at a temperature [the setting samples].")
@click.option("--no-model", is_flag=True, help="The compiler's suggestions and past fixes alone.")
def fix(
    path: Path,
    applies: bool,
    only_diff: bool,
    as_json: bool,
    home: str | None,
    model: str | None,
    tier: str | None,
    turns: int | None,
    samples: int | None,
    no_model: bool,
) -> None:
    """Repair the crate, workspace or Rust file at PATH [the current folder]. Nothing is written without --apply.

    Each error goes up the ladder: the compiler's suggestions, past fixes, the model, the same with hints and in
    turns, several samples, a server. What comes out compiles and passes the tests. Nothing leaves the machine unless
    the setting server (or model) is an address elsewhere: the broken file is then sent there, recognised secrets
    taken out. Exit 0: fixed, or nothing to fix; 1: not, or not all; 2: usage; 78: no sandbox.
    """
    from rich.console import Console

    from sleepy.daemon.base.listener import silent
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.fix import show
    from sleepy.daemon.fix.apply import apply
    from sleepy.daemon.fix.fix import fix as fixed

    config = options.settings(model=model, tier=tier, turns=turns, samples=samples)
    quiet = only_diff or as_json or not sys.stderr.isatty()
    with Bars() as bars:
        done = fixed(
            path,
            config,
            homes.find(home),
            lambda what: click.echo(f"sleepy: {what}", err=True),
            with_model=not no_model,
            say=silent if quiet else bars,
        )
    mended = done.mended
    written = applies and mended.fixed and bool(mended.edits)
    if written:
        apply(done.target.root, mended.before, mended.edits, moved=done.moved)
    diff = show.diff(mended)
    if as_json:
        click.echo(show.line(mended, applied=written))
    elif only_diff or not sys.stdout.isatty():
        click.echo(diff, nl=False)
        Console(stderr=True, highlight=False).print(show.summary(mended))
    else:
        console = Console(highlight=False)
        console.print(show.summary(mended))
        console.print(diff, markup=False, soft_wrap=True, end="")
    if written:
        click.echo("Written.", err=True)
    elif applies and not mended.fixed:
        click.echo("Nothing was written: the repair is not whole.", err=True)
    sys.exit(0 if mended.fixed else 1)
