"""Learning for real: tiny random models learn token sequences, alone and as patterns of one subspace."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric import fit as fitting
from sleepy.memory.parametric.adapter import Adapter
from sleepy.memory.parametric.answering import _parts, last_block
from sleepy.memory.parametric.attention import LONGEST, quickest
from sleepy.memory.parametric.base import pretrain
from sleepy.memory.parametric.base.muon import orthogonalised
from sleepy.memory.parametric.examples import Example, epochs
from sleepy.memory.parametric.fit import Fit, FitProgress, FitRecipe, Stopped, fit, frozen, mean_loss, run_identity
from sleepy.memory.parametric.lora import LoraRecipe, shared_a, train_lora
from sleepy.memory.parametric.low_rank import LowRank
from sleepy.memory.parametric.phase2 import CoefficientRecipe, Trainee, refit, train_coefficients
from sleepy.memory.parametric.share_linear import attach, linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

QUICK = LoraRecipe(steps=40, batch_tokens=256, held_out=0.0, lr=1e-2)


def tiny(kind: str = "llama", dtype: torch.dtype = torch.float32) -> Any:
    torch.manual_seed(0)
    shape = {
        "vocab_size": 48,
        "hidden_size": 48,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4 if kind == "llama" else 2,
        "max_position_embeddings": 64,
        "tie_word_embeddings": kind == "qwen2",
        "initializer_range": 0.1,
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": 0,
    }
    model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen2ForCausalLM(Qwen2Config(**shape))
    return model.to(dtype).eval()


def lessons(seed: int, count: int = 6) -> list[Example]:
    """Prompts of six tokens, each with an answer of three."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(1, 48, (count, 9), generator=generator).tolist()
    return [Example.completion(row[:6], row[6:]) for row in rows]


def answers(model: Any, examples: Sequence[Example]) -> list[bool]:
    """Whether greedy decoding gives each example's answer."""
    prompts = torch.tensor([example.ids[:6] for example in examples])
    found = model.generate(
        input_ids=prompts,
        attention_mask=torch.ones_like(prompts),
        max_new_tokens=3,
        min_new_tokens=3,
        do_sample=False,
    )
    return [tuple(row) == example.ids for row, example in zip(found.tolist(), examples, strict=True)]


def equal(one: Adapter, other: Adapter) -> bool:
    return one.factors.keys() == other.factors.keys() and all(
        torch.equal(pair.b, other.factors[name].b) and torch.equal(pair.a, other.factors[name].a)
        for name, pair in one.factors.items()
    )


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_patterns_are_learnt_founded_absorbed_and_served_by_route(kind: str) -> None:
    model = tiny(kind)
    one, two, three = lessons(1), lessons(2), lessons(3)
    recipe = LoraRecipe(steps=80, batch_tokens=256, held_out=0.0, lr=2e-2)
    founders = {"one": train_lora(model, one, recipe), "two": train_lora(model, two, recipe)}
    subspace, _ = Subspace.found(founders, Rule(threshold=0.9999))
    third = train_coefficients(
        model,
        subspace,
        "three",
        three,
        CoefficientRecipe(steps=150, batch_tokens=256, held_out=0.0, lr=3e-2),
    )
    subspace, certificate = subspace.absorb("three", third, Rule(tau=0.02))
    assert certificate.before == certificate.after  # in the span: nothing grew
    everything = [*one, *two, *three]
    assert not any(answers(model, everything))
    served = attach(model, subspace)
    with served.routed(["one"] * 6 + ["two"] * 6 + ["three"] * 6):
        assert sum(answers(model, everything)) >= 17
    prompts = torch.tensor([example.ids for example in everything])
    with torch.no_grad(), served.routed(["one"] * 6 + [None] * 6 + ["three"] * 6):
        found = model(input_ids=prompts).logits
    served.detach()
    with torch.no_grad():
        base = model(input_ids=prompts).logits
    assert torch.equal(found[6:12], base[6:12])
    assert not torch.allclose(found[:6], base[:6], atol=0.1)


