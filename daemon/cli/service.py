"""`sleepy start`, `stop`, `pause`, `service` and so on: control the daemon from another process."""

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
from sleepy.daemon.cli.sections import Sectioned

if TYPE_CHECKING:
    from sleepy.daemon.base.home import Home
    from sleepy.daemon.service.install import CommandRun
    from sleepy.memory.episodic.database import Database

_HEARD = 10.0  # seconds that a running daemon has to react


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def start(home: str | None, model: str | None, tier: str | None) -> None:
    """Start the daemon in the background."""
    options.settings(model=model, tier=tier)  # a wrong setting is an error here, not in the background
    _start(homes.find(home).checked(), _flags(model, tier))


@click.command()
@options.HOME
def stop(home: str | None) -> None:
    """Stop the daemon; an interrupted night resumes later."""
    from sleepy.daemon.service import control

    pid = control.stop(homes.find(home).checked())
    click.echo(f"Stopped (process {pid})." if pid is not None else "Not running.")


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def restart(home: str | None, model: str | None, tier: str | None) -> None:
    """Stop the daemon and start it with the current settings."""
    config, place = options.settings(model=model, tier=tier), homes.find(home).checked()
    from sleepy.daemon.service import control

    found = control.at_work(place)
    if found is not None and found.is_daemon:
        from sleepy.daemon.tools import equip

        try:
            equip.check(config, place)
        except Exception:
            click.echo(
                f"sleepy: process {found.pid} was not stopped: another could not start with these settings", err=True
            )
            raise
    control.stop(place)
    _start(place, _flags(model, tier))


@click.command()
@options.HOME
@click.option("--for", "span", help="How long: 90s, 45m, 2h or 1d [until `sleepy resume`].")
def pause(home: str | None, span: str | None) -> None:
    """Keep the daemon from working, for a time or until `resume`.

    An interrupted night resumes afterwards.
    """
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.service import commands
    from sleepy.daemon.service.commands import seconds

    now = utc()
    until = now + timedelta(seconds=seconds(span)) if span is not None else None
    with _lived(homes.find(home).checked()) as db:
        commands.pause(db, until=until, now=now)
    click.echo(f"Paused until {until.astimezone():%Y-%m-%d %H:%M}." if until else "Paused until `sleepy resume`.")


@click.command()
@options.HOME
def resume(home: str | None) -> None:
    """End a pause."""
    from sleepy.daemon.service import commands

    with _lived(homes.find(home).checked()) as db:
        click.echo("Resumed." if commands.resume(db) else "It was not paused.")


@click.command("sleep-now")
@options.HOME
@options.MODEL
@options.TIER
@click.pass_context
def sleep_now(context: click.Context, home: str | None, model: str | None, tier: str | None) -> None:
    """Sleep now, even if the machine is in use.

    A running daemon is told to; without one, the night runs here, as with `sleepy night`.
    """
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.cli.practice import night
    from sleepy.daemon.night import claim, history
    from sleepy.daemon.service import commands, control
    from sleepy.memory.episodic import nights

    config, place = options.settings(model=model, tier=tier), homes.find(home).checked()
    today = datetime.now().astimezone().date()
    found = control.at_work(place)
    if found is None:
        context.invoke(night, home=home, model=model, tier=tier, date=None, lost=False, as_json=False)
        return
    with _database(place) as db:
        known = nights.read(db, today)
        if history.is_over(db, place, known, target=config.target):
            click.echo(f"The night of {today} is done already; `sleepy report` shows it.")
            return
        if not found.is_daemon:
            _no_daemon(found.pid)
        commands.sleep_now(db, today, now=utc())
        if (why := claim.elsewhere(db, place)) is not None:
            click.echo(f"The night of {today} waits: {why}.")
            return
    click.echo(f"The night of {today} begins; `sleepy status` shows it.")


@click.command()
@options.HOME
def wake(home: str | None) -> None:
    """End tonight's work; the next night comes tomorrow."""
    from sleepy.daemon.base.clock import utc
    from sleepy.daemon.service import commands, control
    from sleepy.memory.episodic import state

    place = homes.find(home).checked()
    found = control.at_work(place)
    if found is None:
        click.echo("Not running: nothing to wake.")
        return
    if not found.is_daemon:
        _no_daemon(found.pid)
    with _database(place) as db:
        commands.wake(db, now=utc())
        until = time.monotonic() + _HEARD
        while (orders := commands.read(state.everything(db), utc())).wake:
            if time.monotonic() > until:
                click.echo("Told to wake; it ends at its next step.")
                return
            time.sleep(0.1)
    click.echo(f"Awake; the night of {orders.waived} is over." if orders.waived else "Awake; no night was running.")


