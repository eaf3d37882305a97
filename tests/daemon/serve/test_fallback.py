"""A damaged champion gives way, says so, and no alias moves."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.day.day import practise
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import fallback, serve
from sleepy.daemon.service.work import practice
from sleepy.daemon.tools.tools import Tools
from sleepy.daemon.versions.export import export
from sleepy.memory.episodic import episodes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace
from sleepy.sandbox.sandbox import Sandbox

NOW = datetime(2031, 3, 4, tzinfo=UTC)


def version(home: Home, db: Database, model: LanguageModel, seed: int, base: str) -> str:
    """A promoted version of one pattern that fits the model."""
    generator = torch.Generator().manual_seed(seed)
    made = Adapter({
        name: Factors(
            torch.randn(layer.out_features, 2, generator=generator), torch.randn(2, layer.in_features, generator=generator)
        )
        for name, layer in linear_layers(model.model).items()
    })  # fmt: skip
    subspace, _ = Subspace.found({f"E{seed}": made}, Rule(threshold=1.0))
    router = Router({f"E{seed}": f"E{seed}"}, {f"E{seed}": 0.25})
    found, path, files = serve.write(home, subspace, router, base=base)
    versions.register(
        db, found, path=str(path), files=files, parent=versions.champion(db), night=None,
        routes=serve.rows(router, []), note=base, now=NOW,
    )  # fmt: skip
    versions.rollback(db, found, reason="the test's", now=NOW)
    return found


@pytest.fixture
def tools(tiny: LanguageModel, sandbox: Sandbox, tmp_path: Path) -> Iterator[Tools]:
    """A home whose champion and previous version are sound."""
    home = Home(tmp_path / "home").make()
    with Database.open(home.database) as db:
        for seed in (1, 2):
            version(home, db, tiny, seed, tiny.name)
        yield Tools(db, home, Config(), tiny, sandbox, (), now=lambda: NOW)


def damage(tools: Tools, alias: Alias) -> str:
    """Turns one bit of the version's tensors; its id."""
    found = versions.pointed(tools.db)[alias]
    assert found is not None
    (tensors,) = (tools.home.versions / found).glob("*.safetensors")
    data = bytearray(tensors.read_bytes())
    data[-1] ^= 1
    tensors.write_bytes(bytes(data))
    return found


def test_a_sound_champion_serves_and_nothing_is_said(tools: Tools) -> None:
    served = serve.serving(tools)
    assert served.version == versions.champion(tools.db) and served.fallback == ""
    assert fallback.fallback_in_force(tools.db) is None


def test_the_previous_version_serves_in_a_damaged_champions_place(
    tools: Tools, caplog: pytest.LogCaptureFixture
) -> None:
    before = versions.pointed(tools.db)
    champion = damage(tools, Alias.CHAMPION)
    with caplog.at_level(logging.WARNING, "sleepy.serve"):
        served = serve.serving(tools)
    assert served.version == before[Alias.PREVIOUS] and served.router.route("E1") == "E1"
    assert champion in served.fallback and "is not the file that was promoted" in served.fallback
    assert versions.pointed(tools.db) == before
    assert fallback.fallback_in_force(tools.db) == fallback.Fallback(served.fallback, champion, served.version)
    assert served.fallback in caplog.text


def test_the_same_is_logged_once(tools: Tools, caplog: pytest.LogCaptureFixture) -> None:
    damage(tools, Alias.CHAMPION)
    with caplog.at_level(logging.WARNING, "sleepy.serve"):
        for _ in range(3):
            serve.serving(tools)
    assert len(caplog.records) == 1


def test_the_bare_base_serves_when_both_are_damaged(tools: Tools) -> None:
    champion, previous = damage(tools, Alias.CHAMPION), damage(tools, Alias.PREVIOUS)
    served = serve.serving(tools)
    assert served.version is None and not served.router.accepted
    assert champion in served.fallback and previous in served.fallback and "the base model" in served.fallback


def test_a_missing_folder_is_damage_as_well(tools: Tools) -> None:
    champion = versions.champion(tools.db)
    assert champion is not None
    shutil.rmtree(tools.home.versions / champion)
    assert serve.serving(tools).version == versions.pointed(tools.db)[Alias.PREVIOUS]


