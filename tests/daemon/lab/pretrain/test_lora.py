"""`sleepy pretrain --lora`: a base without marks taught the prompt format, as an adapter beside it."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.pretrain import lora
from sleepy.daemon.lab.pretrain.command import make
from sleepy.daemon.lab.pretrain.corpus import Sample
from sleepy.daemon.lab.pretrain.mix import Mix, key_of
from sleepy.daemon.model import adapter, edits, prompt
from sleepy.daemon.model.adapter import add_marks, words
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, ask
from sleepy.memory.parametric.answering import last_block
from sleepy.memory.parametric.base.teach import Pupil, TeachRecipe, progress_of, teach
from sleepy.memory.parametric.base.upper import attend_grouped, depth_of, quick_norms, upper_layers
from sleepy.memory.parametric.examples import Batch, Example
from sleepy.memory.parametric.low_rank import LowRank, in_place

WINDOW = 14
RECIPE = TeachRecipe(
    layers=2, rank=4, lr=5e-3, warmup=2, batch_tokens=4096, round_samples=16, longest=1200, examine_every=2
)


@pytest.fixture(scope="module")
def samples(diagnoses: Sequence[Diagnosis]) -> list[Sample]:
    """The classics that a window of 14 lines can say, as if they came from three places."""
    out = []
    for number, item in enumerate(diagnoses):
        asked = ask(item.koan.broken, item.diagnostics, Format.SPAN_EDITS, window=WINDOW)
        try:
            answer = asked.taught(item.koan.fixed)
        except edits.EditError:
            continue
        base = ("crate:c", "template", "f")[number % 3]
        out.append(Sample(asked.text, answer, f"E{number % 7:04}", "", f"m{number}", base))
    assert len(out) > 20
    return out


@pytest.fixture(scope="module")
def base(plain_base: Path) -> Path:
    return plain_base


@pytest.fixture(scope="module")
def corpus(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    file.write_text(_lines(samples), encoding="utf-8")
    return file


def _lines(samples: Sequence[Sample]) -> str:
    return "".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in samples)


def _taught(base: Path, corpus: Path, checkpoint: Path, tokens: int) -> dict[str, torch.Tensor]:
    model, tokenizer = lora.opened(str(base))
    first = add_marks(model, tokenizer)
    with Pupil(model, first, RECIPE) as pupil:
        teach(pupil, Mix([corpus], tokenizer, longest=RECIPE.longest), RECIPE, checkpoint, tokens=tokens)
    return torch.load(checkpoint, weights_only=True)["factors"]  # type: ignore[no-any-return]


def test_marks_are_single_tokens_begun_as_the_mean_of_their_words(base: Path) -> None:
    model, tokenizer = lora.opened(str(base))
    plain = tokenizer.encode("let x: Vec<u8> = s;", add_special_tokens=False)
    before = model.get_input_embeddings().weight.detach().clone()
    first = add_marks(model, tokenizer)
    assert first == len(before) and len(tokenizer) == first + len(prompt.MARKS)
    for number, mark in enumerate(prompt.MARKS):
        assert tokenizer.encode(f"s{mark}t", add_special_tokens=False)[1:-1] == [first + number]
        meant = before[tokenizer.encode(words(mark), add_special_tokens=False)].mean(0)
        assert torch.allclose(model.get_input_embeddings().weight[first + number], meant, atol=1e-6)
    assert tokenizer.encode("let x: Vec<u8> = s;", add_special_tokens=False) == plain
    assert tokenizer.decode(tokenizer.encode("⟪5⟫s→s.clone()", add_special_tokens=False)) == "⟪5⟫s→s.clone()"
    with pytest.raises(UserError, match=r"has the prompt.s marks already"):
        add_marks(model, tokenizer)


@pytest.mark.parametrize(("layers", "depths"), [(None, {0, 1, 2}), (1, {2}), (9, {0, 1, 2})])
def test_all_layers_learn_unless_told_otherwise(base: Path, layers: int | None, depths: set[int]) -> None:
    model, tokenizer = lora.opened(str(base))
    with Pupil(model, add_marks(model, tokenizer), replace(RECIPE, layers=layers)) as pupil:
        assert {depth_of(name) for name in pupil.parameters} - {None} == depths


def test_attention_by_groups_is_the_models_own(base: Path) -> None:
    model, _ = lora.opened(str(base))
    ids = torch.randint(0, 500, (3, 29), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        own = model(ids, use_cache=False).logits
        attend_grouped(model)
        assert torch.allclose(model(ids, use_cache=False).logits, own, atol=1e-5)


def test_factors_learn_as_ordinary_autograd_would_have_them() -> None:
    linear = torch.nn.Linear(9, 7, bias=False).double().requires_grad_(False)
    made = LowRank(linear, torch.randn(3, 9), torch.zeros(7, 3), 2.0)
    x = torch.randn(2, 5, 9, dtype=torch.float64, requires_grad=True)
    with torch.no_grad():
        made.b.normal_()
    wanted = [made.a, made.b, x]
    ours = made(x)
    plain = x @ (linear.weight + 2.0 * made.b.double() @ made.a.double()).T
    assert torch.allclose(ours, plain)
    pulled = torch.randn_like(plain)
    for found, expected in zip(
        torch.autograd.grad(ours, wanted, pulled), torch.autograd.grad(plain, wanted, pulled), strict=True
    ):
        assert torch.allclose(found, expected, atol=1e-5)


def test_factors_are_put_into_the_upper_layers_alone_and_start_at_nothing(base: Path) -> None:
    model, _ = lora.opened(str(base))
    made = upper_layers(model, layers=1, rank=4, scale=2.0)
    assert {name.split(".")[2] for name in made} == {"2"} and len(made) == 7
    assert all(layer.a.any() and not layer.b.any() for layer in made.values())
    with pytest.raises(ValueError, match="upper 0 layers"):
        upper_layers(model, layers=0, rank=4, scale=2.0)


def test_quicker_norms_and_fewer_rows_compute_the_same_where_it_is_read(base: Path) -> None:
    model, _ = lora.opened(str(base))
    model.requires_grad_(False)
    ids = torch.randint(0, 500, (2, 17), generator=torch.Generator().manual_seed(1))
    start = model.get_input_embeddings()(ids)
    where, pulled = torch.tensor([3, 20, 33]), torch.randn(3, model.config.hidden_size)

    def passed() -> list[torch.Tensor]:
        x = start.clone().requires_grad_()
        out = model.base_model(inputs_embeds=x, use_cache=False).last_hidden_state.flatten(0, 1)[where]
        return [out.detach(), *torch.autograd.grad(out, x, pulled)]

    plain, names = passed(), [name for name, _ in model.named_modules()]
    with in_place(model, quick_norms(model)), last_block(model, ids[:1]) as rows:
        assert rows is not None
        with rows.of(where):
            assert all((a - b).norm() < 1e-5 * b.norm() for a, b in zip(passed(), plain, strict=True))
    assert [name for name, _ in model.named_modules()] == names


def test_only_the_upper_layers_and_the_marks_rows_learn_and_the_model_is_given_back(base: Path, corpus: Path) -> None:
    model, tokenizer = lora.opened(str(base))
    first = add_marks(model, tokenizer)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    mix = Mix([corpus], tokenizer, longest=RECIPE.longest)
    mix.refresh()
    with Pupil(model, first, RECIPE) as pupil:
        assert {name.split(".")[2] for name in pupil.parameters if name != "marks"} == {"1", "2"}
        each, _ = pupil.heard(mix.examples(mix.choose({}, 4, random.Random(0))))
        each.mean().backward()  # type: ignore[no-untyped-call]
        assert all(p.grad is not None for p in pupil.parameters.values())
    assert all(torch.equal(p, before[name]) and p.grad is None for name, p in model.named_parameters())


def test_a_killed_training_goes_on_as_if_it_had_not_been(base: Path, corpus: Path, tmp_path: Path) -> None:
    whole = _taught(base, corpus, tmp_path / "whole.pt", 12_000)
    state, _ = progress_of(tmp_path / "whole.pt")
    assert state.round >= 2 and state.samples == 16 * state.round
    _taught(base, corpus, tmp_path / "cut.pt", 1)
    assert progress_of(tmp_path / "cut.pt")[0].round == 1
    again = _taught(base, corpus, tmp_path / "cut.pt", 12_000)
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_a_copy_is_finished_with_a_falling_rate_and_the_training_goes_on_as_before(
    base: Path, corpus: Path, tmp_path: Path
) -> None:
    _taught(base, corpus, tmp_path / "checkpoint.pt", 1)
    state, _ = progress_of(tmp_path / "checkpoint.pt")
    given = {"tokens": state.tokens + 6000, "window": WINDOW, "recipe": RECIPE, "say": lambda *_: None}
    made = {}
    for name, cooldown in (("cooled", 6000), ("plain", 0)):
        (tmp_path / name).mkdir()
        shutil.copy(tmp_path / "checkpoint.pt", tmp_path / name)
        lora.make(tmp_path / name, str(base), [corpus], cooldown=cooldown, **given)  # type: ignore[arg-type]
        made[name] = progress_of(tmp_path / name / "checkpoint.pt", averaged=False)
    assert made["cooled"][0].step == made["plain"][0].step > state.step
    began = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["factors"]
    moved = {
        name: sum(float((p - began[n]).abs().sum()) for n, p in found.items()) for name, (_, found) in made.items()
    }
    assert 0 < moved["cooled"] < moved["plain"]
    _, served = adapter.read_adapter(tmp_path / "cooled")
    assert torch.allclose(served["marks"], made["cooled"][1]["marks"], atol=0.01)  # what was learnt last, in bfloat16


def test_an_adapter_is_served_beside_its_untouched_base(
    base: Path, corpus: Path, diagnoses: Sequence[Diagnosis], tmp_path: Path
) -> None:
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in base.iterdir()}
    out = tmp_path / "out"
    lora.make(
        out, str(base), [corpus], tokens=10_000, window=WINDOW, recipe=RECIPE, say=lambda *_: None,
        precision="float32",
    )  # fmt: skip
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in base.iterdir()} == before
    lines = [json.loads(line) for line in (out / lora.LOG).read_text(encoding="utf-8").splitlines()]
    assert [line["round"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[1]["held_out"] is None or lines[1]["held_out"] > 0
    served = LanguageModel.load(str(out))
    assert (served.format, served.window) == (Format.CHOICE, WINDOW)
    requests = [ask(item.koan.broken, item.diagnostics, served.format, window=served.window) for item in diagnoses[:6]]
    for request, reply in zip(requests, served.answer(requests, [None] * len(requests)), strict=True):
        assert request.text.count("⟪") > 0 and len(request.window) <= WINDOW
        if not reply.cut:
            request.repaired(reply.text)  # every answer can be applied

    model, tokenizer = lora.opened(str(base))
    first = add_marks(model, tokenizer)
    ids = torch.tensor([tokenizer.encode(requests[0].text, add_special_tokens=False)])
    with Pupil(model, first, RECIPE) as pupil, torch.no_grad():
        for name, value in progress_of(out / "checkpoint.pt")[1].items():
            pupil.parameters[name].copy_(value)
        batch = Batch.of([Example.completion(ids[0, :-3].tolist(), ids[0, -3:].tolist())], torch.device("cpu"))
        trained = pupil.logits(batch, ids[:, :-1].tolist())
        wanted = served.model(ids).logits[0, -4:-1]
        assert torch.allclose(trained, wanted, atol=0.05)  # the adapter is kept in bfloat16


def test_an_adapter_for_another_model_is_refused(base: Path, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    recipe = replace(RECIPE, round_samples=4)
    lora.make(out, str(base), [corpus], tokens=1, window=WINDOW, recipe=recipe, say=lambda *_: None)
    told, tensors = adapter.read_adapter(out)
    fewer = {name: value for name, value in tensors.items() if name != "marks"}
    adapter.save_adapter(out, told, fewer, scale=1.0)
    with pytest.raises(UserError, match="its marks do not fit"):
        LanguageModel.load(str(out))
    wider = {name: torch.zeros(8, 8) if name.endswith(".a") else value for name, value in tensors.items()}
    adapter.save_adapter(out, told, wider, scale=1.0)
    with pytest.raises(UserError, match="is for another model"):
        LanguageModel.load(str(out))
    (out / adapter.WEIGHTS).write_bytes(b"half")
    with pytest.raises(UserError, match="has no readable adapter"):
        LanguageModel.load(str(out))


def test_a_mix_caps_codes_meets_all_and_reads_on(samples: list[Sample], base: Path, tmp_path: Path) -> None:
    _, tokenizer = lora.opened(str(base))
    many = [
        replace(samples[0], prompt=f"⟦err⟧{n}⟦fix⟧", answer="⟪1⟫⊖", code="E0425" if n < 500 else f"E{n:04}", base="f")
        for n in range(600)
    ]
    file = tmp_path / "growing.jsonl"
    file.write_text(_lines(many)[:-20], encoding="utf-8")  # the last line is still being written
    mix = Mix([file], tokenizer, longest=400)
    mix.refresh()
    known = len(mix)
    chosen = mix.choose({}, 100, random.Random(0))
    codes = Counter({key_of(item.prompt): item.code for item in many}[key] for key in chosen)
    assert codes["E0425"] < 40  # of 83 in 100
    seen = dict.fromkeys(chosen, 1)
    assert not set(mix.choose(seen, 60, random.Random(1))) & {
        key for key in chosen if key in seen and codes["E0425"] > 99
    }
    everything = mix.choose(seen, 10_000, random.Random(2))
    assert len(set(everything)) == len(everything) == known
    with file.open("a", encoding="utf-8") as more:
        more.write(_lines(many)[-20:])
    mix.refresh()
    assert len(mix) + len(mix.held_out()) > known
    with file.open("a", encoding="utf-8") as more:
        more.write("{}\n")
    with pytest.raises(UserError, match="a line is not a sample"):
        mix.refresh()


def test_an_adapter_needs_a_base(corpus: Path, tmp_path: Path) -> None:
    given = {"samples": 9, "tokens": 10, "seed": 0, "device": "cpu", "tier": "auto", "say": lambda *_: None}
    with pytest.raises(UserError, match="--lora needs a base model"):
        make(tmp_path / "a", **given, data=[corpus], lora=RECIPE)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="is not a model folder"):
        make(tmp_path / "b", **given, data=[corpus], lora=RECIPE, start=str(tmp_path))  # type: ignore[arg-type]
