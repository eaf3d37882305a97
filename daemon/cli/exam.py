"""`sleepy exam` examines a model, `sleepy judge` judges a program."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from sleepy.daemon.base import home as homes
from sleepy.daemon.cli import options


@click.command()
@options.MODEL
@options.TIER
@click.option(
    "--koans", "which", default="exam", show_default=True, help="exam, classics, a JSONL or TOML file, or a folder."
)
@click.option(
    "--turns",
    type=click.IntRange(1, 10),
    default=1,
    show_default=True,
    help="Answers per koan, each seeing the last one's errors.",
)
@click.option("--samples", type=click.IntRange(1, 64), default=1, show_default=True, help="Tries per koan.")
@click.option("--format", "form", metavar="F", help="Form of its answers: whole-file or numbered-lines.")
@options.JSON
def exam(
    model: str | None, tier: str | None, which: str, turns: int, samples: int, form: str | None, as_json: bool
) -> None:
    """Examine a model alone, next to the compiler's suggestions.

    Prints pass rates with their intervals.
    """
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.lab import exam as sitting
    from sleepy.daemon.model.configured import configured_answerer
    from sleepy.sandbox.sandbox import Sandbox

    config = options.settings(model=model, tier=tier, format=form)
    koans = sitting.chosen(which)
    with Sandbox.open(tier=config.tier) as sandbox, Bars() as bars:
        loaded = configured_answerer(config, homes.find(None))
        found = sitting.examine(koans, loaded, sandbox, turns=turns, samples=samples, say=bars)
    if as_json:
        click.echo(sitting.line(found))
    else:
        Console(highlight=False).print(sitting.view(found))


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE.rs")
@click.option(
    "--tests",
    type=click.Path(path_type=Path),
    metavar="T.rs",
    help="Tests it must pass: a module with `use super::*` [its own].",
)
@click.option("--original", type=click.Path(path_type=Path), metavar="O.rs", help="The broken program that it repairs.")
@click.option(
    "--reference",
    type=click.Path(path_type=Path),
    metavar="R.rs",
    help="A correct answer: both are called with the same inputs.",
)
@click.option(
    "--edition",
    type=click.Choice(["2015", "2018", "2021", "2024"]),
    default="2021",
    show_default=True,
    help="Edition of Rust.",
)
@options.HOME
@options.TIER
@options.JSON
def judge(
    source: Path,
    tests: Path | None,
    original: Path | None,
    reference: Path | None,
    edition: str,
    home: str | None,
    tier: str | None,
    as_json: bool,
) -> None:
    """Compile a program and run its tests in the sandbox.

    With --original, the program may add nothing that the original does not do (unsafe code, files, processes ...)
    and may drop none of its public items. Without it, everything counts as added.

    Without --tests, the #[test]s of the original or else of the program itself are run. Tests that pass are run
    again in the same process, the last one first, unless the task keeps state of its own. With --reference,
    public functions that both have are called with fifty made-up inputs and their results compared.
    The last line, and `basis` of --json, say what was run and compared.
    """
    from sleepy.daemon.lab import judge_command

    case = judge_command.read_case(source, tests, original, reference, edition)
    verdict = judge_command.judge(
        options.settings(tier=tier), homes.find(home), case, lambda what: click.echo(f"sleepy: {what}", err=True)
    )
    click.echo((judge_command.line if as_json else judge_command.view)(verdict, case))
    sys.exit(0 if verdict.passed else 1)
