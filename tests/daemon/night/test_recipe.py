"""The probe for a model's learning rate, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch

from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import recipe
from sleepy.daemon.night.recipe import RateRecipe
from sleepy.daemon.night.train import Trainer, parted
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.lessons import Lesson, Provenance

NOW = datetime(2031, 3, 4, tzinfo=UTC)
LESSON = Lesson("⟦err⟧E0425 cannot find value `x`⟦src⟧⟪1⟫let y = x;⟦fix⟧", "⟪1⟫x→1", "p", Provenance.FORGED)


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(lambda: LanguageModel.load("built-in"), 8, 60.0, lambda *_: None)


def course(count: int = 30) -> list[Lesson]:
    return [replace(LESSON, answer=f"⟪1⟫x→{i % 3}", program=f"program {i % 10}") for i in range(count)]


def test_a_rate_that_stalls_and_one_that_breaks_the_model_lose_to_one_that_learns(trainer: Trainer) -> None:
    before = {name: p.clone() for name, p in trainer.model.model.named_parameters()}
    part = parted(trainer, course(), 0.2, 1)
    assert part.apart
    found = recipe.probe(trainer, part, 1, rates=(1e-7, 3e-3, 1e3), steps=8)
    assert found.lr == 3e-3
    losses = dict(found.tried)
    assert losses[3e-3] < losses[1e-7] and losses.get(1e3, 1e9) > losses[3e-3]
    assert all(torch.equal(before[name], p) for name, p in trainer.model.model.named_parameters())


def test_a_model_that_learns_at_no_rate_is_an_error(trainer: Trainer) -> None:
    with torch.no_grad():
        trainer.model.model.get_input_embeddings().weight.fill_(float("nan"))
    with pytest.raises(ValueError, match="learns at no rate"):
        recipe.probe(trainer, parted(trainer, course(), 0.2, 1), 1, rates=(1e-3,), steps=2)


def test_a_recipe_is_remembered_for_its_model_alone(tmp_path: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as db:
        assert recipe.known(db, "one") is None and recipe.known(db, "built-in") is not None
        recipe.remember(db, "one", RateRecipe(1e-3, ((1e-3, 0.5), (2e-3, 0.75))), now=NOW)
        recipe.remember(db, "other", RateRecipe(5e-4), now=NOW)
        assert recipe.known(db, "one") == RateRecipe(1e-3, ((1e-3, 0.5), (2e-3, 0.75)))
        assert recipe.known(db, "other") == RateRecipe(5e-4) and recipe.known(db, "third") is None
