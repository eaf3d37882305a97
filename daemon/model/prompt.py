"""The prompt of the built-in model: the compiler's words, its suggestions as ready edits, numbered lines.

    ⟦err⟧E0382 borrow of moved value: `s`
    ⟦at⟧⟪5⟫s⟦:⟧value borrowed here after move      the primary span and its label
    ⟦rel⟧⟪4⟫s⟦:⟧value moved here                   up to three related ones
    ⟦note⟧...                                      the compiler's notes, and a hint where one is given
    ⟦try⟧⟪4⟫s→s.clone()                            what the compiler suggests, as span edits
                                                    (an answer may be ⟦try⟧⟪1⟫: the first of these)
    ⟦src⟧⟪1⟫fn main() {⟪2⟫...                      the lines of the window, without indentation
    ⟦cut⟧                                           where lines of the file are left out
    ⟦fix⟧                                           the answer starts here

Lines are numbered from 1 within the window (see `window.py`). Indentation carries nothing in Rust
and is left out; an edit's line is found again by its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.model import edits, window
from sleepy.sandbox.verdict import Diagnostic, Replacement, Suggestion

TRY = "⟦try⟧"
HEADS = ("⟦err⟧", "⟦at⟧", "⟦rel⟧", "⟦:⟧", "⟦note⟧", TRY, "⟦src⟧", "⟦cut⟧", "⟦fix⟧")
_OFFER = re.compile(f"{TRY}([^⟦]*)(?=⟦)")
_RELATED, _SUGGESTIONS, _NOTES = 3, 2, 2
_MESSAGE, _LABEL, _SPAN, _NOTE, _LINE = 160, 120, 60, 110, 160  # characters kept of each

# every mark is one token of the built-in tokenizer
MARKS = (*HEADS, edits.TO, edits.INSERT, edits.DELETE, *(edits.mark(n) for n in range(window.LIMIT + 1)))


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text for the model. `numbers[i]` is the file's line that the window calls line i + 1."""

    text: str
    numbers: tuple[int, ...]
    lines: tuple[str, ...]  # the window's lines

    def source_edits(self, answer: str) -> list[edits.Edit]:
        """The answer's edits in the file's own line numbers; `EditError` when it is no answer."""
        moved = []
        for edit in edits.parse(answer):
            if edit.line > len(self.numbers):
                raise edits.EditError(f"line {edit.line} was not shown: the window has {len(self.numbers)} lines")
            line = self.numbers[edit.line - 1] if edit.line else 0
            moved.append(edits.Edit(line, edit.kind, edit.old, edit.new))
        return moved

    def shown_edits(self, found: list[edits.Edit], source: Sequence[str]) -> list[edits.Edit]:
        """Edits of the file's lines in the window's numbers; `EditError` when one is outside the window.

        A line inserted below a comment or a blank line goes below the shown line before them.
        """
        places = {number: i for i, number in enumerate(self.numbers, start=1)}
        places[0] = 0
        moved = []
        for edit in found:
            line = edit.line
            while edit.kind is edits.EditKind.INSERT and line not in places and not window.holds_code(source[line - 1]):
                line -= 1
            if line not in places:
                raise edits.EditError(f"the fix changes line {edit.line}, outside the window of the prompt")
            moved.append(edits.Edit(places[line], edit.kind, edit.old, edit.new))
        return moved


