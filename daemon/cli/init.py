"""`sleepy init`: makes a home and a settings file, and runs the quick checks."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options
from sleepy.daemon.cli.settings import PROJECT, settings_file

if TYPE_CHECKING:
    from sleepy.daemon.settings.init import Begun


@click.command()
@options.HOME
@PROJECT
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[CRATE...]")
@options.TIER
@options.JSON
def init(home: str | None, project: bool, paths: tuple[Path, ...], tier: str | None, as_json: bool) -> None:
    """Make a home and settings for your crates, and check the machine.

    Names the best model that fits this machine, and what it costs; nothing is downloaded.
    Without CRATE, the crate around the current folder is taken, if there is one. Existing files are left as they
    are. Exit code 1: something that is needed does not work.
    """
    from datetime import UTC, datetime

    from sleepy.daemon import doctor
    from sleepy.daemon.cli.inspect import finding_line
    from sleepy.daemon.model_store import propose
    from sleepy.daemon.settings import init as beginning

    place = homes.find(home)
    fits = propose.proposed()
    done = beginning.init(place, settings_file(project), paths, here=Path.cwd())
    if not as_json:
        click.echo(f"{'made ' if done.home_made else 'there'} home      {done.home}")
        click.echo(f"{'made ' if done.file_made else 'there'} settings  {done.file}")
        for crate in done.crates:
            click.echo(f"      crate     {crate}{' (not in the settings yet)' if crate in done.missing else ''}")
        click.echo(f"      model     {fits or 'none that was measured fits into the memory here'}")
    found = []
    for finding in doctor.examine(place, options.settings(tier=tier), now=datetime.now(UTC), quick=True):
        found.append(finding)
        if not as_json:
            finding_line(finding)
    well = all(item.well for item in found)
    if as_json:
        told = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(done).items()}
        told |= {key: [str(path) for path in getattr(done, key)] for key in ("crates", "missing")}
        told["model"] = asdict(fits) if fits else None
        click.echo(json.dumps({**told, "well": well, "findings": [asdict(item) for item in found]}))
    else:
        for step in _next(done, home, well=well, project=project):
            click.echo(step)
    sys.exit(0 if well else 1)


def _next(done: Begun, home: str | None, *, well: bool, project: bool) -> list[str]:
    """The next steps, one per line."""
    lines = []
    if done.missing:
        words = " ".join(shlex.quote(str(path)) for path in (*done.named, *done.missing))
        flag = "--project " if project else ""
        lines.append(
            f"The settings file existed and was left alone. To watch these crates: sleepy config set {flag}crates {words}"
        )
    if not well:
        return [*lines, "Next: correct what is marked bad above, then run `sleepy doctor`."]
    where = f" --home {shlex.quote(home)}" if home else ""
    lines.append(f"Next: `sleepy start{where}` runs it in the background, `sleepy status{where}` shows what it does.")
    if not done.crates:
        lines.append("No crate of yours is watched yet. To watch one: sleepy config set crates FOLDER")
    return lines