def test_a_refit_repairs_what_truncation_broke() -> None:
    model, one = tiny(), lessons(1)
    lora = train_lora(model, one, LoraRecipe(steps=80, batch_tokens=256, held_out=0.0, lr=2e-2))
    cut, _ = Subspace.found({"one": lora}, Rule(threshold=1.0, cap=4))
    whole, broken = (
        _served_loss(Subspace.found({"one": lora}, Rule(threshold=1.0))[0], one),
        _served_loss(cut, one),
    )
    recipe = CoefficientRecipe(steps=60, batch_tokens=256, held_out=0.0, lr=2e-2, scale=1.0)
    again = cut.with_coefficients("one", refit(model, cut, "one", one, recipe))
    assert _served_loss(again, one) - whole < 0.5 * (broken - whole)
    unmoved = cut.with_coefficients("one", refit(model, cut, "one", one, replace(recipe, steps=1, lr=0.0, scale=2.0)))
    assert _served_loss(unmoved, one) == pytest.approx(broken, rel=1e-4)


def _served_loss(subspace: Subspace, examples: Sequence[Example]) -> float:
    """The loss with dW in the weights of a model of its own."""
    model = tiny()
    with torch.no_grad():
        for name, pair in subspace.reconstruct("one").factors.items():
            model.get_submodule(name).weight += pair.b @ pair.a
    return mean_loss(model, examples)


@pytest.mark.parametrize("phi", [0, 2])
def test_every_trainable_number_moves_and_nothing_else(phi: int) -> None:
    model = tiny()
    subspace = _founded()
    recipe = CoefficientRecipe(phi=phi, steps=2, batch_tokens=256, held_out=0.0)
    weights = {name: p.clone() for name, p in model.named_parameters()}
    version = subspace.version
    seen: list[dict[str, Tensor]] = []

    def look(_: FitProgress) -> None:
        trainees = {name: m for name, m in model.named_modules() if isinstance(m, Trainee)}
        seen.append({f"{n}.{k}": p.detach().clone() for n, t in trainees.items() for k, p in _own(t).items()})
        for name, trainee in trainees.items():
            n, d = trainee.base.weight.shape
            (k_b, p), k_a = trainee.e_b.shape, trainee.e_a.shape[0]
            numbers = sum(parameter.numel() for parameter in _own(trainee).values())
            assert numbers == (k_b + k_a) * p + phi * (n + d) + 2 * phi * p
            assert torch.equal(trainee.beta, subspace.blocks[name].b.basis)
            assert torch.equal(trainee.alpha, subspace.blocks[name].a.basis)

    start = _start(model, subspace, recipe)
    train_coefficients(model, subspace, "new", lessons(4), recipe, report=look)
    moved_at_once = [name for name, value in seen[0].items() if not torch.equal(value, start[name])]
    assert moved_at_once == [name for name in start if name.endswith(("e_b", "f_b"))]
    assert all(not torch.equal(value, start[name]) for name, value in seen[1].items())
    assert subspace.version == version
    for name, p in model.named_parameters():
        assert torch.equal(p, weights[name])
        assert p.requires_grad


def _own(trainee: Trainee) -> dict[str, nn.Parameter]:
    return dict(trainee.named_parameters(recurse=False))


def _start(model: Any, subspace: Subspace, recipe: CoefficientRecipe) -> dict[str, Tensor]:
    """What training begins with: the first batch, at a rate of zero."""
    seen: dict[str, Tensor] = {}

    def look(_: FitProgress) -> None:
        for name, module in model.named_modules():
            if isinstance(module, Trainee):
                seen.update({f"{name}.{key}": p.detach().clone() for key, p in _own(module).items()})

    train_coefficients(model, subspace, "new", lessons(4), replace(recipe, lr=0.0, steps=1), report=look)
    return seen


