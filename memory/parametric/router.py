"""Which pattern answers for a mistake: the one accepted under exactly its signature, else none.

Nothing is blended: averaging coefficients destroyed every pattern it was tried on (SHARE.md 2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Router:
    """Accepted routes, signature -> pattern. A signature without one is left to the bare base."""

    accepted: Mapping[str, str] = field(default_factory=dict)

    def route(self, signature: str | None) -> str | None:
        """The pattern accepted for this signature, or None."""
        return None if signature is None else self.accepted.get(signature)

    def routes(self, signatures: Iterable[str | None]) -> list[str | None]:
        return [self.route(signature) for signature in signatures]

    def accepting(self, signature: str, pattern: str) -> Router:
        return Router({**self.accepted, signature: pattern})

    def without(self, pattern: str) -> Router:
        """Every route to the pattern withdrawn."""
        return Router({s: p for s, p in self.accepted.items() if p != pattern})
