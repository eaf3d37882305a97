"""Tokenizers in GGUF files: ids survive, and a way of splitting that llama.cpp does not know is not passed off as one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gguf import GGUFReader, GGUFWriter, TokenType
from tokenizers import Regex, Tokenizer, models, normalizers
from tokenizers import pre_tokenizers as pre
from tokenizers.trainers import BpeTrainer
from transformers import AutoTokenizer, PreTrainedTokenizerFast
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

import sleepy.memory.parametric.base as built_in
from sleepy.koans import library
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.gguf import vocabulary
from sleepy.memory.parametric.gguf.vocabulary import TokenList

# as the tokenizer.json of Llama 3 has it
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+"
)
BYTES = pre.ByteLevel(add_prefix_space=False, use_regex=False)
RULES = {
    "gpt-2": pre.ByteLevel(add_prefix_space=False),
    "smollm": pre.Sequence([pre.Digits(individual_digits=True), pre.ByteLevel(add_prefix_space=False)]),
    "qwen2": pre.Sequence([pre.Split(Regex(PRETOKENIZE_REGEX), "isolated"), BYTES]),
    "llama-bpe": pre.Sequence([pre.Split(Regex(LLAMA3), "isolated"), BYTES]),
}
TEXT = "fn main() { let x = 12345;\n    println!(\"it's {x}\"); // déjà vu <mark>\n}\n\n\n  <end> Don't 2x"


def trained(rule: Any, *, whole_words: bool = False, normalizer: Any = None) -> PreTrainedTokenizerFast:
    """Of 500 ids, learnt from the classic koans, with an end and two marks; `whole_words` are known without merges."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.normalizer = rule, normalizer
    trainer = BpeTrainer(vocab_size=497, initial_alphabet=sorted(pre.ByteLevel.alphabet()), show_progress=False)
    made.train_from_iterator([koan.fixed for koan in library.classics()], trainer)
    if whole_words:
        held = json.loads(made.to_str())
        held["model"].update(merges=held["model"]["merges"][:60], ignore_merges=True)
        made = Tokenizer.from_str(json.dumps(held))
    made.add_special_tokens(["<end>"])
    made.add_tokens(["<mark>", "⟦own⟧"])
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<end>", bos_token="<end>", unk_token="<end>")


def told(out: Path, tokenizer: Any, *, rows: int = 512, chat: bool = False) -> dict[str, Any]:
    """What the file says that a tokenizer was written to."""
    writer = GGUFWriter(out / "model.gguf", "llama")
    vocabulary.add(writer, tokenizer, rows, chat=chat)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    fields = GGUFReader(out / "model.gguf").fields
    return {key.removeprefix("tokenizer."): field.contents() for key, field in fields.items()}


@pytest.mark.parametrize("name", RULES)
def test_a_known_rule_is_named_and_the_file_alone_gives_the_ids(name: str, tmp_path: Path) -> None:
    tokenizer = trained(RULES[name], whole_words=name == "llama-bpe")
    said = told(tmp_path, tokenizer)
    assert (said["ggml.model"], said["ggml.pre"]) == ("gpt2", name) and "huggingface.json" not in said
    again = vocabulary.read(tmp_path / "model.gguf")
    for text in [TEXT, *(koan.broken for koan in library.classics())]:
        assert again.encode(text).ids == tokenizer.encode(text, add_special_tokens=False)
    assert vocabulary.exact(tokenizer)


def test_the_rules_are_told_apart_by_their_ids() -> None:
    """Else the test above could not fail."""
    ids = {name: tuple(trained(rule).encode(TEXT, add_special_tokens=False)) for name, rule in RULES.items()}
    assert len(set(ids.values())) == len(ids)


