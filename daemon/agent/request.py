"""What is asked of a model and how its answer becomes a program again.

Three formats: numbered span edits (answers are constrained so that they apply), the same where an answer
may also be the number of a suggestion of the compiler's (the built-in model), and whole files through a chat template
(instruct models from a hub). A model directory says which it speaks by `"sleepy_format"` in its config.json;
without it, whole files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sleepy.daemon.agent import edits, prompt
from sleepy.sandbox.verdict import Diagnostic

_FENCE = re.compile(r"```(?:rust|rs)?\s*\n(.*?)```", re.DOTALL)
_INSTRUCTION = (
    "Fix this Rust program so that it compiles and does what it was meant to do. Change as little as "
    "possible. Answer with the whole corrected file in one ```rust block and nothing else."
)


class Format(StrEnum):
    SPAN_EDITS = "span-edits"  # numbered window, edits as the answer
    CHOICE = "choice"  # the same, or a suggestion by its number
    WHOLE_FILE = "whole-file"  # the file in a code fence, the whole file back


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `text` is the raw prompt (span edits) or the user message (whole file)."""

    format: Format
    source: str
    text: str
    prompt: prompt.Prompt | None = None

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
        return f"```rust\n{fixed.rstrip()}\n```"


def ask(source: str, diagnostics: tuple[Diagnostic, ...], form: Format, *, hints: str = "") -> Request:
    """The request for a program's first error. `ValueError` when no error has a place in it."""
    composed = prompt.compose(source, diagnostics)
    if form is not Format.WHOLE_FILE:
        return Request(form, source, composed.text, composed)
    messages = "\n".join(item.rendered.strip() for item in prompt.errors(diagnostics)[:3])
    parts = [_INSTRUCTION, f"```rust\n{source.rstrip()}\n```", f"The compiler says:\n{messages}"]
    if hints:
        parts.append(f"Hint: {hints}")
    return Request(form, source, "\n\n".join(parts))
