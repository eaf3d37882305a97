"""What frozen lower layers make of a sample, kept: the same to the bit as it was made, and never more than allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from sleepy.memory.parametric.base.lower import LowerLayers, lower_layers

ROWS = [[5, 6, 7, 8, 9], [3, 4], [11, 12, 13, 14, 15, 16, 17]]
IDS = torch.tensor([[1, 2, 3, 4]])


@pytest.fixture
def model() -> Any:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64,
    )  # fmt: skip
    return LlamaForCausalLM(config).to(torch.bfloat16).eval()


def opened(model: Any, path: Path, limit: int = 1 << 20) -> LowerLayers:
    found = lower_layers(model, 2, path / "lower.bin", IDS, limit=limit)
    assert found is not None
    return found


@torch.no_grad()
def test_a_pass_begun_at_what_was_kept_is_the_whole_pass(model: Any, tmp_path: Path) -> None:
    lower = opened(model, tmp_path)
    lower.hidden(ROWS)
    again = opened(model, tmp_path)  # another process
    assert len(again) == 3
    for some in ([0, 1, 2], [2, 0]):
        rows = [ROWS[i] for i in some]
        hidden = again.upper(again.hidden(rows))
        for n, row in enumerate(rows):
            whole = model.base_model(input_ids=torch.tensor([row])).last_hidden_state[0]
            assert torch.allclose(hidden[n, : len(row)].float(), whole.float(), atol=0.02, rtol=0.02)
    whole = model.base_model(input_ids=IDS).last_hidden_state
    assert torch.equal(again.upper(again.lower(IDS)), whole)


@torch.no_grad()
def test_what_is_kept_is_what_was_made_to_the_bit(model: Any, tmp_path: Path) -> None:
    lower = opened(model, tmp_path)
    first = lower.hidden(ROWS)
    size = (tmp_path / "lower.bin").stat().st_size
    assert size == sum(map(len, ROWS)) * 32 * 2
    assert torch.equal(lower.hidden(ROWS), first)
    assert torch.equal(opened(model, tmp_path).hidden([ROWS[1]])[0], first[1, :2])
    assert (tmp_path / "lower.bin").stat().st_size == size
    for n, row in enumerate(ROWS):
        assert not first[n, len(row) :].any()


@torch.no_grad()
def test_no_more_is_kept_than_allowed(model: Any, tmp_path: Path) -> None:
    lower = opened(model, tmp_path, limit=6 * 64)
    whole = lower.hidden(ROWS)
    assert len(lower) == 1 and (tmp_path / "lower.bin").stat().st_size == 5 * 64
    assert torch.allclose(lower.hidden(ROWS).float(), whole.float(), atol=0.02)


@torch.no_grad()
@pytest.mark.parametrize("damage", ["index cut", "data cut", "data gone"])
def test_what_a_kill_left_half_written_is_made_anew(model: Any, tmp_path: Path, damage: str) -> None:
    whole = opened(model, tmp_path).hidden(ROWS)
    data, index = tmp_path / "lower.bin", tmp_path / "lower.index"
    if damage == "index cut":
        index.write_bytes(index.read_bytes()[:-3])
    elif damage == "data cut":
        data.write_bytes(data.read_bytes()[:-3])
    else:
        data.unlink()
    again = opened(model, tmp_path)
    assert len(again) == (0 if damage == "data gone" else 2)
    assert torch.allclose(again.hidden(ROWS).float(), whole.float(), atol=0.02)
    assert len(opened(model, tmp_path)) == 3


@torch.no_grad()
def test_what_was_cut_off_is_never_taken_for_another_samples(model: Any, tmp_path: Path) -> None:
    whole = opened(model, tmp_path).hidden(ROWS)
    data = tmp_path / "lower.bin"
    data.write_bytes(data.read_bytes()[:-3])  # the last of ROWS is gone
    opened(model, tmp_path).hidden([[40, 41, 42, 43, 44, 45, 46]])  # written where it was
    assert torch.allclose(opened(model, tmp_path).hidden([ROWS[2]])[0].float(), whole[2].float(), atol=0.02)


@torch.no_grad()
def test_a_file_of_other_weights_or_another_cut_counts_as_empty(model: Any, tmp_path: Path) -> None:
    opened(model, tmp_path).hidden(ROWS)
    assert lower_layers(model, 1, tmp_path / "lower.bin", IDS, limit=1 << 20) is not None
    assert len(opened(model, tmp_path)) == 0  # the other cut began it anew
    opened(model, tmp_path).hidden(ROWS)
    model.model.layers[0].mlp.up_proj.weight[0, 0] += 1
    other = opened(model, tmp_path)
    assert len(other) == 0
    wanted = other.lower(torch.tensor([ROWS[0]]))[0]
    assert torch.allclose(other.hidden(ROWS)[0, :5].float(), wanted.float(), atol=0.02)


def test_gradients_are_those_of_the_whole_pass(model: Any, tmp_path: Path) -> None:
    model.float()
    weight = model.model.layers[3].mlp.up_proj.weight
    lower = opened(model, tmp_path)
    found = []
    for hidden in (model.base_model(input_ids=IDS).last_hidden_state, lower.upper(lower.hidden(IDS.tolist()))):
        weight.grad = None
        hidden.square().sum().backward()
        assert weight.grad is not None
        found.append(weight.grad.clone())
    assert torch.allclose(found[0], found[1])


def test_a_model_that_cannot_be_cut_there_is_left_whole(model: Any, tmp_path: Path) -> None:
    assert lower_layers(model, 0, tmp_path / "a.bin", IDS, limit=1) is None
    config = GPT2Config(vocab_size=64, n_embd=32, n_layer=2, n_head=2, n_positions=64)
    assert lower_layers(GPT2LMHeadModel(config).eval(), 1, tmp_path / "b.bin", IDS, limit=1) is None
