"""Checks of what answers: torch, the model, an adapter on it, and the champion's files.

An adapter that is attached and changes nothing can go unnoticed for long. So the check attaches a small random one,
and compares the logits of a routed row with the base model's.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.doctor.finding import Unwell, Warned
from sleepy.daemon.model.configured import local_model
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.serve import serve
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database, DatabaseMissing
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Subspace

_PROBE = "pub fn probe(values: &[i32]) -> Option<i32> { values.first().copied() }"
_LAYERS = 4  # the first that can be adapted: a change there goes through all the others
_RANK = 2
_FAR_BEHIND = 1.5  # times slower than the best precision: above this, the setting is questioned


def torch_works(config: Config, home: Home) -> str:
    """The finding on torch: it multiplies correctly on the chosen device, in the chosen precisions.

    Raises `Warned` where another precision is much faster.
    """
    compute = choose(config, architecture(config.model), home)
    for dtype in (compute.answers, compute.trains):
        try:
            ones = torch.ones(8, 8, device=compute.device, dtype=getattr(torch, dtype))
            right = float((ones @ ones).sum()) == 512.0
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            raise Unwell(
                f"torch cannot multiply in {dtype} on {compute.device}: {str(error).splitlines()[0]}",
                remedy="`sleepy config set device auto` and `sleepy config set dtype auto` choose what works",
            ) from error
        if not right:
            raise Unwell(f"{compute.device} gives wrong products in {dtype}", remedy="`sleepy config set device cpu`")
    name = f" ({torch.cuda.get_device_name(compute.device)})" if compute.device.startswith("cuda") else ""
    said = f"{torch.__version__} on {compute}{name}"
    idle = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else ""
    if compute.on_cpu and idle:
        raise Warned(f"{said}, although there is a GPU", remedy="`sleepy config set device auto` uses it")
    return said + _speeds(compute, said)


def _speeds(compute: Compute, said: str) -> str:
    """What the probe measured, in words; raises `Warned` where the precision in use is much too slow."""
    told = []
    for what, used in (("answers", compute.answers), ("trains", compute.trains)):
        speeds = (compute.measured or {}).get(what, {})
        if not speeds:
            continue
        best = max(speeds, key=lambda name: speeds[name])
        if speeds[best] > _FAR_BEHIND * speeds.get(used, float("inf")):
            raise Warned(
                f"{said}; {best} {what} {speeds[best] / speeds[used]:.0f} times as fast here",
                remedy="`sleepy config set dtype auto`",
            )
        told.append(f"{what} in {', '.join(f'{name} {speed:,.0f}' for name, speed in speeds.items())}")
    return f"; measured, in tokens per second: {'; '.join(told)}" if told else ""


def loaded(config: Config, home: Home) -> LanguageModel:
    """The model of the settings."""
    return local_model(config, home)


def described(model: LanguageModel) -> str:
    """The finding on the model: its name, size and form of answers."""
    count = sum(parameter.numel() for parameter in model.model.parameters())
    return f"{model.name}: {count / 1e6:.1f} M parameters, answers in {model.format}"


def adapter_counts(model: LanguageModel) -> str:
    """The finding on an adapter: a routed row's logits differ from the base's, an unrouted row's are identical."""
    layers = dict(list(share_linear.linear_layers(model.model).items())[:_LAYERS])
    if not layers:
        raise Unwell(
            f"{model.name} has no linear layer that can be adapted",
            remedy="choose a model of another family, such as Qwen2 or Llama",
        )
    generator = torch.Generator().manual_seed(0)
    subspace, _ = Subspace.found(
        {"probe": Adapter({name: _random(layer, generator) for name, layer in layers.items()})}
    )
    return f"changes the logits by {_compared(model, subspace, 'probe'):.2g} where it is routed, by 0 elsewhere"


def champion(home: Home, model: LanguageModel) -> str:
    """The finding on the champion: its files are as they were promoted, and each route changes the model's answers."""
    try:
        with Database.open(home.database, read_only=True) as db:
            pointed = versions.pointed(db)
            served = serve.load(db, home, pointed.get(Alias.CHAMPION), base=model.name)
            try:
                serve.load(db, home, pointed.get(Alias.PREVIOUS), base=model.name)
            except UserError as error:
                raise Warned(f"the previous version cannot be served: {error}", remedy="none is needed now") from error
    except DatabaseMissing:
        return "none yet: the base model answers"
    if served.version is None or served.subspace is None:
        return "none yet: the base model answers"
    for name in sorted(set(served.router.accepted.values())):
        _compared(model, served.subspace, name)
    return f"version {served.version}, {plural(len(served.router.accepted), 'route')}; every hash is as promoted, every route has an effect"


def _random(layer: Any, generator: torch.Generator) -> Factors:
    """Random factors whose product is a few hundredths of the layer's weight in size."""
    n, d = layer.weight.shape
    size = float(layer.weight.detach().float().std()) or 0.02
    b = torch.randn(n, _RANK, generator=generator) * size
    return Factors(b, torch.randn(_RANK, d, generator=generator) * 0.1)


@torch.inference_mode()
def _compared(model: LanguageModel, subspace: Subspace, pattern: str) -> float:
    """The largest change of a logit by the pattern; raises `Unwell` if there is none, or if another row changes."""
    ids = model.tokenizer(_PROBE, add_special_tokens=False)["input_ids"][:64]
    batch = torch.tensor([ids, ids], device=next(model.model.parameters()).device)
    base: Tensor = model.model(input_ids=batch).logits  # (2, tokens, vocabulary)
    served = share_linear.attach(model.model, subspace)
    try:
        with served.routed([pattern, None]):
            routed: Tensor = model.model(input_ids=batch).logits
    finally:
        served.detach()
    if not torch.equal(routed[1], base[1]):
        raise Unwell(
            f"a row without a route differs from the base model's once {spoken(pattern)!r} is attached",
            remedy="report this line; until then, `sleepy rollback base` serves the base model",
        )
    moved = float((routed[0] - base[0]).abs().max())
    if not moved > 0:
        raise Unwell(
            f"the adapter {spoken(pattern)!r} is attached and changes nothing in the model's answers",
            remedy="choose another model: this one does not use the layers that are adapted",
        )
    return moved
