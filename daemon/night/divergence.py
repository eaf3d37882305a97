"""How far a pattern moves the model on its own tasks: KL(routed || base), in nats a token of its own answers.

What a model forgets goes with how far it moved, measured where it learnt (Shenfeld et al., "RL's Razor",
arXiv:2509.04259): a pattern that moves it further than the cap is not served, whatever it gained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sleepy.daemon.agent.attempt import Attempt
from sleepy.daemon.agent.model import LanguageModel
from sleepy.daemon.serve import Served


def divergences(model: LanguageModel, served: Served, attempts: Sequence[Attempt]) -> Mapping[str, float]:
    """Route -> mean KL over the tokens of the answers it gave; answers of the base are left out."""
    asked = [item for item in attempts if item.route is not None and item.answer]
    with served.on(model) as serving:
        found = serving.divergence(
            [item.prompt for item in asked], [item.answer for item in asked], [item.route for item in asked]
        )
    totals: dict[str, list[float]] = defaultdict(list)
    for item, tokens in zip(asked, found, strict=True):
        totals[str(item.route)] += tokens
    return {route: sum(values) / len(values) for route, values in totals.items() if values}
