"""An editor for tests: pygls's own client, which speaks to a real `sleepy lsp` over pipes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import psutil
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from sleepy.daemon.editor.edits import lines

PATIENCE = 60.0

FULL = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, change_annotation_support=types.ChangeAnnotationsSupportOptions()
        )
    ),
    window=types.WindowClientCapabilities(work_done_progress=True),
)
PLAIN = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    )
)


class Editor:
    """Starts the server for a folder and keeps what it was told. Every call lets messages come in."""

    def __init__(self, folder: Path, home: Path, capabilities: types.ClientCapabilities, **environment: str) -> None:
        self._runner = asyncio.Runner()
        self.client = LanguageClient("a test's editor", "1")
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.progress: list[str] = []
        self._listen()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
        words = ("-m", "sleepy", "lsp", "--stdio", "--no-model", "--home", str(home))
        self._runner.run(
            self.client.start_io(sys.executable, *words, cwd=str(home.parent), env={**kept, **environment})
        )
        started = self.client.initialize_async(
            types.InitializeParams(
                capabilities, workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)]
            )
        )
        self.server = self._runner.run(asyncio.wait_for(started, PATIENCE))
        self.client.initialized(types.InitializedParams())

    def _listen(self) -> None:
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = list(params.diagnostics)

        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        def created(_params: types.WorkDoneProgressCreateParams) -> None:
            self.progress.append("created")

        def told(params: types.ProgressParams) -> None:
            kind = params.value["kind"] if isinstance(params.value, dict) else getattr(params.value, "kind", "")
            self.progress.append(str(kind))

        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(shown)
        self.client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)(created)
        self.client.feature(types.PROGRESS)(told)

    def until(self, come: Callable[[], bool]) -> None:
        """Lets messages come in until something holds."""

        async def wait() -> None:
            while not come():
                await asyncio.sleep(0.02)

        self._runner.run(asyncio.wait_for(wait(), PATIENCE))

    def open(self, file: Path, version: int = 1) -> None:
        text = file.read_bytes().decode()
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(file.as_uri(), "rust", version, text))
        )

    def type(self, file: Path, version: int, line: int, text: str, over: int = 0) -> None:
        """Replaces so many characters at the start of a line."""
        where = types.Range(types.Position(line, 0), types.Position(line, over))
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, file.as_uri()),
                [types.TextDocumentContentChangePartial(where, text)],
            )
        )

    def save(self, file: Path) -> None:
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(file.as_uri())))

    def actions(
        self, file: Path, line: int, only: types.CodeActionKind = types.CodeActionKind.QuickFix
    ) -> list[types.CodeAction | types.Command]:
        """What is offered of a kind anywhere on a line."""
        where = types.Range(types.Position(line, 0), types.Position(line, 200))
        asked: Coroutine[Any, Any, Sequence[types.CodeAction | types.Command] | None]
        asked = self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(file.as_uri()), where, types.CodeActionContext([], [only])
            )
        )
        found = self._runner.run(asyncio.wait_for(asked, PATIENCE))
        return list(found) if found is not None else []

    def command(self, name: str, argument: str) -> object:
        asked = self.client.workspace_execute_command_async(types.ExecuteCommandParams(name, [argument]))
        return self._runner.run(asyncio.wait_for(asked, PATIENCE))

    def seen(self, file: Path) -> list[types.Diagnostic]:
        return self.diagnostics.get(file.as_uri(), [])

    def processes(self) -> list[psutil.Process]:
        """The server and all that it started."""
        found = psutil.Process(self._process.pid)
        return [found, *found.children(recursive=True)]

    def leave(self) -> int:
        """Says goodbye as the protocol wants it; returns the server's exit code."""
        self._runner.run(asyncio.wait_for(self.client.shutdown_async(None), PATIENCE))
        self.client.exit(None)
        return self._gone()

    def vanish(self) -> int:
        """Closes the pipe without a word."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._gone()

    def _gone(self) -> int:
        self._runner.run(asyncio.wait_for(self.client.stop(), PATIENCE))  # type: ignore[no-untyped-call]
        self._runner.close()
        code = self._process.returncode
        assert code is not None
        return code

    @property
    def _process(self) -> asyncio.subprocess.Process:
        found = self.client._server
        assert found is not None
        return found


def edited(text: str, edits: Sequence[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]) -> str:
    """A text with edits that an editor was given: from the last to the first, columns in UTF-16."""
    for each in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        assert not isinstance(each, types.SnippetTextEdit)
        start, end = offset(text, each.range.start), offset(text, each.range.end)
        text = text[:start] + each.new_text + text[end:]
    return text


def offset(text: str, position: types.Position) -> int:
    """A position as an index of the text."""
    above = lines(text)[: position.line]
    held = text[len("".join(above)) :]
    within = held.encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")
    return len("".join(above)) + len(within)
