"""What a hub's model is asked by the endpoint: programs as by day, and any other chat through its template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.daemon.chatting import POSITIONS, chat_model

from sleepy.daemon.endpoint.asked import Asked, read
from sleepy.daemon.endpoint.question import question
from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, ask

_SOURCE = "fn main() {\n    let n = missing;\n}\n"
_SPAN = {
    "file_name": "src/main.rs", "line_start": 2, "line_end": 2, "column_start": 13, "column_end": 20, "is_primary": True,
    "label": "not found in this scope", "text": [{"text": "    let n = missing;"}],
}  # fmt: skip
_MESSAGE = {
    "level": "error", "message": "cannot find value `missing` in this scope", "code": {"code": "E0425"}, "spans": [_SPAN],
    "children": [],
}  # fmt: skip
_SIGNATURE = "E0425:cannot find value `_` in this scope@fn"


def asked(**fields: Any) -> Asked:
    return read(json.dumps({"model": "champion", **fields}).encode(), chat="prompt" not in fields)


def said(*texts: str) -> list[dict[str, Any]]:
    roles = ("system", "user", "assistant", "user")
    return [{"role": role, "content": text} for role, text in zip(roles[-len(texts) :], texts, strict=True)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return LanguageModel.load(chat_model(tmp_path_factory.mktemp("qwen2"), _SOURCE))


def test_what_cargo_wrote_is_asked_as_the_day_asks(model: LanguageModel) -> None:
    lines = [{"reason": "compiler-artifact"}, {"reason": "compiler-message", "message": _MESSAGE}]
    one = asked(sleepy={"source": _SOURCE, "diagnostics": "\n".join(["Compiling", *map(json.dumps, lines)])})
    other = asked(sleepy={"source": _SOURCE, "diagnostics": [_MESSAGE], "file": "src/main.rs"})
    assert one == other and one.program is not None
    found = question(one, model)
    assert found.request.text == ask(_SOURCE, one.program.diagnostics, Format.WHOLE_FILE).text
    assert found.signature == _SIGNATURE and found.tokens == len(model.prompt_ids(found.request.text))


def test_a_chat_goes_through_the_template_and_is_of_no_pattern(model: LanguageModel) -> None:
    alone, whole = (
        question(asked(messages=said("hi")), model),
        question(asked(messages=said("be", "a", "b", "c")), model),
    )
    assert alone.signature is whole.signature is None
    assert model.tokenizer.decode(model.asked_ids(whole.request)) == (
        "<|im_start|>system\nbe<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
        "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant"
    )
    templated = asked(prompt=model.prompt_text("hi"), max_tokens=9)
    one, other = (question(each, model).request for each in (templated, asked(messages=said("hi"), max_tokens=9)))
    assert model.asked_ids(one) == model.asked_ids(other)
    replies = model.answer([one, other], [None, None])
    assert replies[0] == replies[1] and replies[0].tokens == 9 and replies[0].cut


def test_a_days_prompt_in_a_chat_is_routed_by_its_error(model: LanguageModel) -> None:
    program = asked(sleepy={"source": _SOURCE, "diagnostics": [_MESSAGE]}).program
    assert program is not None
    text = ask(_SOURCE, program.diagnostics, Format.WHOLE_FILE).text
    for each in (asked(messages=said(text)), asked(messages=said("be", "a", "b", text)), asked(prompt=text)):
        assert question(each, model).signature == _SIGNATURE


def test_an_answer_gets_what_room_is_left_and_a_prompt_that_leaves_none_is_refused(model: LanguageModel) -> None:
    short = question(asked(messages=said("hi"), max_tokens=5000), model)
    assert short.request.room == POSITIONS - short.tokens
    with pytest.raises(Refusal, match=f"context length is {POSITIONS}: send a shorter one") as caught:
        question(asked(messages=said("word " * POSITIONS)), model)
    assert (caught.value.status, caught.value.param) == (400, "messages")


def test_a_template_that_refuses_a_role_is_heard(model: LanguageModel) -> None:
    messages = [{"role": "developer", "content": "be"}, {"role": "user", "content": [{"type": "text", "text": "a"}]}]
    with pytest.raises(Refusal, match="no developers"):
        question(asked(messages=messages), model)
