"""What is asked as a question to the model, and the error that it is routed by.

A program with its diagnostics is asked as the day asks. A prompt that is written as the day writes them is read back:
its first error, and the lines around it, name the same pattern as long as the prompt shows the item that the error is
in. Any other text is of no pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sleepy.daemon.endpoint.asked import Asked
from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.daemon.model.edits import mark
from sleepy.daemon.model.prompt import Prompt, errors
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.daemon.model.window import LIMIT
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Span

if TYPE_CHECKING:
    from sleepy.daemon.model.language_model import LanguageModel

_ROOM = 512  # new tokens for a text of which nothing is known
_EDITS = re.compile(
    r"⟦err⟧(?P<head>[^⟦]*)⟦at⟧⟪(?P<line>\d+)⟫(?P<span>[^⟦]*)(?:⟦:⟧(?P<label>[^⟦]*))?(?:⟦(?:rel|:|note|try)⟧[^⟦]*)*"
    r"⟦src⟧(?P<lines>(?:[^⟦]|⟦cut⟧)*)⟦fix⟧"
)
_LINE = re.compile(r"⟪(\d+)⟫([^⟪⟦]*)")
_FENCED = re.compile(
    r"```rust\n(?P<source>.*?)\n```\n\nThe compiler says:\nerror(?:\[(?P<code>\w+)\])?: (?P<message>[^\n]*)\n"
    r"(?:(?!  --> |error)[^\n]*\n)*?  --> line (?P<line>\d+): (?P<rest>[^\n]*)",
    re.DOTALL,
)
_NUMBER = re.compile(r"^\d+\| ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """A request for the model. `signature` is that of its first error, None for a text without one."""

    request: Request
    signature: str | None
    tokens: int  # of the prompt


def question(asked: Asked, model: LanguageModel) -> Question:
    """The question that is asked. `Refusal` where the model cannot read it, or cannot hold it."""
    request, name = _request(asked, model)
    tokens = len(model.asked_ids(request))
    left = model.positions - tokens
    if left < 1:
        raise Refusal(
            400,
            f"the prompt has {tokens} tokens, and the model's context length is {model.positions}",
            remedy="send a shorter one",
            param="sleepy" if asked.program else "messages" if asked.turns else "prompt",
            code="context_length_exceeded",
        )
    return Question(replace(request, room=min(asked.most or model.room(request), left)), name, tokens)


def _request(asked: Asked, model: LanguageModel) -> tuple[Request, str | None]:
    if asked.program is not None:
        source, found = asked.program.source, asked.program.diagnostics
        return ask(source, found, model.format, window=model.window), signature(errors(found)[0], source)
    if model.format.is_edits:
        return _edits(asked, model.format)
    text = asked.turns[-1][1] if asked.turns else asked.prompt
    source, name = written(text, numbered=model.format is Format.NUMBERED_LINES) or ("", None)
    known = Request(model.format, source, text, room=None if source else _ROOM)
    if len(asked.turns) == 1:
        return known, name
    return replace(known, text=_templated(asked, model) if asked.turns else text, whole=True), name


def _edits(asked: Asked, form: Format) -> tuple[Request, str]:
    """A prompt of the built-in models' own, with the lines that its answer may edit."""
    text = asked.turns[-1][1] if asked.turns else asked.prompt
    read = shown(text) if len(asked.turns) < 2 else None
    if read is None:
        raise Refusal(
            400,
            "this model reads one prompt of its own format (⟦err⟧ ... ⟦src⟧ ... ⟦fix⟧) and no other text",
            remedy="send the field `sleepy` with source and diagnostics, and the prompt is written for you",
            param="messages" if asked.turns else "prompt",
        )
    lines, error = read
    frame = Prompt(text, tuple(range(1, len(lines) + 1)), lines)
    return Request(form, "\n".join(lines), text, frame), signature(error, "\n".join(lines))


def shown(text: str) -> tuple[tuple[str, ...], Diagnostic] | None:
    """The lines and the first error of a prompt of span edits; None where the text is none."""
    found = _EDITS.fullmatch(text)
    if found is None:
        return None
    held = _LINE.findall(found["lines"])
    if not 0 < len(held) <= LIMIT or found["lines"].replace("⟦cut⟧", "") != "".join(
        mark(place) + line for place, (_, line) in enumerate(held, start=1)
    ):
        return None
    code, _, message = found["head"].partition(" ")
    return tuple(line for _, line in held), _error(
        "" if code == "uncoded" else code, message, int(found["line"]), found["label"] or ""
    )


def written(text: str, *, numbered: bool) -> tuple[str, str] | None:
    """The program of a prompt in the hub models' formats and its first error's signature; None where it is none."""
    found = _FENCED.search(text)
    if found is None:
        return None
    source = _NUMBER.sub("", found["source"]) if numbered else found["source"]
    lines, line = source.split("\n"), int(found["line"])
    own = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    label = found["rest"].removeprefix(own).removeprefix(": ")
    return source + "\n", signature(_error(found["code"] or "", found["message"], line, label), source)


def _error(code: str, message: str, line: int, label: str) -> Diagnostic:
    return Diagnostic(code or None, "error", message, (Span(line, line, 1, 1, True, label),))


def _templated(asked: Asked, model: LanguageModel) -> str:
    """A chat of several messages through the model's own template."""
    if not model.chats:
        raise Refusal(
            400, f"this model has no chat template, and there are {len(asked.turns)} messages",
            remedy="send one message, or use /v1/completions", param="messages",
        )  # fmt: skip
    try:
        return model.chat_text([{"role": role, "content": text} for role, text in asked.turns])
    except Exception as error:  # a template's own objections are of any kind
        raise Refusal(
            400, f"the model's chat template refuses these messages ({error})",
            remedy="send roles that it knows, in turns", param="messages",
        ) from error  # fmt: skip
