"""Decoding whose batch shrinks: an answer that has ended leaves the batch, and the others go on without it.

`generate` keeps every row until the longest is done; of thirty-two answers of five tokens, one of ninety costs
thirty-two of ninety. What is written is `generate`'s own: its processors and stopping criteria see all rows,
those that ended with zeros for scores, so that what they keep by row stays right and a seed draws what it drew.

Attention stays the model's own: plain products instead of the fused kernel for single tokens, which in bfloat16 on
a CPU are ten times as fast by themselves, gained nothing over 300 answers (10.0 s of CPU instead of 9.4).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, GenerationConfig, LogitsProcessorList, PreTrainedModel, StoppingCriteriaList
from transformers.cache_utils import DynamicLayer

_NEEDED = {"input_ids", "attention_mask", "position_ids", "past_key_values", "use_cache"}
_OTHERWISE = ("cache_implementation", "prompt_lookup_num_tokens", "dola_layers", "guidance_scale", "token_healing")


def may_shrink(model: Any) -> bool:
    """Whether rows can leave this model's batch: nothing but keys and values of whole attention is kept of them.

    And its generation settings ask for nothing but one answer a prompt, token by token.
    """
    if not isinstance(model, PreTrainedModel) or not set(inspect.signature(model.forward).parameters) >= _NEEDED:
        return False
    settings = model.generation_config
    if any(getattr(settings, name, None) for name in _OTHERWISE):
        return False
    if (getattr(settings, "num_beams", None) or 1) > 1 or (getattr(settings, "num_return_sequences", None) or 1) > 1:
        return False
    try:
        layers = DynamicCache(config=model.config).layers
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return bool(layers) and all(type(layer) is DynamicLayer for layer in layers)


@dataclass(frozen=True, slots=True)
class Shrinking:
    """The decoding loop of one batch, as `generate` takes one (`custom_generate`).

    mask (rows, width) is that of the prompts, padded on the left. `leave` is told the places of the rows that stay
    whenever some have ended. Samples are drawn by `generator`, or torch's own without one.
    """

    mask: Tensor
    leave: Callable[[Sequence[int]], None]
    generator: torch.Generator | None = None

    def __call__(
        self,
        model: Any,
        input_ids: Tensor,
        logits_processor: LogitsProcessorList,
        stopping_criteria: StoppingCriteriaList,
        generation_config: GenerationConfig,
        **_: Any,
    ) -> Tensor:
        """The prompts (rows, width) with their answers behind them, padded where they ended: (rows, width + longest)."""
        ids, mask = input_ids, self.mask
        last = {"logits_to_keep": 1} if "logits_to_keep" in inspect.signature(model.forward).parameters else {}
        cache = DynamicCache(config=model.config)
        position = (mask.cumsum(1) - 1).clamp_min(0)
        live = torch.arange(len(ids), device=ids.device)  # places in the whole batch
        ended = torch.zeros(len(ids), dtype=torch.bool, device=ids.device)

        def scored(tokens: Tensor) -> Tensor:
            said = model(
                input_ids=tokens, attention_mask=mask, position_ids=position, past_key_values=cache, use_cache=True, **last
            )  # fmt: skip
            found: Tensor = said.logits[:, -1].float()  # (live, vocabulary)
            return found

        scores = scored(ids)
        while True:
            whole = scores
            if len(live) < len(ids):
                whole = scores.new_zeros(len(ids), scores.shape[1]).index_copy_(0, live, scores)
            allowed = logits_processor(ids, whole)
            if generation_config.do_sample:
                tokens = torch.multinomial(allowed.softmax(-1), 1, generator=self.generator).squeeze(1)
            else:
                tokens = allowed.argmax(-1)
            tokens = torch.where(ended, _padding(generation_config, tokens), tokens)
            ids = torch.cat([ids, tokens[:, None]], dim=1)
            ended = ended | stopping_criteria(ids, None)
            stay = (~ended[live]).nonzero().squeeze(1)
            if not len(stay):
                return ids
            if len(stay) < len(live):
                cache.batch_select_indices(stay)
                live, mask, position = live[stay], mask[stay], position[stay]
                self.leave(stay.tolist())
            mask = torch.cat([mask, mask.new_ones(len(live), 1)], dim=1)
            position = position[:, -1:] + 1
            scores = scored(tokens[live][:, None])


def _padding(settings: GenerationConfig, like: Tensor) -> Tensor:
    """What stands behind an answer that ended."""
    return torch.full_like(like, 0 if settings.pad_token_id is None else int(settings.pad_token_id))
