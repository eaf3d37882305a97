"""`sleepy lsp`: verified repairs as quick fixes in an editor."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Complain, Say
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--no-model", is_flag=True, help="Use only the compiler's suggestions and past fixes.")
@click.option(
    "--stdio",
    is_flag=True,
    expose_value=False,
    help="Speak over stdin and stdout, as it does anyway: editors add this.",
)
def lsp(home: str | None, model: str | None, tier: str | None, no_model: bool) -> None:
    """Serve an editor: verified repairs as quick fixes (LSP).

    When a Rust file is opened or saved, its crate is repaired on a copy, in the background and at low priority. Errors
    that a repair removes are shown, and each has a quick fix: the whole repair, as it was compiled and tested. It is of
    the files on disk; while a file of the crate has unsaved changes, none is offered. Nothing is written to disk here.
    Only files below the editor's workspace folders count, and none that cargo built. What it tries is remembered, as by
    `sleepy fix`; if the setting server is set, broken files are sent there.

    Needs the package pygls (sleepy's extra `editor`). docs/editors.md has the lines that each editor needs.
    """
    if find_spec("pygls") is None:
        raise UserError("`sleepy lsp` needs the package pygls", remedy=f"{sys.executable} -m pip install 'pygls>=2'")
    from importlib.metadata import version

    from sleepy.daemon.editor.server import serve
    from sleepy.daemon.fix.fix import Fixed, fix
    from sleepy.daemon.watch.attempts import BUDGET

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a thread that waits for stdin would delay Ctrl-C for ever
    config, place = options.settings(model=model, tier=tier), homes.find(home)

    def repair(path: Path, complain: Complain, *, say: Say, stopped: Callable[[], bool]) -> Fixed:
        return fix(path, config, place, complain, with_model=not no_model, budget=BUDGET, say=say, stopped=stopped)

    serve(repair, version("sleepy"))
