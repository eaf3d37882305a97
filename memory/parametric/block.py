"""One adapted linear layer of a subspace: two sides, each a basis and all patterns' coefficients in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import pad

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.adapter import Factors
from sleepy.memory.parametric.coefficients import Coefficients
from sleepy.memory.parametric.errors import SubspaceError


@dataclass(frozen=True, eq=False)
class Side:
    """One side of one layer: basis (n, k) orthonormal, gram (k, k) = C C^T of the weighted stack in its
    coordinates (float64), and what the block's patterns have in that basis, in order."""

    basis: Tensor
    gram: Tensor
    held: Coefficients

    @staticmethod
    def empty(n: int, dtype: torch.dtype) -> Side:
        return Side(
            torch.zeros(n, 0, dtype=dtype),
            torch.zeros(0, 0, dtype=torch.float64),
            Coefficients.of(torch.zeros(0, 0, 0, dtype=dtype)),
        )

    @property
    def k(self) -> int:
        return self.basis.shape[1]

    @cached_property
    def coefficients(self) -> Tensor:
        """(t, p, k) of the block's patterns in order, padded with zeros to one p; made at the first reading."""
        return self.held.whole()

    @property
    def sigma(self) -> Tensor:
        """Singular values (k,) of what the basis holds of the stack, falling."""
        return linear_algebra.falling_eigh(self.gram)[0].sqrt()

    def chosen(self, rows: list[int], values: Tensor) -> Side:
        """The side with some patterns only, of `values` (t, p); the Gram matrix is made anew: a difference would leave noise."""
        kept = self.held.whole()[rows]
        weighted = (kept.double() * values.sqrt()[..., None]).flatten(0, 1)  # (t p, k)
        return Side(self.basis, weighted.T @ weighted, Coefficients.of(kept))

    def joined(self, columns: Tensor, root: Tensor) -> tuple[Side, Tensor]:
        """The side with one more pattern, of balanced columns (n, r) and roots of its values (r,), in the same basis.

        Also the Gram matrix (r, r) of what of it lies outside the basis, and is left out.
        """
        basis = linear_algebra.orthonormalised(self.basis)
        inside = basis.T @ columns  # (k, r)
        outside = columns - basis @ inside
        p = max(self.held.p, len(root))
        new = pad(inside.T, (0, 0, 0, p - len(root)))[None]
        weighted = inside * root
        held = self.held.padded(p).joined(new, None)
        return Side(self.basis, self.gram + weighted @ weighted.T, held), outside.T @ outside


@dataclass(frozen=True, slots=True)
class SideReport:
    """What a side holds of the patterns it was made of."""

    module: str
    side: str  # "b" (outputs, beta) or "a" (inputs, alpha)
    k: int
    explained: float  # share of the patterns' energy that the basis holds, 1 = all
    sigma: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One adapted linear layer. values (t, p): each pattern's singular values of dW as it came in."""

    patterns: tuple[str, ...]
    values: Tensor
    b: Side
    a: Side

    @staticmethod
    def empty(n: int, d: int, dtype: torch.dtype) -> Block:
        return Block((), torch.zeros(0, 0, dtype=torch.float64), Side.empty(n, dtype), Side.empty(d, dtype))

    @property
    def shape(self) -> tuple[int, int]:
        """(n, d) of the layer."""
        return self.b.basis.shape[0], self.a.basis.shape[0]

    def factors(self, pattern: str) -> Factors:
        """The pattern's B (n, p) and A (p, d), at the precision of rest."""
        row = self.patterns.index(pattern)
        b, a = self.b.coefficients[row], self.a.coefficients[row]  # (p, k_b), (p, k_a)
        return Factors(self.b.basis @ b.T, a @ self.a.basis.T)

    def without(self, pattern: str) -> Block:
        """The block without a pattern, its bases as they are; itself if it does not have the pattern."""
        rows = [i for i, other in enumerate(self.patterns) if other != pattern]
        if len(rows) == len(self.patterns):
            return self
        values = self.values[rows]
        names = tuple(self.patterns[i] for i in rows)
        return Block(names, values, self.b.chosen(rows, values), self.a.chosen(rows, values))

    def renamed(self, pattern: str, name: str) -> Block:
        return replace(self, patterns=tuple(name if other == pattern else other for other in self.patterns))

    def joined(self, pattern: str, new: linear_algebra.Triple) -> tuple[Block, float]:
        """The block with one more pattern in the bases as they are, and the squared norm of what lies outside them."""
        b, a = new.balanced()
        root = new.values.sqrt()
        side_b, lost_b = self.b.joined(b, root)
        side_a, lost_a = self.a.joined(a.T, root)
        spectrum = torch.diag(new.values)
        lost = float(linear_algebra.squared_loss(spectrum, lost_b, spectrum, lost_a))
        return Block((*self.patterns, pattern), stacked(self.values, new.values), side_b, side_a), lost

    def report(self, name: str) -> tuple[SideReport, SideReport]:
        """k, explained energy and singular values of both sides."""
        total = float(self.values.square().sum())

        def line(letter: str, side: Side) -> SideReport:
            explained = float(side.gram.trace()) / total if total else 1.0
            return SideReport(name, letter, side.k, explained, tuple(side.sigma.tolist()))

        return line("b", self.b), line("a", self.a)


def stacked(rows: Tensor, row: Tensor) -> Tensor:
    """rows (t, p) and row (r,) as (t + 1, max(p, r)), padded with zeros."""
    p = max(rows.shape[1], len(row))
    return torch.cat([pad(rows, (0, p - rows.shape[1])), pad(row, (0, p - len(row)))[None]])


def check_shapes(name: str, shapes: Sequence[tuple[int, int]]) -> None:
    """`SubspaceError` unless all (n, d) are the same."""
    if len(set(shapes)) > 1:
        raise SubspaceError(
            f"{name}: layers of {' and '.join(str(s) for s in dict.fromkeys(shapes))} do not share a basis",
            remedy="adapters of one subspace must come from one base model",
        )
