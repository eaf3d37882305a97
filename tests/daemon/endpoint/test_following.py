"""Which version answers: the promoted one, what stands in for a damaged one, or the base of another model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon.chatting import chat_model
from tests.daemon.versions.served import FIELD, champion

from sleepy.daemon.base.home import Home
from sleepy.daemon.endpoint.following import Following
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import fallback
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return LanguageModel.load(chat_model(tmp_path_factory.mktemp("qwen2"), "fn main() {}"))


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def home(model: LanguageModel, tmp_path: Path) -> Home:
    return champion(Home(tmp_path / "home"), model, model.name)


@pytest.fixture
def db(home: Home) -> Iterator[Database]:
    with Database.open(home.database) as opened:
        yield opened


def following(model: LanguageModel, db: Database | None, home: Home, heard: list[str]) -> Following:
    return Following(model, db, home, lambda what: heard.append(what))


def test_each_version_is_said_once_and_taken_off_at_the_end(
    model: LanguageModel, db: Database, home: Home, heard: list[str]
) -> None:
    version = versions.champion(db)
    found = following(model, db, home, heard)
    assert [found.current().version for _ in range(2)] == [version] * 2
    assert found.served.router.route(FIELD) == FIELD and model._served is not None
    versions.rollback(db, "base", reason="the test's", now=datetime.now(UTC))
    assert found.current().version is None and model._served is None
    assert heard == [f"serving {version} with 3 routes", "serving the base model with 0 routes"]
    found.close()


def test_a_damaged_champion_gives_way_and_that_is_said_and_noted(
    model: LanguageModel, db: Database, home: Home, heard: list[str]
) -> None:
    version = versions.champion(db)
    next((home.versions / str(version)).glob("*.safetensors")).write_bytes(b"")
    found = following(model, db, home, heard)
    assert found.current().version is None and found.current().router.accepted == {}
    (said,) = heard
    assert "is damaged" in said and "the base model serves in its place" in said
    noted = fallback.fallback_in_force(db)
    assert noted is not None and (noted.champion, noted.serves) == (version, None)


def test_another_models_champion_does_not_serve(db: Database, home: Home, heard: list[str], tmp_path: Path) -> None:
    other = LanguageModel.load(chat_model(tmp_path / "other", "fn other() {}"))
    assert following(other, db, home, heard).current().version is None
    (said,) = heard
    assert said.startswith("only the base model answers: version") and other.name in said


def test_without_anything_learnt_the_base_answers(model: LanguageModel, heard: list[str], tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty").make()
    with Database.open(empty.database) as db:
        assert following(model, db, empty, heard).current().version is None
    assert following(model, None, empty, heard).current().version is None
    assert len(heard) == 2 and all(each.startswith("nothing has been learnt here yet") for each in heard)
