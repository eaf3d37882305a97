"""The tokenizer in a GGUF file: byte-level BPE, as llama.cpp keeps it.

The file holds tokens, their types and merges. How text is split before merging is one of the rules built into llama.cpp,
chosen by name (`tokenizer.ggml.pre`). `_SPLITS` has those that this program knows; a tokenizer that splits otherwise is
refused, since llama.cpp would give the model ids that it was never trained on.

The built-in models' rule (base/tokenizer.py) has no name there, so their files bear that of the nearest: `superbpe`, which
sets off numbers alone. With it 92 % of the ids of the 42 classics' prompts are right, in none of them all; llama.cpp
repairs 16 of the classics then (with other names 75 to 77 % and 13 to 15; sleepy itself repairs 18). Given ids instead of
text, as its server takes them, it repairs 18: such a file has the whole tokenizer in `tokenizer.huggingface.json`.

`read` goes by the file alone. The reader of transformers does not do here: it spells tokens outside the byte alphabet
(every mark of a prompt) in bytes and then cuts them up, and leaves the digits of `smollm` together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf import GGUFWriter, Keys, TokenType
from tokenizers import Tokenizer

from sleepy.memory.parametric.base.tokenizer import PIECES
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.gguf.header import header

_STAND_IN = "superbpe"  # the built-in models alone: a tokenizer that is of that name in earnest is refused


def _bytes(use_regex: bool) -> dict[str, Any]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": use_regex}


def _split(pattern: str) -> list[dict[str, Any]]:
    cut = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return [cut, _bytes(use_regex=False)]


_WORDS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# llama.cpp's name -> the same as steps of the tokenizers library
_SPLITS = {
    "gpt-2": [_bytes(use_regex=True)],
    "smollm": [{"type": "Digits", "individual_digits": True}, _bytes(use_regex=True)],
    "llama-bpe": _split(rf"(?i:'s|'t|'re|'ve|'m|'ll|'d)|{_WORDS}|\p{{N}}{{1,3}}|{_REST}"),
    "qwen2": _split(rf"(?i:'s|'t|'re|'ve|'m|'ll|'d)|{_WORDS}|\p{{N}}|{_REST}"),
    _STAND_IN: _split(PIECES),
}
_WHOLE_WORDS = ("llama-bpe",)  # a piece that is a token is one, whatever the merges say


@dataclass(frozen=True, slots=True)
class TokenList:
    """What llama.cpp is told of a tokenizer. A token's place is its id; `merges` are pairs with a space between."""

    tokens: Sequence[str]
    types: Sequence[TokenType]
    merges: Sequence[str]
    pre: str

    @classmethod
    def of(cls, tokenizer: Any, rows: int) -> TokenList:
        """A transformers tokenizer's, for an embedding of so many rows; `SubspaceError` where llama.cpp has none like it.

        Rows without a token are filled as llama.cpp's own converter does.
        """
        held = _described(tokenizer)
        pre, merges = _name(held), held["model"].get("merges", [])
        if pre is None:
            raise SubspaceError(
                "llama.cpp has no name for the way the model's tokenizer splits text, or it is not byte-level BPE "
                f"(named: {', '.join(name for name in _SPLITS if name != _STAND_IN)})",
                remedy="export it as a Hugging Face folder (hf) or adapter (peft) instead",
            )
        known = tokenizer.get_vocab()
        if max(known.values()) >= rows:
            raise SubspaceError(
                f"the tokenizer has ids up to {max(known.values())}, the model {rows} rows for them",
                remedy="use the tokenizer that the model was trained with",
            )
        tokens, types = [f"[PAD{i}]" for i in range(rows)], [TokenType.UNUSED] * rows
        for token, i in known.items():
            tokens[i], types[i] = token, TokenType.NORMAL
        for added in held["added_tokens"]:
            types[added["id"]] = TokenType.CONTROL if added["special"] else TokenType.USER_DEFINED
        return cls(tokens, types, [pair if isinstance(pair, str) else " ".join(pair) for pair in merges], pre)


def add(writer: GGUFWriter, tokenizer: Any, rows: int, *, chat: bool) -> None:
    """Writes a transformers tokenizer. Without `chat`, prompts are raw: no template, and nothing put before them."""
    found = TokenList.of(tokenizer, rows)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(found.pre)
    writer.add_token_list(found.tokens)
    writer.add_token_types(found.types)
    writer.add_token_merges(found.merges)
    for kind in ("bos", "eos", "unk", "pad"):
        if (token := getattr(tokenizer, f"{kind}_token_id")) is not None:
            getattr(writer, f"add_{kind}_token_id")(token)
    begins = chat and tokenizer("a")["input_ids"][:1] == [tokenizer.bos_token_id]
    writer.add_add_bos_token(begins)
    if chat:
        writer.add_chat_template(tokenizer.get_chat_template())
    if not exact(tokenizer):
        writer.add_string(Keys.Tokenizer.HF_JSON, tokenizer.backend_tokenizer.to_str())


def exact(tokenizer: Any) -> bool:
    """Whether llama.cpp splits text as this tokenizer does, if it knows it at all."""
    return _name(_described(tokenizer)) != _STAND_IN


def known(path: Path) -> Tokenizer | None:
    """The tokenizer of any file whose way of splitting text is known here; None for others."""
    fields = header(path).fields
    if Keys.Tokenizer.HF_JSON in fields:
        return Tokenizer.from_str(fields[Keys.Tokenizer.HF_JSON].contents())
    model, pre = (
        fields[key].contents() if key in fields else None for key in (Keys.Tokenizer.MODEL, Keys.Tokenizer.PRE)
    )
    return read(path) if model == "gpt2" and pre in _SPLITS and pre != _STAND_IN else None


def read(path: Path) -> Tokenizer:
    """The tokenizer that a file written here describes, made anew from its tokens, types, merges and the rule's name."""
    fields = header(path).fields

    def value(key: str) -> Any:
        return fields[key].contents()

    tokens, pre = value(Keys.Tokenizer.LIST), value(Keys.Tokenizer.PRE)
    whole = {TokenType.CONTROL: True, TokenType.USER_DEFINED: False}
    added = [
        {"id": i, "content": tokens[i], "special": whole[kind], "normalized": False}
        | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
        for i, kind in enumerate(value(Keys.Tokenizer.TOKEN_TYPE))
        if kind in whole
    ]
    described = {
        "version": "1.0",
        "added_tokens": added,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": _SPLITS[pre]},
        "decoder": _bytes(use_regex=False),
        "model": {
            "type": "BPE",
            "vocab": {token: i for i, token in enumerate(tokens)},
            "merges": value(Keys.Tokenizer.MERGES) if Keys.Tokenizer.MERGES in fields else [],
            "ignore_merges": pre in _WHOLE_WORDS,
        },
    }
    return Tokenizer.from_str(json.dumps(described))


def _described(tokenizer: Any) -> dict[str, Any]:
    """A transformers tokenizer's tokenizer.json."""
    held: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    return held


def _name(held: dict[str, Any]) -> str | None:
    """llama.cpp's name for the way a tokenizer.json splits text; None where it has none."""
    model, steps, normal = held["model"], held["pre_tokenizer"] or {}, held["normalizer"]
    if model["type"] != "BPE" or (normal and normal["type"] != "NFC"):  # source texts are in NFC as a rule
        return None
    steps = steps.get("pretokenizers", [steps])
    told = [{**step, "trim_offsets": True} if "trim_offsets" in step else step for step in steps]
    whole = bool(model.get("ignore_merges"))
    return next((name for name, known in _SPLITS.items() if told == known and whole == (name in _WHOLE_WORDS)), None)
