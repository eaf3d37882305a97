"""The daemon from outside: start it, stop it, tell it what to do, make it a service."""

from __future__ import annotations

import shlex
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options

if TYPE_CHECKING:
    from sleepy.daemon.base.home import Home
    from sleepy.daemon.service.install import Step
    from sleepy.memory.episodic.database import Database

_HEARD = 10.0  # seconds a running daemon has to do what it is told


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def start(home: str | None, model: str | None, tier: str | None) -> None:
    """Start the daemon in the background, and wait until it is ready."""
    options.settings(model=model, tier=tier)  # a wrong setting is told here and now
    _start(homes.find(home), _flags(model, tier))


@click.command()
@options.HOME
def stop(home: str | None) -> None:
    """Stop the daemon at its next step. What it recorded stays; a night it was at is gone on with."""
    from sleepy.daemon.service import control

    pid = control.stop(homes.find(home))
    click.echo(f"Stopped (process {pid})." if pid is not None else "Not running.")


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def restart(home: str | None, model: str | None, tier: str | None) -> None:
    """Stop the daemon and start it again, with the settings as they are now."""
    from sleepy.daemon.service import control

    options.settings(model=model, tier=tier)
    control.stop(homes.find(home))
    _start(homes.find(home), _flags(model, tier))


@click.command()
@options.HOME
@click.option("--for", "span", help="How long: 90s, 45m, 2h or 1d [until `sleepy resume`].")
def pause(home: str | None, span: str | None) -> None:
    """Keep it from working. A night is gone on with afterwards where it was."""
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.service import commands
    from sleepy.daemon.service.commands import seconds

    now = utc()
    until = now + timedelta(seconds=seconds(span)) if span is not None else None
    with _lived(homes.find(home)) as db:
        commands.pause(db, until=until, now=now)
    click.echo(f"Paused until {until.astimezone():%Y-%m-%d %H:%M}." if until else "Paused until `sleepy resume`.")


@click.command()
@options.HOME
def resume(home: str | None) -> None:
    """End a pause."""
    from sleepy.daemon.service import commands

    with _lived(homes.find(home)) as db:
        click.echo("Goes on." if commands.resume(db) else "It was not paused.")


@click.command("sleep-now")
@options.HOME
@options.MODEL
@options.TIER
@click.pass_context
def sleep_now(context: click.Context, home: str | None, model: str | None, tier: str | None) -> None:
    """Sleep tonight's night at once, whoever is at the machine.

    A running daemon is told; without one the night is slept here, as by `sleepy night`.
    """
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.cli.living import night
    from sleepy.daemon.night import history
    from sleepy.daemon.service import commands, control
    from sleepy.memory.episodic import nights

    config, place = options.settings(model=model, tier=tier), homes.find(home)
    today = datetime.now().astimezone().date()
    found = control.at_work(place)
    if found is None:
        context.invoke(night, home=home, model=model, tier=tier, date=None, as_json=False)
        return
    with _database(place) as db:
        known = nights.read(db, today)
        if history.is_over(db, place, known, target=config.target):
            click.echo(f"The night of {today} is done already; nothing is done again. `sleepy report` shows it.")
            return
        if not found.is_daemon:
            _no_daemon(found.pid)
        commands.sleep_now(db, today, now=utc())
    click.echo(f"The night of {today} begins; `sleepy status` shows it.")


@click.command()
@options.HOME
def wake(home: str | None) -> None:
    """End tonight's work at its next step, and leave it at that until tomorrow's."""
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.service import commands, control
    from sleepy.memory.episodic import state

    place = homes.find(home)
    found = control.at_work(place)
    if found is None:
        click.echo("Not running: there is nothing to wake.")
        return
    if not found.is_daemon:
        _no_daemon(found.pid)
    with _database(place) as db:
        commands.wake(db, now=utc())
        until = time.monotonic() + _HEARD
        while (orders := commands.read(state.everything(db), utc())).wake:
            if time.monotonic() > until:
                click.echo("Told; it ends at its next step.")
                return
            time.sleep(0.1)
    click.echo(f"Awake; the night of {orders.waived} is over." if orders.waived else "Awake; no night was at work.")


