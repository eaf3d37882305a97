"""What answers: torch, the model, an adapter on it, and the champion's files.

An adapter that is attached and changes nothing is what goes unnoticed longest: so one is made, random and small, and
the logits of a routed row are compared with the base's.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from sleepy.daemon import serve
from sleepy.daemon.agent.model import LanguageModel
from sleepy.daemon.config import Config
from sleepy.daemon.doctor.finding import Unwell, Warned
from sleepy.daemon.errors import UserError
from sleepy.daemon.home import Home
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database, DatabaseMissing
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Subspace

_PROBE = "pub fn probe(values: &[i32]) -> Option<i32> { values.first().copied() }"
_LAYERS = 4  # the first that can be adapted: a change there goes through all the others
_RANK = 2


def torch_works(config: Config) -> str:
    """Torch multiplies on the device of the settings."""
    if config.device.startswith("cuda") and not torch.cuda.is_available():
        raise Unwell(f"device is {config.device!r}, but torch sees no GPU", remedy="`sleepy config set device cpu`")
    try:
        ones = torch.ones(8, 8, device=config.device)
        right = float((ones @ ones).sum()) == 512.0
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise Unwell(
            f"torch cannot use the device {config.device!r}: {str(error).splitlines()[0]}",
            remedy="`sleepy config set device cpu`, or a torch built for this device",
        ) from error
    if not right:
        raise Unwell(f"the device {config.device!r} multiplies wrongly", remedy="`sleepy config set device cpu`")
    name = f" ({torch.cuda.get_device_name(config.device)})" if config.device.startswith("cuda") else ""
    idle = "" if name or not torch.cuda.is_available() else "; there is a GPU: `sleepy config set device cuda`"
    threads = "1 thread" if config.threads == 1 else f"{config.threads} threads"
    return f"{torch.__version__} on {config.device}{name}, {threads}{idle}"


def loaded(config: Config) -> LanguageModel:
    return LanguageModel.load(config.model, device=config.device, threads=config.threads, form=config.format)


def described(model: LanguageModel) -> str:
    count = sum(parameter.numel() for parameter in model.model.parameters())
    return f"{model.name}: {count / 1e6:.1f} M parameters, answers in {model.format}"


def adapter_counts(model: LanguageModel) -> str:
    """A routed row's logits differ from the base's, an unrouted row's are the base's bit for bit."""
    layers = dict(list(share_linear.linear_layers(model.model).items())[:_LAYERS])
    if not layers:
        raise Unwell(
            f"{model.name} has no linear layer that could be adapted",
            remedy="choose a model of another family, such as Qwen2 or Llama",
        )
    generator = torch.Generator().manual_seed(0)
    subspace, _ = Subspace.found(
        {"probe": Adapter({name: _random(layer, generator) for name, layer in layers.items()})}
    )
    return f"moves the logits by {_compared(model, subspace, 'probe'):.2g} where it is routed, by 0 elsewhere"


def champion(home: Home, model: LanguageModel) -> str:
    """The champion's files are what was promoted, and each of its routes changes what the model says."""
    try:
        with Database.open(home.database, read_only=True) as db:
            pointed = versions.pointed(db)
            served = serve.load(db, home, pointed.get(Alias.CHAMPION), base=model.name)
            try:
                serve.load(db, home, pointed.get(Alias.PREVIOUS), base=model.name)
            except UserError as error:
                raise Warned(
                    f"the previous version cannot be served: {error}", remedy="nothing needs it now"
                ) from error
    except DatabaseMissing:
        return "the bare base model"
    if served.version is None or served.subspace is None:
        return "the bare base model"
    for name in sorted(set(served.router.accepted.values())):
        _compared(model, served.subspace, name)
    return f"version {served.version}, {len(served.router.accepted)} routes, every hash as promoted, every route counts"


def _random(layer: Any, generator: torch.Generator) -> Factors:
    """Factors whose product is a few hundredths of the layer's own weight in size."""
    n, d = layer.weight.shape
    size = float(layer.weight.detach().float().std()) or 0.02
    b = torch.randn(n, _RANK, generator=generator) * size
    return Factors(b, torch.randn(_RANK, d, generator=generator) * 0.1)


@torch.inference_mode()
def _compared(model: LanguageModel, subspace: Subspace, pattern: str) -> float:
    """How far the pattern moves the logits at most; `Unwell` if it does not, or moves another row's."""
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
            f"a row without a route is not the bare model's once {pattern!r} is attached",
            remedy="report it with this line; `sleepy rollback base` serves the bare model meanwhile",
        )
    moved = float((routed[0] - base[0]).abs().max())
    if not moved > 0:
        raise Unwell(
            f"the adapter {pattern!r} is attached and changes nothing the model says",
            remedy="choose another model: this one does not run the layers that are adapted",
        )
    return moved
