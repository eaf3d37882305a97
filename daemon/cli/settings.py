"""`sleepy config` and `sleepy completion`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned

PROJECT = click.option("--project", is_flag=True, help="Use ./sleepy.toml instead of your own file.")


@click.group("config", cls=Sectioned)
def config_group() -> None:
    """Show and change the settings.

    Flags win over SLEEPY_* variables, these over ./sleepy.toml, and that over your own file.
    """


def _keys(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    from sleepy.daemon.settings.described import every

    return [CompletionItem(item.key, help=item.why) for item in every() if item.key.startswith(begun)]


@config_group.command("get")
@click.argument("key", shell_complete=_keys)
@options.JSON
def config_get(key: str, as_json: bool) -> None:
    """Print the value of a setting, and on stderr where it is set."""
    from sleepy.daemon.settings import change

    row = next(item for item in _rows() if item["key"] == change.known(key))
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    value = row["value"]
    for line in value if isinstance(value, list) else [value]:
        click.echo(str(line).lower() if isinstance(line, bool) else line)
    click.echo(f"({row['from']})", err=True)


@config_group.command("set", context_settings={"ignore_unknown_options": True})  # `-1` is a value
@click.argument("key", shell_complete=_keys)
@click.argument("value", nargs=-1, required=True)
@PROJECT
def config_set(key: str, value: tuple[str, ...], project: bool) -> None:
    """Set KEY to VALUE in your settings file.

    A list takes several values. Comments in the file stay.
    """
    from sleepy.daemon.base import config
    from sleepy.daemon.settings import change

    path = settings_file(project)
    fitting = change.fitting(key, value)
    unsure = _unsure(str(fitting)) if key == "model" else None
    change.assign(path, key, fitting)
    click.echo(f"{key} is set in {path}.")
    if unsure:
        click.echo(unsure, err=True)
    stronger = config.origins()[key]
    if stronger != str(path):
        click.echo(f"It has no effect here: {stronger} overrides it.", err=True)


def _unsure(model: str) -> str | None:
    """A warning where a model's name is known nowhere here; `UserError` where it certainly leads to none."""
    from sleepy.daemon.model import source

    if model.startswith(("http://", "https://")) or source.find(model).kind is not source.Kind.HUB:
        return None
    return (
        f"No model {model!r} is known here: it will be looked up at the hub. `sleepy model list` shows those that are."
    )


@config_group.command("unset")
@click.argument("key", shell_complete=_keys)
@PROJECT
def config_unset(key: str, project: bool) -> None:
    """Remove KEY from your settings file."""
    from sleepy.daemon.settings import change

    path = settings_file(project)
    click.echo(f"{key} is {'no longer' if change.remove(path, key) else 'not'} in {path}.")


@config_group.command("path")
@options.JSON
def config_path(as_json: bool) -> None:
    """Print the settings files, the one that wins last."""
    from sleepy.daemon.base import config

    files = [
        {"path": str(path.absolute()), "there": path.is_file()} for path in (config.user_file(), settings_file(True))
    ]
    if as_json:
        click.echo(json.dumps(files))
        return
    for item in files:
        click.echo(f"{item['path']}{'' if item['there'] else '  (does not exist)'}")


@config_group.command("list")
@options.JSON
def config_list(as_json: bool) -> None:
    """Print every setting with its value, and where it is set.

    With --json also its default and what it is for.
    """
    rows = _rows()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    from sleepy.daemon.settings.toml import literal

    width = max(len(row["key"]) for row in rows)
    for row in rows:
        where = "" if row["from"] == "default" else f"  # {row['from']}"
        click.echo(f"{row['key']:{width}} = {literal(row['value'])}{where}")


def _rows() -> list[dict[str, Any]]:
    from sleepy.daemon.base import config
    from sleepy.daemon.settings.described import every, shown

    now, origins = config.load(), config.origins()
    return [
        {
            "key": item.key,
            "value": shown(item.key, getattr(now, item.key)),
            "from": origins[item.key],
            "default": shown(item.key, item.default),
            "why": item.why,
        }
        for item in every()
    ]


def settings_file(project: bool) -> Path:
    """The settings file: ./sleepy.toml with --project, else the user's."""
    from sleepy.daemon.base import config

    return Path("sleepy.toml") if project else config.user_file()


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for bash, zsh or fish.

    A comment in it says where to put it.
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise UserError(f"there is no completion for {shell!r}", remedy="name bash, zsh or fish")
    where = {
        "bash": "sleepy completion bash > ~/.local/share/bash-completion/completions/sleepy",
        "zsh": "sleepy completion zsh > a folder of $fpath, as _sleepy",
        "fish": "sleepy completion fish > ~/.config/fish/completions/sleepy.fish",
    }[shell]
    group = click.get_current_context().find_root().command
    source = made(group, {}, "sleepy", "_SLEEPY_COMPLETE").source()
    first, _, rest = source.partition("\n")
    lead = f"{first}\n# {where}\n{rest}" if first.startswith("#compdef") else f"# {where}\n{source}"
    click.echo(lead)
