"""A random Qwen2 of two layers with a chat template: a hub's model in a second."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from sleepy.memory.parametric.base.tokenizer import train_tokenizer

POSITIONS = 900
_TEMPLATE = (
    "{% for m in messages %}{% if m.role == 'developer' %}{{ raise_exception('no developers') }}{% endif %}"
    "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)


def chat_model(out: Path, text: str) -> str:
    """Writes it into the folder, with a tokenizer of that text; returns its name."""
    tokenizer = train_tokenizer([text] * 2, vocabulary=400, marks=("<|im_start|>", "<|im_end|>"))
    tokenizer.chat_template = _TEMPLATE
    tokenizer.save_pretrained(out)
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=POSITIONS, tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id, bos_token_id=None, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    Qwen2ForCausalLM(config).save_pretrained(out)
    return str(out)
