"""Measures how fast a model of a given shape answers and trains here in each precision, in a fraction of a second.

It measures a network of the model's own architecture with random weights, as many of its layers as the time allows, and
next to no vocabulary: precisions are compared, and embeddings cost the same in each. A precision that is far slower at
a first look is not measured further: bfloat16 on a processor without support for it takes twelve times as long. A
single thread is timed by its own CPU time, which other load on the machine hardly affects; several threads and other
devices by wall time. Precisions take turns, and the better of two rounds counts.
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

ANSWERS, TRAINS, THREADS = "answers", "trains", "threads"  # the activities measured
SIZES = (
    "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "intermediate_size",
    "head_dim",
)  # fmt: skip
VERSION = 1  # raised when a change to the probe changes its results

_FLOPS = 1.5e9  # of one forward pass: some 30 ms on one core
_NUMBERS = 50e6  # most weights of the measured network
_LOOK = 16  # tokens at the first look
_HOPELESS = 2.5  # times slower than the best at the first look: not measured further
_ROUNDS = 2
_STEPS = 4  # tokens generated after the prompt: span-edit answers have about five
_VOCABULARY = 256
_UNABLE = (ValueError, RuntimeError, TypeError, KeyError, AttributeError, ImportError, NotImplementedError)


def measured(shape: Any, device: str, cores: int) -> dict[str, dict[str, float]]:
    """Tokens per second by activity and precision, and those of training with one and with all threads.

    Precisions that are far behind have the first look's figure. Empty if the network cannot be built from its
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
                speed = _LOOK / _best(act, model, 1, _LOOK, clock, rounds=1)  # includes one-off set-up
                if speed * _HOPELESS**2 >= max(speeds.values(), default=0.0):
                    speed = max(speed, _LOOK / _best(act, model, 1, _LOOK, clock, rounds=1))
                speeds[name] = speed
            except _UNABLE:
                continue  # not supported by this device
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
    """float32, and the half precision that may be faster on this kind of device."""
    if device.startswith("cuda"):
        return ("float32", "bfloat16" if torch.cuda.is_bf16_supported() else "float16")
    return ("float32", "float16") if device == "mps" else ("float32", "bfloat16")


def _network(shape: Any, device: str) -> Any:
    """A network with as many layers of the model's shape as `_NUMBERS` weights allow; at least one, at most four."""
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
    """The number of tokens in a pass."""
    numbers = sum(p.numel() for name, p in model.named_parameters() if "embed" not in name)
    return int(max(16, min(384, _FLOPS / (2 * numbers))))


@torch.inference_mode()
def _answer(model: Any, rows: int, width: int) -> None:
    """Reads a prompt and generates some tokens."""
    cache = DynamicCache()
    ids = torch.ones(rows, width, dtype=torch.long, device=model.device)
    model(input_ids=ids, past_key_values=cache, use_cache=True)
    for _ in range(_STEPS):
        model(input_ids=ids[:, :1], past_key_values=cache, use_cache=True)


def _train(model: Any, rows: int, width: int) -> None:
    """A forward pass, and a backward pass through frozen weights, as when adapters are trained."""
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
    """The seconds of the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        began = clock()
        act(model, rows, width)
        best = min(best, clock() - began)
    return max(best, 1e-9)


def _finished(device: str) -> Callable[[], float]:
    """A clock that first waits until the device has finished its work."""

    def clock() -> float:
        if device.startswith("cuda"):
            torch.cuda.synchronize(device)
        elif device == "mps":
            torch.mps.synchronize()
        return time.perf_counter()

    return clock


@contextmanager
def _seeded() -> Iterator[None]:
    """Restores torch's random state afterwards."""
    state = torch.random.get_rng_state()
    try:
        yield
    finally:
        torch.random.set_rng_state(state)