@functools.cache
def _founded() -> Subspace:
    model = tiny()
    founders = {name: train_lora(model, lessons(i), QUICK) for i, name in enumerate(["p", "q"])}
    return Subspace.found(founders, Rule(threshold=0.99))[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("phi", [0, 2])
def test_coefficients_start_exactly_at_the_base(dtype: torch.dtype, phi: int) -> None:
    model = tiny(dtype=dtype)
    ids = torch.tensor([example.ids for example in lessons(5)])
    with torch.no_grad():
        base = model(input_ids=ids).logits
    seen = []

    def look(_: FitProgress) -> None:
        with torch.no_grad():
            seen.append(model.eval()(input_ids=ids).logits)

    recipe = CoefficientRecipe(phi=phi, lr=0.0, steps=1, held_out=0.0)
    found = train_coefficients(model, _founded(), "new", lessons(4), recipe, report=look)
    assert torch.equal(seen[0], base)
    assert all(not bool((pair.b @ pair.a).any()) for pair in found.factors.values())
    assert all(bool(pair.a.any()) for pair in found.factors.values())


@pytest.mark.parametrize("way", ["lora", "coefficients", "temporaries"])
def test_training_goes_on_from_an_adapter(way: str) -> None:
    model, taught = tiny(), lessons(1)
    subspace = _founded()
    known = subspace.reconstruct("p")

    def learnt(steps: int, lr: float) -> Adapter:
        terms: dict[str, Any] = {"steps": steps, "lr": lr, "batch_tokens": 256, "held_out": 0.0}
        if way == "lora":
            return train_lora(model, taught, LoraRecipe(**terms), begins=known)
        recipe = CoefficientRecipe(phi=2 if way == "temporaries" else 0, **terms)
        return train_coefficients(model, subspace, "new", taught, recipe, begins=known)

    def apart(one: Adapter) -> float:
        gone = sum(float((pair.b @ pair.a - known.factors[n].b @ known.factors[n].a).square().sum())
                   for n, pair in one.factors.items())  # fmt: skip
        return gone / sum(float((pair.b @ pair.a).square().sum()) for pair in known.factors.values())

    def loss(one: Adapter) -> float:
        other = tiny()
        with torch.no_grad():
            for name, pair in one.factors.items():
                other.get_submodule(name).weight += pair.b @ pair.a
        return mean_loss(other, taught)

    unmoved, further = learnt(1, 0.0), learnt(30, 3e-3)
    assert unmoved.factors.keys() == known.factors.keys() and apart(unmoved) < 1e-9
    assert apart(further) > 1e-4 and loss(further) < loss(unmoved)


def test_temporary_directions_start_orthonormal_outside_the_basis_and_stay_outside_the_subspace() -> None:
    model = tiny()
    subspace = _founded()
    recipe = CoefficientRecipe(phi=2, lr=0.0, steps=1, held_out=0.0)
    for name, value in _start(model, subspace, recipe).items():
        layer, _, key = name.rpartition(".")
        if key in ("q_b", "q_a"):
            side = subspace.blocks[layer].b if key == "q_b" else subspace.blocks[layer].a
            assert float((side.basis.T @ value).abs().max()) < 1e-6
            torch.testing.assert_close(value.T @ value, torch.eye(2), rtol=0, atol=1e-5)
    before = subspace.widths
    bent = train_coefficients(model, subspace, "new", lessons(4), replace(recipe, lr=1e-2, steps=30))
    assert subspace.widths == before
    grown, certificate = subspace.absorb("new", bent, Rule(tau=1e-4))
    assert certificate.damage["new"] < 1e-4
    for name, (k_b, k_a) in grown.widths.items():
        assert k_b <= before[name][0] + 2
        assert k_a <= before[name][1] + 2


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_lora_training_leaves_the_model_as_it_was(kind: str) -> None:
    model = tiny(kind)
    modules = list(model.modules())
    weights = {name: p.clone() for name, p in model.named_parameters()}
    state = torch.random.get_rng_state()
    found = train_lora(model, lessons(1), replace(QUICK, steps=3))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert found.factors.keys() == linear_layers(model).keys()
    assert {name.rpartition(".")[2] for name in found.factors} == {
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"
    }  # fmt: skip
    assert all(one is other for one, other in zip(model.modules(), modules, strict=True))
    assert not model.training
    for name, p in model.named_parameters():
        assert torch.equal(p, weights[name])
        assert p.requires_grad


def test_lora_starts_from_one_a_for_every_pattern_and_one_a_layer() -> None:
    model = tiny()
    still = replace(QUICK, lr=0.0, steps=1)
    one, other = train_lora(model, lessons(1), still), train_lora(model, lessons(2), replace(still, seed=9))
    for name, pair in one.factors.items():
        assert torch.equal(pair.a, other.factors[name].a)
        assert torch.equal(pair.a, shared_a(name, 8, pair.a.shape[1], 0))
        assert not bool(pair.b.any())
    rows = [pair.a[0, :8].tolist() for pair in one.factors.values()]
    assert len({tuple(row) for row in rows}) == len(rows)
    private = train_lora(model, lessons(1), replace(still, a_seed=1))
    assert not equal(private, one)


def test_the_adapter_returned_is_the_one_that_was_trained() -> None:
    model, examples = tiny(), lessons(1)
    losses: list[float] = []
    recipe = replace(QUICK, steps=30, examine_every=10)

    def note(progress: FitProgress) -> None:
        losses.append(progress.held_out or math.inf)

    found = train_lora(model, examples, recipe, held_out=examples, report=note)
    subspace, _ = Subspace.found({"one": found}, Rule(threshold=1.0))
    assert _served_loss(subspace, examples) == pytest.approx(min(losses), rel=1e-3)


def test_training_is_a_function_of_its_arguments() -> None:
    model = tiny()
    assert equal(train_lora(model, lessons(1), QUICK), train_lora(model, lessons(1), QUICK))
    assert not equal(train_lora(model, lessons(1), QUICK), train_lora(model, lessons(1), replace(QUICK, seed=1)))
    subspace, recipe = _founded(), CoefficientRecipe(phi=2, steps=4, held_out=0.0)
    one = train_coefficients(model, subspace, "new", lessons(4), recipe)
    torch.manual_seed(99)
    assert equal(one, train_coefficients(model, subspace, "new", lessons(4), recipe))


class _Killed(Exception):
    pass


@pytest.mark.parametrize("stage", ["lora", "coefficients"])
def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, stage: str) -> None:
    model = tiny()
    subspace = _founded()
    path = tmp_path / "run.pt"
    examples = lessons(1, count=12)
    settings: dict[str, Any] = {
        "steps": 16, "batch_tokens": 40, "held_out": 0.2, "examine_every": 4, "checkpoint_seconds": 0.0
    }  # fmt: skip

    def run(**hooks: Any) -> Adapter:
        if stage == "lora":
            return train_lora(model, examples, LoraRecipe(**settings), **hooks)
        return train_coefficients(model, subspace, "new", examples, CoefficientRecipe(**settings), **hooks)

    def kill(progress: FitProgress) -> None:
        if progress.step == 9:
            raise _Killed

    steps: list[int] = []
    whole = run()
    with pytest.raises(_Killed):
        run(checkpoint=path, report=kill)
    assert not any(isinstance(module, Trainee) for module in model.modules())
    resumed = run(checkpoint=path, report=lambda progress: steps.append(progress.step))
    assert steps == list(range(10, 17))
    assert equal(whole, resumed)
    assert not path.exists()
    with pytest.raises(_Killed):
        run(checkpoint=path, report=kill)
    settings["lr"] = 1e-4
    with pytest.raises(ValueError, match="another run"):
        run(checkpoint=path)


