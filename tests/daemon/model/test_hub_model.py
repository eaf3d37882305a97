"""A model of a real hub family, tiny and untrained: chat template, answer formats, what does not fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from sleepy.daemon.attempt.attempt import Diagnosis, attempt, fitting
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.exam import examine
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.memory.parametric.base.tokenizer import train_tokenizer
from sleepy.sandbox.sandbox import Sandbox

POSITIONS = 900
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="module")
def folder(diagnoses: Sequence[Diagnosis], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("qwen2")
    texts = [ask(item.koan.broken, item.diagnostics, Format.WHOLE_FILE).text for item in diagnoses]
    tokenizer = train_tokenizer(texts, vocabulary=900, marks=("<|im_start|>", "<|im_end|>"))
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(out)
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=POSITIONS, tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id, bos_token_id=None, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    model = Qwen2ForCausalLM(config).to(torch.bfloat16)
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    model.generation_config.eos_token_id = [end, tokenizer.eos_token_id]
    model.save_pretrained(out)
    return out


@pytest.fixture(scope="module", params=["whole-file", "numbered-lines"])
def model(folder: Path, request: pytest.FixtureRequest) -> LanguageModel:
    return LanguageModel.load(str(folder), form=request.param)


def test_it_is_asked_through_its_chat_template(model: LanguageModel, diagnoses: Sequence[Diagnosis]) -> None:
    item = diagnoses[0]
    asked = ask(item.koan.broken, item.diagnostics, model.format)
    text = model.tokenizer.decode(model.prompt_ids(asked.text))
    assert text.startswith("<|im_start|>user\n") and text.endswith("<|im_end|>\n<|im_start|>assistant\n")
    assert item.diagnostics[0].message in text
    assert ("1| " in text) is (model.format is Format.NUMBERED_LINES)
    assert model.model.dtype is torch.float32  # what was chosen, not what its files hold


def test_its_training_answer_repairs(model: LanguageModel, diagnoses: Sequence[Diagnosis]) -> None:
    for item in diagnoses:
        asked = ask(item.koan.broken, item.diagnostics, model.format)
        assert asked.repaired(asked.taught(item.koan.fixed)).rstrip() == item.koan.fixed.rstrip()


def test_what_it_cannot_hold_is_skipped_by_name_and_fails(
    model: LanguageModel, diagnoses: Sequence[Diagnosis], sandbox: Sandbox
) -> None:
    koans = [item.koan for item in diagnoses[:6]]
    padding = "".join(f"pub fn filler_{n}() -> usize {{ {n} }}\n" for n in range(120))
    long = replace(koans[0], id="long", broken=koans[0].broken + padding, fixed=koans[0].fixed + padding)
    sitting = examine([*koans, long], model, sandbox)
    assert "long" in sitting.skipped and f"the model holds {POSITIONS}" in sitting.skipped["long"]
    assert "long" not in sitting.passed
    assert len(sitting.skipped) < len(koans)


def test_an_answer_that_was_cut_off_is_refused(
    model: LanguageModel, diagnoses: Sequence[Diagnosis], sandbox: Sandbox
) -> None:
    able, _ = fitting(diagnoses[:8], model)
    found = list(attempt(able, model, sandbox))
    assert len(found) == len(able)
    for item in found:
        assert not item.passed
        if "cut off" in item.verdict.detail:
            assert item.tokens >= model.room(ask(item.diagnosis.koan.broken, item.diagnosis.diagnostics, model.format))


def test_an_answer_ends_where_the_model_says_so(folder: Path) -> None:
    loaded = LanguageModel.load(str(folder))
    end = loaded.tokenizer.convert_tokens_to_ids("<|im_end|>")
    request = Request(Format.WHOLE_FILE, "fn f() {}\n", "hello")

    class Ended(torch.nn.Module):
        """Says two words and the chat's end, whatever it is asked."""

        config, generation_config = loaded.model.config, loaded.model.generation_config

        def generate(self, input_ids: torch.Tensor, **_: object) -> torch.Tensor:
            said = torch.tensor([[5, 6, end, loaded.tokenizer.pad_token_id]])
            return torch.cat([input_ids, said.expand(len(input_ids), -1)], dim=1)

    speaker = LanguageModel("ended", Ended(), loaded.tokenizer, Format.WHOLE_FILE)
    speaker.model.register_parameter("p", torch.nn.Parameter(torch.zeros(1)))
    assert speaker.answer([request], [None]) == [Reply(loaded.tokenizer.decode([5, 6]), 2)]


@pytest.mark.parametrize("form", ["span-edits", "choice"])
def test_a_format_of_marks_it_has_no_tokens_for_is_refused(folder: Path, form: str) -> None:
    with pytest.raises(UserError, match="has no tokens for its marks") as caught:
        LanguageModel.load(str(folder), form=form)
    assert "numbered-lines" in caught.value.remedy
    with pytest.raises(UserError, match="the answer format is 'morse'"):
        LanguageModel.load(str(folder), form="morse")


def test_the_folders_own_word_on_its_format_is_heard(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "sleepy_format": "numbered-lines"}))
    assert LanguageModel.load(str(tmp_path)).format is Format.NUMBERED_LINES
    assert isinstance(LanguageModel.load(str(tmp_path)).tokenizer, PreTrainedTokenizerFast)
