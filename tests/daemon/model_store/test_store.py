"""The models folder: what is added is whole or not there, and each mistake is one clear line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from gguf import GGUFWriter
from safetensors.torch import load_file, save_file

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import prompt, source
from sleepy.daemon.model.adapter import words
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.source import BUILT_IN, Kind
from sleepy.daemon.model_store import store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "home"


def here() -> set[str]:
    """What lies in the models folder, hidden files too, but for the lock."""
    folder = source.models_folder()
    return {path.name for path in folder.iterdir()} - {".lock"} if folder.is_dir() else set()


def test_an_added_folder_stays_where_it_is_and_answers_by_its_name(plain_base: Path, home: Path) -> None:
    found = store.added(str(plain_base), "mine")
    assert (found.kind, found.place) == (Kind.FOLDER, plain_base.resolve())
    assert store.size_of(home / "models" / "mine") < 1000
    assert LanguageModel.load("mine").model.config.num_hidden_layers == 3
    assert [item.name for item in store.listed() if item.where == "here"] == ["mine"]
    what, _ = store.removed("mine", BUILT_IN)
    assert f"{plain_base} stays" in what and (plain_base / "config.json").is_file()
    assert here() == set()


def test_a_folder_that_was_moved_away_is_said_to_be(plain_base: Path, tmp_path: Path) -> None:
    shutil.copytree(plain_base, tmp_path / "other")
    store.added(str(tmp_path / "other"), None)
    shutil.rmtree(tmp_path / "other")
    with pytest.raises(UserError, match="'other' is no longer at") as caught:
        LanguageModel.load("other")
    assert "sleepy model remove other" in caught.value.remedy
    (entry,) = [item for item in store.listed() if item.where == "here"]
    assert "no longer at" in entry.note
    store.removed("other", BUILT_IN)


def test_an_adopted_model_speaks_in_edits_that_apply(plain_base: Path, choices: list[Request]) -> None:
    before = {path: path.read_bytes() for path in plain_base.iterdir()}
    store.added(str(plain_base), "mine")
    found = store.adopted("mine", "marked", 14)
    assert (found.kind, architecture("marked").sleepy_window) == (Kind.ADAPTER, 14)
    model = LanguageModel.load("marked")
    assert (model.format, model.window) == (Format.CHOICE, 14)
    plain = LanguageModel.load("mine")
    rows = model.model.get_output_embeddings().weight
    for number, mark in enumerate(prompt.MARKS):
        meant = plain.model.get_input_embeddings().weight[plain.tokenizer.encode(words(mark), add_special_tokens=False)]
        assert torch.allclose(rows[len(plain.tokenizer) + number], meant.mean(0), atol=1e-3)
    for request, reply in zip(choices[:6], model.answer(choices[:6], [None] * 6), strict=True):
        assert request.repaired(reply.text) != request.source
    assert {path: path.read_bytes() for path in plain_base.iterdir()} == before
    with pytest.raises(UserError, match="is the base of marked"):
        store.removed("mine", BUILT_IN)
    with pytest.raises(UserError, match="it is an adapter"):
        store.adopted("marked", "again", 14)


def test_a_base_named_by_a_relative_path_is_found_from_elsewhere(
    plain_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(plain_base, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    store.adopted("mine", "marked", 14)
    monkeypatch.chdir("/")
    assert LanguageModel.load("marked").window == 14
    (entry,) = [item for item in store.listed() if item.name == "marked"]
    assert entry.base == str(tmp_path / "mine")


def test_a_base_is_kept_however_its_adapter_names_it(plain_base: Path, home: Path, tmp_path: Path) -> None:
    shutil.copytree(plain_base, home / "models" / "mine")
    store.adopted(str(home / "models" / "mine"), "by-path", 14)
    store.adopted("mine", "by-name", 14)
    (home / "models" / "by-name").rename(tmp_path / "outside")
    for in_use in (BUILT_IN, str(tmp_path / "outside")):
        with pytest.raises(UserError, match="is the base of by-path"):
            store.removed("mine", in_use)
    store.removed("by-path", BUILT_IN)
    with pytest.raises(UserError, match=f"is the base of {tmp_path / 'outside'}"):
        store.removed("mine", str(tmp_path / "outside"))
    store.removed("mine", BUILT_IN)
    assert here() == set()


def test_a_link_in_the_models_folder_is_removed_alone(plain_base: Path, home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "linked").symlink_to(plain_base)
    assert LanguageModel.load("linked").model.config.num_hidden_layers == 3
    store.removed("linked", BUILT_IN)
    assert here() == set() and (plain_base / "config.json").is_file()


def test_what_is_no_model_is_named_and_leaves_nothing(plain_base: Path, tmp_path: Path) -> None:
    def copy(name: str) -> Path:
        return Path(shutil.copytree(plain_base, tmp_path / name))

    without_tokenizer, without_weights, cut = copy("tokenless"), copy("weightless"), tmp_path / "cut.gguf"
    for path in without_tokenizer.glob("tokenizer*"):
        path.unlink()
    (without_weights / "model.safetensors").unlink()
    (tmp_path / "text.gguf").write_text("no model")
    writer = GGUFWriter(tmp_path / "odd.gguf", "nosuchmodel")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    cut.write_bytes((tmp_path / "odd.gguf").read_bytes()[:20])
    for given, expected in {
        str(without_tokenizer): "has no tokenizer",
        str(without_weights): "has no weights",
        str(tmp_path): "has no config.json",
        str(tmp_path / "text.gguf"): "is not a GGUF file",
        str(tmp_path / "odd.gguf"): "nosuchmodel",
        str(cut): "cannot be loaded",
        str(tmp_path / "nothing"): "no such file or folder",
        "nothing.gguf": "no such file or folder",
        "nobody/no-such-model": "cannot be loaded",
        "smollm2": "is not on this machine",
        "~nosuchuser/x": "cannot be read",
        "x" * 300: "cannot be read",
    }.items():
        with pytest.raises(UserError) as caught:
            store.added(given, None if given.startswith("nobody/") else "x")
        assert expected in str(caught.value) and "\n" not in str(caught.value), given
        assert caught.value.remedy
    assert here() == set()


@pytest.mark.parametrize("damage", ["a layer lacks", "other shapes", "cut off"])
def test_weights_that_do_not_fit_are_refused_and_never_made_up(plain_base: Path, tmp_path: Path, damage: str) -> None:
    broken = Path(shutil.copytree(plain_base, tmp_path / "broken"))
    file = broken / "model.safetensors"
    if damage == "cut off":
        file.write_bytes(file.read_bytes()[:-100])
    elif damage == "a layer lacks":
        tensors = load_file(file)
        save_file({name: value for name, value in tensors.items() if ".layers.1." not in name}, file, {"format": "pt"})
    else:
        config = json.loads((broken / "config.json").read_text())
        (broken / "config.json").write_text(json.dumps({**config, "intermediate_size": 64}))
    with pytest.raises(UserError, match=r"do not fit its configuration: \d+ are|is cut off") as caught:
        LanguageModel.load(str(broken))
    assert "\n" not in str(caught.value)
    if damage == "cut off":
        with pytest.raises(UserError, match="is cut off"):
            store.added(str(broken), None)


def test_a_hub_model_keeps_its_name() -> None:
    with pytest.raises(UserError, match="keeps its hub name"):
        store.added("nobody/no-such-model", "mine")


@pytest.mark.parametrize("name", ["a/b", ".hidden", "", "-x", "a" * 65, BUILT_IN, "taken", "smollm2"])
def test_a_name_must_be_plain_and_free(plain_base: Path, name: str) -> None:
    store.added(str(plain_base), "taken")
    with pytest.raises(
        UserError, match=r"cannot be a model's name|there is a model|comes with|is what `sleepy model get"
    ) as caught:
        store.added(str(plain_base), name)
    assert "--as" in caught.value.remedy
    assert here() == {"taken"}


def test_what_serves_is_not_removed(plain_base: Path) -> None:
    store.added(str(plain_base), "mine")
    for name, expected in {
        "mine": "model of the settings",
        BUILT_IN: "comes with the program",
        "x": "no model 'x'",
    }.items():
        with pytest.raises(UserError, match=expected):
            store.removed(name, "mine")
    assert here() == {"mine"}


def test_an_error_while_a_model_is_made_leaves_nothing_and_the_next_try_works(home: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be written to .*: Text file busy"), store.making("x") as folder:
        (folder / "half").write_text("")
        raise OSError(26, "Text file busy")
    assert here() == set()
    with store.making("x") as folder:
        (folder / "whole").write_text("")
    assert (home / "models" / "x" / "whole").exists()


def test_a_killed_one_leaves_no_model_and_what_it_left_is_cleared(home: Path) -> None:
    code = (
        "import os, signal\nfrom sleepy.daemon.model_store import store\n"
        "with store.making('x') as folder:\n"
        "    (folder / 'config.json').write_text('{}')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (home / "models" / ".x.partial").is_dir()
    (home / "models" / ".gone.removed").mkdir()  # of a removal that was killed
    assert [item for item in store.listed() if item.where == "here"] == []
    with store.making("x") as folder:
        assert list(folder.iterdir()) == []
    assert here() == {"x"}


def test_only_one_process_makes_a_model_at_a_time(home: Path) -> None:
    code = (
        "import sys\nfrom sleepy.daemon.model_store import store\n"
        "with store.making('x') as folder:\n    print('in', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"in\n"
        with pytest.raises(UserError, match="another process"), store.making("y"):
            pass
        assert other.stdin is not None
        other.stdin.close()
    until = time.monotonic() + 10
    while not (home / "models" / "x").is_dir() and time.monotonic() < until:
        time.sleep(0.05)
    with store.making("y"):
        pass
    assert here() == {"x", "y"}


def test_a_hub_model_in_the_cache_is_listed_and_removed(plain_base: Path, tmp_path: Path) -> None:
    repo = tmp_path / "hub" / "models--some--model"
    commit = "0" * 40
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(commit)
    shutil.copytree(plain_base, repo / "snapshots" / commit)

    def sleepy(*words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "sleepy", "model", *words],
            env={**os.environ, "HF_HUB_CACHE": str(tmp_path / "hub")}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    (entry,) = [item for item in json.loads(sleepy("list", "--json"))["models"] if item["where"] == "hub"]
    assert (entry["name"], entry["kind"]) == ("some/model", "hub") and entry["size"] > 100_000
    assert "hub's cache" in sleepy("remove", "some/model")
    assert not repo.exists()


def test_a_record_that_is_damaged_counts_as_none(plain_base: Path, home: Path) -> None:
    shutil.copytree(plain_base, home / "models" / "mine")
    (home / "models" / "mine" / "source.json").write_text("[")
    assert source.find("mine").kind is Kind.FOLDER
    (home / "models" / "mine" / "source.json").write_text(json.dumps({"from": "x"}))
    assert next(item.note for item in store.listed() if item.name == "mine") == "x"
