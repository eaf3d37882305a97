"""A request to a model, and how its answer becomes a program again.

Four formats: numbered span edits (answers are constrained so that they apply), the same where an answer may
also be the number of a suggestion of the compiler's (the built-in model); and through a chat template, for instruct
models from a hub, whole files or whole lines by their numbers. A model directory says which it speaks by
`"sleepy_format"` in its config.json, a user by `--format`; without either, whole files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sleepy.daemon.model import edits, numbered_lines, prompt
from sleepy.daemon.model.window import LIMIT
from sleepy.sandbox.verdict import Diagnostic

_FENCE = re.compile(r"```(?:rust|rs)?\s*\n(.*?)```", re.DOTALL)
_TASK = "Fix this Rust program so that it compiles and does what it was meant to do. Change as little as possible. "
_WHOLE = _TASK + "Answer with the whole corrected file in one ```rust block and nothing else."
_LINES = (
    _TASK
    + "The lines are numbered. Answer in one ```rust block with the changed lines alone: `7| text` for what line 7 "
    "becomes, `7+| text` for a new line below it, `7-|` to remove it."
)


class Format(StrEnum):
    SPAN_EDITS = "span-edits"  # numbered window, edits as the answer
    CHOICE = "choice"  # the same, or a suggestion by its number
    WHOLE_FILE = "whole-file"  # the file in a code fence, the whole file back
    NUMBERED_LINES = "numbered-lines"  # the file with numbered lines, the changed ones back

    @property
    def is_edits(self) -> bool:
        """Whether answers are span edits of the built-in models' own tokens."""
        return self in (Format.SPAN_EDITS, Format.CHOICE)


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `text` is the raw prompt (span edits) or the user message (whole file)."""

    format: Format
    source: str
    text: str
    prompt: prompt.Prompt | None = None
    room: int | None = None  # new tokens of an answer at most; None: as many as the format and the source need
    whole: bool = False  # `text` is all that the model reads: no chat template goes around it

    @property
    def window(self) -> Sequence[str]:
        """The lines the answer may edit, as the model sees them."""
        return prompt.shown(self.prompt) if self.prompt is not None else ()

    @property
    def offers(self) -> int:
        """How many suggestions the answer may name by number."""
        return len(prompt.offers(self.text)) if self.format is Format.CHOICE else 0

    def repaired(self, answer: str) -> str:
        """The program after the model's answer; `EditError` when it cannot be applied."""
        if self.prompt is not None:
            said = prompt.written_out(self.text, answer) if self.format is Format.CHOICE else answer
            return edits.apply(self.source, self.prompt.source_edits(said))
        if self.format is Format.NUMBERED_LINES:
            return numbered_lines.apply(self.source, answer)
        found = _FENCE.search(answer)
        text = found.group(1) if found else answer
        if not text.strip():
            raise edits.EditError("the answer holds no program")
        return text if text.endswith("\n") else text + "\n"

    def taught(self, fixed: str) -> str:
        """The answer that repairs the program into `fixed`; `EditError` when the format cannot say it."""
        if self.prompt is not None:
            found = prompt.answer(self.source, fixed, self.prompt)
            return prompt.chosen(self.text, found) if self.format is Format.CHOICE else found
        said = numbered_lines.between(self.source, fixed) if self.format is Format.NUMBERED_LINES else fixed.rstrip()
        return f"```rust\n{said}\n```"


def ask(
    source: str, diagnostics: tuple[Diagnostic, ...], form: Format, *, hints: str = "", window: int = LIMIT
) -> Request:
    """The request for a program's first error. `ValueError` when no error has a place in it.

    Where the answer is span edits, at most `window` lines are shown.
    """
    composed = prompt.compose(source, diagnostics, hint=hints if form.is_edits else "", lines=window)
    if form.is_edits:
        return Request(form, source, composed.text, composed)
    messages = "\n".join(_said(item) for item in prompt.errors(diagnostics)[:3])
    numbered = form is Format.NUMBERED_LINES
    code = numbered_lines.shown(source) if numbered else source.rstrip()
    parts = [_LINES if numbered else _WHOLE, f"```rust\n{code}\n```", f"The compiler says:\n{messages}"]
    if hints:
        parts.append(f"Hint: {hints}")
    return Request(form, source, "\n\n".join(parts))


def _said(item: Diagnostic) -> str:
    """A diagnostic in the compiler's words; the same whether it was checked alone or among others."""
    parts = [f"error[{item.code}]: {item.message}" if item.code else f"error: {item.message}"]
    for span in item.spans:
        label = f": {span.label}" if span.label else ""
        parts.append(f"  {'-->' if span.is_primary else '---'} line {span.line_start}: {span.text.strip()}{label}")
    parts += [f"  note: {note}" for note in item.notes]
    for offer in item.suggestions:
        changed = ", ".join(
            f"line {part.line_start}, column {part.column_start}: `{part.text}`"
            if (part.line_start, part.column_start) == (part.line_end, part.column_end)
            else f"line {part.line_start}, columns {part.column_start} to {part.column_end}: `{part.text}`"
            for part in offer.replacements
        )
        parts.append(f"  help: {offer.message}" + (f": {changed}" if changed else ""))
    return "\n".join(parts)
