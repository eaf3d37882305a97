"""The command line. Whatever goes wrong for a reason a user can mend is one line, its remedy, and an exit code.

Exit codes: 0 done, 1 not (a judged program that fails, an unwell doctor), 2 usage or a fault in what was
given, 70 a fault of sleepy's own, 78 no sandbox or no compiler, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

import click

from sleepy.daemon.base.errors import remedy
from sleepy.daemon.cli.experiment import experiment
from sleepy.daemon.cli.fixing import fix
from sleepy.daemon.cli.gate import gate
from sleepy.daemon.cli.hints import hints
from sleepy.daemon.cli.init import init
from sleepy.daemon.cli.judging import exam, judge
from sleepy.daemon.cli.koans import koans
from sleepy.daemon.cli.living import day, demo, night, run
from sleepy.daemon.cli.looking import doctor, logs, report, status
from sleepy.daemon.cli.manual import attach
from sleepy.daemon.cli.pretrain import pretrain
from sleepy.daemon.cli.service import pause, restart, resume, service, sleep_now, start, stop, wake
from sleepy.daemon.cli.settings import completion, config_group
from sleepy.daemon.cli.versions import export, forget, gc, rollback, versions_, why
from sleepy.daemon.cli.watching import watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sleepy")
def cli() -> None:
    """A Rust-fixing agent that practises by day and learns in its sleep."""


_COMMANDS = (
    init, start, stop, restart, status, fix, watch,  # every day
    pause, resume, sleep_now, wake, day, night, run, demo,
    report, why, versions_, rollback, forget, export, gc,
    doctor, logs, config_group, service, completion, hints,
    exam, judge, gate, koans, experiment, pretrain,
)  # fmt: skip
for _command in _COMMANDS:
    cli.add_command(_command)

attach(cli)


def main() -> None:
    """The program: runs a command, and turns what goes wrong into a line and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
        if isinstance(code, int):  # click returns what a command exits with by its Exit, and does not exit
            sys.exit(code)
    except click.exceptions.Abort:
        click.echo("Interrupted; everything recorded so far is kept.", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("Interrupted; everything recorded so far is kept.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a closed pager is no error
        sys.exit(0)
    except Exception as error:
        known = remedy(error)
        if known is None:
            _unexpected(error)
        click.echo(f"sleepy: {error}", err=True)
        click.echo(f"  remedy: {known}", err=True)
        sys.exit(getattr(error, "exit_code", 2))


def _unexpected(error: Exception) -> None:
    """A fault of our own: shown whole, so that it can be reported."""
    import traceback

    traceback.print_exception(error)
    click.echo("sleepy: this is a fault of sleepy's own; nothing recorded is lost", err=True)
    sys.exit(70)
