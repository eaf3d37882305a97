"""The tiny model as folders, and a home that serves patterns on it and remembers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from tests.daemon.versions.served import NOW, base, champion

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import task
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Request
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.database import Database


@pytest.fixture(scope="module")
def floats(tiny: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    return base(tiny, tmp_path_factory.mktemp("base") / "float32", torch.float32)


@pytest.fixture(scope="module")
def halves(tiny: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    return base(tiny, tmp_path_factory.mktemp("base") / "bfloat16", torch.bfloat16)


@pytest.fixture(scope="module")
def home(
    tiny: LanguageModel, floats: str, diagnoses: Sequence[Diagnosis], requests: Sequence[Request], tmp_path_factory: Any
) -> Home:
    """A home that remembers ten episodes."""
    made = champion(Home(tmp_path_factory.mktemp("home") / "home"), tiny, floats)
    with Database.open(made.database) as db:
        for item, request in list(zip(diagnoses, requests, strict=True))[:10]:
            tried = episodes.LoggedAttempt("compile_error", False, request.text)
            episodes.record(db, episodes.Episode(task(item.koan), item.signature, (tried,), floats), now=NOW)
    return made