def test_a_checkpoint_of_an_earlier_version_is_found_again() -> None:
    """The name of a run is what the first version made of it."""
    parameters = {"a.a": torch.nn.Parameter(torch.zeros(2, 3))}
    examples = [Example((1, 2, 3), (0.0, 1.0)), Example.completion([4, 5], [6, 7])]
    one = run_identity(parameters, examples, examples[:1], LoraRecipe(steps=3))
    other = run_identity(parameters, examples, [], CoefficientRecipe(seed=5))
    assert one == "223c689da693fe720b8c0e628dabd65fdb5531dbd619020190a2b8367e11e5f1"
    assert other == "3bb788fd912b69a1c3f36b9a9cb92d668cfe8ad6982c81c2faa28f252b2db0d2"


def _lone(model: Any, examples: Sequence[Example], recipe: FitRecipe, **hooks: Any) -> tuple[Fit, list[FitProgress]]:
    """Fits the last norm's scale alone: one parameter, through the whole loop."""
    seen: list[FitProgress] = []
    with frozen(model):
        scale = model.model.norm.weight.requires_grad_()
        done = fit(model, {"scale": scale}, examples, recipe, report=seen.append, **hooks)
    return done, seen


def test_training_stops_early_and_keeps_the_best() -> None:
    model = tiny()
    recipe = FitRecipe(steps=400, lr=0.3, batch_tokens=256, examine_every=2, patience=3)
    done, seen = _lone(model, lessons(1), recipe, held_out=lessons(2))
    assert done.stopped is Stopped.EARLY
    assert done.steps < 400
    judged = [progress.held_out for progress in seen if progress.held_out is not None]
    assert done.held_out == min(judged)
    assert mean_loss(model, lessons(2)) == pytest.approx(min(judged), rel=1e-4)
    assert judged[-1] > min(judged)
    assert [item.loss for item in done.curve[1:]] == judged
    assert [item.step for item in done.curve] == list(range(0, done.steps + 1, 2))
    assert done.exact == done.curve[1 + judged.index(min(judged))].exact


