"""What the built-in model is shown: the compiler's words, its suggestions as ready edits, numbered lines.

    ⟦err⟧E0382 borrow of moved value: `s`
    ⟦at⟧⟪5⟫s⟦:⟧value borrowed here after move      the primary span and its label
    ⟦rel⟧⟪4⟫s⟦:⟧value moved here                   up to three related ones
    ⟦try⟧⟪4⟫s→s.clone()                            what the compiler suggests, as span edits
    ⟦src⟧⟪1⟫fn main() {⟪2⟫...                      the source, without indentation
    ⟦fix⟧                                           the answer starts here

Lines are numbered from 1 within a window around the error, so a long file looks like a short one.
Indentation carries nothing in Rust and is left out; an edit's line is found again by its number.
"""

from __future__ import annotations

from dataclasses import dataclass

from sleepy.daemon.agent import edits
from sleepy.sandbox.verdict import Diagnostic, Replacement, Suggestion

HEADS = ("⟦err⟧", "⟦at⟧", "⟦rel⟧", "⟦:⟧", "⟦note⟧", "⟦try⟧", "⟦src⟧", "⟦fix⟧")
WINDOW = 72  # lines shown at most; training saw no more
_RELATED, _SUGGESTIONS, _NOTES = 3, 2, 2
_MESSAGE, _LABEL, _SPAN, _NOTE, _LINE = 160, 120, 60, 110, 160  # characters kept of each

# every mark is one token of the built-in tokenizer
MARKS = (*HEADS, edits.TO, edits.INSERT, edits.DELETE, *(edits.mark(n) for n in range(WINDOW + 1)))


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text for the model and where its window starts in the file."""

    text: str
    first: int  # 1-based line of the file that the window calls line 1
    lines: tuple[str, ...]  # the window's lines, as numbered

    def source_edits(self, answer: str) -> list[edits.Edit]:
        """The answer's edits in the file's own line numbers; `EditError` when it is no answer."""
        moved = []
        for edit in edits.parse(answer):
            if edit.line > len(self.lines):
                raise edits.EditError(
                    f"line {edit.line} was not shown: the window has {len(self.lines)} lines"
                )
            moved.append(edits.Edit(edit.line + self.first - 1, edit.kind, edit.old, edit.new))
        return moved


def errors(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """The diagnostics that are errors with a place, in the compiler's order."""
    return [item for item in diagnostics if item.level == "error" and item.primary is not None]


def compose(source: str, diagnostics: tuple[Diagnostic, ...]) -> Prompt:
    """The prompt for a program's first error. `ValueError` when no diagnostic has a place in it."""
    found = errors(diagnostics)
    if not found:
        raise ValueError("no error with a place in the source: nothing to ask the model")
    first_error = found[0]
    all_lines = source.rstrip("\n").split("\n")
    first = _window_start(first_error, len(all_lines))
    shown = all_lines[first - 1 : first - 1 + WINDOW]
    head = f"{first_error.code or 'syntax'} {first_error.message.split(chr(10))[0]}"[:_MESSAGE]
    parts = ["⟦err⟧", edits.plain(head)]
    related = 0
    for span in sorted(first_error.spans, key=lambda span: not span.is_primary):
        if not first <= span.line_start < first + len(shown):
            continue
        if not span.is_primary:
            if related == _RELATED:
                continue
            related += 1
        parts.append("⟦at⟧" if span.is_primary else "⟦rel⟧")
        parts.append(edits.mark(span.line_start - first + 1))
        line = all_lines[span.line_start - 1]
        end = span.column_end - 1 if span.line_end == span.line_start else len(line)
        parts.append(edits.plain(line[span.column_start - 1 : end].strip()[:_SPAN]))
        if span.label:
            parts.append("⟦:⟧" + edits.plain(" ".join(span.label.split())[:_LABEL]))
    parts += ["⟦note⟧" + edits.plain(" ".join(note.split())[:_NOTE]) for note in first_error.notes[:_NOTES]]
    for suggestion in first_error.suggestions[:_SUGGESTIONS]:
        rendered = _as_edits(source, suggestion, first, len(shown))
        if rendered:
            parts.append("⟦try⟧" + rendered)
    parts.append("⟦src⟧")
    for number, line in enumerate(shown, start=1):
        parts.append(edits.mark(number) + edits.plain(line.strip()[:_LINE]))
    parts.append("⟦fix⟧")
    return Prompt("".join(parts), first, tuple(shown))


def answer(source: str, fixed: str, prompt: Prompt) -> str:
    """The span edits that turn `source` into `fixed`, numbered as in the prompt.

    Raises `EditError` when an edit lies outside the window shown.
    """
    moved = []
    for edit in edits.between(source.rstrip("\n"), fixed.rstrip("\n")):
        line = edit.line - prompt.first + 1
        lowest = 0 if edit.kind is edits.Kind.INSERT else 1
        if not lowest <= line <= len(prompt.lines):
            raise edits.EditError(f"the fix changes line {edit.line}, outside the window of the prompt")
        moved.append(edits.Edit(line, edit.kind, edit.old, edit.new))
    return edits.render(moved)


def replaced(source: str, replacements: tuple[Replacement, ...]) -> str:
    """The source after a compiler suggestion's replacements (1-based, end column exclusive)."""
    lines = source.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)

    def at(line: int, column: int) -> int:
        if not 1 <= line <= len(lines):
            raise edits.EditError(f"suggestion for line {line}, the source has {len(lines)}")
        return min(offsets[line - 1] + column - 1, len(source))

    out = source
    ordered = sorted(replacements, key=lambda item: (item.line_start, item.column_start), reverse=True)
    for item in ordered:
        start, end = at(item.line_start, item.column_start), at(item.line_end, item.column_end)
        out = out[:start] + item.text + out[end:]
    return out


def _window_start(error: Diagnostic, total: int) -> int:
    primary = error.primary
    if primary is None or total <= WINDOW:
        return 1
    return max(1, min(primary.line_start - WINDOW // 2, total - WINDOW + 1))


def _as_edits(source: str, suggestion: Suggestion, first: int, shown: int) -> str:
    """A suggestion in the answer's own format; empty when it reaches outside the window."""
    if not suggestion.replacements:
        return ""
    try:
        found = edits.between(source, replaced(source, suggestion.replacements))
    except edits.EditError:
        return ""
    moved = [edits.Edit(edit.line - first + 1, edit.kind, edit.old, edit.new) for edit in found]
    if not moved or any(not 0 <= edit.line <= shown for edit in moved):
        return ""
    return edits.render(moved)


def shown(composed: Prompt) -> tuple[str, ...]:
    """The window's lines exactly as the prompt prints them."""
    return tuple(edits.plain(line.strip()[:_LINE]) for line in composed.lines)
