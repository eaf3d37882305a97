"""`sleepy export`: what is written is what is served, or nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from tests.daemon.versions.served import BORROWED, FIELD, MOVED, champion, logits, served, settings, sleepy
from transformers import AutoModelForCausalLM, AutoTokenizer

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.serve import serve
from sleepy.daemon.versions import export as exporting
from sleepy.daemon.versions.export import ExportFormat, Unequal, export
from sleepy.memory.episodic.database import Database

# PEFT 0.21 reads a property that transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


def test_a_pattern_leaves_as_a_stock_peft_adapter(
    home: Home, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    done = export(settings(floats), home, FIELD, tmp_path / "a" / "out")
    assert done.out == tmp_path / "a" / "out" and done.form is ExportFormat.PEFT and done.pattern == FIELD
    assert done.prompts == 8 and done.difference < 1e-4 < 1e-2 < done.effect
    ids, wanted = served(home, floats, FIELD, requests[0].text)
    plain = AutoModelForCausalLM.from_pretrained(floats).eval()
    stock = PeftModel.from_pretrained(plain, str(done.out)).eval()
    torch.testing.assert_close(logits(stock, ids), wanted, rtol=0, atol=1e-4)
    assert json.loads((done.out / "adapter_config.json").read_text())["base_model_name_or_path"] == floats
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"]


def test_a_pattern_leaves_as_a_whole_model(
    home: Home, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()  # an empty folder is as good as none
    done = export(settings(floats), home, MOVED, tmp_path / "out", ExportFormat.HF)
    assert done.difference < 1e-4 < 1e-2 < done.effect and done.dtype == "float32"
    ids, wanted = served(home, floats, MOVED, requests[0].text)
    stock = AutoModelForCausalLM.from_pretrained(done.out).eval()
    assert AutoTokenizer.from_pretrained(done.out)(requests[0].text, add_special_tokens=False)["input_ids"] == ids
    torch.testing.assert_close(logits(stock, ids), wanted, rtol=0, atol=1e-4)
    ours = LanguageModel.load(str(done.out))
    assert ours.format is Format.SPAN_EDITS
    before = LanguageModel.load(floats)
    with Database.open(home.database, read_only=True) as db, serve.champion(db, home, base=floats).on(before):
        expected = before.answer(requests[:4], [MOVED] * 4)
    assert [reply.text for reply in ours.answer(requests[:4], [None] * 4)] == [reply.text for reply in expected]
    assert len({path.stat().st_mode for path in done.out.iterdir()}) == 1


def test_half_precision_stays_half_and_says_what_rounding_costs(
    tiny: LanguageModel, halves: str, tmp_path: Path
) -> None:
    there = champion(Home(tmp_path / "home"), tiny, halves)  # remembers nothing: koans as they stand are compared
    whole = export(settings(halves), there, FIELD, tmp_path / "whole", ExportFormat.HF)
    assert whole.dtype == "bfloat16" and whole.prompts == 8
    assert 0 < whole.difference < exporting.ROUNDING * whole.effect
    assert AutoModelForCausalLM.from_pretrained(whole.out).dtype == torch.bfloat16
    beside = export(settings(halves), there, FIELD, tmp_path / "beside")
    assert beside.difference < 1e-4 and beside.effect == pytest.approx(whole.effect)


def test_a_pattern_that_rounding_would_lose_is_refused_and_nothing_is_left(
    tiny: LanguageModel, halves: str, tmp_path: Path
) -> None:
    there = champion(Home(tmp_path / "home"), tiny, halves, size=0.01)
    (tmp_path / "out").mkdir()
    with pytest.raises(Unequal, match="logits differ") as caught:
        export(settings(halves), there, FIELD, tmp_path / "out", ExportFormat.HF)
    assert caught.value.exit_code == 1 and "--format peft" in caught.value.remedy
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out"]
    assert list((tmp_path / "out").iterdir()) == []
    assert export(settings(halves), there, FIELD, tmp_path / "out").difference < 1e-5


@pytest.mark.parametrize("damage", ["weights", "tokenizer"])
def test_what_was_damaged_in_writing_is_seen(
    damage: str, home: Home, tiny: LanguageModel, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    out = export(settings(floats), home, MOVED, tmp_path / "out", ExportFormat.HF).out
    if damage == "weights":
        tensors = load_file(out / "model.safetensors")
        tensors["model.layers.0.mlp.up_proj.weight"] *= 1.01
        save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    else:
        held = json.loads((out / "tokenizer.json").read_text())
        held["model"]["merges"] = held["model"]["merges"][:50]
        (out / "tokenizer.json").write_text(json.dumps(held))
    with Database.open(home.database, read_only=True) as db:
        subspace = serve.champion(db, home, base=floats).subspace
    assert subspace is not None
    texts = [request.text for request in requests[:4]]
    model = LanguageModel.load(floats)
    difference, _, scale = exporting._compared(out, ExportFormat.HF, model, subspace, MOVED, texts)
    assert difference > exporting.EXACT * scale


@pytest.mark.parametrize(
    ("name", "words", "remedies"),
    [
        ("E0064:missing field", ["is not a pattern"], ["of its 3, the nearest are", f"'{FIELD}'"]),
        ("E0382:use of moved value: `_`@impl", ["is not a pattern"], [f"are '{BORROWED}', '{MOVED}'"]),
        ("E0382", ["several patterns"], [f"'{BORROWED}'", f"'{MOVED}'"]),
        ("", ["is not a pattern"], ["nearest"]),
    ],
)
def test_an_unknown_pattern_is_refused_with_its_nearest(
    name: str, words: list[str], remedies: list[str], home: Home, floats: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        export(settings(floats), home, name, tmp_path / "out")
    assert all(word in str(caught.value) for word in words), caught.value
    assert all(word in caught.value.remedy for word in remedies), caught.value.remedy
    assert not (tmp_path / "out").exists()


def test_the_beginning_of_one_signature_is_enough(home: Home, floats: str, tmp_path: Path) -> None:
    assert export(settings(floats), home, "E0063", tmp_path / "out").pattern == FIELD


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_there_is_left_alone(kind: str, home: Home, floats: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine")
    else:
        folder = out if kind == "folder" else tmp_path / "elsewhere"
        folder.mkdir()
        (folder / "mine").write_text("mine")
        if kind == "link":
            out.symlink_to(folder)
    with pytest.raises(UserError, match="exists already"):
        export(settings(floats), home, FIELD, out)
    assert (out if kind == "file" else out / "mine").read_text() == "mine"


def test_the_bare_base_has_nothing_to_export(tmp_path: Path) -> None:
    empty = Home(tmp_path / "home").make()
    Database.open(empty.database).close()
    with pytest.raises(UserError, match="the base model serves") as caught:
        export(settings("built-in"), empty, FIELD, tmp_path / "out")
    assert "sleepy night" in caught.value.remedy


def test_a_champion_of_another_model_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="was trained on the model"):
        export(settings("novice"), home, FIELD, tmp_path / "out")


def test_merged_is_the_format_hf() -> None:
    assert exporting.chosen(None, merged=False) is ExportFormat.PEFT
    assert exporting.chosen(None, merged=True) is exporting.chosen("hf", merged=True) is ExportFormat.HF
    with pytest.raises(UserError, match="--merged"):
        exporting.chosen("peft", merged=True)


def test_a_script_is_told_one_line_and_a_person_the_figure(home: Home, floats: str, tmp_path: Path) -> None:
    there = ("--home", home.root, "--model", floats)
    done = sleepy(*there, "--pattern", "E0063", "--merged", "--json", tmp_path / "one")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    told = json.loads(done.stdout)
    assert told == {
        "out": str(tmp_path / "one"),
        "format": "hf",
        "pattern": FIELD,
        "max_logit_difference": told["max_logit_difference"],
    }
    assert 0 < told["max_logit_difference"] < 1e-4
    said = sleepy(*there, "--pattern", FIELD, tmp_path / "two")
    assert said.returncode == 0 and said.stderr == "", said.stderr
    assert str(tmp_path / "two") in said.stdout and "on 8 prompts" in said.stdout and "PeftModel" in said.stdout


def test_a_script_is_refused_in_one_line(tmp_path: Path) -> None:
    done = sleepy("--home", tmp_path / "home", "--pattern", FIELD, tmp_path / "out")
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    assert "no database yet" in done.stderr and "remedy: " in done.stderr
    assert list(tmp_path.iterdir()) == []
