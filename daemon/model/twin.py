"""A second model on the first one's weights: two threads answer with one model's memory.

Serving puts layers into a model and takes them off again, so that no two threads can share one. A twin has modules
of its own around the same tensors, which nobody changes: nights train in another process.
"""

from __future__ import annotations

import copy
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sleepy.daemon.model.language_model import LanguageModel


def twin(model: LanguageModel) -> LanguageModel:
    """The twin of a model that serves nothing at the moment. What hooks in the first one's steps is not in its."""
    shared: dict[int, Any] = {id(each): each for each in chain(model.model.parameters(), model.model.buffers())}
    inner = copy.deepcopy(model.model, shared)
    inner._forward_pre_hooks.clear()
    tokenizer = copy.deepcopy(model.tokenizer)  # one is in use by one thread at a time
    return type(model)(model.name, inner, tokenizer, model.format, batch=model.batch)
