"""Follows the crates named in the settings, in a thread beside everything else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sleepy.daemon.base.log import log_event
from sleepy.daemon.tools.tools import Tools

if TYPE_CHECKING:
    from sleepy.daemon.model.language_model import LanguageModel
    from sleepy.daemon.watch.events import Event

_LEAVE = 5.0  # seconds that the watcher has to end; a build that it waits for ends with the process


@contextmanager
def watched(tools: Tools, stopping: threading.Event) -> Iterator[None]:
    """Follows the crates until `stopping`; a watcher that fails does not end the daemon."""
    if not tools.config.crates:
        yield
        return
    from sleepy.daemon.model.language_model import twin

    model = twin(tools.model)  # now: later the day may be serving with the first
    thread = threading.Thread(target=_follow, args=(tools, model, stopping), name="crates", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_LEAVE)


def _follow(tools: Tools, model: LanguageModel, stopping: threading.Event) -> None:
    from sleepy.daemon.watch.attempts import attempts
    from sleepy.daemon.watch.watch import Watcher
    from sleepy.sandbox.sandbox import Sandbox

    crates = [Path(path).expanduser() for path in tools.config.crates]
    try:
        with (
            Sandbox.open(tier=tools.config.tier) as sandbox,
            attempts(tools.config, tools.home, tools.db, sandbox, _complain, model=model) as attempt,
        ):
            Watcher(
                crates, tools.db, lambda: nullcontext(sandbox), tools.home.crates,
                now=tools.now, say=tell, attempt=attempt,
            ).run(stopping)  # fmt: skip
    except Exception as error:
        log_event("watch_failed", f"the crates are no longer followed: {error}", level=logging.ERROR, fault=error)


def _complain(what: str) -> None:
    log_event("watch_trouble", what, level=logging.WARNING)


def tell(event: Event) -> None:
    """Logs an event of the watcher; of an error without a place it names no line."""
    from sleepy.daemon.watch.events import EventKind

    place: dict[str, Any] = {"line": event.line} if event.line else {}
    log_event(
        f"crate_{event.kind.value.replace(' ', '_')}",
        str(event),
        level=logging.WARNING if event.kind is EventKind.TROUBLE else logging.INFO,
        crate=event.crate,
        file=event.file,
        **place,
        code=event.code,
        signature=event.signature,
    )
