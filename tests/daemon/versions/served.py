"""Homes that serve three patterns of a model, and what they answer: for the tests of `sleepy export`."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import serve
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

NOW = datetime(2031, 3, 4, tzinfo=UTC)
MOVED, BORROWED = "E0382:borrow of moved value: `_`@fn", "E0382:use of moved value: `_`@fn"
FIELD = "E0063:missing field `_` in initializer of `_`@fn"


def base(model: LanguageModel, out: Path, dtype: torch.dtype) -> str:
    """The model as a folder; its name."""
    whole = copy.deepcopy(model.model).to(dtype)
    whole.config.sleepy_format = model.format.value
    whole.save_pretrained(out)
    model.tokenizer.save_pretrained(out)
    return str(out)


def adapter(model: Any, seed: int, size: float) -> Adapter:
    generator = torch.Generator().manual_seed(seed)
    return Adapter(
        {
            name: Factors(
                size * torch.randn(layer.out_features, 4, generator=generator),
                size * torch.randn(4, layer.in_features, generator=generator),
            )
            for name, layer in linear_layers(model).items()
        }
    )


def champion(home: Home, model: LanguageModel, name: str, *, size: float = 0.2) -> Home:
    """A home that serves three patterns on the model of that name."""
    home.make()
    patterns = {signature: adapter(model.model, seed, size) for seed, signature in enumerate((MOVED, BORROWED, FIELD))}
    subspace, _ = Subspace.found(patterns, Rule(threshold=1.0))
    router = Router({known: known for known in patterns})
    version, path, files = serve.write(home, subspace, router, base=name)
    with Database.open(home.database) as db:
        versions.register(
            db, version, path=str(path), files=files, parent=None, night=None, routes=serve.rows(router, []), note=name,
            now=NOW,
        )  # fmt: skip
        versions.rollback(db, version, reason="the test's", now=NOW)
    return home


def settings(model: str) -> Config:
    return Config(model=model)


@torch.no_grad()
def logits(model: Any, ids: Sequence[int]) -> Tensor:
    found: Tensor = model(input_ids=torch.tensor([list(ids)])).logits
    return found


def served(home: Home, name: str, pattern: str, text: str) -> tuple[list[int], Tensor]:
    """A prompt's ids, and its logits as the champion has them."""
    model = LanguageModel.load(name)
    ids = model.prompt_ids(text)
    with Database.open(home.database, read_only=True) as db, serve.champion(db, home, base=name).on(model):
        assert model._served is not None
        with model._served.routed([pattern]):
            return ids, logits(model.model, ids)


def sleepy(*words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return subprocess.run(
        [sys.executable, "-m", "sleepy", "export", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**kept, "OMP_NUM_THREADS": "1"},
    )
