"""One line of progress in the editor, from the first word about it to its end, where the editor can show one."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

_log = logging.getLogger(__name__)


class ProgressLine:
    """Begins with the first `say`. `cancel` is called when the user ends it. All in the server's own thread."""

    def __init__(self, server: LanguageServer, title: str, cancel: Callable[[], None]) -> None:
        self._server, self._title, self._cancel = server, title, cancel
        self._token, self._latest = str(uuid.uuid4()), ""
        self._opening: asyncio.Task[None] | None = None
        self._is_open = self._ended = False

    def say(self, what: str) -> None:
        """Shows what is being done."""
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        self._latest = what
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        elif self._is_open:
            self._server.work_done_progress.report(self._token, types.WorkDoneProgressReport(message=what))

    def end(self) -> None:
        """Takes the line away."""
        self._ended = True
        if self._is_open:
            self._is_open = False
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._server.work_done_progress.tokens.pop(self._token, None)

    async def _open(self) -> None:
        try:
            await self._server.work_done_progress.create_async(self._token)
        except Exception as error:  # the editor's answer: it will not show one
            _log.info("no progress: %s", error)
            return
        begin = types.WorkDoneProgressBegin(self._title, cancellable=True, message=self._latest)
        self._server.work_done_progress.begin(self._token, begin)
        self._server.work_done_progress.tokens[self._token].add_done_callback(self._closed)
        self._is_open = True
        if self._ended:
            self.end()

    def _closed(self, token: Future[Any]) -> None:
        if token.cancelled():
            self._cancel()
