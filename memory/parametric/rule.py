"""The rule that a merge must obey, the certificate of what it did to every pattern, and the refusal where that is too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """How wide a basis may be and how much a pattern may suffer for it."""

    threshold: float = 0.95  # share of each side's energy kept; 60 % (the paper's) lost half the accuracy
    floor: int = 0  # least k
    cap: int | None = None  # greatest k
    tau: float = 0.1  # greatest relative dW error one merge may do to any pattern, the new one included
    budget: float = 0.3  # greatest sum of those errors since the pattern was last trained


DEFAULT = Rule()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a change does to every pattern: relative Frobenius error of dW over all layers."""

    damage: Mapping[str, float]  # by this change alone
    drift: Mapping[str, float]  # bound on the sum of all changes since the pattern came in
    before: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # module -> (k_b, k_a)
    after: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class MergeRejected(Exception):
    """A pattern would be damaged beyond the rule even at the greatest k allowed; nothing was changed."""

    def __init__(self, certificate: Certificate, rule: Rule) -> None:
        worst = max(certificate.damage, key=lambda name: (certificate.damage[name], certificate.drift[name]))
        super().__init__(
            f"{worst!r} would lose {certificate.damage[worst]:.3f} of its dW in this merge "
            f"({certificate.drift[worst]:.3f} in all); allowed are {rule.tau} and {rule.budget}"
        )
        self.certificate = certificate
        self.remedy = "allow a greater k (cap), refit the pattern's coefficients, or accept more damage (tau, budget)"
