"""`sleepy serve`: the champion for other tools."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@options.MODEL
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others need --key-file.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8127, show_default=True, help="Port; 0: any that is free."
)
@click.option(
    "--key-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the key that every request must send."
)
def serve(home: str | None, model: str | None, host: str, port: int, key_file: Path | None) -> None:
    """Serve the champion to other tools (OpenAI's API).

    Answers /v1/models, /v1/chat/completions and /v1/completions until Ctrl-C. The model `base` is the untouched base,
    `champion` the same with its routes: a request that sends its program and the compiler's JSON in the field `sleepy` is
    routed by its first error, as by day. A version that is promoted meanwhile is taken up.

    Needs the packages starlette and uvicorn (sleepy's extra `serve`). docs/serving.md has the requests.
    """
    for package, least in (("starlette", "1"), ("uvicorn", "0.30")):
        if find_spec(package) is None:
            raise UserError(
                f"`sleepy serve` needs the package {package}",
                remedy=f"{sys.executable} -m pip install '{package}>={least}'",
            )
    from sleepy.daemon.endpoint.run import serve as serving

    serving(
        options.settings(model=model), homes.find(home), host, port, key_file,
        lambda what: click.echo(f"sleepy: {what}", err=True),
    )  # fmt: skip