def errors(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """The diagnostics that are errors with a place, in the compiler's order."""
    return [item for item in diagnostics if item.level == "error" and item.primary is not None]


def compose(source: str, diagnostics: tuple[Diagnostic, ...], *, hint: str = "", lines: int = window.LIMIT) -> Prompt:
    """The prompt for a program's first error, of at most `lines` lines. `ValueError` when no diagnostic has a place in it.

    A hint is a note after the compiler's own, cut as they are; training never showed one.
    """
    found = errors(diagnostics)
    if not found:
        raise ValueError("no error with a place in the source: nothing to ask the model")
    error = found[0]
    all_lines = source.rstrip("\n").split("\n")
    numbers = window.chosen(all_lines, error, limit=lines)
    frame = Prompt("", numbers, tuple(all_lines[number - 1] for number in numbers))
    head = f"{error.code or 'uncoded'} {error.message.split(chr(10))[0]}"[:_MESSAGE]
    parts = ["⟦err⟧", edits.plain(head), *_spans(error, all_lines, numbers)]
    notes = [*error.notes[:_NOTES], *([hint] if hint else [])]
    parts += ["⟦note⟧" + edits.plain(" ".join(note.split())[:_NOTE]) for note in notes]
    for suggestion in error.suggestions[:_SUGGESTIONS]:
        rendered = _as_edits(source, suggestion, frame)
        if rendered:
            parts.append(TRY + rendered)
    parts.append("⟦src⟧")
    before = 0
    for place, (number, text) in enumerate(zip(numbers, frame.lines, strict=True), start=1):
        if any(window.holds_code(line) for line in all_lines[before : number - 1]):
            parts.append("⟦cut⟧")
        before = number
        parts.append(edits.mark(place) + edits.plain(text.strip()[:_LINE]))
    parts.append("⟦fix⟧")
    return Prompt("".join(parts), numbers, frame.lines)


def _spans(error: Diagnostic, all_lines: list[str], numbers: tuple[int, ...]) -> list[str]:
    """The primary span and a few related ones, each with its text and label."""
    places = {number: i for i, number in enumerate(numbers, start=1)}
    parts: list[str] = []
    related = 0
    for span in sorted(error.spans, key=lambda span: not span.is_primary):
        if span.line_start not in places:
            continue
        if not span.is_primary:
            if related == _RELATED:
                continue
            related += 1
        parts.append("⟦at⟧" if span.is_primary else "⟦rel⟧")
        parts.append(edits.mark(places[span.line_start]))
        line = all_lines[span.line_start - 1]
        end = span.column_end - 1 if span.line_end == span.line_start else len(line)
        parts.append(edits.plain(line[span.column_start - 1 : end].strip()[:_SPAN]))
        if span.label:
            parts.append("⟦:⟧" + edits.plain(" ".join(span.label.split())[:_LABEL]))
    return parts


def answer(source: str, fixed: str, prompt: Prompt) -> str:
    """The span edits that turn `source` into `fixed`, numbered as in the prompt.

    Raises `EditError` when an edit lies outside the window shown.
    """
    found = edits.between(source.rstrip("\n"), fixed.rstrip("\n"))
    return edits.render(prompt.shown_edits(found, source.split("\n")))


def window_of(text: str) -> str:
    """The lines that a prompt shows, without their marks."""
    return re.sub("⟪[0-9]+⟫|⟦cut⟧", "\n", text.rpartition("⟦src⟧")[2].removesuffix("⟦fix⟧"))


def offers(text: str) -> list[str]:
    """The suggestions that a prompt shows, as answers."""
    return _OFFER.findall(text)


def chosen(text: str, found: str) -> str:
    """An answer to the prompt `text`: by a suggestion's number where it is that suggestion."""
    offered = offers(text)
    return f"{TRY}{edits.mark(offered.index(found) + 1)}" if found in offered else found


def written_out(text: str, found: str) -> str:
    """The edits of an answer that may be a suggestion's number: the inverse of `chosen`."""
    if not found.startswith(TRY):
        return found
    offered = offers(text)
    places = {f"{TRY}{edits.mark(i)}": offer for i, offer in enumerate(offered, start=1)}
    if found not in places:
        raise edits.EditError(f"{found[:20]!r} is none of the {len(offered)} suggestions")
    return places[found]


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


def _as_edits(source: str, suggestion: Suggestion, frame: Prompt) -> str:
    """A suggestion in the answer's own format; empty when it reaches outside the window."""
    if not suggestion.replacements:
        return ""
    try:
        found = edits.between(source, replaced(source, suggestion.replacements))
        return edits.render(frame.shown_edits(found, source.split("\n")))
    except edits.EditError:
        return ""


def shown(composed: Prompt) -> tuple[str, ...]:
    """The window's lines exactly as the prompt prints them."""
    return tuple(edits.plain(line.strip()[:_LINE]) for line in composed.lines)