def test_a_previous_version_of_another_model_is_passed_over(tools: Tools, tiny: LanguageModel) -> None:
    version(tools.home, tools.db, tiny, 3, "another")
    version(tools.home, tools.db, tiny, 4, tiny.name)
    damage(tools, Alias.CHAMPION)
    served = serve.serving(tools)
    assert served.version is None and "another" in served.fallback


def test_a_champion_of_another_model_is_an_error_and_no_fallback(tools: Tools, tiny: LanguageModel) -> None:
    version(tools.home, tools.db, tiny, 3, "another")
    with pytest.raises(UserError, match="trained on the model 'another'"):
        serve.serving(tools)


def test_a_version_asked_for_by_its_id_is_never_replaced(tools: Tools) -> None:
    champion = damage(tools, Alias.CHAMPION)
    with pytest.raises(serve.Damaged, match=champion):
        serve.load(tools.db, tools.home, champion, base=tools.model.name)


def test_a_removed_version_is_not_served_even_where_its_files_are_left(tools: Tools) -> None:
    champion = versions.champion(tools.db)
    assert champion is not None
    versions.withdraw(tools.db, [champion], reason="x", now=NOW)
    with pytest.raises(serve.Damaged, match="removed on 2031-03-04"):
        serve.load(tools.db, tools.home, champion, base=tools.model.name)
    assert serve.serving(tools).version is None


def test_it_is_said_no_longer_when_the_champion_is_whole_again(tools: Tools) -> None:
    champion = damage(tools, Alias.CHAMPION)
    serve.serving(tools)
    (tensors,) = (tools.home.versions / champion).glob("*.safetensors")
    data = bytearray(tensors.read_bytes())
    data[-1] ^= 1
    tensors.write_bytes(bytes(data))
    assert serve.serving(tools).version == champion
    assert fallback.fallback_in_force(tools.db) is None


def test_the_day_practises_under_what_really_serves(tools: Tools, diagnoses: Sequence[Diagnosis]) -> None:
    damage(tools, Alias.CHAMPION)
    served = serve.serving(tools)
    assert practise(tools, served, diagnoses[:2]).attempted == 2
    kept = episodes.latest(tools.db)
    assert {item.episode.version for item in kept} == {versions.pointed(tools.db)[Alias.PREVIOUS]}


def test_a_daemons_practice_says_at_once_that_something_else_serves(tools: Tools) -> None:
    champion = damage(tools, Alias.CHAMPION)
    assert practice(replace(tools, config=replace(tools.config, day_tasks=1))).startswith("practised")
    found = fallback.fallback_in_force(tools.db)
    assert found is not None and found.champion == champion
    assert found.serves == versions.pointed(tools.db)[Alias.PREVIOUS]


def test_rollback_makes_the_previous_version_champion_and_ends_the_fallback(tools: Tools) -> None:
    champion = damage(tools, Alias.CHAMPION)
    served = serve.serving(tools)
    done = CliRunner().invoke(cli, ["rollback", "--home", str(tools.home.root)])
    assert done.exit_code == 0, done.output
    assert versions.champion(tools.db) == served.version != champion
    assert fallback.fallback_in_force(tools.db) is None
    assert serve.serving(tools).fallback == ""


def test_a_rollback_to_a_damaged_version_is_refused_and_moves_nothing(tools: Tools) -> None:
    before = versions.pointed(tools.db)
    previous = damage(tools, Alias.PREVIOUS)
    tools.db.close()
    for words in ([], [previous]):
        done = CliRunner().invoke(cli, ["rollback", "--home", str(tools.home.root), *words], standalone_mode=False)
        assert isinstance(done.exception, serve.Damaged) and previous in str(done.exception)
    empty = CliRunner().invoke(cli, ["rollback", "--home", str(tools.home.root), ""])
    assert empty.exit_code == 2 and "VERSION is empty" in empty.output
    with Database.open(tools.home.database) as db:
        assert versions.pointed(db) == before


def test_nothing_is_exported_while_something_else_serves_in_the_champions_place(tools: Tools, tmp_path: Path) -> None:
    damage(tools, Alias.CHAMPION)
    for signature in ("E1", "E2"):
        with pytest.raises(UserError, match="what serves now is not the champion"):
            export(replace(Config(), model=tools.model.name), tools.home, signature, tmp_path / "out")
    assert not (tmp_path / "out").exists()
