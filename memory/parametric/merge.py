"""The merge of a new pattern into a subspace, exact, and the narrowest bases under which every pattern is safe.

A side is first written in a frame (n, K) that loses nothing: the old basis and the new columns' fresh
directions, or at founding the whole stack's. Its Gram matrix (K, K) tells which directions to keep, and
what of each pattern lies along the others tells what dropping them costs. One layer's tensors of t
patterns are p x p; of their coefficients only the part to be dropped is computed before it is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import pad

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.block import Block, Side, stacked
from sleepy.memory.parametric.coefficients import Coefficients
from sleepy.memory.parametric.rule import Certificate, MergeRejected, Rule

# what may be discarded, of what the rule's threshold allows; at 0 nothing is, and the cap alone truncates
SHARES = (*(0.25**i for i in range(8)), 0.0)


@dataclass(eq=False)
class SideMerge:
    """One side before truncation.

    The frame (n, K) is orthonormal once its first k columns, the old basis, are multiplied by polar (k, k).
    gram (K, K) of the stack in its coordinates. Patterns' coordinates are old (t, p, k) (to be padded
    to K) and new (s, p, K); missed (s, p, p) is what of each new one lies below tolerance, outside the frame.
    """

    rest: Tensor  # (n, k) the old basis as it rests
    frame: Tensor
    polar: Tensor
    gram: Tensor
    old: Coefficients
    new: Tensor
    missed: Tensor
    _kept: tuple[int, Tensor] | None = field(default=None, init=False)

    @staticmethod
    def founding(triples: list[linear_algebra.Triple], lefts: list[Tensor], p: int, dtype: torch.dtype) -> SideMerge:
        """Of the founders' triples and their left (or right) singular vectors (n, <= p)."""
        frame, sigma = linear_algebra.thin_basis(
            torch.cat([u * t.values for u, t in zip(lefts, triples, strict=True)], 1)
        )
        balanced = [u * t.values.sqrt() for u, t in zip(lefts, triples, strict=True)]
        whole = torch.stack([pad(c.T @ frame, (0, 0, 0, p - c.shape[1])) for c in balanced])
        rank = linear_algebra.numerical_rank(sigma.square())
        frame, new, noise = frame[:, :rank], whole[..., :rank], whole[..., rank:]  # new (t, p, K)
        return SideMerge(
            rest=frame[:, :0].to(dtype),
            frame=frame,
            polar=frame.new_zeros(0, 0),
            gram=torch.diag(sigma[:rank].square()),
            old=Coefficients.of(torch.zeros(0, p, 0, dtype=dtype)),
            new=new,
            missed=noise @ noise.mT,
        )

    @staticmethod
    def absorbing(side: Side, values: Tensor, left: Tensor, p: int) -> SideMerge:
        """Of one new pattern: its singular values (r,) and left (or right) singular vectors (n, r)."""
        basis = side.basis.double()
        grown = linear_algebra.extend(basis, left * values)  # columns weighted by energy
        weighted = torch.cat([grown.inside, grown.outside])  # (K, r)
        scale = torch.where(values > 0, values.rsqrt(), 0)
        lacking = p - len(values)
        return SideMerge(
            rest=side.basis,
            frame=torch.cat([basis, grown.fresh], 1),
            polar=grown.polar,
            gram=linear_algebra.extended_gram(side.gram, weighted),
            old=side.held.padded(p),
            new=pad((weighted * scale).T, (0, 0, 0, lacking))[None],
            missed=pad(grown.missed * scale * scale[:, None], (0, lacking, 0, lacking))[None],
        )

    @property
    def size(self) -> int:
        """K, at which nothing is dropped."""
        return self.frame.shape[1]

    @cached_property
    def spectrum(self) -> tuple[Tensor, Tensor]:
        """The gram's eigenvalues (K,), falling, and eigenvectors (K, K)."""
        return linear_algebra.falling_eigh(self.gram)

    @cached_property
    def newcomers(self) -> Tensor:
        """B^T B (s, p, p) of the new patterns, before the change."""
        return (self.new @ self.new.mT + self.missed).to(self.old.dtype)

    @property
    def below(self) -> Tensor:
        """Gram matrices (s, p, p) of what the new patterns lose even when nothing is dropped."""
        return self.missed.to(self.old.dtype)

    def truncated(self, k: int) -> tuple[Tensor, Tensor]:
        """B^T B (t + s, p, p) of every pattern before the change, and the same of what truncation to k drops."""
        t, s = len(self.old), len(self.new)
        grams = torch.cat([self.old.grams(), self.newcomers])
        if k < self.size:
            directions = self.spectrum[1][:, k:]  # (K, K - k)
            dropped = self.old.along(directions[: self.old.k], newcomers=s)  # (t + s, p, K - k)
            dropped[t:] = self.new @ directions
            lost = dropped @ dropped.mT
        else:
            lost = torch.zeros_like(grams)
        lost[t:] += self.below
        self._kept = k, grams - lost
        return grams, lost

    def kept(self, k: int) -> Tensor:
        """B^T B (t + s, p, p) of every pattern after truncation to k."""
        if self._kept is None or self._kept[0] != k:
            self.truncated(k)
        assert self._kept is not None
        return self._kept[1]

    def width(self, rule: Rule, share: float) -> int:
        """k when a `share` of the energy may be discarded; not made less than it was without cause."""
        cap = self.size if rule.cap is None else min(self.size, rule.cap)
        if not share:
            return cap
        floor = max(self.rest.shape[1], rule.floor)
        return linear_algebra.width(self.spectrum[0], threshold=1 - share, floor=floor, cap=cap)

    def committed(self, k: int) -> Side:
        """The side with k directions; at K, old directions and coefficients stay bit for bit."""
        dtype, kept = self.rest.dtype, self.rest.shape[1]
        if k == self.size:
            basis = torch.cat([self.rest, self.frame[:, kept:].to(dtype)], 1)
            known = None if self.old.known is None else torch.cat([self.old.known, self.newcomers - self.below])
            return Side(basis, self.gram, self.old.widened(k).joined(self.new, known))
        energies, turn = self.spectrum[0][:k], self.spectrum[1][:, :k]  # (k,), (K, k)
        basis = (self.frame @ torch.cat([self.polar @ turn[:kept], turn[kept:]])).to(dtype)
        return Side(basis, torch.diag(energies), self.old.turned(turn[:kept]).joined(self.new @ turn, self.kept(k)))


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """A layer's change, both sides. patterns and values (t + s, p) are those after it."""

    patterns: tuple[str, ...]
    values: Tensor
    b: SideMerge
    a: SideMerge

    @staticmethod
    def founding(members: Mapping[str, linear_algebra.Triple], dtype: torch.dtype) -> Merge:
        """Phase 1, of the patterns' triples; `dtype` is the precision at rest."""
        triples = list(members.values())
        p = max(len(t.values) for t in triples)
        values = torch.stack([pad(t.values, (0, p - len(t.values))) for t in triples])
        b = SideMerge.founding(triples, [t.left for t in triples], p, dtype)
        a = SideMerge.founding(triples, [t.right for t in triples], p, dtype)
        return Merge(tuple(members), values, b, a)

    @staticmethod
    def absorbing(block: Block, pattern: str, new: linear_algebra.Triple) -> Merge:
        """Phase 3: `pattern`, which the block does not have, joins it."""
        values = stacked(block.values, new.values)
        p = values.shape[1]
        b = SideMerge.absorbing(block.b, new.values, new.left, p)
        a = SideMerge.absorbing(block.a, new.values, new.right, p)
        return Merge((*block.patterns, pattern), values, b, a)

    def widths(self, rule: Rule, share: float) -> tuple[int, int]:
        """(k_b, k_a) when a `share` of each side's energy may be discarded."""
        return self.b.width(rule, share), self.a.width(rule, share)

    def losses(self, k_b: int, k_a: int) -> tuple[tuple[str, ...], Tensor]:
        """||dW - dW'||_F^2 of this layer for the patterns that may lose something."""
        b, a = self.b, self.a
        if (k_b, k_a) == (b.size, a.size):
            patterns = self.patterns[len(b.old) :]
            squares = linear_algebra.squared_loss(b.newcomers, b.below, a.newcomers, a.below)
        else:
            patterns = self.patterns
            squares = linear_algebra.squared_loss(*b.truncated(k_b), *a.truncated(k_a))
        return patterns, squares.double().clamp(min=0)

    def committed(self, k_b: int, k_a: int) -> Block:
        return Block(self.patterns, self.values, self.b.committed(k_b), self.a.committed(k_a))


