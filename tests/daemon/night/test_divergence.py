"""KL of routes to the base, computed from the answers' logits alone: the same as from all logits."""

from __future__ import annotations

import pytest
import torch
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Rule, Subspace

_ANSWERS = ["⟪1⟫⊖", "⟪2⟫let→let mut", "⟪1⟫a→b⟪2⟫⊕use std::fmt;", "⟪3⟫⊖⟪4⟫⊖"]


class _NoChoice(Qwen2ForCausalLM):  # type: ignore[misc]
    """A model that makes all logits, whatever it is asked."""

    def forward(self, input_ids, attention_mask, position_ids, use_cache):  # type: ignore[no-untyped-def]
        return super().forward(
            input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids, use_cache=use_cache
        )


@pytest.fixture(params=[Qwen2ForCausalLM, _NoChoice])
def model(tokenizer: PreTrainedTokenizerFast, request: pytest.FixtureRequest) -> LanguageModel:
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=2048, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return LanguageModel("tiny", request.param(config).eval(), tokenizer, Format.SPAN_EDITS, batch=5)


def _subspace(model: LanguageModel) -> Subspace:
    generator = torch.Generator().manual_seed(1)
    patterns = {}
    for name in "ab":
        factors = {
            key: Factors(
                0.3 * torch.randn(layer.out_features, 3, generator=generator),
                0.3 * torch.randn(3, layer.in_features, generator=generator),
            )
            for key, layer in linear_layers(model.model).items()
        }
        patterns[name] = Adapter(factors)
    return Subspace.found(patterns, Rule(threshold=1.0))[0]


@torch.no_grad()
def _alone(model: LanguageModel, prompt: str, answer: str, route: str | None) -> list[float]:
    """The formula itself, for one answer, from all logits, without padding."""
    asked, said = model.prompt_ids(prompt), model.answer_ids(answer)
    ids = torch.tensor([[*asked, *said]])
    inner = Qwen2ForCausalLM.forward
    base = inner(model.model, input_ids=ids).logits[0].log_softmax(-1)
    assert model._served is not None
    with model._served.routed([route]):
        routed = inner(model.model, input_ids=ids).logits[0].log_softmax(-1)
    found: list[float] = (routed.exp() * (routed - base)).sum(-1)[len(asked) - 1 : -1].tolist()
    return found


def test_it_is_what_all_logits_say(model: LanguageModel, requests: list[Request]) -> None:
    prompts = [item.text for item in requests[:12]]
    answers = [_ANSWERS[i % 4] for i in range(12)]
    routes = [("a", "b", None)[i % 3] for i in range(12)]
    with model.serving(_subspace(model)):
        found = model.divergence(prompts, answers, routes)
        for prompt, answer, route, values in zip(prompts, answers, routes, found, strict=True):
            assert values == pytest.approx(_alone(model, prompt, answer, route), abs=1e-5)
            assert len(values) == len(model.answer_ids(answer))
            assert (max(values) > 1e-3) is (route is not None)


def test_what_does_not_fit_has_no_numbers(model: LanguageModel, requests: list[Request]) -> None:
    with model.serving(_subspace(model)):
        long, short = model.divergence(["word " * 3000, requests[0].text], _ANSWERS[:2], ["a", "a"])
        assert long == [] and short
        assert model.divergence([], [], []) == []
