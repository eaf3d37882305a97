"""The router: which pattern's coefficients answer for a mistake.

The pattern accepted under exactly the mistake's signature; otherwise the nearest accepted pattern within whose
calibrated radius the signature lies; otherwise none, and the base model answers alone.

A signature is `code:message@item`. Two of different codes are never near. A pattern's radius is measured on
mistakes that are near and not its own (`calibrated`): without a proof there it has none, and only the exact
signature is routed. Nothing is blended: averaging coefficients destroyed every pattern it was tried on
(SHARE.md 2.3).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

_WORD = re.compile(r"\w+|[^\w\s]")
ANOTHER_ITEM = 0.25  # what a fn instead of a struct around the error adds to a distance


@lru_cache(maxsize=1 << 16)
def distance(one: str, other: str) -> float:
    """How far two signatures are apart: 0 for the same, at most 1.25; infinite when their codes differ.

    One minus the share of the message's words and marks that they have in common, in order.
    """
    (code, message, item), (other_code, other_message, other_item) = _parts(one), _parts(other)
    if code != other_code:
        return math.inf
    first, second = sorted([_WORD.findall(message), _WORD.findall(other_message)])  # the ratio is not symmetric
    common = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return 1 - common + (ANOTHER_ITEM if item != other_item else 0.0)


@dataclass(frozen=True, slots=True)
class Router:
    """Accepted routes, signature -> pattern, and how far beyond its own signatures a pattern may answer."""

    accepted: Mapping[str, str] = field(default_factory=dict)
    reach: Mapping[str, float] = field(default_factory=dict)  # pattern -> its radius, the greatest distance

    def route(self, signature: str | None) -> str | None:
        """The pattern accepted for this signature, or the nearest one within its radius, or None."""
        if signature is None or signature in self.accepted:
            return None if signature is None else self.accepted[signature]
        near = [
            (apart, pattern)
            for known, pattern in self.accepted.items()
            if pattern in self.reach and (apart := distance(known, signature)) <= self.reach[pattern]
        ]
        return min(near)[1] if near else None

    def without(self, pattern: str) -> Router:
        """Every route to the pattern withdrawn."""
        return Router(
            {s: p for s, p in self.accepted.items() if p != pattern},
            {p: radius for p, radius in self.reach.items() if p != pattern},
        )


def calibrated(trials: Sequence[tuple[float, bool, bool]], earns: Callable[[int, int, int], bool]) -> float | None:
    """A pattern's radius, from (distance, base passed, pattern passed) of mistakes that are near to it.

    The greatest distance up to which the pattern lost nothing that the base passes and, in all, `earns` its
    place by (wins, losses, n); None where there is none.
    """
    best: float | None = None
    wins = losses = 0
    ordered = sorted(trials)
    for i, (apart, base, pattern) in enumerate(ordered):
        wins += pattern and not base
        losses += base and not pattern
        if losses:
            break
        last = i + 1 == len(ordered) or ordered[i + 1][0] > apart  # equal distances stand or fall together
        if last and earns(wins, losses, i + 1):
            best = apart
    return best


def _parts(signature: str) -> tuple[str, str, str]:
    """code, message, item"""
    code, _, rest = signature.partition(":")
    message, _, item = rest.rpartition("@")
    return code, message or rest, item if message else ""
