"""`sleepy export --format gguf` and `gguf-adapter`: for llama.cpp and Ollama, checked like the other formats."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from tests.daemon.versions.served import FIELD, MOVED, base, champion, logits, served, settings, sleepy
from transformers import AutoModelForCausalLM, GPT2Config

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.adapter import ROWS, AdapterInfo, save_adapter
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.prompt import MARKS
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.serve import serve
from sleepy.daemon.versions import export as exporting
from sleepy.daemon.versions.export import ADAPTER, MODEL, MODELFILE, ExportFormat, Unequal, export
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.gguf import vocabulary
from sleepy.memory.parametric.gguf.file import write_model

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="module")
def hub(plain_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Llama with a chat template, and no marks."""
    out = tmp_path_factory.mktemp("hub") / "hub"
    shutil.copytree(plain_base, out)
    (out / "chat_template.jinja").write_text(CHATML, encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def taught(hub: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An adapter folder beside it: marks added, rows of its own for them, factors for one layer."""
    out = tmp_path_factory.mktemp("taught") / "adapter"
    generator = torch.Generator().manual_seed(3)
    tensors = {
        ROWS: torch.randn(len(MARKS), 48, generator=generator),
        "model.layers.1.self_attn.q_proj.a": torch.randn(2, 48, generator=generator),
        "model.layers.1.self_attn.q_proj.b": torch.randn(48, 2, generator=generator),
    }
    save_adapter(out, AdapterInfo(base=str(hub), format=Format.CHOICE, window=14), tensors, scale=1.0)
    return str(out)


def read(out: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(out, gguf_file=MODEL, dtype=torch.float32).eval()


def subspace_of(home: Home, name: str) -> Any:
    with Database.open(home.database, read_only=True) as db:
        return serve.champion(db, home, base=name).subspace


def test_a_pattern_leaves_as_a_model_for_llama_cpp(
    home: Home, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    done = export(settings(floats), home, MOVED, tmp_path / "out", ExportFormat.GGUF)
    assert done.difference < 1e-4 < 1e-2 < done.effect and (done.dtype, done.prompts) == ("float32", 8)
    assert {path.name for path in done.out.iterdir()} == {MODEL, MODELFILE}
    ids, wanted = served(home, floats, MOVED, requests[0].text)
    torch.testing.assert_close(logits(read(done.out), ids), wanted, rtol=0, atol=1e-4)
    assert vocabulary.read(done.out / MODEL).encode(requests[0].text).ids == ids
    assert (done.out / MODELFILE).read_text(encoding="utf-8").splitlines()[1:] == [
        "FROM ./model.gguf",
        'TEMPLATE """{{ .Prompt }}"""',
        'PARAMETER stop "⟦end⟧"',
        "PARAMETER temperature 0",
        "PARAMETER num_ctx 2048",
    ]
    assert not done.exact and "send token ids" in exporting.view(done)  # its tokenizer is of the built-in models' kind


def test_a_pattern_leaves_as_an_adapter_for_llama_cpp(
    home: Home, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    """Added to what the base is as a GGUF, it is the merged model's file."""
    done = export(settings(floats), home, MOVED, tmp_path / "adapter", ExportFormat.GGUF_ADAPTER)
    assert done.difference < 1e-4 < 1e-2 < done.effect and done.dtype == "float32"
    assert [path.name for path in done.out.iterdir()] == [ADAPTER]
    whole = export(settings(floats), home, MOVED, tmp_path / "whole", ExportFormat.GGUF)
    model = LanguageModel.load(floats)
    write_model(tmp_path / MODEL, model.model, model.tokenizer, name="base", about="", chat=False)
    bare, wanted, factors = (
        {each.name: np.array(each.data).view(np.float32) for each in GGUFReader(path).tensors}
        for path in (tmp_path / MODEL, whole.out / MODEL, done.out / ADAPTER)
    )
    assert len(factors) == 14  # seven layers
    for name in (key.removesuffix(".lora_a") for key in factors if key.endswith("_a")):
        bare[name] = bare[name] + factors[f"{name}.lora_b"] @ factors[f"{name}.lora_a"]  # alpha is the rank
    for name, tensor in wanted.items():
        np.testing.assert_allclose(bare[name].reshape(tensor.shape), tensor, rtol=0, atol=1e-5, err_msg=name)


def test_half_precision_stays_half_and_a_lost_pattern_is_refused(
    tiny: LanguageModel, halves: str, tmp_path: Path
) -> None:
    strong = champion(Home(tmp_path / "strong"), tiny, halves)
    whole = export(settings(halves), strong, FIELD, tmp_path / "whole", ExportFormat.GGUF)
    assert whole.dtype == "bfloat16" and 0 < whole.difference < exporting.ROUNDING * whole.effect
    types = {each.tensor_type.name for each in GGUFReader(whole.out / MODEL).tensors if len(each.shape) > 1}
    assert types == {"BF16"}
    weak = champion(Home(tmp_path / "weak"), tiny, halves, size=0.01)
    with pytest.raises(Unequal, match="logits differ") as caught:
        export(settings(halves), weak, FIELD, tmp_path / "out", ExportFormat.GGUF)
    assert "--format gguf-adapter" in caught.value.remedy
    assert sorted(path.name for path in tmp_path.iterdir()) == ["strong", "weak", "whole"]
    assert export(settings(halves), weak, FIELD, tmp_path / "out", ExportFormat.GGUF_ADAPTER).difference < 1e-5


@pytest.mark.parametrize("damage", ["weights", "factors", "merges", "types"])
def test_what_was_damaged_in_writing_is_seen(
    damage: str, home: Home, floats: str, requests: Sequence[Request], tmp_path: Path
) -> None:
    form = ExportFormat.GGUF_ADAPTER if damage == "factors" else ExportFormat.GGUF
    out = export(settings(floats), home, MOVED, tmp_path / "out", form).out
    reader = GGUFReader(out / (ADAPTER if damage == "factors" else MODEL), "r+")
    if damage == "weights":
        next(each for each in reader.tensors if each.name == "blk.0.ffn_up.weight").data[:] *= 1.01
    elif damage == "factors":
        next(each for each in reader.tensors if each.name.endswith("attn_q.weight.lora_b")).data[:] *= 1.01
    elif damage == "merges":
        field = reader.fields["tokenizer.ggml.merges"]
        short = [field.parts[place] for place in field.data if len(field.parts[place]) == 3]  # two letters each
        for place, text in zip(short, [bytes(each) for each in reversed(short)], strict=True):
            place[:] = np.frombuffer(text, np.uint8)
    else:
        field = reader.fields["tokenizer.ggml.token_type"]
        for place in field.data:
            field.parts[place][0] = 1
    reader.data.flush()
    subspace = subspace_of(home, floats)
    texts = [request.text for request in requests[:4]]
    found = exporting._compared(out, form, LanguageModel.load(floats), subspace, MOVED, texts)
    assert found[0] > exporting.EXACT * found[2]


def test_the_built_in_model_leaves_in_all_of_its_vocabulary(choices: Sequence[Request], tmp_path: Path) -> None:
    model = LanguageModel.load()
    there = champion(Home(tmp_path / "home"), model, "built-in", size=0.1)
    done = export(settings("built-in"), there, FIELD, tmp_path / "out", ExportFormat.GGUF)
    assert done.dtype == "bfloat16" and done.difference < exporting.ROUNDING * done.effect
    reads = vocabulary.read(done.out / MODEL)
    assert all(reads.encode(asked.text).ids == model.prompt_ids(asked.text) for asked in choices)
    assert reads.decode(model.answer_ids("⟪3⟫a→b"), skip_special_tokens=False) == "⟪3⟫a→b⟦end⟧"


@pytest.mark.parametrize("form", [ExportFormat.GGUF, ExportFormat.GGUF_ADAPTER])
def test_an_adapter_folder_leaves_with_its_marks_and_its_own_head(
    form: ExportFormat, taught: str, choices: Sequence[Request], tmp_path: Path
) -> None:
    model = LanguageModel.load(taught)
    there = champion(Home(tmp_path / "home"), model, taught, size=0.05)
    done = export(settings(taught), there, FIELD, tmp_path / "out", form)
    assert done.difference < 1e-4 < 1e-2 < done.effect and done.exact
    if form is ExportFormat.GGUF_ADAPTER:
        return
    fields, tensors = GGUFReader(done.out / MODEL).fields, {each.name for each in GGUFReader(done.out / MODEL).tensors}
    assert "output.weight" in tensors and fields["tokenizer.ggml.pre"].contents() == "gpt-2"
    assert fields["tokenizer.ggml.tokens"].contents()[600:] == list(MARKS)
    assert "tokenizer.chat_template" not in fields  # its prompts are raw
    ids, wanted = served(there, taught, FIELD, choices[0].text)
    assert vocabulary.read(done.out / MODEL).encode(choices[0].text).ids == ids
    torch.testing.assert_close(logits(read(done.out), ids), wanted, rtol=0, atol=1e-4)


def test_a_model_that_chats_leaves_with_its_template(hub: Path, tmp_path: Path) -> None:
    model = LanguageModel.load(str(hub))
    there = champion(Home(tmp_path / "home"), model, str(hub))
    done = export(settings(str(hub)), there, FIELD, tmp_path / "out", ExportFormat.GGUF)
    assert GGUFReader(done.out / MODEL).fields["tokenizer.chat_template"].contents() == CHATML
    assert "<|im_start|>{{ .Role }}" in (done.out / MODELFILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [ExportFormat.GGUF, ExportFormat.GGUF_ADAPTER])
def test_another_architecture_is_refused_before_any_work(
    form: ExportFormat, tiny: LanguageModel, home: Home, tmp_path: Path
) -> None:
    GPT2Config(n_layer=1).save_pretrained(tmp_path / "gpt2")  # no weights: loading it would be another error
    tiny.tokenizer.save_pretrained(tmp_path / "gpt2")
    with pytest.raises(UserError, match=r"'gpt2'.*llama, mistral, qwen2, qwen3") as caught:
        export(settings(str(tmp_path / "gpt2")), home, FIELD, tmp_path / "out", form)
    assert f"--format {form} " in str(caught.value) and "peft" in caught.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["gpt2"]


def test_a_tokenizer_unknown_to_llama_cpp_is_refused_and_nothing_is_left(tiny: LanguageModel, tmp_path: Path) -> None:
    name = base(tiny, tmp_path / "base", torch.float32)
    held = json.loads((tmp_path / "base" / "tokenizer.json").read_text())
    held["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = r"\s"
    (tmp_path / "base" / "tokenizer.json").write_text(json.dumps(held))
    there = champion(Home(tmp_path / "home"), tiny, name)
    with pytest.raises(SubspaceError, match="splits text"):
        export(settings(name), there, FIELD, tmp_path / "out", ExportFormat.GGUF)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "home"]
    export(settings(name), there, FIELD, tmp_path / "out", ExportFormat.GGUF_ADAPTER)  # which has no tokenizer


def test_merged_is_of_whole_models() -> None:
    assert exporting.chosen("gguf", merged=True) is exporting.chosen("gguf", merged=False) is ExportFormat.GGUF
    assert exporting.chosen("gguf-adapter", merged=False) is ExportFormat.GGUF_ADAPTER
    with pytest.raises(UserError, match="--merged contradicts --format gguf-adapter"):
        exporting.chosen("gguf-adapter", merged=True)


def test_a_script_is_told_one_line_and_a_person_what_loads_it(home: Home, floats: str, tmp_path: Path) -> None:
    there = ("--home", home.root, "--model", floats, "--pattern", "E0063")
    done = sleepy(*there, "--format", "gguf", "--json", tmp_path / "one")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    told = json.loads(done.stdout)
    assert (told["out"], told["format"], told["pattern"]) == (str(tmp_path / "one"), "gguf", FIELD)
    said = sleepy(*there, "--format", "gguf-adapter", tmp_path / "two")
    assert said.returncode == 0 and said.stderr == "", said.stderr
    assert f"--lora {tmp_path / 'two' / ADAPTER}" in said.stdout and "on 8 prompts" in said.stdout
    wrong = sleepy(*there, "--format", "gguf-adapter", "--merged", tmp_path / "three")
    assert wrong.returncode == 2 and "contradicts" in wrong.stderr and not (tmp_path / "three").exists()
    assert sleepy(*there, "--format", "ggml", tmp_path / "three").returncode == 2
