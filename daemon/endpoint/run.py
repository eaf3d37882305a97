"""`sleepy serve`: binds the port, says so, loads the model behind it, and ends at Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.leave import leave
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.endpoint.app import application
from sleepy.daemon.endpoint.key import read_key
from sleepy.daemon.endpoint.loopback import is_loopback
from sleepy.daemon.endpoint.responder import Responder
from sleepy.daemon.model import source

_GRACE = 10  # seconds for answers that are being written, once it is to end


def serve(config: Config, home: Home, host: str, port: int, key_file: Path | None, say: Complain) -> None:
    """Serves until SIGINT or SIGTERM. `UserError` where it cannot: the host, the key, the port, the model."""
    key = read_key(key_file) if key_file is not None else ""
    local = is_loopback(host)
    if not local and not key:
        raise UserError(
            f"--host {host} can be reached from other machines, and there is no key",
            remedy="give --key-file FILE with a key of your choice, or leave --host at 127.0.0.1",
        )
    if config.model.startswith(("http://", "https://")):
        raise UserError(
            f"the model {config.model!r} is on a server already",
            remedy="name a model of this machine: `sleepy model list`",
        )
    source.find(config.model)
    responder = Responder(config, home, say)
    with _bound(host, port) as listening:
        shown = f"[{host}]" if ":" in host else host
        say(f"serving {home.root} on http://{shown}:{listening.getsockname()[1]}/v1")
        if not local:
            say("the key, and the code that is sent, go over the network unencrypted: put a TLS proxy before it")
        asyncio.run(_serve(responder, application(responder, config.model, home, key=key), listening))
    if responder.error is not None:
        raise responder.error
    say("stopped")
    leave(responder.busy)


class _Server(uvicorn.Server):
    """uvicorn's, which ends by itself and raises no signal again afterwards: `_serve` hears them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(responder: Responder, app: Starlette, listening: socket.socket) -> None:
    server = _Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )  # fmt: skip

    def end() -> None:
        responder.close()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, end)

    def ended(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: whoever ended it did not wait for the model
            loop.call_soon_threadsafe(end)

    responder.ended.add_done_callback(ended)
    responder.start()
    await server.serve(sockets=[listening])
    responder.close()


def _reason(error: OSError) -> str:
    """Why, without the address that Python adds."""
    known = error.errno is not None and not isinstance(error, socket.gaierror)
    return os.strerror(error.errno or 0) if known else error.strerror or str(error)


@contextlib.contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listening = socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except OSError as error:
        raise UserError(
            f"cannot listen on {host}, port {port}: {_reason(error)}",
            remedy="give another --port (0: any free one), or a --host of this machine",
        ) from error
    with listening:
        yield listening
