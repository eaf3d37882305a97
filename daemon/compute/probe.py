"""How fast a model of some shape answers and is trained here, in each precision: a trial of a fraction of a second.

Tried is a network of the model's own kind with random weights, as many of its layers as the time allows, and next to
no vocabulary: what is compared are precisions, and embeddings cost each the same. A precision that a first look shows
to be far slower is not tried further: bfloat16 on a processor without it takes twelve times as long. One thread is
timed by its own processor time, which what else the machine does hardly touches; several threads and other devices by
the clock. The better of two rounds counts, the precisions in turn.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModel, DynamicCache

ANSWERS, TRAINS, THREADS = "answers", "trains", "threads"  # what is measured
SIZES = (
    "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "intermediate_size",
    "head_dim",
)  # fmt: skip
VERSION = 1  # raised when another trial is another outcome

_FLOPS = 1.5e9  # of one pass forward: some 30 ms of a core
_NUMBERS = 50e6  # weights of the network that is tried, at most
_LOOK = 16  # tokens of the first look
_HOPELESS = 2.5  # times slower than the best at the first look
_ROUNDS = 2
_STEPS = 4  # tokens written after the prompt: answers of span edits have five or so
_VOCABULARY = 256
_UNABLE = (ValueError, RuntimeError, TypeError, KeyError, AttributeError, ImportError, NotImplementedError)


def measured(shape: Any, device: str, cores: int) -> dict[str, dict[str, float]]:
    """Tokens a second by what is done and precision, and of training with one and with all threads.

    Precisions that are far behind have the first look's figure. Empty for a network that cannot be made from its
    configuration alone.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with _seeded():
            return _tried(_network(shape, device), device, cores)
    except _UNABLE:
        return {}
    finally:
        torch.set_num_threads(threads)


def _tried(model: Any, device: str, cores: int) -> dict[str, dict[str, float]]:
    clock = time.thread_time if device == "cpu" else _finished(device)
    found: dict[str, dict[str, float]] = {}
    tokens = _tokens(model)
    for what, act in ((ANSWERS, _answer), (TRAINS, _train)):
        speeds: dict[str, float] = {}
        for name in _precisions(device):
            try:
                model.to(getattr(torch, name))
                speed = _LOOK / _best(act, model, 1, _LOOK, clock, rounds=1)  # with what is made once
                if speed * _HOPELESS**2 >= max(speeds.values(), default=0.0):
                    speed = max(speed, _LOOK / _best(act, model, 1, _LOOK, clock, rounds=1))
                speeds[name] = speed
            except _UNABLE:
                continue  # this device does not do it
        able = [name for name, speed in speeds.items() if speed * _HOPELESS >= max(speeds.values())]
        if len(able) > 1:
            rows, width = max(1, tokens // 96), min(96, tokens)
            spent = dict.fromkeys(able, float("inf"))
            for _ in range(_ROUNDS):
                for name in able:
                    model.to(getattr(torch, name))
                    spent[name] = min(spent[name], _best(act, model, rows, width, clock, rounds=1))
            speeds |= {name: rows * width / seconds for name, seconds in spent.items()}
        found[what] = {name: round(speed, 1) for name, speed in speeds.items()}
    if device == "cpu" and cores > 1 and found.get(TRAINS):
        best = max(found[TRAINS], key=lambda name: found[TRAINS][name])
        model.to(getattr(torch, best))
        found[THREADS] = {}
        for name, count in (("one", 1), ("all", cores)):
            torch.set_num_threads(count)
            rows, width = max(1, tokens // 192), min(96, tokens)
            _train(model, rows, width)
            seconds = _best(_train, model, rows, width, time.perf_counter, rounds=_ROUNDS)
            found[THREADS][name] = round(rows * width / seconds, 1)
        torch.set_num_threads(1)
    return found


def _precisions(device: str) -> Sequence[str]:
    """float32, and the half precision that this kind of device may be quicker in."""
    if device.startswith("cuda"):
        return ("float32", "bfloat16" if torch.cuda.is_bf16_supported() else "float16")
    return ("float32", "float16") if device == "mps" else ("float32", "bfloat16")


def _network(shape: Any, device: str) -> Any:
    """As many layers of the model's kind as `_NUMBERS` weights allow, one at least."""
    small = copy.deepcopy(shape)
    small.vocab_size = _VOCABULARY
    for name in ("pad_token_id", "bos_token_id", "eos_token_id"):
        setattr(small, name, 0)
    layers = int(getattr(shape, "num_hidden_layers", 1))
    hidden, inner = int(shape.hidden_size), int(getattr(shape, "intermediate_size", 0) or 4 * shape.hidden_size)
    each = 4 * hidden**2 + 3 * hidden * inner
    small.num_hidden_layers = max(1, min(layers, 4, int(_NUMBERS // each)))
    if getattr(small, "layer_types", None) is not None:
        small.layer_types = small.layer_types[: small.num_hidden_layers]
    return AutoModel.from_config(small, dtype=torch.float32).requires_grad_(False).eval().to(device)


def _tokens(model: Any) -> int:
    """How many tokens a pass has."""
    numbers = sum(p.numel() for name, p in model.named_parameters() if "embed" not in name)
    return int(max(16, min(384, _FLOPS / (2 * numbers))))


@torch.inference_mode()
def _answer(model: Any, rows: int, width: int) -> None:
    """A prompt read and some tokens written."""
    cache = DynamicCache()
    ids = torch.ones(rows, width, dtype=torch.long, device=model.device)
    model(input_ids=ids, past_key_values=cache, use_cache=True)
    for _ in range(_STEPS):
        model(input_ids=ids[:, :1], past_key_values=cache, use_cache=True)


def _train(model: Any, rows: int, width: int) -> None:
    """Forward, and back through frozen weights, as when adapters learn."""
    ids = torch.ones(rows, width, dtype=torch.long, device=model.device)
    inside: Tensor = model.get_input_embeddings()(ids).detach().requires_grad_(True)
    hidden = model(inputs_embeds=inside, use_cache=False).last_hidden_state
    hidden.float().square().mean().backward()


def _best(
    act: Callable[[Any, int, int], None],
    model: Any,
    rows: int,
    width: int,
    clock: Callable[[], float],
    *,
    rounds: int,
) -> float:
    """Seconds of the quickest round."""
    best = float("inf")
    for _ in range(rounds):
        began = clock()
        act(model, rows, width)
        best = min(best, clock() - began)
    return max(best, 1e-9)


def _finished(device: str) -> Callable[[], float]:
    """A clock that waits until the device has done what it was given."""

    def clock() -> float:
        if device.startswith("cuda"):
            torch.cuda.synchronize(device)
        elif device == "mps":
            torch.mps.synchronize()
        return time.perf_counter()

    return clock


@contextmanager
def _seeded() -> Iterator[None]:
    """Leaves torch's random numbers as they were."""
    state = torch.random.get_rng_state()
    try:
        yield
    finally:
        torch.random.set_rng_state(state)
