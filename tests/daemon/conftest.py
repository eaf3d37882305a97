"""A memory, a tiny untrained model that speaks span edits, and koans with what the compiler says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.model import prompt
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.koans import library
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.base.architecture import Shape, new_model
from sleepy.memory.parametric.base.tokenizer import train_tokenizer
from sleepy.sandbox.sandbox import Sandbox


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "sleepy.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def diagnoses(sandbox: Sandbox) -> list[Diagnosis]:
    """The classics, diagnosed."""
    found, unfit = diagnose(library.classics(), sandbox)
    assert unfit == []
    return found


@pytest.fixture(scope="session")
def requests(diagnoses: list[Diagnosis]) -> list[Request]:
    return [ask(item.koan.broken, item.diagnostics, Format.SPAN_EDITS) for item in diagnoses]


@pytest.fixture(scope="session")
def choices(diagnoses: list[Diagnosis]) -> list[Request]:
    """The same, where an answer may be a suggestion's number."""
    return [ask(item.koan.broken, item.diagnostics, Format.CHOICE) for item in diagnoses]


@pytest.fixture(scope="session")
def tokenizer(requests: list[Request]) -> PreTrainedTokenizerFast:
    return train_tokenizer([item.text for item in requests], vocabulary=700, marks=prompt.MARKS)


def untrained(tokenizer: PreTrainedTokenizerFast, seed: int) -> LanguageModel:
    """One layer of random weights."""
    torch.set_num_threads(1)
    model = new_model(
        Shape(32, 1, 1, 64),
        vocabulary=len(tokenizer),
        end=tokenizer.eos_token_id,
        pad=tokenizer.pad_token_id,
        seed=seed,
    )
    return LanguageModel("untrained", model.eval(), tokenizer, Format.SPAN_EDITS, batch=16)


@pytest.fixture(scope="session")
def tiny(tokenizer: PreTrainedTokenizerFast) -> LanguageModel:
    return untrained(tokenizer, seed=0)
