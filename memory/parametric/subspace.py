"""Share's memory (arXiv:2602.06043): per layer one basis a side, per pattern coefficients in it.

dW_i = (beta C_b,i)(alpha C_a,i)^T with beta (n, k_b), alpha (d, k_a) orthonormal and frozen. Departures from
the paper, each for a measured reason (see linear_algebra): the scale is folded and the gauge fixed
before stacking, nothing is centred, k is chosen a layer and side, and taking in a pattern (Phase 3) is an
exact rank-r update (see merge) that concerns old patterns only where directions are dropped, and then
turns their coefficients when they are read (see coefficients). What dropping costs every pattern is
certified before anything is committed (see certify).

A `Subspace` is a value: every change is a new one, a refused change leaves the old. The certificate
bounds dW, not accuracy: examine the result as well.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from sleepy.memory.parametric import linear_algebra, saved
from sleepy.memory.parametric.adapter import Adapter
from sleepy.memory.parametric.block import Block, Side, SideReport, check_shapes
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.merge import Merge, certified
from sleepy.memory.parametric.rule import DEFAULT, Certificate, MergeRejected, Rule

__all__ = ["Block", "Certificate", "MergeRejected", "Rule", "Side", "SideReport", "Subspace", "SubspaceError"]

TAU = 1e-3  # of its dW that a pattern which stays may lose: nothing is truncated, so only rounding is lost


@dataclass(frozen=True, slots=True, eq=False)
class Subspace:
    """Bases and coefficients by module name; `drift` lists the patterns in order of arrival."""

    blocks: Mapping[str, Block]
    drift: Mapping[str, float]

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(self.drift)

    @staticmethod
    def found(
        adapters: Mapping[str, Adapter],
        rule: Rule = DEFAULT,
        *,
        tau: float = math.inf,
        dtype: torch.dtype = torch.float32,
    ) -> tuple[Subspace, Certificate]:
        """Phase 1: the bases of `adapters`, and what truncation did to each.

        k follows the rule's threshold, floor and cap; with a finite `tau` it grows until no founder loses
        more, and `MergeRejected` is raised where the cap forbids it. `dtype` is the precision at rest.
        """
        if not adapters:
            raise ValueError("a subspace is founded on at least one adapter")
        merges = {}
        for name in dict.fromkeys(name for adapter in adapters.values() for name in adapter.factors):
            members = {p: adapter.factors[name] for p, adapter in adapters.items() if name in adapter.factors}
            check_shapes(name, [(f.b.shape[0], f.a.shape[1]) for f in members.values()])
            triples = {p: linear_algebra.triple(f.b, f.a) for p, f in members.items()}
            merges[name] = Merge.founding(triples, dtype)
        blocks, certificate = certified({}, merges, dict.fromkeys(adapters, 0.0), replace(rule, tau=tau, budget=tau))
        return Subspace(blocks, certificate.drift), certificate

    def absorb(self, pattern: str, adapter: Adapter, rule: Rule = DEFAULT) -> tuple[Subspace, Certificate]:
        """Phase 3: takes `adapter` in as `pattern` (in place of the one of that name, if any).

        k stays where it is if the rule allows, else grows as far as k + r, where nothing is lost.
        Raises `MergeRejected` if the cap stands in the way, `SubspaceError` on a layer of another shape.
        """
        before = self.without(pattern) if pattern in self.drift else self
        dtype = next((block.b.basis.dtype for block in self.blocks.values()), torch.float32)
        merges = {}
        for name, factors in adapter.factors.items():
            shape = factors.b.shape[0], factors.a.shape[1]
            block = before.blocks.get(name) or Block.empty(*shape, dtype)
            check_shapes(name, [block.shape, shape])
            merges[name] = Merge.absorbing(block, pattern, linear_algebra.triple(factors.b, factors.a))
        blocks, certificate = certified(before.blocks, merges, {**before.drift, pattern: 0.0}, rule)
        return Subspace(blocks, certificate.drift), certificate

    def reconstruct(self, pattern: str) -> Adapter:
        """The pattern's factors, at the precision of rest; `KeyError` names an unknown pattern."""
        self._known(pattern)
        return Adapter(
            {name: block.factors(pattern) for name, block in self.blocks.items() if pattern in block.patterns}
        )

    def with_coefficients(self, pattern: str, adapter: Adapter, *, tolerance: float = 1e-3) -> Subspace:
        """The pattern learnt anew inside the bases as they are (a refit); its drift starts again at 0.

        `SubspaceError` if more than `tolerance` of the adapter's dW lies outside the bases: then `absorb` it.
        """
        self._known(pattern)
        blocks = dict(self.without(pattern).blocks)
        for name, block in self.blocks.items():
            if pattern in block.patterns and name not in adapter.factors:
                raise SubspaceError(f"the refit of {pattern!r} lacks {name}", remedy="give every layer")
        lost = norm = 0.0
        for name, factors in adapter.factors.items():
            if name not in blocks:
                raise SubspaceError(f"no basis for {name}", remedy="absorb the adapter instead")
            check_shapes(name, [blocks[name].shape, (factors.b.shape[0], factors.a.shape[1])])
            new = linear_algebra.triple(factors.b, factors.a)
            blocks[name], outside = blocks[name].joined(pattern, new)
            lost += outside
            norm += float(new.values.square().sum())
        if lost > tolerance**2 * norm:
            raise SubspaceError(
                f"{math.sqrt(lost / norm):.2e} of the new {pattern!r} lies outside the bases",
                remedy="absorb the adapter instead: that widens them",
            )
        return Subspace(blocks, {**self.drift, pattern: 0.0})

    def without(self, pattern: str) -> Subspace:
        """Forgets a pattern; the bases stay. `KeyError` names an unknown one."""
        self._known(pattern)
        blocks = {name: block.without(pattern) for name, block in self.blocks.items()}
        return Subspace(blocks, {name: drift for name, drift in self.drift.items() if name != pattern})

    def renamed(self, pattern: str, name: str) -> Subspace:
        """The same under another name. `KeyError` names an unknown pattern, `ValueError` a name that is taken."""
        self._known(pattern)
        if name in self.drift:
            raise ValueError(f"there is a pattern {name!r} already")
        blocks = {module: block.renamed(pattern, name) for module, block in self.blocks.items()}
        return Subspace(blocks, {name if other == pattern else other: drift for other, drift in self.drift.items()})

    def report(self) -> tuple[SideReport, ...]:
        """k, explained energy and singular values of every layer and side."""
        return tuple(line for name, block in self.blocks.items() for line in block.report(name))

    @property
    def widths(self) -> dict[str, tuple[int, int]]:
        """(k_b, k_a) by module."""
        return {name: (block.b.k, block.a.k) for name, block in self.blocks.items()}

    @property
    def parameters(self) -> tuple[int, int]:
        """Numbers in the bases, and in all patterns' coefficients (padding not counted)."""
        bases = sum(side.basis.numel() for block in self.blocks.values() for side in (block.b, block.a))
        own = sum(int((b.values > 0).sum()) * (b.b.k + b.a.k) for b in self.blocks.values())
        return bases, own

    def save(self, folder: Path) -> str:
        """Writes the subspace into `folder` and returns its version: equal values, equal version.

        A crash leaves this version or the previous one readable.
        """
        index, tensors = saved.serialised(self.blocks, self.drift)
        saved.write(folder, index, tensors)
        return saved.version_of(index)

    @property
    def version(self) -> str:
        """The version `save` would return."""
        return saved.version_of(saved.serialised(self.blocks, self.drift)[0])

    @staticmethod
    def load(folder: Path, *, version: str | None = None) -> Subspace:
        """Reads what `save` wrote; `SubspaceError` if it is not whole, or is not `version`.

        Merging on from it equals merging on from what was saved: bit for bit where no coefficients were
        waiting to be turned, else up to one rounding at the precision of rest.
        """
        return Subspace(*saved.read(folder, version))

    def _known(self, pattern: str) -> None:
        if pattern not in self.drift:
            raise KeyError(f"no pattern {pattern!r}; there are {', '.join(self.drift) or 'none'}")


