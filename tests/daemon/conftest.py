"""A memory, a tiny untrained model that speaks span edits, and koans with what the compiler says of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.model import opening, prompt, source
from sleepy.daemon.model.adapter import words
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.koans import library
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.base.architecture import Shape, new_model
from sleepy.memory.parametric.base.tokenizer import train_tokenizer
from sleepy.memory.parametric.gguf.file import write_model
from sleepy.sandbox.sandbox import Sandbox


@pytest.fixture
def db(tmp_path: Path, blank: Path) -> Iterator[Database]:
    shutil.copyfile(blank, tmp_path / "sleepy.db")
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


@pytest.fixture(scope="session")
def plain_base(requests: list[Request], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Llama of three layers, with grouped heads, whose tokenizer, GPT-2's kind, knows no marks."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|im_start|>", "<|im_end|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    texts = [words(mark) for mark in prompt.MARKS] + [item.text for item in requests]
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|im_end|>")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=48, intermediate_size=96, num_hidden_layers=3, num_attention_heads=6,
        num_key_value_heads=2, max_position_embeddings=2048, tie_word_embeddings=True,
        eos_token_id=fast.eos_token_id, pad_token_id=fast.pad_token_id, bos_token_id=None,
    )  # fmt: skip
    out = tmp_path_factory.mktemp("base") / "base"
    LlamaForCausalLM(config).save_pretrained(out)
    fast.save_pretrained(out)
    return out


@pytest.fixture(scope="session")
def gguf_file(plain_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as llama.cpp's file, in float32."""
    path = tmp_path_factory.mktemp("gguf") / "model.gguf"
    model, tokenizer = opening.opened(source.find(str(plain_base)), "float32")
    write_model(path, model, tokenizer, name="tiny", about="random", chat=False)
    return path
