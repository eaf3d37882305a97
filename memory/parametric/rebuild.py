"""A subspace made anew of some of its patterns, as though the others had never been there.

`Subspace.without` keeps the bases, and with them directions that only the pattern put there. Here the bases
are founded on the dW of the patterns that stay, so every direction left is one of theirs.

Not promised: a pattern learnt as coefficients inside a shared basis may itself use directions that another
brought. What it uses is its own dW and stays. Only learning it again would change that.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from sleepy.memory.parametric.rule import Certificate, Rule
from sleepy.memory.parametric.subspace import Subspace

TAU = 1e-3  # of its dW that a pattern which stays may lose: nothing is truncated, so only rounding is lost


def rebuilt(subspace: Subspace, without: Collection[str], *, tau: float = TAU) -> tuple[Subspace, Certificate]:
    """The subspace without these patterns and without their directions, and what that did to those that stay.

    Names that it does not have are ignored. `ValueError` if no pattern is left, `MergeRejected` where one would
    lose more than `tau` of its dW.
    """
    adapters = {name: subspace.reconstruct(name) for name in subspace.patterns if name not in without}
    if not adapters:
        raise ValueError("no pattern is left: the bare base serves as well")
    dtype = next(block.b.basis.dtype for block in subspace.blocks.values())
    # all of the energy is kept: the bases become as wide as the patterns that stay need, never wider
    founded, certificate = Subspace.found(
        adapters, Rule(threshold=1.0, tau=math.inf, budget=math.inf), tau=tau, dtype=dtype
    )
    drift = {name: subspace.drift[name] + certificate.damage[name] for name in adapters}
    return Subspace(founded.blocks, drift), replace(certificate, drift=drift, before=subspace.widths)
