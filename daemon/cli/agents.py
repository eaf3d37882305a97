"""`sleepy mcp`: sleepy's tools for coding agents."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--no-model", is_flag=True, help="Repair only by the compiler's suggestions and past fixes.")
def mcp(home: str | None, model: str | None, tier: str | None, no_model: bool) -> None:
    """Serve a coding agent: fix, judge, why, status as tools (MCP).

    It speaks over stdin and stdout. The tool `fix` answers with a verified diff, and writes it only where a call says
    apply=true and all of it was verified. Rust is compiled and run in the sandbox, and what it tries is remembered, as by
    `sleepy fix`; if the setting server is set, broken files are sent there.

    Needs the package mcp (sleepy's extra `agents`). docs/agents.md has what an agent's configuration needs.
    """
    if find_spec("mcp") is None:
        raise UserError("`sleepy mcp` needs the package mcp", remedy=f"{sys.executable} -m pip install 'mcp>=2'")
    from importlib.metadata import version

    from sleepy.daemon.agents.server import serve

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a thread that waits for stdin would delay Ctrl-C for ever
    serve(options.settings(model=model, tier=tier), homes.find(home), version("sleepy"), with_model=not no_model)
