"""Models loaded from folders, and what is said of those that do not load."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import prompt
from sleepy.daemon.model.answerer import Reply, ScriptedModel
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.source import BUILT_IN, shipped
from sleepy.memory.parametric.shortage import is_shortage


@pytest.fixture
def saved(tiny: LanguageModel, tmp_path: Path) -> Path:
    """The tiny model's folder, as a user would have one."""
    folder = tmp_path / "model"
    tiny.model.save_pretrained(folder)
    tiny.tokenizer.save_pretrained(folder)
    return folder


def _say(folder: Path, **settings: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


@pytest.mark.parametrize("name", ["{}/nothing", "{}", "./nothing", "~/nothing/at/all"])
def test_a_folder_that_is_no_model_is_named(tmp_path: Path, name: str) -> None:
    given = name.format(tmp_path)
    with pytest.raises(UserError) as caught:
        LanguageModel.load(given)
    assert str(caught.value) == (
        f"{given!r} is not a model folder: it has no config.json"
        if name == "{}"
        else f"there is no model {given!r}: no such file or folder"
    )
    assert "`sleepy model list` shows" in caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("damage", ["config.json", "model.safetensors", "tokenizer.json", "no weights", "model_type"])
def test_a_damaged_model_is_named_with_the_reason(saved: Path, damage: str) -> None:
    if damage == "no weights":
        (saved / "model.safetensors").unlink()
    elif damage == "model_type":
        _say(saved, model_type="nosuch")
    else:
        (saved / damage).write_bytes(b"{ damaged")
    with pytest.raises(UserError, match=r"cannot be loaded: .+") as caught:
        LanguageModel.load(str(saved))
    assert "\n" not in str(caught.value)
    assert str(saved) in str(caught.value)
    assert "built-in" in caught.value.remedy


def test_an_answer_format_that_does_not_exist_is_named(saved: Path) -> None:
    _say(saved, sleepy_format="morse")
    with pytest.raises(UserError, match="has sleepy_format 'morse'") as caught:
        LanguageModel.load(str(saved))
    assert caught.value.remedy == "choose one of span-edits, choice, whole-file, numbered-lines"


def test_a_saved_model_loads_with_the_same_words_and_answers(
    saved: Path, tiny: LanguageModel, requests: list[Request]
) -> None:
    _say(saved, sleepy_format="span-edits")
    loaded = LanguageModel.load(str(saved))
    assert loaded.format is Format.SPAN_EDITS
    for request in requests:
        assert loaded.prompt_ids(request.text) == tiny.prompt_ids(request.text)
        assert loaded.tokenizer.decode(loaded.prompt_ids(request.text)) == request.text
    asked = requests[:6]
    assert loaded.answer(asked, [None] * 6) == tiny.answer(asked, [None] * 6)


def test_without_a_format_a_model_writes_whole_files(saved: Path) -> None:
    assert LanguageModel.load(str(saved)).format is Format.WHOLE_FILE


def test_a_training_answer_ends_with_the_end_mark(tiny: LanguageModel) -> None:
    ids = tiny.answer_ids("⟪1⟫⊖")
    assert ids[-1] == tiny.tokenizer.eos_token_id
    assert tiny.tokenizer.decode(ids[:-1]) == "⟪1⟫⊖"


def test_answers_come_in_the_order_of_the_requests(tiny: LanguageModel, requests: list[Request]) -> None:
    """In whatever batches: each answer edits lines of its own request's window."""
    shuffled = random.Random(3).sample(requests, 24)
    for request, reply in zip(shuffled, tiny.answer(shuffled, [None] * 24), strict=True):
        line = int(reply.text[1 : reply.text.index("⟫")])
        assert line <= len(request.window)
        assert 0 < reply.tokens <= 96
    assert tiny.answer([], []) == []


def test_a_prompt_too_long_for_the_model_gets_an_empty_answer(tiny: LanguageModel, requests: list[Request]) -> None:
    long = Request(Format.SPAN_EDITS, "x", "⟦err⟧" + "word " * 3000, requests[0].prompt)
    first, second = tiny.answer([long, requests[0]], [None, None])
    assert (first.text, first.tokens) == ("", 0)
    assert second.text


class Narrow(LanguageModel):
    """A model for whose batches torch really finds no memory, above so many rows."""

    rows: int

    def _generate(self, batch: Sequence[Sequence[int]], *rest: Any) -> list[Reply]:
        if len(batch) > self.rows:
            torch.empty(1 << 55)
        return super()._generate(batch, *rest)


def test_where_memory_is_short_batches_shrink_until_not_even_one_answer_fits(
    tiny: LanguageModel, requests: list[Request]
) -> None:
    narrow = Narrow(tiny.name, tiny.model, tiny.tokenizer, tiny.format)
    narrow.rows = 2
    asked = [*requests, *requests][:7]
    expected = LanguageModel(tiny.name, tiny.model, tiny.tokenizer, tiny.format, batch=1).answer(asked, [None] * 7)
    assert [item.text for item in narrow.answer(asked, [None] * 7)] == [item.text for item in expected]
    assert narrow.batch <= 2
    narrow.rows = 0
    with pytest.raises(UserError, match="not enough memory for one answer") as raised:
        narrow.answer(asked, [None] * 7)
    assert "--model" in raised.value.remedy


def test_another_fault_of_torch_is_not_taken_for_a_shortage_of_memory() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.ones(2) @ torch.ones(3)
    assert not is_shortage(raised.value)
    assert is_shortage(MemoryError()) and is_shortage(torch.OutOfMemoryError())


def test_serving_no_subspace_is_the_model_itself(tiny: LanguageModel, requests: list[Request]) -> None:
    before = tiny.answer(requests[:2], [None, None])
    with tiny.serving(None) as served:
        assert served is tiny
        assert served.answer(requests[:2], [None, "E0382:x@fn"]) == before


def test_the_built_in_model_edits_or_takes_a_suggestion(choices: list[Request]) -> None:
    if not (shipped()[BUILT_IN] / "model.safetensors").exists():
        pytest.skip("the weights are not in this checkout")
    model = LanguageModel.load(BUILT_IN)
    assert model.format is Format.CHOICE
    assert model.name == BUILT_IN
    replies = model.answer(choices, [None] * len(choices))
    for request, reply in zip(choices, replies, strict=True):
        assert request.repaired(reply.text) != request.source
    taken = [reply.text.startswith(prompt.TRY) for reply in replies]
    assert 5 < sum(taken) < len(taken)


def test_the_built_in_models_words_survive_a_copy(tmp_path: Path, requests: list[Request]) -> None:
    if not (shipped()[BUILT_IN] / "model.safetensors").exists():
        pytest.skip("the weights are not in this checkout")
    shutil.copytree(shipped()[BUILT_IN], tmp_path / "copy")
    one, other = LanguageModel.load(BUILT_IN), LanguageModel.load(str(tmp_path / "copy"))
    assert [one.prompt_ids(item.text) for item in requests] == [other.prompt_ids(item.text) for item in requests]


def test_a_scripted_model_says_what_it_is_told(requests: list[Request], tokenizer: PreTrainedTokenizerFast) -> None:
    model = ScriptedModel(lambda request, route: f"{route}:{len(request.window)}")
    replies = model.answer(requests[:3], ["a", None, "b"], temperature=2.0)
    assert [reply.text for reply in replies] == [
        f"{route}:{len(item.window)}" for route, item in zip(["a", None, "b"], requests, strict=False)
    ]
    assert (model.name, model.format, model.asked) == ("scripted", Format.SPAN_EDITS, 3)
    assert ScriptedModel(lambda *_: "", form=Format.WHOLE_FILE).format is Format.WHOLE_FILE
    with pytest.raises(ValueError, match="zip"):
        model.answer(requests[:2], [None])
