"""Settings and the shell: config, completion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options

PROJECT = click.option("--project", is_flag=True, help="./sleepy.toml instead of the user's file.")


@click.group("config")
def config_group() -> None:
    """The settings: what they are, where they come from, how to change them.

    Flags are stronger than SLEEPY_* variables, those than ./sleepy.toml, and that than the user's file.
    """


def _keys(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    from sleepy.daemon.settings.described import every

    return [CompletionItem(item.key, help=item.why) for item in every() if item.key.startswith(begun)]


@config_group.command("get")
@click.argument("key", shell_complete=_keys)
@options.JSON
def config_get(key: str, as_json: bool) -> None:
    """Print a setting's value; on stderr where it comes from."""
    from sleepy.daemon.settings import change

    row = next(item for item in _rows() if item["key"] == change.known(key))
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    value = row["value"]
    for line in value if isinstance(value, list) else [value]:
        click.echo(str(line).lower() if isinstance(line, bool) else line)
    click.echo(f"({row['from']})", err=True)


@config_group.command("set")
@click.argument("key", shell_complete=_keys)
@click.argument("value", nargs=-1, required=True)
@PROJECT
def config_set(key: str, value: tuple[str, ...], project: bool) -> None:
    """Set KEY to VALUE in the user's file, or to several where it is a list; comments in the file stay."""
    from sleepy.daemon.base import config
    from sleepy.daemon.settings import change

    path = settings_file(project)
    fitting = change.fitting(key, value)
    change.assign(path, key, fitting)
    click.echo(f"{key} is set in {path}.")
    stronger = config.origins()[key]
    if stronger != str(path):
        click.echo(f"It does not hold here: {stronger} is stronger.", err=True)


@config_group.command("unset")
@click.argument("key", shell_complete=_keys)
@PROJECT
def config_unset(key: str, project: bool) -> None:
    """Take KEY out of the file, so that what is below it holds again."""
    from sleepy.daemon.settings import change

    path = settings_file(project)
    click.echo(f"{key} is {'gone from' if change.remove(path, key) else 'not in'} {path}.")


@config_group.command("path")
@options.JSON
def config_path(as_json: bool) -> None:
    """Print the files that are read, the weakest first."""
    from sleepy.daemon.base import config

    files = [
        {"path": str(path.absolute()), "there": path.is_file()} for path in (config.user_file(), settings_file(True))
    ]
    if as_json:
        click.echo(json.dumps(files))
        return
    for item in files:
        click.echo(f"{item['path']}{'' if item['there'] else '  (not there)'}")


@config_group.command("list")
@options.JSON
def config_list(as_json: bool) -> None:
    """Print every setting: its value, and where that comes from; with --json also its default and its reason."""
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
    """The file that --project chooses."""
    from sleepy.daemon.base import config

    return Path("sleepy.toml") if project else config.user_file()


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete sleepy's commands; a comment in it says where it goes."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise UserError(f"no completion for {shell!r}", remedy="bash, zsh or fish")
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