def test_an_answer_counts_as_exact_when_every_token_of_it_is_the_likeliest() -> None:
    model = tiny()
    known = lessons(1)[:6]
    recipe = FitRecipe(steps=1, lr=0.0, examine_every=1)
    says: list[int] = []
    with torch.no_grad():
        for example in known:
            likeliest = model(input_ids=torch.tensor([example.ids])).logits[0, :-1].argmax(1)
            says.append(
                all(t == i or not w for t, i, w in zip(likeliest, example.ids[1:], example.weights, strict=True))
            )
    said = []
    for example in known:  # what the model itself says is exact
        first = next(i for i, weight in enumerate(example.weights) if weight) + 1
        asked = torch.tensor([example.ids[:first]])
        told = model.generate(asked, max_new_tokens=3, do_sample=False, attention_mask=torch.ones_like(asked))
        said.append(Example.completion(example.ids[:first], told[0, first:].tolist()))
    assert _lone(model, known, recipe, held_out=known)[0].exact == sum(says) / 6
    assert _lone(model, known, recipe, held_out=said)[0].exact == 1.0
    assert _lone(model, known, recipe, held_out=[*said[:3], *known[:3]])[0].exact == (3 + sum(says[:3])) / 6


def test_training_stops_when_all_held_out_is_said_exactly_at_a_loss_of_next_to_nothing() -> None:
    examples = lessons(1)
    recipe = replace(QUICK, steps=200, examine_every=5, patience=0)

    def run(learnt: float, held_out: Sequence[Example]) -> Fit:
        ends: list[Fit] = []
        train_lora(tiny(), examples, replace(recipe, learnt=learnt), held_out=held_out, ended=ends.append)
        return ends[0]

    enough = 0.5  # so small a model gets to 0.4
    done = run(enough, examples)
    assert done.stopped is Stopped.LEARNT
    assert done.steps < 200
    assert (done.exact, done.curve[-1].exact) == (1.0, 1.0)
    assert done.held_out == done.curve[-1].loss < enough
    assert all(item.loss >= enough or item.exact < 1 for item in done.curve[:-2])  # not before twice in a row
    assert run(0.0, examples).stopped is Stopped.STEPS
    assert run(enough, [*examples, *lessons(2)]).stopped is Stopped.STEPS  # those were not taught


