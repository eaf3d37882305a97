"""The strategies as data, the mean of adapters, and the strategies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import cast

import pytest
import torch

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.experiment import strategies
from sleepy.daemon.lab.experiment.contender import mean, numbers
from sleepy.daemon.lab.experiment.setup import of_kind
from sleepy.daemon.lab.experiment.strategies import StrategyRow
from sleepy.daemon.lab.experiment.strategy import Consolidate, Serve, Teach, Trainable
from sleepy.daemon.lab.experiment.strategy import strategies as known
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.adapter import Adapter, Factors


def adapter(seed: int, rank: int) -> Adapter:
    generator = torch.Generator().manual_seed(seed)
    return Adapter({"q": Factors(torch.randn(6, rank, generator=generator), torch.randn(rank, 4, generator=generator))})


def test_the_mean_of_adapters_is_the_mean_of_what_they_add_to_the_weights() -> None:
    one, other = adapter(1, 2), adapter(2, 3)
    found = mean([one, other]).factors["q"]
    expected = sum((item.factors["q"].b @ item.factors["q"].a for item in (one, other)), torch.zeros(6, 4)) / 2
    assert torch.allclose(found.b @ found.a, expected, atol=1e-6)
    assert numbers(one) == 6 * 2 + 2 * 4


def test_only_the_night_is_routed_and_what_is_not_trained_is_served_by_the_base() -> None:
    rows = known("other")
    assert [item.name for item in rows if item.serve is Serve.ROUTED] == ["routed"]
    assert all(item.serve is Serve.BASE and item.consolidate is Consolidate.NONE for item in rows if not item.trains)
    assert all(item.trainable is not Trainable.NONE for item in rows if item.trains)
    assert len({item.name for item in rows}) == len(rows) == 17


def test_own_forged_and_both_differ_in_their_lessons_alone() -> None:
    rows = {item.name: item for item in known("other")}
    same = {replace(rows[name], name="", title="", teach=Teach.BOTH) for name in ("targeted", "own-only", "replay")}
    assert len(same) == 1
    assert [rows[name].teach for name in ("targeted", "own-only", "replay")] == [Teach.FORGED, Teach.OWN, Teach.BOTH]
    found = [Lesson("prompt", kind.value, "E1", kind) for kind in Provenance]
    own, forged = of_kind(found, Teach.OWN), of_kind(found, Teach.FORGED)
    assert {item.provenance for item in own} == {Provenance.OWN, Provenance.REPLAY}
    assert sorted([*own, *forged], key=found.index) == found == of_kind(found, Teach.BOTH)


def test_an_unknown_strategy_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no strategy 'averaged'") as raised:
        strategies.run(cast(Tools, None), Date(2031, 1, 1), print, other="x", only=["averaged"])
    assert "share-averaged" in raised.value.remedy


def row(name: str, passed: int, lost: tuple[str, ...] = (), kl: float | None = 0.0) -> StrategyRow:
    return StrategyRow(name, f"the {name}", True, 100, passed, (), lost, 1_234_567, kl, 10.0, 20.0)


def test_the_table_sets_every_row_beside_the_baseline_and_names_what_was_lost() -> None:
    rows = [
        row("baseline", 50),
        row("routed", 60),
        row("targeted", 45, tuple("abcde"), 0.25),
        row("another", 70, kl=None),
    ]
    said = strategies.markdown(rows, "novice").splitlines()
    assert "| the routed | 60 of 100, 50-69 % | +10 | 0 | 0 | 1,234,567 | 0 | 10 | 20 |" in said
    assert "| -5 | 0 | 5 (a, b, c, ...) |" in said[4] and "| 0.250 |" in said[4]
    assert "another model" in said[5]
    data = json.loads(strategies.line(rows))["strategies"]
    assert data[2]["lost"] == list("abcde") and data[1]["interval"] == [0.502, 0.6906]
    assert strategies.chart(rows).startswith("<svg")
