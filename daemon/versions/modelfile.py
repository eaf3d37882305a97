"""The Modelfile beside an exported GGUF: how Ollama is to ask it (`ollama create NAME -f Modelfile`).

Ollama's templates are Go's, and none can be derived from a chat template in general. Two cases are written: raw prompts,
which are the template themselves, and ChatML, known by what the model's own template makes of a conversation. For others
Ollama goes by the chat template in model.gguf, as far as it knows it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from sleepy.daemon.model.language_model import LanguageModel

_RAW = "{{ .Prompt }}"
_CHATML = """{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
_END = "<|im_end|>"
_CONTEXT = 8192  # tokens: its keys and values take memory from the start


def modelfile(file: str, about: str, model: LanguageModel) -> str:
    """The text of a Modelfile for the GGUF of that name."""
    stops = [model.tokenizer.eos_token]
    lines = [f"# {about}", f"FROM ./{file}"]
    if not model.chats:
        lines.append(f'TEMPLATE """{_RAW}"""')
    elif (system := _chatml(model.tokenizer)) is not None:
        stops.append(_END)
        lines.append(f'TEMPLATE """{_CHATML}"""')
        lines += [f'SYSTEM """{system}"""'] if system else []
    else:
        lines.append(
            f"# No TEMPLATE: the model's chat template is not ChatML. Ollama uses the one in {file} if it knows it."
        )
    lines += [f'PARAMETER stop "{stop}"' for stop in dict.fromkeys(filter(None, stops))]
    lines.append("PARAMETER temperature 0")  # as sleepy asks
    lines.append(f"PARAMETER num_ctx {min(model.positions, _CONTEXT)}")  # Ollama cuts longer prompts without a word
    return "\n".join(lines) + "\n"


def _chatml(tokenizer: Any) -> str | None:
    """The system message that a tokenizer's ChatML begins with of itself, "" for none; None if it is not ChatML."""
    asked = [{"role": "user", "content": "one"}]
    whole = [{"role": "system", "content": "be"}, *asked, {"role": "assistant", "content": "two"}, *asked]
    if _rendered(tokenizer, whole) != _spelled(whole):
        return None
    before, found, _ = _rendered(tokenizer, asked).partition(_spelled(asked))
    system = before.removeprefix("<|im_start|>system\n").removesuffix(f"{_END}\n")
    known = found and before in ("", _message("system", system)) and '"""' not in system
    return system if known else None


def _rendered(tokenizer: Any, messages: Sequence[dict[str, str]]) -> str:
    """What the model's template makes of a conversation; "" where it refuses it."""
    with contextlib.suppress(TemplateError):  # many have no system message
        return str(tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False))
    return ""


def _spelled(messages: Sequence[dict[str, str]]) -> str:
    """The messages in ChatML."""
    return "".join(_message(**each) for each in messages) + "<|im_start|>assistant\n"


def _message(role: str, content: str) -> str:
    return f"<|im_start|>{role}\n{content}{_END}\n"
