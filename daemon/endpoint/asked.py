"""A request's JSON as what is asked. Every field that changes an answer is heard or refused, never passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.sandbox import rustc
from sleepy.sandbox.verdict import Diagnostic

BASE, CHAMPION = "base", "champion"
MODELS = (BASE, CHAMPION)
MOST = 16  # answers of one request
_LONGEST = 100_000  # tokens of an answer that may be asked for
# what other servers offer and this one does not -> the values that ask for nothing
_NOT_OFFERED: Mapping[str, tuple[Any, ...]] = {
    "stream": (False,),
    "top_p": (1,),
    "top_k": (-1, 0),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "response_format": ({"type": "text"},),
    "best_of": (1,),
    "echo": (False,),
    "suffix": ("",),
}


@dataclass(frozen=True, slots=True)
class DiagnosedProgram:
    """A Rust source and what the compiler says of it."""

    source: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `turns` are a chat's roles and texts; a completion has `prompt`, and a program needs neither."""

    model: str
    turns: tuple[tuple[str, str], ...] = ()
    prompt: str = ""
    program: DiagnosedProgram | None = None
    temperature: float = 0.0  # as the day attempts
    most: int | None = None  # new tokens; None: as many as the answer's form needs
    n: int = 1
    stop: tuple[str, ...] = ()
    seed: int | None = None


def read(body: bytes, *, chat: bool) -> Asked:
    """What a body asks for. `Refusal` names the field, its value, and what would do."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the body is no JSON ({error})", remedy="send a JSON object") from None
    if not isinstance(data, dict):
        raise Refusal(400, f"the body is {_shown(data)}", remedy="send a JSON object")
    for name, neutral in _NOT_OFFERED.items():
        if data.get(name) is not None and data[name] not in neutral:
            raise _unfit(data, name, f"this server does not offer it; leave it out or send {json.dumps(neutral[0])}")
    program = _program(data["sleepy"]) if data.get("sleepy") is not None else None
    most = _number(data, "max_tokens", 1, _LONGEST)
    if chat:
        most = (
            most if data.get("max_completion_tokens") is None else _number(data, "max_completion_tokens", 1, _LONGEST)
        )
    temperature = data.get("temperature")
    if temperature is not None and (not _is_number(temperature) or not 0 <= temperature <= 2):
        raise _unfit(data, "temperature", "send a number from 0 to 2")
    return Asked(
        _model(data),
        _turns(data, program) if chat else (),
        "" if chat else _prompt(data, program),
        program,
        float(temperature or 0),
        most,
        _number(data, "n", 1, MOST) or 1,
        _stop(data),
        _number(data, "seed", -(2**63), 2**63 - 1),
    )


def _model(data: Mapping[str, Any]) -> str:
    name = data.get("model")
    if not isinstance(name, str):
        raise _unfit(data, "model", f"send {' or '.join(MODELS)}")
    if name not in MODELS:
        raise Refusal(
            404, f"there is no model {_shown(name)}", remedy=f"use {' or '.join(MODELS)}", param="model",
            code="model_not_found",
        )  # fmt: skip
    return name


def _turns(data: Mapping[str, Any], program: DiagnosedProgram | None) -> tuple[tuple[str, str], ...]:
    messages = data.get("messages")
    if program is not None:
        return ()
    if not isinstance(messages, list) or not messages:
        raise _unfit(data, "messages", 'send a list such as [{"role": "user", "content": "..."}], or `sleepy`')
    found = []
    for place, message in enumerate(messages):
        where = f"messages[{place}]"
        role = message.get("role") if isinstance(message, dict) else None
        if role not in ("system", "developer", "user", "assistant"):
            raise _unfit({where: message}, where, "send role system, user or assistant, and content")
        found.append((role, _text(message.get("content"), f"{where}.content")))
    if found[-1][0] != "user":
        raise _unfit({"role": found[-1][0]}, "role", "the last message is to be the user's")
    return tuple(found)


def _text(content: Any, where: str) -> str:
    """A message's content: a text, or parts that are texts."""
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    if parts and all(isinstance(each, dict) and isinstance(each.get("text"), str) for each in parts):
        return "".join(each["text"] for each in parts)
    raise _unfit({where: content}, where, "send a text; images and sounds are not read")


def _prompt(data: Mapping[str, Any], program: DiagnosedProgram | None) -> str:
    if program is not None:
        return ""
    prompt = data.get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str) or not prompt:
        raise _unfit(data, "prompt", "send one text, or `sleepy`")
    return prompt


def _program(said: Any) -> DiagnosedProgram:
    """The source and diagnostics of the field `sleepy`."""
    if not isinstance(said, dict) or not isinstance(said.get("source"), str) or not said["source"].strip():
        raise _unfit({"sleepy": said}, "sleepy", "send an object with `source`, the Rust program, and `diagnostics`")
    if not isinstance(said.get("file") or "", str):
        raise _unfit(said, "file", "send the name that the diagnostics have for it")
    messages = said.get("diagnostics")
    if isinstance(messages, str):
        messages = [line for line in messages.splitlines() if line.startswith("{")]
    if not isinstance(messages, list) or not messages:
        raise _unfit(said, "diagnostics", "send what `rustc --error-format=json` wrote, a list of objects or its lines")
    try:
        plain = [json.loads(each) if isinstance(each, str) else each for each in messages]
        plain = [each.get("message") if each.get("reason") == "compiler-message" else each for each in plain]  # cargo's
        lines = "\n".join(json.dumps(each) for each in plain)
        found = rustc.diagnostics(lines.encode(), said.get("file") or _file(plain))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise _unfit(said, "diagnostics", "send rustc's own JSON, unchanged") from None
    if not any(item.primary is not None for item in found):
        raise _unfit(
            said, "diagnostics", "send at least one error with a place in the source; `file` names it where there are more"
        )  # fmt: skip
    lines = said["source"].split("\n")
    for span in (span for item in found for span in item.spans):
        line = lines[span.line_start - 1].rstrip("\r") if span.line_end <= len(lines) else None
        if line is None or (span.text and span.text.rstrip("\r") != line):
            raise Refusal(
                400, f"line {span.line_start} of `source` is {_shown(line)}, the diagnostics have {_shown(span.text)}",
                remedy="send the one that was compiled", param="source",
            )  # fmt: skip
    return DiagnosedProgram(said["source"], tuple(found))


def _file(messages: list[dict[str, Any]]) -> str:
    """The file that the first error is in."""
    spans = [span for each in messages if each.get("level") in rustc.ERRORS for span in each["spans"]]
    return next((str(span["file_name"]) for span in spans if span["is_primary"]), "")


def _stop(data: Mapping[str, Any]) -> tuple[str, ...]:
    stop = data.get("stop")
    found = [] if stop is None else [stop] if isinstance(stop, str) else stop
    if not isinstance(found, list) or len(found) > 4 or not all(isinstance(each, str) and each for each in found):
        raise _unfit(data, "stop", "send a text, or up to four")
    return tuple(found)


def _number(data: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _unfit(data, name, f"send a whole number from {low} to {high}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unfit(data: Mapping[str, Any], name: str, remedy: str) -> Refusal:
    said = f"`{name}` is {_shown(data[name])}" if data.get(name) is not None else f"`{name}` is missing"
    return Refusal(400, said, remedy=remedy, param=name)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:80] + "..."
