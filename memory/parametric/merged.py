"""One pattern merged into the weights: a model of its own that holds W + dW.

For what runs a model without sleepy. Serving never merges: a route would have to be taken back out of the
weights, and W + dW - dW is not W once rounded (SHARE.md 2.15).
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from sleepy.memory.parametric.adapter import Adapter
from sleepy.memory.parametric.share_linear import linear


@torch.no_grad()
def merged(model: Any, adapter: Adapter) -> Any:
    """A copy of the model with dW in its weights; the model given and its weights are untouched.

    W + dW is added in float32 and rounded once, to the weight's own dtype: a bfloat16 model is within half
    a unit in the last place of each weight. A weight that other layers share (a tied output embedding) is no
    longer shared where dW is for one of them. `SubspaceError` if the adapter is another model's, or the
    model has a subspace attached.
    """
    for name, pair in adapter.factors.items():
        linear(model, name, pair.b.shape[0], pair.a.shape[1])
    own = copy.deepcopy(model)
    holders = _holders(own)
    head = own.get_output_embeddings() if hasattr(own, "get_output_embeddings") else None
    for name, pair in adapter.factors.items():
        layer = own.get_submodule(name)
        weight = layer.weight
        b, a = (side.to(weight.device, torch.float32) for side in (pair.b, pair.a))
        changed = torch.addmm(weight.float(), b, a).to(weight.dtype)  # (n, d) + (n, r) @ (r, d)
        if holders[id(weight)] == 1:
            weight.copy_(changed)
            continue
        layer.weight = nn.Parameter(changed, requires_grad=weight.requires_grad)
        holders[id(weight)] -= 1
        if layer is head:
            own.config.tie_word_embeddings = False  # transformers loads it right without; others go by this word
    return own


def _holders(model: nn.Module) -> dict[int, int]:
    """How many modules hold each parameter, by its id."""
    count: dict[int, int] = {}
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            count[id(parameter)] = count.get(id(parameter), 0) + 1
    return count