def rebuilt(subspace: Subspace, without: Collection[str], *, tau: float = TAU) -> tuple[Subspace, Certificate]:
    """The subspace without these patterns and without their directions, and what that did to those that stay.

    `Subspace.without` keeps the bases, and with them directions that only the pattern put there. Here the bases are
    founded on the dW of the patterns that stay, so every direction left is one of theirs. Not promised: a pattern
    learnt as coefficients inside a shared basis may itself use directions that another brought. What it uses is its
    own dW and stays. Only learning it again would change that.

    Names that it does not have are ignored. `ValueError` if no pattern is left, `MergeRejected` where one would
    lose more than `tau` of its dW.
    """
    adapters = {name: subspace.reconstruct(name) for name in subspace.patterns if name not in without}
    if not adapters:
        raise ValueError("no pattern is left: the base model alone serves as well")
    dtype = next(block.b.basis.dtype for block in subspace.blocks.values())
    # all of the energy is kept: the bases become as wide as the patterns that stay need, never wider
    founded, certificate = Subspace.found(
        adapters, Rule(threshold=1.0, tau=math.inf, budget=math.inf), tau=tau, dtype=dtype
    )
    drift = {name: subspace.drift[name] + certificate.damage[name] for name in adapters}
    return Subspace(founded.blocks, drift), replace(certificate, drift=drift, before=subspace.widths)
