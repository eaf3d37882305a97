"""The real SmolLM2 through a whole day and night: as it comes, given the marks, out again as GGUF.

It is fetched once into the cache folder of this user (98 MB), and never by an ordinary run: the tests are slow ones.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest
import torch

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import silent
from sleepy.daemon.day.day import day
from sleepy.daemon.model import prompt
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.daemon.model_store import get, store
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.stages import store as stages
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.memory.parametric.gguf.file import write_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def smollm2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose models folder has SmolLM2, linked from the cache; the environment names the home meanwhile."""
    cache = Path(platformdirs.user_cache_dir("sleepy-tests"))
    before = os.environ.get("SLEEPY_HOME")
    try:
        os.environ["SLEEPY_HOME"] = str(cache)
        try:
            found = get.got("smollm2", silent)
        except UserError as error:
            pytest.skip(f"SmolLM2 cannot be fetched: {error}")
        home = tmp_path_factory.mktemp("home")
        os.environ["SLEEPY_HOME"] = str(home)
        (home / "models").mkdir()
        (home / "models" / "smollm2").symlink_to(found.place)
        yield home
    finally:
        os.environ.pop("SLEEPY_HOME", None) if before is None else os.environ.update(SLEEPY_HOME=before)


def test_its_vocabulary_is_ready_without_delay_and_its_marks_apply(smollm2: Path, choices: list[Request]) -> None:
    store.adopted("smollm2", "marked", 14)
    model = LanguageModel.load("marked")
    assert len(model.tokenizer) == 49_152 + len(prompt.MARKS)
    some = choices[:4]
    for request, reply in zip(some, model.answer(some, [None] * 4), strict=True):
        assert request.repaired(reply.text) != request.source


def test_it_answers_as_it_comes_through_its_chat_template(smollm2: Path, diagnoses: list[Diagnosis]) -> None:
    model = LanguageModel.load("smollm2")
    item = diagnoses[0]
    asked = ask(item.koan.broken, item.diagnostics, Format.WHOLE_FILE)
    assert "<|im_start|>user" in model.tokenizer.decode(model.prompt_ids(asked.text))
    (reply,) = model.answer([asked], [None])
    assert "fn" in reply.text


def test_it_survives_being_written_and_read_as_gguf(smollm2: Path, tmp_path: Path) -> None:
    one = LanguageModel.load("smollm2", dtype="float32")
    write_model(tmp_path / "m.gguf", one.model, one.tokenizer, name="m", about="", chat=True)
    other = LanguageModel.load(str(tmp_path / "m.gguf"), dtype="float32")
    ids = one.tokenizer.encode("fn main() {\n    let x = 12345;\n}")
    assert other.tokenizer.encode("fn main() {\n    let x = 12345;\n}") == ids
    with torch.no_grad():
        wanted, found = (item.model(input_ids=torch.tensor([ids])).logits for item in (one, other))
    assert torch.allclose(found, wanted, atol=1e-3)


def test_it_lives_through_a_day_and_a_night(smollm2: Path, tmp_path: Path) -> None:
    store.adopted("smollm2", "pupil", 14)
    config = replace(
        Config(), model="pupil", night_patterns=1, lessons=24, training_steps=6, held_out=8, target=0.9, seed=1
    )
    with equipped(config, Home(tmp_path / "home"), exam=library.exam()[::40]) as tools:
        done = day(tools, serve.serving(tools), config.seed, 40)
        assert done.attempted == 40
        night = sleep(tools, datetime.datetime.now().astimezone().date())
        made = stages.record(tools.db, night.id)
    assert made is not None and len(made.trained.patterns) == 1
    learnt = made.trained.patterns[0]
    assert learnt.examples > 8 and learnt.curve[-1][1] < learnt.curve[0][1]  # the held-out loss fell
    assert set(made.examined.held_out) == {learnt.signature}