def test_training_stops_when_its_time_is_over() -> None:
    recipe = FitRecipe(steps=10**6, lr=1e-4, seconds=0.5, held_out=0.0)
    done, seen = _lone(tiny(), lessons(1), recipe)
    assert done.stopped is Stopped.TIME
    assert 0.4 < done.seconds < 5
    assert seen[-1].seconds >= seen[0].seconds


def test_the_rate_warms_up_and_falls_along_a_cosine() -> None:
    recipe = FitRecipe(steps=100, lr=1.0, warmup=0.1, last=0.1)
    rates = [fitting._rate(recipe, step, 0.0) for step in range(100)]
    assert rates[:11] == sorted(rates[:11])
    assert rates[0] > 0
    assert rates[10] == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.55)
    assert rates[-1] == pytest.approx(0.1, abs=0.01)
    assert fitting._rate(replace(recipe, seconds=10.0), 0, 5.5) == pytest.approx(0.55)


def test_batches_hold_every_example_once_an_epoch_within_the_budget() -> None:
    examples = [Example(tuple(range(1, n + 2)), (1.0,) * n) for n in range(1, 40)]
    epoch: list[Example] = []
    batches = epochs(examples, 100, 0)
    while len(epoch) < len(examples):
        batch = next(batches)
        assert len(batch) * max(len(example.ids) for example in batch) <= 100
        epoch += batch
    assert sorted(len(example.ids) for example in epoch) == sorted(len(example.ids) for example in examples)
    again = epochs(examples, 100, 0)
    assert next(again) == epoch[: len(next(epochs(examples, 100, 0)))]


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_the_loss_is_cross_entropy_on_weighted_targets_whatever_the_padding(kind: str) -> None:
    model = tiny(kind)
    short, long = lessons(1)[0], Example(tuple(range(1, 20)), (0.0,) * 9 + (0.5, 2.0) + (1.0,) * 7)
    total = weight = 0.0
    for example in (short, long):  # alone, with whole logits
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([example.ids])).logits[0, :-1]
        losses = nn.functional.cross_entropy(logits, torch.tensor(example.ids[1:]), reduction="none")
        total += float((losses * torch.tensor(example.weights)).sum())
        weight += sum(example.weights)
    assert mean_loss(model, [short, long]) == pytest.approx(total / weight, rel=1e-5)


def test_an_output_layer_with_a_bias_is_honoured() -> None:
    model = tiny()
    head = nn.Linear(48, 48)
    with torch.no_grad():
        head.weight.copy_(model.lm_head.weight)
        head.bias.normal_(std=2.0, generator=torch.Generator().manual_seed(0))
    plain = mean_loss(model, lessons(1))
    model.lm_head = head
    ids = torch.tensor([example.ids for example in lessons(1)])
    with torch.no_grad():
        logits = model(input_ids=ids).logits[:, 5:-1]
    expected = nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 6:].flatten()).item()
    assert mean_loss(model, lessons(1)) == pytest.approx(expected, rel=1e-5)
    assert abs(expected - plain) > 0.1