@click.group()
def service() -> None:
    """Have the daemon started at each login: systemd's user units, or launchd."""


_MEMORY = click.option("--memory", type=click.IntRange(min=0), default=0, help="MiB it may take at most [no limit].")


@service.command()
@options.HOME
@options.MODEL
@options.TIER
@_MEMORY
def show(home: str | None, model: str | None, tier: str | None, memory: int) -> None:
    """Print the service's file and where it goes; change nothing."""
    from sleepy.daemon.service.install import installation

    found = installation(homes.find(home), _flags(model, tier), memory=memory)
    click.echo(f"# {found.path}")
    click.echo(found.text, nl=False)


@service.command()
@options.HOME
@options.MODEL
@options.TIER
@_MEMORY
def install(home: str | None, model: str | None, tier: str | None, memory: int) -> None:
    """Write the service's file, and start it now and at each login."""
    from sleepy.daemon.service import control
    from sleepy.daemon.service import install as installing

    options.settings(model=model, tier=tier)
    place = homes.find(home).make()
    control.stop(place)
    found = installing.installation(place, _flags(model, tier), memory=memory)
    steps = installing.install(found)
    click.echo(f"Wrote {found.path}.")
    _tell(steps)
    click.echo("It runs; `sleepy status` shows what it does. To have it run without a login: loginctl enable-linger")


@service.command()
@options.HOME
def uninstall(home: str | None) -> None:
    """Stop the service and remove its file. The home with everything learnt stays."""
    from sleepy.daemon.service import install as installing

    found = installing.installation(homes.find(home), ())
    steps = installing.uninstall(found)
    if steps is None:
        click.echo(f"There is no {found.path}.")
        return
    click.echo(f"Removed {found.path}.")
    _tell(steps)


def _tell(steps: list[Step]) -> None:
    """Each command and how it went; exit 1 with what is left to do by hand when one failed."""
    left = [step for step in steps if step.code != 0]
    for step in steps:
        if step.code == 0:
            click.echo(f"Ran {shlex.join(step.command)}")
    if not left:
        return
    click.echo(f"sleepy: {shlex.join(left[0].command)}: {left[0].said or f'ended with {left[0].code}'}", err=True)
    todo = " && ".join(shlex.join(step.command) for step in left)
    click.echo(f"  remedy: in a session of yours, run {todo}", err=True)
    sys.exit(1)


def _start(place: Home, flags: list[str]) -> None:
    from sleepy.daemon.service import control

    found = control.at_work(place)
    if found is not None and found.is_daemon:
        click.echo(f"It runs already (process {found.pid}).")
        return
    pid = control.start(place, flags)
    click.echo(f"Runs (process {pid}) in {place.root}; `sleepy status` shows what it does, `sleepy stop` ends it.")


def _no_daemon(pid: int) -> None:
    from sleepy.daemon.base.errors import UserError

    raise UserError(f"process {pid} is at work here and is no daemon", remedy="wait for it, or end it with Ctrl-C")


def _database(place: Home) -> Database:
    from sleepy.memory.episodic.database import Database

    return Database.open(place.make().database)


def _lived(place: Home) -> Database:
    """The database of a home in which something has happened; `UserError` for one that may be a slip of the pen."""
    from sleepy.daemon.base.errors import UserError

    if not place.database.is_file():
        raise UserError(
            f"{place.root}: nothing has happened in this home yet, so there is nothing to pause or resume",
            remedy="name another with --home, or make it with `sleepy init`",
        )
    return _database(place)


def _flags(model: str | None, tier: str | None) -> list[str]:
    """The flags for `sleepy run`; a model given by a relative path is the same from any folder."""
    given: dict[str, Any] = {"--model": model, "--tier": tier}
    if model is not None and Path(model).expanduser().exists():
        given["--model"] = str(Path(model).expanduser().absolute())
    return [word for name, value in given.items() if value is not None for word in (name, value)]
