"""`sleepy fix`: repairs a crate or a file that does not compile, as a verified diff."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options

if TYPE_CHECKING:
    from sleepy.sandbox.scope import Scope


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")
@click.option("--apply", "applies", is_flag=True, help="Write the repair into the files, if all of it worked.")
@click.option("--doubtful", is_flag=True, help="Write or pipe a doubtful repair too, as when nothing is to be doubted.")
@click.option("--partial", is_flag=True, help="Write or pipe the errors repaired for certain, where not all are.")
@click.option("--diff", "only_diff", is_flag=True, help="Print only the unified diff, as when stdout is piped.")
@options.scoped
@options.JSON
@options.HOME
@options.MODEL
@options.TIER
@click.option(
    "--turns", type=click.IntRange(1, 10), help="Answers per error, each seeing the last one's errors [setting: turns]."
)
@click.option(
    "--samples", type=click.IntRange(1, 64), help="Random tries where the first answer fails [setting: samples]."
)
@click.option("--no-model", is_flag=True, help="Use only the compiler's suggestions and past fixes.")
def fix(
    path: Path,
    applies: bool,
    doubtful: bool,
    partial: bool,
    only_diff: bool,
    as_json: bool,
    home: str | None,
    model: str | None,
    tier: str | None,
    turns: int | None,
    samples: int | None,
    no_model: bool,
    scope: Scope,
) -> None:
    """Repair a crate, workspace or file; print a verified diff.

    PATH is a crate, a workspace or a Rust file [the current folder]; tests, examples and benches are repaired too.
    Nothing is written without --apply, and nothing outside of PATH. Packages are chosen as by cargo: inside a member
    that one is meant.

    Each error climbs a ladder and stops at the first rung whose answer compiles and passes the tests: the compiler's
    suggestions, past fixes, the model, the model with hints and its own errors, several random tries, a server.

    A repair is doubtful where it may hide an error rather than mend it: it deletes a call, puts a literal in its place,
    empties, unwraps, brings a warning, narrows a public signature. So is a guess: another import, name, argument or
    derived order in its place passes the tests as well. It is shown with the reasons, after all others were tried, and
    neither written nor piped without --doubtful. What no test runs is named; a test that fails without coming to the
    repair, or at git's HEAD as well, does not count. A pipe gets nothing but what is whole, without --partial.
    Nothing leaves this machine unless the setting server (or model) is an address elsewhere; the broken file is then
    sent there, with recognised secrets taken out.

    Exit codes: 0 fixed, or nothing to fix; 1 not fixed, or not all, or doubtful; 2 wrong usage; 78 no sandbox.
    """
    from rich.console import Console

    from sleepy.daemon.base.listener import silent
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.fix import show
    from sleepy.daemon.fix.apply import apply
    from sleepy.daemon.fix.fix import fix as fixed
    from sleepy.daemon.history.head import failing_at_head

    config = options.settings(model=model, tier=tier, turns=turns, samples=samples)
    quiet = only_diff or as_json or not sys.stderr.isatty()
    with Bars() as bars:
        done = fixed(
            path,
            config,
            homes.find(home),
            lambda what: click.echo(f"sleepy: {what}", err=True),
            with_model=not no_model,
            scope=scope,
            say=silent if quiet else bars,
            at_head=failing_at_head,
        )
    mended = done.mended
    whole = mended.fixed or (doubtful and bool(mended.doubts))
    edits = mended.edits if whole else show.parts(mended) if partial else {}
    written = applies and bool(edits)
    if written:
        apply(done.target.root, mended.before, edits, moved=done.moved)
    if as_json:
        click.echo(show.line(mended, applied=written))
    elif only_diff or not sys.stdout.isatty():
        click.echo(show.diff(mended, partial=not whole) if edits else "", nl=False)
    else:
        console = Console(highlight=False)
        console.print(show.summary(mended))
        console.print(show.diff(mended, partial=partial and not whole), markup=False, soft_wrap=True, end="")
    if not as_json and (only_diff or not sys.stdout.isatty()):
        if sys.stderr.isatty():
            Console(stderr=True, highlight=False).print(show.summary(mended))
        else:
            click.echo("\n".join(show.lines(mended)), err=True)
    if written:
        click.echo("Written." if whole else "Written: what is repaired for certain.", err=True)
    elif applies and not whole:
        click.echo(f"Nothing was written: {show.unwritten(mended)}.", err=True)
    sys.exit(0 if whole else 1)
