"""`sleepy pretrain`: a model folder from samples, gone on with from a model there is."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest
import torch

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.pretrain import corpus
from sleepy.daemon.lab.pretrain.command import make
from sleepy.daemon.lab.pretrain.corpus import Sample
from sleepy.daemon.lab.pretrain.pretrain import Plan, documents, pretrain
from sleepy.daemon.model import prompt
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, ask
from sleepy.memory.parametric.base.architecture import Shape, deepened
from sleepy.memory.parametric.base.pretrain import Recipe

TINY = Plan(Shape(32, 1, 1, 64), Recipe(tokens=12_000, batch_tokens=2048), plain_share=0.0)


@pytest.fixture(scope="module")
def samples(diagnoses: Sequence[Diagnosis]) -> list[Sample]:
    """The classics as samples: of their repairs some are a suggestion of the compiler's."""
    out = []
    for number, item in enumerate(diagnoses):
        asked = ask(item.koan.broken, item.diagnostics, Format.SPAN_EDITS)
        out.append(Sample(asked.text, asked.taught(item.koan.fixed), f"E{number:04}", "", f"m{number}", ""))
    return out


@pytest.fixture(scope="module")
def made(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("made") / "model"
    pretrain(samples * 60, [], out, TINY)
    return out


def test_a_document_ends_in_a_suggestions_number_where_that_is_the_answer(samples: list[Sample], made: Path) -> None:
    tokenizer = LanguageModel.load(str(made)).tokenizer
    found = documents(samples, [], tokenizer, TINY)
    answers = sorted(tokenizer.decode(item.ids[item.answer : -1]) for item in found)
    assert answers == sorted(prompt.chosen(item.prompt, item.answer) for item in samples)
    assert 5 < sum(answer.startswith(prompt.TRY) for answer in answers) < len(answers)


def test_training_goes_on_with_a_model_and_its_tokenizer(samples: list[Sample], made: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(asdict(item)) + "\n" for item in samples * 3), encoding="utf-8")
    out = tmp_path / "further"
    make(
        out, samples=9, tokens=6_000, seed=1, device="cpu", tier="auto", say=lambda *_: None,
        data=[file, file], start=str(made),
    )  # fmt: skip
    before, after = LanguageModel.load(str(made)), LanguageModel.load(str(out))
    assert after.format is Format.CHOICE and not (out / "corpus.jsonl").exists()
    assert before.prompt_ids(samples[0].prompt) == after.prompt_ids(samples[0].prompt)
    changed = [not torch.equal(a, b) for a, b in zip(before.model.parameters(), after.model.parameters(), strict=True)]
    assert all(changed)


def test_a_model_given_more_layers_computes_what_it_computed_and_trains_them(
    samples: list[Sample], made: Path, tmp_path: Path
) -> None:
    ids = torch.randint(0, 200, (2, 40), generator=torch.Generator().manual_seed(0))
    small, grown = LanguageModel.load(str(made)).model, LanguageModel.load(str(made)).model
    deepened(grown, 3)
    with torch.no_grad():
        assert torch.equal(small(ids).logits, grown(ids).logits)
    ways = [model.generate(ids[:1], max_new_tokens=6, do_sample=False) for model in (small, grown)]
    assert torch.equal(*ways)
    out = tmp_path / "deep"
    pretrain(samples, [], out, TINY, start=str(made), layers=3)
    deep = LanguageModel.load(str(out)).model
    assert deep.config.num_hidden_layers == 3
    assert all(bool(layer.mlp.down_proj.weight.any()) for layer in deep.model.layers)
    with pytest.raises(UserError, match="has 3 layers, more than 2"):
        pretrain(samples, [], tmp_path / "no", TINY, start=str(out), layers=2)


def test_what_is_no_corpus_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"prompt": "x"}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"c\.jsonl: line 1 is not a sample"):
        corpus.read(file)
    with pytest.raises(UserError, match=r"none\.jsonl"):
        corpus.read(tmp_path / "none.jsonl")


def test_a_checkpoint_of_another_training_is_refused_and_kept(
    samples: list[Sample], made: Path, tmp_path: Path
) -> None:
    file = tmp_path / "some.jsonl"
    corpus.write(file, iter(samples * 8), 10_000, lambda _: None)
    assert corpus.read(file) == samples * 8
    out, stopped = tmp_path / "out", []

    def halfway(what: str, done: int, total: int) -> None:
        if done > total / 2 and (out / "checkpoint.pt").exists():
            stopped.append(done)
            raise KeyboardInterrupt

    def run(**changes: object) -> None:
        given = {"samples": 9, "tokens": 40_000, "seed": 1, "device": "cpu", "tier": "auto", "say": halfway}
        make(out, **{**given, "data": [file], "start": str(made), **changes})  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("sleepy.daemon.lab.pretrain.command.Recipe", partial(Recipe, checkpoint_seconds=0.0))
        run()
    kept = (out / "checkpoint.pt").read_bytes()
    for change in ({"start": None}, {"seed": 2}, {"data": [file, file]}):
        with pytest.raises(UserError, match="belongs to another training"):
            run(**change)
    assert (out / "checkpoint.pt").read_bytes() == kept
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sleepy.daemon.lab.pretrain.command.Recipe", partial(Recipe, checkpoint_seconds=0.0))
        run(say=lambda *_: None)
    assert stopped and LanguageModel.load(str(out)).format is Format.CHOICE


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    with pytest.raises(UserError, match="no sample"):
        make(
            tmp_path / "out", samples=9, tokens=9, seed=0, device="cpu", tier="auto", say=lambda *_: None,
            data=[tmp_path / "none.jsonl"],
        )  # fmt: skip


def test_a_killed_training_takes_its_processes_with_it(samples: list[Sample], made: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "some.jsonl", tmp_path / "out"
    corpus.write(file, iter(samples * 8), 10_000, lambda _: None)
    command = [sys.executable, "-m", "sleepy", "pretrain", str(out), "--from", str(made)]
    command += ["--data", str(file), "--tokens", "50", "--processes", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        shown = []
        for line in running.stdout:
            shown.append(line)
            if line.startswith("train the model"):
                break
        children = _children(running.pid)
        running.kill()
    assert len(children) >= 2, "".join(shown)
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < until, f"of {children} some live on"
        time.sleep(0.1)


def _children(parent: int) -> list[int]:
    """The processes whose parent is this one."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended in between
            if int(place.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(place.parent.name))
    return found
