"""`sleepy watch`: follows crates and learns from their developers' repairs."""

from __future__ import annotations

import json
import signal
import sys
import threading
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@options.HOME
@options.TIER
@click.option("--no-fix", is_flag=True, help="Do not try fixes in the background.")
@click.option("--no-model", is_flag=True, help="Try only the compiler's suggestions and past fixes.")
@click.option("--once", is_flag=True, help="Check every crate once; exit code 0: all compile, 1: some do not.")
@options.JSON
def watch(
    paths: tuple[Path, ...], home: str | None, tier: str | None, no_fix: bool, no_model: bool, once: bool, as_json: bool
) -> None:
    """Follow crates in the foreground and learn from your repairs.

    PATH is a crate or workspace, or a folder in one [setting: crates, else the current folder]. Nothing is written
    in it: a fix is tried on a copy, at low priority, and `sleepy fix --diff` shows it. An error counts as a mistake
    once you have not typed for five seconds. Ctrl-C ends it. With --json, every event is a line of JSON. If the
    setting server is set, broken files are sent there.
    """
    from sleepy.daemon.watch.crate_state import Health
    from sleepy.daemon.watch.events import Event
    from sleepy.daemon.watch.watch import Watcher
    from sleepy.memory.episodic.database import Database
    from sleepy.sandbox import manifest
    from sleepy.sandbox.sandbox import Sandbox

    config = options.settings(tier=tier)
    chosen = [*paths] or [Path(name).expanduser() for name in config.crates] or [Path()]
    for path in chosen:
        manifest.locate(path)  # an error here ends it before anything begins
    place = homes.find(home)

    def tell(event: Event) -> None:
        click.echo(json.dumps(asdict(event), ensure_ascii=False) if as_json else str(event))
        sys.stdout.flush()

    with ExitStack() as until:
        sandbox = until.enter_context(Sandbox.open(tier=config.tier, workers=1))
        db = until.enter_context(Database.open(place.make().database))
        attempt = None
        if not (once or no_fix):
            from sleepy.daemon.watch.attempts import attempts

            def hear(what: str) -> None:
                click.echo(f"sleepy: {what}", err=True)

            attempt = until.enter_context(attempts(config, place, db, sandbox, hear, with_model=not no_model))
        watcher = Watcher(chosen, db, lambda: nullcontext(sandbox), place.crates, say=tell, attempt=attempt)
        if once:
            if any(health is not Health.GREEN for health in watcher.once().values()):
                sys.exit(1)
            return
        stop = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            """Ends it at once, even during a build; where the exception is lost in a finaliser, soon."""
            stop.set()
            signal.default_int_handler(number, frame)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        with suppress(KeyboardInterrupt):
            watcher.run(stop)
        click.echo("Stopped watching. What was learnt is kept.", err=True)
