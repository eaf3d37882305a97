"""P5: a batch of 32 rows with 32 patterns, against PEFT with 32 LoRA adapters and `adapter_names=`.

Goal: at least 3x.
"""

from __future__ import annotations

import copy
import warnings
from functools import partial
from typing import Any

import torch

from benchmarks import results
from benchmarks.share import models
from benchmarks.share.figure import Asked, Figure, times
from benchmarks.share.timing import Sides, interleaved
from sleepy.memory.parametric.share_linear import ServedModel, attach


def adapted(model: Any, served: models.Served) -> Any:
    """PEFT's model with each of the subspace's patterns as an adapter; changes the given model."""
    from peft import LoraConfig, get_peft_model

    patterns = {name: served.subspace.reconstruct(name).factors for name in served.patterns}
    rank = max(f.b.shape[1] for f in next(iter(patterns.values())).values())
    config = LoraConfig(r=rank, lora_alpha=rank, target_modules=list(served.subspace.blocks), task_type="CAUSAL_LM")
    wrapped: Any = None
    with warnings.catch_warnings():  # PEFT reads a property that transformers has deprecated
        warnings.simplefilter("ignore", FutureWarning)
        for name, factors in patterns.items():
            key = name.replace(" ", "_")
            if wrapped is None:
                wrapped = get_peft_model(model, config, adapter_name=key)
            else:
                wrapped.add_adapter(key, config)
            for module, pair in factors.items():
                lora = model.get_submodule(module)
                with torch.no_grad():
                    lora.lora_A[key].weight.copy_(pair.a)
                    lora.lora_B[key].weight.copy_(pair.b)
    return wrapped.eval()


def measure(asked: Asked) -> Figure:
    figures: dict[str, object] = {}
    rows = []
    batches = {"P5": models.built_in(tokens=4, width=32) if asked.quick else models.built_in()}
    if not asked.quick:
        batches["P5_qwen"] = models.qwen()
    for key, served in batches.items():
        keys = [name.replace(" ", "_") for name in served.patterns]
        apart = _difference(served, keys)
        theirs = adapted(copy.deepcopy(served.model), served)
        on = attach(served.model, served.subspace)

        sides: Sides = {
            "ours": partial(_routed, on, served),
            "peft": partial(served.generate, theirs, adapter_names=keys),
        }
        spent = interleaved(sides, asked.rounds)
        rate = {name: models.ROWS * served.tokens / seconds for name, seconds in spent.items()}
        figures |= {key: round(rate["ours"] / rate["peft"], 2), f"{key}_difference": apart}
        rows.append(
            [f"{served.name}, {served.tokens} new tokens a row", f"{rate['peft']:,.0f}", f"{rate['ours']:,.0f}",
             f"**{times(rate['ours'] / rate['peft'])}**", f"{apart:.0e}"]
        )  # fmt: skip
    table = results.table(["model", "PEFT, tokens a second", "ours", "ratio", "logits apart, float32"], rows)
    return Figure(
        figures,
        f"{models.ROWS} rows, greedy, {asked.rounds} rounds, CPU time, one thread; the same factors.\n\n{table}",
    )


def _routed(on: ServedModel, served: models.Served) -> None:
    with on.routed(served.patterns) as model:
        served.generate(model)


def _difference(served: models.Served, keys: list[str]) -> float:
    """The largest difference between both sides' last logits in float32, relative to the largest logit."""
    given = {"input_ids": served.ids, "attention_mask": served.mask}
    with torch.inference_mode():
        on = attach(served.exactly(), served.subspace)
        with on.routed(served.patterns) as model:
            ours = model(**given).logits[:, -1]
        theirs = adapted(served.exactly(), served)(**given, adapter_names=keys).logits[:, -1]
        return float((ours - theirs).abs().max() / theirs.abs().max())
