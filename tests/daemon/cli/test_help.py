"""The help: there for everything, no wider than a terminal, and the same in docs/."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sleepy.daemon.cli import cli, reference
from sleepy.daemon.cli.manual import EPILOGS
from sleepy.daemon.cli.sections import SECTIONS

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def walk(command: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from walk(child, (*path, name))


COMMANDS = dict(walk())
NAMES = [" ".join(path) for path in COMMANDS]


def known(words: list[str]) -> bool:
    """Whether the words begin with a command; a group's second word must be one of its commands."""
    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group) or not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        if word not in command.commands:
            return False
        command = command.commands[word]
    return command is not cli


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[tuple(name.split())]
    assert command.help and command.help.strip().endswith("."), name
    silent = [item.opts for item in command.params if isinstance(item, click.Option) and not item.help]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_every_help_fits_80_columns(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="sleepy", env={"COLUMNS": "80"})
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_one_liner_is_cut_or_broken(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="sleepy", env={"COLUMNS": "80"})
    command = COMMANDS[tuple(name.split())]
    children = command.commands.items() if isinstance(command, click.Group) else ()
    for child, made in children:
        assert made.help is not None
        first = made.help.strip().splitlines()[0].strip()
        assert re.search(rf"^  {child} +{re.escape(first)}$", done.output, re.MULTILINE), child


def test_every_command_stands_in_one_section() -> None:
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(cli.commands)


def test_the_main_commands_have_exit_codes_and_an_example() -> None:
    for name in EPILOGS:
        epilog = COMMANDS[(name,) if name else ()].epilog
        assert epilog is not None and "Exit codes: 0" in epilog and "sleepy " in epilog, name


@pytest.mark.parametrize("example", [line for _, lines in EPILOGS.values() for line in lines])
def test_every_example_is_a_command_with_options_it_has(example: str) -> None:
    words = shlex.split(example.split(" > ")[0].split(" && ")[-1])[1:]
    assert known(words), example
    command: click.Command = cli
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_parser(click.Context(command)).parse_args(list(words))


def mentioned(page: Path) -> list[str]:
    """What a page calls: in its blocks each line that begins so, in its text between back ticks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in re.findall(r"^(?:\$ )?sleepy ([^\n#]*)", block, re.MULTILINE)]
    return [*lines, *re.findall(r"`sleepy ([^`\n]+)`", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists(page: Path) -> None:
    parts = [part for line in mentioned(page) for part in re.split(r"\s*&&\s*(?:sleepy )?", line)]
    said = [part for part in parts if part.strip() and not part.lstrip().startswith(("-", "●"))]  # ●: the screen's head
    assert [part for part in said if not known(part.split())] == []
    assert said or page.name not in ("README.md", "commands.md")


@pytest.mark.parametrize(("name", "made"), [("commands.md", reference.commands), ("settings.md", reference.settings)])
def test_the_pages_of_the_program_are_what_make_docs_writes(name: str, made: Callable[[], str]) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made(), "run `make docs`"


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert not known(["snore"]) and not known(["koans", "hum"])
    assert known(["koans", "list", "|", "show"]) and known(["status"]) and known(["export", "OUT"])
