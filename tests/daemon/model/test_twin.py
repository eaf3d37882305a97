"""A twin answers like its model, on the same memory, and what is done to the one is not done to the other."""

from __future__ import annotations

import pytest
import torch

from sleepy.daemon.model.language_model import LanguageModel, twin
from sleepy.daemon.model.request import Request


def test_a_twin_shares_every_weight_and_answers_alike(tiny: LanguageModel, requests: list[Request]) -> None:
    other = twin(tiny)
    places = [each.data_ptr() for each in tiny.model.parameters()]
    assert places and [each.data_ptr() for each in other.model.parameters()] == places
    asked = [request for request in requests if tiny.misfit(request) is None][:2]
    assert other.answer(asked, [None] * len(asked)) == tiny.answer(asked, [None] * len(asked))


def test_layers_and_hooks_of_the_first_are_not_the_twins(tiny: LanguageModel, requests: list[Request]) -> None:
    def stop(*_: object) -> None:
        raise InterruptedError

    handle = tiny.model.register_forward_pre_hook(stop)
    try:
        other = twin(tiny)
        asked = [request for request in requests if tiny.misfit(request) is None][:1]
        with pytest.raises(InterruptedError):
            tiny.answer(asked, [None])
        assert len(other.answer(asked, [None])) == 1
    finally:
        handle.remove()
    name = next(name for name, module in other.model.named_modules() if isinstance(module, torch.nn.Linear))
    assert other.model.get_submodule(name) is not tiny.model.get_submodule(name)