def certified(
    blocks: Mapping[str, Block], merges: Mapping[str, Merge], drift: Mapping[str, float], rule: Rule
) -> tuple[dict[str, Block], Certificate]:
    """The blocks with the merges done at the first of a falling series of truncations that the rule allows.

    `drift` is every pattern's before the merge, the new ones' included. `MergeRejected` where none is allowed.
    """
    names = tuple(drift)
    came = {name: (block.patterns, block.values) for name, block in blocks.items()}
    came.update({name: (merge.patterns, merge.values) for name, merge in merges.items()})
    norms = _by_pattern(names, ((patterns, values.square().sum(1)) for patterns, values in came.values())).sqrt()
    past = torch.tensor(list(drift.values()), dtype=torch.float64)
    widths: dict[str, tuple[int, int]] | None = None
    for share in SHARES:
        narrower, widths = (
            widths,
            {name: merge.widths(rule, (1 - rule.threshold) * share) for name, merge in merges.items()},
        )
        if widths == narrower:
            continue
        lost = _by_pattern(names, (merge.losses(*widths[name]) for name, merge in merges.items())).sqrt()
        damage = torch.where(norms > 0, lost / norms, 0.0)
        total = past + damage
        over = (total > rule.budget) & (damage > linear_algebra.RTOL)
        safe = not bool(((damage > rule.tau) | over).any())
        if safe:
            break
    assert widths is not None
    before = {name: (block.b.k, block.a.k) for name, block in blocks.items()}
    certificate = Certificate(
        dict(zip(names, damage.tolist(), strict=True)),
        dict(zip(names, total.tolist(), strict=True)),
        before,
        {**before, **widths},
    )
    if not safe:
        raise MergeRejected(certificate, rule)
    return {**blocks, **{name: merge.committed(*widths[name]) for name, merge in merges.items()}}, certificate


def _by_pattern(names: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], Tensor]]) -> Tensor:
    """(names,) sums of the rows' squares, each given with the patterns it is of."""
    total = torch.zeros(len(names), dtype=torch.float64)
    number: dict[str, int] = {}
    for patterns, squares in rows:
        if patterns == names:
            total += squares
            continue
        number = number or {name: i for i, name in enumerate(names)}
        total.index_add_(0, torch.tensor([number[name] for name in patterns], dtype=torch.long), squares)
    return total
