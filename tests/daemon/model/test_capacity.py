"""How many rows at once: an estimate that grows with what a row is, and never names none."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import torch
from transformers import DynamicCache, Qwen2Config, Qwen2ForCausalLM

from sleepy.daemon.model import capacity
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Request
from sleepy.memory.parametric.shortage import free

_CPU = torch.device("cpu")
_CONFIG = Qwen2Config(
    vocab_size=5000, hidden_size=64, intermediate_size=128, num_hidden_layers=6, num_attention_heads=4,
    num_key_value_heads=2,
)  # fmt: skip


def test_a_row_takes_at_least_its_keys_values_and_logits() -> None:
    model = Qwen2ForCausalLM(_CONFIG).eval()
    cache = DynamicCache(config=_CONFIG)
    with torch.no_grad():
        said = model(input_ids=torch.ones(1, 300, dtype=torch.long), past_key_values=cache, logits_to_keep=1).logits
    kept = sum(each.nbytes for layer in cache.layers for each in (layer.keys, layer.values))
    assert kept + said.nbytes < capacity.row_bytes(_CONFIG, torch.float32, 300) < 10 * kept


def test_a_row_takes_more_the_more_it_is() -> None:
    plain = capacity.row_bytes(_CONFIG, torch.bfloat16, 300)
    assert plain < capacity.row_bytes(_CONFIG, torch.float32, 300) < 2 * plain
    assert plain < capacity.row_bytes(_CONFIG, torch.bfloat16, 301)
    assert capacity.row_bytes(_CONFIG, torch.bfloat16, 300, said=9) - plain == 8 * 5000 * 14
    assert capacity.row_bytes(_CONFIG, torch.bfloat16, 300, kept=False) < plain


def test_rows_are_what_half_the_memory_holds_from_one_to_the_most() -> None:
    assert [capacity.rows(has, 10, 16) for has in (0, 10, 40, 100, 10_000, None)] == [1, 1, 2, 5, 16, 16]


def test_free_memory_is_no_more_than_the_process_may_have() -> None:
    whole = free(_CPU)
    assert whole is not None and whole > 0
    script = (
        "import resource, torch, psutil\nfrom sleepy.memory.parametric.shortage import free\n"
        "used = psutil.Process().memory_info()\n"
        "resource.setrlimit(resource.{}, (used.{} + (64 << 20), resource.RLIM_INFINITY))\n"
        "print(free(torch.device('cpu')))"
    )
    for kind, field in (("RLIMIT_AS", "vms"), ("RLIMIT_DATA", "data")):
        assert hasattr(resource, kind)
        done = subprocess.run(
            [sys.executable, "-c", script.format(kind, field)], capture_output=True, text=True, check=True, cwd=Path.cwd()
        )  # fmt: skip
        assert 0 <= int(done.stdout) <= 65 << 20  # the two counts of what is used differ by some pages


def test_a_batch_is_no_larger_than_memory(tiny: LanguageModel, requests: list[Request]) -> None:
    """Four rows of these questions fit: no batch has more, and answers are what they are one by one."""
    model = LanguageModel(tiny.name, tiny.model, tiny.tokenizer, tiny.format)
    assert model.batch == capacity.ON_CPU == capacity.most_rows(_CPU)
    encoded = [model.prompt_ids(item.text) for item in requests]
    fits = sorted(range(len(requests)), key=lambda i: len(encoded[i]))
    longest = len(encoded[fits[-1]]) + 96
    has = 8 * capacity.row_bytes(tiny.model.config, torch.float32, longest)
    assert model._at_once(longest, has) == 4 and model._at_once(longest, 1) == 1
