"""A GGUF file as a model: it answers as the folder it was written from, marks and window included."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.model import opening, source
from sleepy.daemon.model.adapter import ROWS, AdapterInfo, add_marks, load_adapted, save_adapter
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.prompt import MARKS
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.source import BUILT_IN, Kind
from sleepy.daemon.model_store import convert, store
from sleepy.memory.parametric.gguf.file import write_model


def test_it_has_the_folders_tokens_and_logits(plain_base: Path, gguf_file: Path) -> None:
    one, other = LanguageModel.load(str(plain_base)), LanguageModel.load(str(gguf_file))
    text = 'fn main() {\n    let x = 12345u64; println!("{x} ä");\n}<|im_end|>'
    ids = one.tokenizer.encode(text)
    assert other.tokenizer.encode(text) == ids and other.format is Format.WHOLE_FILE
    assert other.tokenizer.eos_token == "<|im_end|>"
    with torch.no_grad():
        wanted, found = (item.model(input_ids=torch.tensor([ids])).logits for item in (one, other))
    assert torch.allclose(found, wanted, atol=1e-4)
    assert not hasattr(other.model.config, "quantization_config")


def test_a_taught_models_marks_and_window_survive(plain_base: Path, tmp_path: Path, choices: list[Request]) -> None:
    base, tokenizer = opening.opened(source.find(str(plain_base)), "float32")
    first = add_marks(base, tokenizer)
    rows = base.get_output_embeddings().weight.detach()[first:] + 0.01 * torch.randn(len(MARKS), 48)
    save_adapter(tmp_path / "a", AdapterInfo(str(plain_base), "choice", 14), {ROWS: rows}, scale=1.0)
    model, tokenizer = load_adapted(tmp_path / "a", dtype="float32")
    write_model(tmp_path / "m.gguf", model, tokenizer, name="m", about="", chat=False)
    one, other = (LanguageModel.load(str(tmp_path / name), dtype="float32") for name in ("a", "m.gguf"))
    assert (other.format, other.window) == (Format.CHOICE, 14)
    some = choices[:6]
    assert [one.prompt_ids(item.text) for item in some] == [other.prompt_ids(item.text) for item in some]
    assert one.answer(some, [None] * 6) == other.answer(some, [None] * 6)


def test_the_built_in_model_answers_alike_from_such_a_file(tmp_path: Path, choices: list[Request]) -> None:
    one = LanguageModel.load(BUILT_IN, compute=Compute(answers="float32"))
    write_model(tmp_path / "b.gguf", one.model, one.tokenizer, name="b", about="", chat=False)
    other = LanguageModel.load(str(tmp_path / "b.gguf"), compute=Compute(answers="float32"))
    assert other.format is Format.CHOICE
    some = choices[:8]
    assert one.answer(some, [None] * 8) == other.answer(some, [None] * 8)


def test_one_that_is_added_becomes_a_folder_in_its_precision(
    gguf_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "home"))
    assert convert.precision(gguf_file) == "float32"
    found = store.added(str(gguf_file), "mine")
    assert found.kind is Kind.FOLDER and architecture("mine").num_hidden_layers == 3
    one, other = LanguageModel.load(str(gguf_file)), LanguageModel.load("mine")
    ids = torch.tensor([one.tokenizer.encode("fn main() {}")])
    with torch.no_grad():
        assert torch.equal(one.model(input_ids=ids).logits, other.model(input_ids=ids).logits)
    assert "from" in source.record(tmp_path / "home" / "models" / "mine")


def test_one_that_is_cut_off_is_named(gguf_file: Path, tmp_path: Path) -> None:
    for share in (0.2, 0.9):
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(gguf_file.read_bytes()[: int(share * gguf_file.stat().st_size)])
        with pytest.raises(UserError, match="cannot be loaded: ") as caught:
            LanguageModel.load(str(cut))
        assert "\n" not in str(caught.value)
