"""The language server: a file is opened or saved, its crate is repaired in the background, the repair is offered.

    opened, saved -> the crate's place -> repaired on a copy -> all verified? -> diagnostics -> quick fix on request

A repair is of the files on disk. While a buffer of the crate differs from its file nothing is shown; it comes back
when the text does. Everything but the repairs themselves happens in one thread, the event loop's.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from sleepy.daemon.base.errors import remedy
from sleepy.daemon.base.leave import leave
from sleepy.daemon.base.listener import Complain, Say
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.editor import messages
from sleepy.daemon.editor.background import BackgroundRepairs, RepairRequest
from sleepy.daemon.editor.edits import overlap
from sleepy.daemon.editor.messages import OpenFiles
from sleepy.daemon.editor.offer import Offer, offer_of
from sleepy.daemon.editor.place import place_of, sources
from sleepy.daemon.editor.progress import ProgressLine
from sleepy.daemon.editor.stdio import claimed
from sleepy.daemon.fix.fix import Fixed
from sleepy.sandbox.manifest import WorkspaceError

_log = logging.getLogger(__name__)


class Repair(Protocol):
    """Repairs what a path names, without writing to it."""

    def __call__(self, path: Path, complain: Complain, *, say: Say, stopped: Callable[[], bool]) -> Fixed: ...


@dataclass(frozen=True, slots=True)
class RepairedPlace:
    """What became of a place: the sources that were repaired, and what is offered."""

    seen: Snapshot
    offer: Offer | None


def serve(repair: Repair, version: str) -> None:
    """Serves one editor over stdin and stdout until it says `exit` or goes away. Leaves no process behind."""
    reader, writer = claimed()
    server = LanguageServer("sleepy", version)
    session = EditorSession(server, repair)
    session.register()
    server.start_io(reader, writer)
    leave(session.end)


class EditorSession:
    """One editor: its open files, what is offered for each place, and what it was shown of it."""

    def __init__(self, server: LanguageServer, repair: Repair) -> None:
        self._server, self._repair = server, repair
        self._repairs = BackgroundRepairs(self._work)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._paths: dict[str, Path] = {}  # of the open files, by the editor's address
        self._known: dict[Path, RepairedPlace] = {}
        self._shown: dict[Path, dict[str, list[types.Diagnostic]]] = {}
        self._progress: dict[Path, ProgressLine] = {}
        self._told: set[str] = set()

    def register(self) -> None:
        """Makes the server call this session."""
        handlers: dict[str, Callable[..., object]] = {
            types.INITIALIZE: self._begun,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.TEXT_DOCUMENT_CODE_ACTION: self._actions,
            types.SHUTDOWN: self._shut_down,
        }
        options = {types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions([types.CodeActionKind.QuickFix])}
        for name, handler in handlers.items():  # in a partial, since pygls leaves its marks on what it is given
            self._server.feature(name, options.get(name))(partial(handler))
        self._server.command(messages.PREVIEW)(partial(self._preview))

    def end(self) -> bool:
        """Calls off all repairs; returns whether any is still at it."""
        self._repairs.end()
        return self._repairs.busy()

    # what the editor says

    def _begun(self, _params: types.InitializeParams) -> None:
        self._loop = asyncio.get_running_loop()

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        address = params.text_document.uri
        path = to_fs_path(address)
        if path is None:
            return
        self._paths[address] = Path(os.path.realpath(path))
        self._ask(self._paths[address], again=False)
        self._refresh()

    def _changed(self, _params: types.DidChangeTextDocumentParams) -> None:
        self._refresh()

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        path = self._paths.get(params.text_document.uri)
        if path is not None:
            self._ask(path, again=True)
        self._refresh()

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        self._paths.pop(params.text_document.uri, None)
        self._refresh()

    def _shut_down(self, _params: None) -> None:
        self._repairs.end()

    def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
        address, only = params.text_document.uri, params.context.only
        edits = self._edits_supported()
        if edits is None or not edits.document_changes:
            return []  # without versions an edit of a buffer that changed would not be refused
        if only and not {types.CodeActionKind.Empty, types.CodeActionKind.QuickFix} & set(only):
            return []
        annotated = edits.change_annotation_support is not None
        found: list[types.CodeAction | types.Command] = []
        for known in list(self._known.values()):
            here = self._shown.get(known.offer.place.key, {}).get(address, []) if known.offer is not None else []
            wanted = [each for each in here if overlap(each.range, params.range)]
            if known.offer is None or not wanted or self._withdrawn(known.offer):
                continue
            files = self._files()
            found += [messages.action(each, known.offer, files, annotated=annotated) for each in wanted]
            if not annotated:
                found.append(messages.preview(address))
        return found

    def _preview(self, address: str) -> str | None:
        """The diff of the repair that is offered for a file, shown and returned; None where there is none."""
        for known in self._known.values():
            if known.offer is not None and address in self._shown.get(known.offer.place.key, {}):
                shown = types.ShowMessageParams(types.MessageType.Info, known.offer.diff)
                self._server.window_show_message(shown)
                return known.offer.diff
        return None

    # repairing, in a thread of the place's own

    def _ask(self, file: Path, *, again: bool) -> None:
        try:
            place = place_of(file, self._folders())
        except WorkspaceError as error:
            self._log(f"{error}; {error.remedy}")
            return
        if place is not None:
            self._repairs.ask(RepairRequest(place, again))

    def _work(self, request: RepairRequest) -> None:
        place, cancelled = request.place, request.cancelled
        known = self._known.get(place.key)

        def say(what: str, done: int, total: int) -> None:
            if done < total:
                self._post(lambda: self._say(request, what))

        try:
            seen = sources(place, known.seen if known is not None else None)
            if known is not None and not request.again and not seen.changed(known.seen):
                return
            done = self._repair(
                place.opened, lambda what: self._post(lambda: self._log(what)), say=say, stopped=cancelled.is_set
            )
            if not cancelled.is_set():
                found = RepairedPlace(seen, offer_of(done, place, seen))
                self._post(lambda: self._repaired(request, found))
        except Exception as error:
            if not cancelled.is_set():
                failure = error
                self._post(lambda: self._failed(request, failure))
        finally:
            self._post(lambda: self._done(request))

    def _post(self, act: Callable[[], None]) -> None:
        """Has the event loop do something; nothing once it is closed."""
        try:
            assert self._loop is not None, "files are opened after `initialize`"
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:
            _log.info("the editor is gone")

    # what comes of it

    def _say(self, request: RepairRequest, what: str) -> None:
        if not request.cancelled.is_set():
            line = self._progress.get(request.place.key)
            if line is None:
                line = ProgressLine(self._server, "sleepy repairs", lambda: self._repairs.cancel(request.place))
                self._progress[request.place.key] = line
            line.say(what)

    def _done(self, request: RepairRequest) -> None:
        line = self._progress.pop(request.place.key, None)
        if line is not None:
            line.end()

    def _repaired(self, request: RepairRequest, found: RepairedPlace) -> None:
        if not request.cancelled.is_set():
            self._known[request.place.key] = found
            self._refresh()

    def _failed(self, request: RepairRequest, error: Exception) -> None:
        """Takes back what is offered for the place, and says once why."""
        self._known.pop(request.place.key, None)
        self._refresh()
        known = remedy(error)
        if known is None:
            _log.error("internal error, please report it with these lines", exc_info=error)
        said = f"sleepy: {error}; {known}" if known is not None else f"sleepy: internal error: {error!r}"
        if said not in self._told:
            self._told.add(said)
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, said))

    def _withdrawn(self, offer: Offer) -> bool:
        """Whether an offer had to be taken back, since the disk changed; the place is then repaired anew."""
        if not offer.is_stale():
            return False
        self._known.pop(offer.place.key, None)
        self._refresh()
        self._repairs.ask(RepairRequest(offer.place, again=True))
        return True

    def _refresh(self) -> None:
        """Shows what is offered, as far as the editor's buffers are what is on disk, and takes back everything else."""
        files = self._files()
        for key in {*self._known, *self._shown}:
            known = self._known.get(key)
            offer = known.offer if known is not None else None
            now = messages.diagnostics(offer, files) if offer is not None and self._as_on_disk(offer) else {}
            before = self._shown.pop(key, {})
            if now:
                self._shown[key] = now
            for address in {*before, *now}:
                if before.get(address) != now.get(address):
                    self._server.text_document_publish_diagnostics(
                        types.PublishDiagnosticsParams(address, now.get(address, []), self._version_of(address))
                    )

    # the editor's files

    def _as_on_disk(self, offer: Offer) -> bool:
        for address, path in self._paths.items():
            text = offer.text(path)
            if text is None:
                continue
            if self._server.workspace.get_text_document(address).source.removeprefix("\ufeff") != text:
                return False
        return True

    def _files(self) -> OpenFiles:
        open_ = {path: address for address, path in self._paths.items()}
        encoding = self._server.workspace.position_encoding
        return OpenFiles(
            lambda path: open_.get(path) or from_fs_path(str(path)) or str(path),
            lambda path: self._version_of(open_[path]) if path in open_ else None,
            encoding.value if isinstance(encoding, types.PositionEncodingKind) else str(encoding),
        )

    def _version_of(self, address: str) -> int | None:
        return self._server.workspace.get_text_document(address).version if address in self._paths else None

    def _folders(self) -> list[Path]:
        """The workspace's folders; the root that older editors name instead where there are none."""
        workspace = self._server.workspace
        named = [to_fs_path(each.uri) for each in workspace.folders.values()] or [workspace.root_path]
        return [Path(os.path.realpath(name)) for name in named if name]

    def _edits_supported(self) -> types.WorkspaceEditClientCapabilities | None:
        workspace = self._server.client_capabilities.workspace
        return workspace.workspace_edit if workspace is not None else None

    def _log(self, what: str) -> None:
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Warning, f"sleepy: {what}"))
