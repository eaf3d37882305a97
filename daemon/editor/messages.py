"""An offer in the protocol's words: a diagnostic for each error that it removes, a quick fix that is the whole repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from sleepy.daemon.base.text import plural
from sleepy.daemon.editor.edits import range_of, text_edits
from sleepy.daemon.editor.offer import Offer, SolvedError

SOURCE = "sleepy"
PREVIEW = "sleepy.preview"  # the command that shows and returns the diff of a file's repair
_ANNOTATION = "sleepy"
_BY = {
    "compiler": "the compiler's suggestion",
    "recall": "a past repair",
    "recipes": "a recipe",
    "server": "the server's model",
}


@dataclass(frozen=True, slots=True)
class OpenFiles:
    """How the editor names files: the address and, where it has one open, the version of each."""

    address: Callable[[Path], str]
    version: Callable[[Path], int | None]
    encoding: str


def diagnostics(offer: Offer, files: OpenFiles) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of an offer, by the addresses of their files."""
    found: dict[str, list[types.Diagnostic]] = {}
    for each in dict.fromkeys(offer.solved):
        found.setdefault(files.address(each.file), []).append(diagnostic(each, offer, files.encoding))
    return found


def diagnostic(each: SolvedError, offer: Offer, encoding: str) -> types.Diagnostic:
    """One error that can be repaired. Not an error's severity: the compiler's own message is shown by others."""
    where = range_of(offer.text(each.file) or "", each.line, each.start, each.end, encoding)
    return types.Diagnostic(
        where,
        f"sleepy can repair this by {_BY.get(each.by, 'the model')} ({offer.proof}): {each.message}",
        types.DiagnosticSeverity.Information,
        each.code,
        source=SOURCE,
    )


def action(found: types.Diagnostic, offer: Offer, files: OpenFiles, *, annotated: bool) -> types.CodeAction:
    """The quick fix of a diagnostic: the whole repair, since no part of it was verified alone."""
    others = len(set(offer.solved)) - 1
    what = f"{found.code or 'the error'}" + (f" and {plural(others, 'other error')}" if others else "")
    where = f" in {len(offer.after)} files" if len(offer.after) > 1 else ""
    title = f"sleepy: repair {what}{where} ({offer.proof})"
    edit = workspace_edit(offer, files, annotated=annotated)
    return types.CodeAction(title, types.CodeActionKind.QuickFix, [found], edit=edit, data={"diff": offer.diff})


def preview(address: str) -> types.Command:
    """The command that shows the diff, for editors that do not ask before they apply."""
    return types.Command("sleepy: show the repair's diff", PREVIEW, arguments=[address])


def workspace_edit(offer: Offer, files: OpenFiles, *, annotated: bool) -> types.WorkspaceEdit:
    """The repair. Versions let an editor refuse it for a buffer that changed; `annotated` has it ask before."""
    documents: list[types.TextDocumentEdit] = []
    for file in sorted(offer.after):
        named = types.OptionalVersionedTextDocumentIdentifier(files.address(file), files.version(file))
        plain = text_edits(offer.text(file) or "", offer.new_text(file), files.encoding)
        marked = [types.AnnotatedTextEdit(_ANNOTATION, each.range, each.new_text) for each in plain]
        documents.append(types.TextDocumentEdit(named, marked if annotated else plain))
    return types.WorkspaceEdit(
        document_changes=documents, change_annotations=_annotations(offer) if annotated else None
    )


def _annotations(offer: Offer) -> Mapping[str, types.ChangeAnnotation]:
    return {_ANNOTATION: types.ChangeAnnotation("sleepy's repair", needs_confirmation=True, description=offer.proof)}
