"""The command line. An error that the user can correct is shown as one line, its remedy, and an exit code."""

from __future__ import annotations

import os
import sys

import click

from sleepy.daemon.base.errors import remedy
from sleepy.daemon.base.exit_code import ExitCode
from sleepy.daemon.cli.agents import mcp
from sleepy.daemon.cli.cluster import cluster
from sleepy.daemon.cli.editor import lsp
from sleepy.daemon.cli.endpoint import serve
from sleepy.daemon.cli.exam import exam, judge
from sleepy.daemon.cli.experiment import experiment
from sleepy.daemon.cli.fix import fix
from sleepy.daemon.cli.gate import gate
from sleepy.daemon.cli.hints import hints
from sleepy.daemon.cli.init import init
from sleepy.daemon.cli.inspect import doctor, logs, report, status
from sleepy.daemon.cli.koans import koans
from sleepy.daemon.cli.learn import learn
from sleepy.daemon.cli.manual import attach
from sleepy.daemon.cli.model import model
from sleepy.daemon.cli.practice import day, demo, night, run
from sleepy.daemon.cli.pretrain import pretrain
from sleepy.daemon.cli.sections import SECTIONS, Sectioned
from sleepy.daemon.cli.service import pause, restart, resume, service, sleep_now, start, stop, wake
from sleepy.daemon.cli.settings import completion, config_group
from sleepy.daemon.cli.versions import export, forget, gc, rollback, versions_, why
from sleepy.daemon.cli.watch import watch


@click.group(cls=Sectioned, sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sleepy")
def cli() -> None:
    """A Rust-fixing agent that practises by day and learns in its sleep.

    It practises on koans: small broken programs with tests. Mistakes of one kind are a pattern. At night it trains
    the patterns it fails at, and what proves better in an exam serves from then on.
    """


_COMMANDS = (
    demo, init, start, status, stop, doctor,
    fix, watch, learn, why, hints, lsp, mcp, serve,
    day, night, sleep_now, wake, pause, resume, run,
    report, versions_, logs,
    model, config_group, cluster, service, restart, rollback, forget, gc, export, completion,
    judge, exam, koans, experiment, gate, pretrain,
)  # fmt: skip
for _command in _COMMANDS:
    cli.add_command(_command)

attach(cli)


def main() -> None:
    """Runs a command; an error becomes a line, its remedy and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
        if isinstance(code, int):  # click returns what a command exits with by its Exit, and does not exit
            sys.exit(code)
    except click.exceptions.Abort:
        click.echo("Interrupted. Everything recorded so far is kept.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except KeyboardInterrupt:
        click.echo("Interrupted. Everything recorded so far is kept.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a closed pager is no error
        sys.exit(ExitCode.DONE)
    except Exception as error:
        known = remedy(error)
        if known is None:
            _unexpected(error)
        click.echo(f"sleepy: {error}", err=True)
        click.echo(f"  remedy: {known}", err=True)
        sys.exit(getattr(error, "exit_code", ExitCode.USAGE))


def _unexpected(error: Exception) -> None:
    """Shows an internal error with its traceback, so that it can be reported, and exits with 70."""
    import traceback

    traceback.print_exception(error)
    click.echo("sleepy: internal error, please report it with the lines above; nothing recorded is lost", err=True)
    sys.exit(ExitCode.INTERNAL)
