"""`sleepy learn`: learns from the repairs in a crate's past."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options

_NICENESS = 10  # as the watcher's: a build of the user's own goes first


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")
@click.option(
    "--history", type=click.IntRange(1, 2000), default=100, show_default=True, help="Commits to look at, the last ones."
)
@options.JSON
@options.HOME
@options.TIER
def learn(path: Path, history: int, as_json: bool, home: str | None, tier: str | None) -> None:
    """Learn from the repairs among a crate's last commits.

    PATH is a crate or workspace under git [the current folder]. A commit that compiles and passes its tests, after
    one that did not compile, is a repair of yours. It becomes a lesson as one made today does: if one file alone
    made the difference, with its secrets taken out. Of merges, the first parents are followed.

    Nothing is written in the repository, and nothing of it is run outside the sandbox. Dependencies must be on this
    machine (vendored, or fetched). Commits that were looked at are not looked at again; Ctrl-C loses nothing.
    """
    from sleepy.daemon.base import priority
    from sleepy.daemon.base.listener import silent
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.history import show
    from sleepy.daemon.history.learn import learn as learnt
    from sleepy.daemon.history.look import CommitFinding

    config = options.settings(tier=tier)
    priority.lower(_NICENESS)
    quiet = as_json or not sys.stderr.isatty()
    with Bars() as bars:
        done = learnt(path, history, homes.find(home), tier=config.tier, say=silent if quiet else bars)
    click.echo(show.line(done) if as_json else show.summary(done))
    if done.looks and len(done.of(CommitFinding.NOT_LOOKED_AT)) == len(done.looks):
        sys.exit(1)