@click.group(cls=Sectioned)
def service() -> None:
    """Start the daemon at each login (systemd or launchd)."""


_MEMORY = click.option(
    "--memory", type=click.IntRange(min=0), default=0, help="MiB of memory it may take at most; 0: no limit."
)


@service.command()
@options.HOME
@options.MODEL
@options.TIER
@_MEMORY
def show(home: str | None, model: str | None, tier: str | None, memory: int) -> None:
    """Print the service file and where it goes; change nothing."""
    from sleepy.daemon.service.install import installation

    found = installation(homes.find(home).checked(), _flags(model, tier), memory=memory)
    click.echo(f"# {found.path}")
    click.echo(found.text, nl=False)


@service.command()
@options.HOME
@options.MODEL
@options.TIER
@_MEMORY
def install(home: str | None, model: str | None, tier: str | None, memory: int) -> None:
    """Write the service file, and start it now and at each login."""
    from sleepy.daemon.service import control
    from sleepy.daemon.service import install as installing

    options.settings(model=model, tier=tier)
    place = homes.find(home).make()
    control.stop(place)
    found = installing.installation(place, _flags(model, tier), memory=memory)
    steps = installing.install(found)
    click.echo(f"Wrote {found.path}.")
    _tell(steps)
    click.echo("Running; `sleepy status` shows what it does. To run it without a login: loginctl enable-linger")


@service.command()
@options.HOME
def uninstall(home: str | None) -> None:
    """Stop the service and remove its file; everything learnt stays."""
    from sleepy.daemon.service import install as installing

    found = installing.installation(homes.find(home), ())
    steps = installing.uninstall(found)
    if steps is None:
        click.echo(f"There is no {found.path}.")
        return
    click.echo(f"Removed {found.path}.")
    _tell(steps)


def _tell(steps: list[CommandRun]) -> None:
    """Prints each command and its result; where one failed, exits with 1 and what is left to do by hand."""
    left = [step for step in steps if step.code != 0]
    for step in steps:
        if step.code == 0:
            click.echo(f"Ran {shlex.join(step.command)}")
    if not left:
        return
    click.echo(f"sleepy: {shlex.join(left[0].command)}: {left[0].said or f'ended with {left[0].code}'}", err=True)
    todo = " && ".join(shlex.join(step.command) for step in left)
    click.echo(f"  remedy: run this in your own login session: {todo}", err=True)
    sys.exit(1)


def _start(place: Home, flags: list[str]) -> None:
    from sleepy.daemon.service import control

    found = control.at_work(place)
    if found is not None and found.is_daemon:
        click.echo(f"Already running (process {found.pid}).")
        return
    try:
        pid = control.start(place, flags)
    except control.NotStarted:
        found = control.at_work(place)
        if found is None or not found.is_daemon:
            raise
        click.echo(f"Already running (process {found.pid}).")  # another `start` was quicker
        return
    click.echo(f"Started (process {pid}) in {place.root}.")
    click.echo("`sleepy status` shows what it does, `sleepy stop` stops it.")


def _no_daemon(pid: int) -> None:
    from sleepy.daemon.base.errors import UserError

    raise UserError(
        f"process {pid} is working here, and it is another command, not the daemon",
        remedy="wait for it, or end it with Ctrl-C",
    )


def _database(place: Home) -> Database:
    from sleepy.memory.episodic.database import Database

    return Database.open(place.make().database)


def _lived(place: Home) -> Database:
    """The database of a home in use; `UserError` for an unused one, which may be a mistyped path."""
    from sleepy.daemon.base.errors import UserError

    if not place.is_used:
        raise UserError(
            f"{place.root} is not in use yet, so there is nothing to pause or resume",
            remedy="name another home with --home, or set this one up with `sleepy init`",
        )
    return _database(place)


def _flags(model: str | None, tier: str | None) -> list[str]:
    """The flags for `sleepy run`; a model's relative path is made absolute."""
    given: dict[str, Any] = {"--model": model, "--tier": tier}
    if model is not None and Path(model).expanduser().exists():
        given["--model"] = str(Path(model).expanduser().absolute())
    return [word for name, value in given.items() if value is not None for word in (name, value)]
