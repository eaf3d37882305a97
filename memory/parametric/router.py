"""The router: which pattern's coefficients answer for a mistake.

A route leads from a scope (see `scope`) to a pattern. The finest scope that covers the mistake's signature and has a
route answers, unless that route is withdrawn at the signature; then the next coarser one; else the base model alone.
Nothing is blended: averaging coefficients destroyed every pattern it was tried on (SHARE.md 2.3).

Versions made before routes had scopes know `reach` instead: how distant a signature a pattern answers besides its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from sleepy.memory.parametric.scope import ALL, is_signature, scopes

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
    """Accepted routes, scope -> pattern, and the signatures at which each scope's route is withdrawn."""

    accepted: Mapping[str, str] = field(default_factory=dict)
    reach: Mapping[str, float] = field(default_factory=dict)  # pattern -> greatest distance; of earlier versions
    withdrawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def route(self, signature: str | None) -> str | None:
        """The pattern that answers for this signature; None: the base model."""
        scope = self.scope(signature)
        if scope is not None:
            return self.accepted[scope]
        return None if signature is None else self._near(signature)

    def scope(self, signature: str | None) -> str | None:
        """The scope of the route that answers for this signature; None if there is none, or only a nearby pattern."""
        if signature is None:
            return None
        for scope in scopes(signature):
            if scope in self.accepted and signature not in self.withdrawn.get(scope, ()):
                return scope
        return None

    def serves(self, scope: str) -> str | None:
        """The pattern that answers for most of what the scope covers: its own, else a coarser one's; None: the base."""
        if is_signature(scope):
            return self.route(scope)
        return next((self.accepted[name] for name in (scope, ALL) if name in self.accepted), None)

    def without(self, pattern: str) -> Router:
        """The router without all routes to the pattern."""
        return self.only(scope for scope, served in self.accepted.items() if served != pattern)

    def only(self, scopes: Iterable[str]) -> Router:
        """The router with the routes of these scopes alone."""
        accepted = {scope: self.accepted[scope] for scope in scopes}
        return Router(
            accepted,
            {name: radius for name, radius in self.reach.items() if name in accepted.values()},
            {scope: signatures for scope, signatures in self.withdrawn.items() if scope in accepted},
        )

    def withdraw(self, scope: str, signatures: Iterable[str]) -> Router:
        """The router with a scope's route withdrawn at these signatures too."""
        at = tuple(sorted({*self.withdrawn.get(scope, ()), *signatures}))
        return Router(self.accepted, self.reach, {**self.withdrawn, scope: at} if at else self.withdrawn)

    def _near(self, signature: str) -> str | None:
        near = [
            (apart, pattern)
            for known, pattern in self.accepted.items()
            if pattern in self.reach and (apart := distance(known, signature)) <= self.reach[pattern]
        ]
        return min(near)[1] if near else None


def _parts(signature: str) -> tuple[str, str, str]:
    """code, message, item"""
    code, _, rest = signature.partition(":")
    message, _, item = rest.rpartition("@")
    return code, message or rest, item if message else ""
