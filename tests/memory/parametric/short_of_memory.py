"""A child of test_memory: trains with a capped address space and says how each batch was cut.

It imports torch once. Each line on stdin is answered by a copy of it, whose own address space is capped.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from typing import Any

import psutil
import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

from sleepy.memory.parametric.errors import MemoryShort
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import FitProgress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.shortage import is_shortage


def main() -> None:
    for line in sys.stdin:
        copy = os.fork()
        if copy == 0:
            try:
                print(json.dumps(answer(json.loads(line))), flush=True)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        if os.waitpid(copy, 0)[1] != 0:
            print("null", flush=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows, length = asked["rows"], asked["length"]
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=128,
        intermediate_size=512,
        num_hidden_layers=8,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=2048,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=0,
    )
    model: Any = LlamaForCausalLM(config).eval()
    generator = torch.Generator().manual_seed(1)
    tokens = torch.randint(1, 64, (rows, length), generator=generator).tolist()
    examples = [Example.completion(row[:-4], row[-4:]) for row in tokens]
    recipe = LoraRecipe(steps=4, batch_tokens=rows * length, held_out=0.0)
    seen: list[list[int]] = []
    failed = False

    def capped() -> None:
        if asked["cap"] is not None:
            limit = psutil.Process().memory_info().vms + (asked["cap"] << 20)
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    def checkpointing() -> bool:
        return any(getattr(module, "gradient_checkpointing", False) for module in model.modules())

    def note(module: Any, _: Any, kwargs: Any) -> None:
        if module.training:
            seen.append([len(kwargs["input_ids"]), checkpointing()])

    def told(progress: FitProgress) -> None:
        if progress.step == 1 and asked["when"] == "later":
            capped()

    first = [Example.completion(tokens[0][:12], tokens[0][12:16])]  # short: what it takes and gives back stays ours
    train_lora(model, first, LoraRecipe(steps=1, batch_tokens=length, held_out=0.0, lr=0.0))  # all is loaded
    if asked["when"] == "before":
        capped()
    if asked["when"] == "before" and rows > 1:
        try:  # one step as it would be without cutting
            model.train()
            model(input_ids=torch.tensor(tokens), use_cache=False).logits.sum().backward()
        except RuntimeError as error:
            failed = is_shortage(error)
        model.eval()
        model.zero_grad()
    model.base_model.register_forward_pre_hook(note, with_kwargs=True)
    out: dict[str, str | None] = {"error": None, "remedy": None}
    try:
        found = train_lora(model, examples, recipe, report=told)
        save_file(
            {f"{n}.{s}": getattr(f, s).contiguous() for n, f in found.factors.items() for s in "ab"}, asked["out"]
        )
    except MemoryShort as error:
        out = {"error": str(error), "remedy": error.remedy}
    return {**out, "seen": seen, "failed": failed, "still": checkpointing()}


if __name__ == "__main__":
    main()
