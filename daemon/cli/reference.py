"""Writes docs/commands.md and docs/settings.md from the program itself: `make docs`, or `python -m` with this module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from sleepy.daemon.base.config import Config
from sleepy.daemon.cli import cli
from sleepy.daemon.cli.sections import SECTIONS

_WIDTH = 80
_ENDLESS = 1e5  # a limit from here on is there against slips of typing
_GENERATED = "<!-- Written by `make docs` from the program's own help. Do not edit. -->"


def commands() -> str:
    """docs/commands.md: the --help of every command, in the sections of `sleepy --help`."""
    parts = [
        f"{_GENERATED}\n# Commands\n\n"
        "Every command has this help as `--help`. [Concepts](concepts.md) explains the words,\n"
        "[settings](settings.md) what can be set.\n",
        _block(cli, ("sleepy",)),
    ]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in names:
            for path, command in _tree(cli.commands[name], ("sleepy", name)):
                parts.append(f"### {' '.join(path)}\n")
                parts.append(_block(command, path))
    return "\n".join(parts)


def settings() -> str:
    """docs/settings.md: every setting with its default, what it is for and its range."""
    lines = [
        f"{_GENERATED}\n# Settings\n",
        "`sleepy init` writes a settings file that explains itself. `sleepy config list` shows every value and where",
        "it is set, `sleepy config set KEY VALUE` changes one, `sleepy config path` names the files.\n",
        "Command-line flags win over `SLEEPY_*` variables (`SLEEPY_NIGHT_AT` for `night_at`), these over `./sleepy.toml`,",
        "and that over your own `config.toml`. `SLEEPY_HOME` (or `--home`) is the folder for all state; it is no setting.\n",
        "| setting | default | range | what it is for |",
        "|---|---|---|---|",
    ]
    for item in fields(Config):
        cells = (f"`{item.name}`", _default(item.default), _range(item.metadata["between"]), item.metadata["why"])
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join([*lines, ""])


def write(folder: Path) -> None:
    """Writes both files into the folder."""
    (folder / "commands.md").write_text(commands(), encoding="utf-8")
    (folder / "settings.md").write_text(settings(), encoding="utf-8")


def _tree(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _tree(child, (*path, name))


def _block(command: click.Command, path: tuple[str, ...]) -> str:
    """A command's help as a block of text."""
    context: click.Context | None = None
    for name in path:
        context = click.Context(
            command if name == path[-1] else cli, parent=context, info_name=name, terminal_width=_WIDTH,
            help_option_names=["-h", "--help"],
        )  # fmt: skip
    assert context is not None, "a path has a name"
    return f"```text\n{command.get_help(context).strip()}\n```\n"


def _default(value: object) -> str:
    if value == "" or value == ():
        return "(none)"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _range(between: tuple[float, float] | None) -> str:
    if between is None:
        return ""
    low, high = between
    return f"{low:g} or more" if high >= _ENDLESS else f"{low:g} to {high:g}"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