def test_tokens_have_their_types_and_empty_rows_are_filled(tmp_path: Path) -> None:
    said = told(tmp_path, trained(RULES["gpt-2"]))
    tokens, types = said["ggml.tokens"], said["ggml.token_type"]
    assert len(tokens) == len(types) == 512
    kinds = {token: kind for token, kind in zip(tokens, types, strict=True) if kind != TokenType.NORMAL}
    assert [kinds.pop(token) for token in ("<end>", "<mark>", "⟦own⟧")] == [3, 4, 4]
    assert kinds == {f"[PAD{i}]": TokenType.UNUSED for i in range(500, 512)}
    end = tokens.index("<end>")
    assert (said["ggml.bos_token_id"], said["ggml.eos_token_id"], said["ggml.unknown_token_id"]) == (end, end, end)
    assert "ggml.padding_token_id" not in said


def test_the_built_in_model_has_its_ids_from_the_file_under_another_name(tmp_path: Path) -> None:
    folder = Path(str(built_in.__file__)).parent / "weights"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    said = told(tmp_path, tokenizer, rows=2048)
    assert said["ggml.pre"] == "superbpe" and not vocabulary.exact(tokenizer)
    again, whole = vocabulary.read(tmp_path / "model.gguf"), Tokenizer.from_str(said["huggingface.json"])
    for koan in library.classics():
        text = f"⟦err⟧E0382 borrow of moved value: `s`⟦src⟧⟪1⟫{koan.broken}⟦fix⟧⟪12⟫a→b⟦end⟧"
        wanted = tokenizer.encode(text, add_special_tokens=False)
        assert again.encode(text).ids == whole.encode(text).ids == wanted
    assert said["ggml.token_type"][tokenizer.convert_tokens_to_ids("⟦fix⟧")] == TokenType.USER_DEFINED


@pytest.mark.parametrize("chat", [True, False])
def test_what_begins_a_prompt_is_said_for_chats_alone(chat: bool, tmp_path: Path) -> None:
    from tokenizers.processors import TemplateProcessing

    tokenizer = trained(RULES["gpt-2"])
    tokenizer.chat_template = "{{ messages[0].content }}"
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<end> $A", special_tokens=[("<end>", tokenizer.bos_token_id)]
    )
    assert tokenizer("a")["input_ids"][0] == tokenizer.bos_token_id
    said = told(tmp_path, tokenizer, chat=chat)
    assert said["ggml.add_bos_token"] is chat
    assert said.get("chat_template") == (tokenizer.chat_template if chat else None)


@pytest.mark.parametrize(
    "tokenizer",
    [
        trained(pre.Sequence([pre.Split(Regex(r"\s"), "isolated"), BYTES])),
        trained(pre.ByteLevel(add_prefix_space=True)),
        trained(RULES["gpt-2"], normalizer=normalizers.Lowercase()),
        trained(RULES["gpt-2"], whole_words=True),
        trained(pre.Metaspace()),
    ],
    ids=["other regex", "space put first", "lower case", "whole words", "sentencepiece"],
)
def test_a_rule_without_a_name_is_refused(tokenizer: Any) -> None:
    with pytest.raises(SubspaceError, match=r"gpt-2, smollm, llama-bpe, qwen2\)") as caught:
        TokenList.of(tokenizer, 512)
    assert "hf" in caught.value.remedy


def test_a_tokenizer_of_more_ids_than_the_model_has_rows_is_refused() -> None:
    with pytest.raises(SubspaceError, match="ids up to 499, the model 499 rows"):
        TokenList.of(trained(RULES["gpt-2"]), 499)


def test_a_token_that_only_merges_lead_to_needs_them(tmp_path: Path) -> None:
    """The merges in the file are what makes the ids: without one, they differ."""
    tokenizer = trained(RULES["gpt-2"])
    held = json.loads(tokenizer.backend_tokenizer.to_str())
    held["model"]["merges"] = held["model"]["merges"][:100]
    fewer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(held)), eos_token="<end>")
    told(tmp_path, fewer)
    assert vocabulary.read(tmp_path / "model.gguf").encode(TEXT).ids != tokenizer.encode(TEXT)