def test_the_first_gradient_is_pefts_own() -> None:
    model, examples = tiny(), lessons(1)
    recipe = replace(QUICK, steps=1, lr=1e-3, warmup=0.0, clip=1e9)
    found = train_lora(model, examples, recipe)
    peft = get_peft_model(
        tiny(),
        LoraConfig(r=8, lora_alpha=16, target_modules=list(linear_layers(model)), task_type="CAUSAL_LM"),
    )
    parameters = dict(peft.named_parameters())
    with torch.no_grad():
        for name in found.factors:
            a = parameters[f"base_model.model.{name}.lora_A.default.weight"]
            a.copy_(shared_a(name, 8, a.shape[1], 0))
    ids = torch.tensor([example.ids for example in examples])
    labels = ids.clone()
    labels[:, :6] = -100
    peft(input_ids=ids, labels=labels).loss.backward()
    for name, pair in found.factors.items():
        gradient = parameters[f"base_model.model.{name}.lora_B.default.weight"].grad
        assert gradient is not None
        big = gradient.abs() > 1e-4  # AdamW's first step is lr times the sign
        assert big.any()
        torch.testing.assert_close(pair.b[big] / 2, -1e-3 * gradient.sign()[big], rtol=1e-3, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_low_rank_layer_is_pefts_own(dtype: torch.dtype) -> None:
    """Its output, and the gradients of input and factors, which stay float32."""
    torch.manual_seed(0)
    model = tiny(dtype=dtype)
    peft = get_peft_model(tiny(dtype=dtype), LoraConfig(r=8, lora_alpha=16, target_modules=["up_proj"]))
    name = "model.layers.0.mlp.up_proj"
    theirs = peft.base_model.model.get_submodule(name)
    base = model.get_submodule(name)
    base.requires_grad_(False)
    ours = LowRank(base, torch.randn(8, 48), torch.randn(64, 8), 2.0)
    a, b = theirs.lora_A["default"].weight, theirs.lora_B["default"].weight
    assert {a.dtype, b.dtype, ours.a.dtype, ours.b.dtype} == {torch.float32}
    with torch.no_grad():
        a.copy_(ours.a)
        b.copy_(ours.b)
    inputs = [torch.randn(3, 5, 48, generator=torch.Generator().manual_seed(1)).to(dtype) for _ in range(2)]
    upstream = torch.randn(3, 5, 64).to(dtype)
    outputs = [layer(x.requires_grad_()) for layer, x in zip((ours, theirs), inputs, strict=True)]
    for out in outputs:
        out.backward(upstream)
    pairs = [outputs, [x.grad for x in inputs], [ours.a.grad, a.grad], [ours.b.grad, b.grad]]
    for mine, their in pairs:
        assert mine.dtype == their.dtype
        assert (mine.float() - their.float()).norm() < (1e-5 if dtype is torch.float32 else 1e-2) * their.float().norm()
    assert base.weight.grad is None


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_the_last_block_computes_answers_alone_without_changing_them_or_their_gradients(kind: str) -> None:
    model = tiny(kind)
    ids = torch.randint(1, 48, (3, 12), generator=torch.Generator().manual_seed(0))
    where = torch.tensor([5, 11, 12, 30])
    seen: list[int] = []
    last = model.model.layers[-1].mlp.gate_proj
    counter = last.register_forward_pre_hook(lambda _, args: seen.append(args[0].shape[:-1].numel()))
    found = []
    with last_block(model, ids[:1]) as rows:
        assert rows is not None
        seen.clear()
        for of in (contextlib.nullcontext(), rows.of(where)):
            model.zero_grad()
            with of:
                hidden = model.base_model(input_ids=ids).last_hidden_state.flatten(0, 1)[where]
                hidden.square().sum().backward()
            found.append([hidden.detach(), *(p.grad.clone() for p in model.model.parameters())])
    assert seen == [36, 4]
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    model.base_model(input_ids=ids)
    assert seen[2:] == [36]
    counter.remove()
    assert not last._forward_pre_hooks
    assert not model.model.layers[-1].mlp._forward_hooks


def test_a_model_whose_last_block_mixes_positions_computes_them_all() -> None:
    class Mixing(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.cumsum(1)

    model = tiny()
    model.model.layers[-1].mlp = Mixing()
    with last_block(model, torch.arange(1, 13)[None]) as rows:
        assert rows is None
    del model.model.layers  # nor does one of another make
    model.model.layers = nn.Identity()
    assert _parts(model) == []


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_muons_update_is_near_the_polar_factor_in_either_precision(dtype: torch.dtype) -> None:
    matrices = torch.randn(2, 16, 40, generator=torch.Generator().manual_seed(0))
    found = orthogonalised(matrices, dtype=dtype)
    assert found.dtype is torch.float32
    u, _, v = torch.linalg.svd(matrices, full_matrices=False)
    ours, polar = torch.linalg.svdvals(found), u @ v
    assert 0.6 < float(ours.min()) <= float(ours.max()) < 1.3
    assert float((found * polar).sum() / (found.norm() * polar.norm())) > 0.95
    rounded = torch.equal(
        orthogonalised(matrices, steps=0, dtype=dtype).bfloat16().float(),
        orthogonalised(matrices, steps=0, dtype=dtype),
    )
    assert rounded is (dtype is torch.bfloat16)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_pretraining_is_in_the_precision_asked_for_and_goes_on_in_it(tmp_path: Path, dtype: torch.dtype) -> None:
    path = tmp_path / "run.pt"
    documents = [pretrain.TokenDocument(example.ids, 6) for example in lessons(1, count=12)]
    recipe = pretrain.Recipe(tokens=2000, batch_tokens=64, checkpoint_seconds=0.0)
    model, seen = tiny(), []

    def told(progress: pretrain.PretrainProgress) -> None:
        seen.append(progress.loss)
        if len(seen) == 10:
            raise _Killed

    with pytest.raises(_Killed):
        pretrain.train(model, documents, recipe, pad=0, checkpoint=path, report=told, dtype=dtype)
    assert model.dtype is dtype
    other = torch.float32 if dtype is torch.bfloat16 else torch.bfloat16
    pretrain.train(model, documents, recipe, pad=0, checkpoint=path, report=told, dtype=other)
    assert model.dtype is dtype
    assert seen[-1] < 0.8 * seen[0]


def test_short_rows_in_bfloat16_take_plain_attention_for_training_alone() -> None:
    model, ids = tiny(dtype=torch.bfloat16), torch.randint(1, 48, (3, 12))
    with quickest(model, ids):
        assert model.config._attn_implementation == "eager"
        plain = model(input_ids=ids).logits
    assert model.config._attn_implementation == "sdpa"
    torch.testing.assert_close(plain, model(input_ids=ids).logits, rtol=0.02, atol=0.05)
    for other, long in ((tiny(), ids), (model, torch.zeros(1, LONGEST + 1))):
        with quickest(other, long):
            assert other.config._attn_implementation == "sdpa"


def test_bfloat16_models_learn_too() -> None:
    model = tiny(dtype=torch.bfloat16)
    before = mean_loss(model, lessons(1))
    losses: list[float] = []
    train_lora(model, lessons(1), QUICK, report=lambda progress: losses.append(progress.loss))
    assert losses[-1] < 0.5 * before
    losses.clear()
    train_coefficients(
        model,
        _founded(),
        "new",
        lessons(1),
        CoefficientRecipe(steps=40, held_out=0.0),
        report=lambda progress: losses.append(progress.loss),
    )
    assert losses[-1] < 0.5 * before


def test_examples_that_teach_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="3 ids want 2 weights"):
        Example((1, 2, 3), (1.0,))
    with pytest.raises(ValueError, match="teaches nothing"):
        Example((1, 2, 3), (0.0, 0.0))
    with pytest.raises(ValueError, match="no examples"):
        train_lora(tiny(), [], QUICK)
    assert Example.completion([1, 2], [3, 4]) == Example((1, 2, 3, 4), (0.0, 1.0, 1.0))


def test_a_refit_of_the_unknown_or_with_temporaries_is_refused() -> None:
    subspace = _founded()
    with pytest.raises(KeyError, match="E0999"):
        refit(tiny(), subspace, "E0999", lessons(1))
    with pytest.raises(ValueError, match="phi"):
        refit(tiny(), subspace, "p", lessons(1), CoefficientRecipe(phi=1))
