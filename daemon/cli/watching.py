"""`sleepy watch`: follows crates and learns from their developer's repairs."""

from __future__ import annotations

import json
import signal
import sys
import threading
from contextlib import ExitStack, nullcontext
from dataclasses import asdict
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@options.HOME
@options.TIER
@click.option("--no-fix", is_flag=True, help="Try no fix in the background.")
@click.option("--no-model", is_flag=True, help="Try the compiler's suggestions and past fixes alone.")
@click.option("--once", is_flag=True, help="Check every crate once and end: 0 when all compile, else 1.")
@options.JSON
def watch(
    paths: tuple[Path, ...], home: str | None, tier: str | None, no_fix: bool, no_model: bool, once: bool, as_json: bool
) -> None:
    """Follow crates: what stopped compiling, and what your repairs teach.

    PATH is a crate or workspace, or a folder in one [the setting crates, else the current folder]. Nothing is
    written in it: a fix is tried on a copy, at low priority, and `sleepy fix --diff` shows it. An error counts as
    a mistake once you have rested for five seconds. Ctrl-C ends the watch. With --json every event is a line of JSON.
    What is tried in the background sends a broken file to the server of the settings, if one is set.
    """
    from sleepy.daemon.watch.events import Event
    from sleepy.daemon.watch.story import Health
    from sleepy.daemon.watch.watch import Watcher
    from sleepy.memory.episodic.database import Database
    from sleepy.sandbox import manifest
    from sleepy.sandbox.sandbox import Sandbox

    config = options.settings(tier=tier)
    chosen = [*paths] or [Path(name).expanduser() for name in config.crates] or [Path()]
    for path in chosen:
        manifest.locate(path)  # says what is wrong with it before anything begins
    place = homes.find(home)

    def tell(event: Event) -> None:
        click.echo(json.dumps(asdict(event), ensure_ascii=False) if as_json else str(event))
        sys.stdout.flush()

    with ExitStack() as until:
        sandbox = until.enter_context(Sandbox.open(tier=config.tier, workers=1))
        db = until.enter_context(Database.open(place.make().database))
        attempt = None
        if not (once or no_fix):
            from sleepy.daemon.watch.ladder import attempts

            def hear(what: str) -> None:
                click.echo(f"sleepy: {what}", err=True)

            attempt = until.enter_context(attempts(config, place, db, sandbox, hear, with_model=not no_model))
        watcher = Watcher(chosen, db, lambda: nullcontext(sandbox), place.root / "crates", say=tell, attempt=attempt)
        if once:
            if any(health is not Health.GREEN for health in watcher.once().values()):
                sys.exit(1)
            return
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, whatever is being compiled
        try:
            watcher.run(threading.Event())
        except KeyboardInterrupt:
            click.echo("Stopped watching; what was learnt is kept.", err=True)
