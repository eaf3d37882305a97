"""`sleepy export`: what is written is what is served, or nothing is written."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import task
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.serve import serve
from sleepy.daemon.versions import export as exporting
from sleepy.daemon.versions.export import ExportFormat, Unequal, export
from sleepy.memory.episodic import episodes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

# PEFT 0.21 reads a property that transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

NOW = datetime(2031, 3, 4, tzinfo=UTC)
MOVED, BORROWED = "E0382:borrow of moved value: `_`@fn", "E0382:use of moved value: `_`@fn"
FIELD = "E0063:missing field `_` in initializer of `_`@fn"


def base(model: LanguageModel, out: Path, dtype: torch.dtype) -> str:
    """The model as a folder; its name."""
    whole = copy.deepcopy(model.model).to(dtype)
    whole.config.sleepy_format = model.format.value
    whole.save_pretrained(out)
    model.tokenizer.save_pretrained(out)
    return str(out)


def adapter(model: Any, seed: int, size: float) -> Adapter:
    generator = torch.Generator().manual_seed(seed)
    return Adapter(
        {
            name: Factors(
                size * torch.randn(layer.out_features, 4, generator=generator),
                size * torch.randn(4, layer.in_features, generator=generator),
            )
            for name, layer in linear_layers(model).items()
        }
    )


def champion(home: Home, model: LanguageModel, name: str, *, size: float = 0.2) -> Home:
    """A home that serves three patterns on the model of that name."""
    home.make()
    patterns = {signature: adapter(model.model, seed, size) for seed, signature in enumerate((MOVED, BORROWED, FIELD))}
    subspace, _ = Subspace.found(patterns, Rule(threshold=1.0))
    router = Router({known: known for known in patterns})
    version, path, files = serve.write(home, subspace, router, base=name)
    with Database.open(home.database) as db:
        versions.register(
            db, version, path=str(path), files=files, parent=None, night=None, routes=serve.rows(router, []), note=name,
            now=NOW,
        )  # fmt: skip
        versions.rollback(db, version, reason="the test's", now=NOW)
    return home


@pytest.fixture(scope="module")
def floats(tiny: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    return base(tiny, tmp_path_factory.mktemp("base") / "float32", torch.float32)


@pytest.fixture(scope="module")
def halves(tiny: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    return base(tiny, tmp_path_factory.mktemp("base") / "bfloat16", torch.bfloat16)


@pytest.fixture(scope="module")
def home(
    tiny: LanguageModel, floats: str, diagnoses: Sequence[Diagnosis], requests: Sequence[Request], tmp_path_factory: Any
) -> Home:
    """A home that remembers ten episodes."""
    made = champion(Home(tmp_path_factory.mktemp("home") / "home"), tiny, floats)
    with Database.open(made.database) as db:
        for item, request in list(zip(diagnoses, requests, strict=True))[:10]:
            tried = episodes.LoggedAttempt("compile_error", False, request.text)
            episodes.record(db, episodes.Episode(task(item.koan), item.signature, (tried,), floats), now=NOW)
    return made


def settings(model: str) -> Config:
    return Config(model=model)


@torch.no_grad()
def logits(model: Any, ids: Sequence[int]) -> Tensor:
    found: Tensor = model(input_ids=torch.tensor([list(ids)])).logits
    return found


def served(home: Home, name: str, pattern: str, text: str) -> tuple[list[int], Tensor]:
    """A prompt's ids, and its logits as the champion has them."""
    model = LanguageModel.load(name)
    ids = model.prompt_ids(text)
    with Database.open(home.database, read_only=True) as db, serve.champion(db, home, base=name).on(model):
        assert model._served is not None
        with model._served.routed([pattern]):
            return ids, logits(model.model, ids)


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


def sleepy(*words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return subprocess.run(
        [sys.executable, "-m", "sleepy", "export", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**kept, "OMP_NUM_THREADS": "1"},
    )


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
