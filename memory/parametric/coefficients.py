"""All patterns' coordinates in one side's basis, turned into it lazily.

A merge that drops directions changes the basis from beta to beta' = [beta Q] W, and coordinates C of an old
pattern to C W[:k]. Turning all t of them at every merge costs t p k^2. Here only the product of the W[:k] is
kept, a (k0, k) matrix in float64: the settled patterns stay as they were when it began. Newcomers are few and
are turned at once; when there are RECENT of them all patterns are settled, at 1 / RECENT of the cost
a merge. So one product of at most RECENT factors is pending, however many merges there were.

Each pattern's p x p Gram matrix is kept along, since a merge's certificate needs them all: truncation
lessens it by what it drops. They are made anew at every settling, so rounding does not pile up.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

RECENT = 32


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """t patterns in order, padded with zeros to one p. settled (t0, p, k0), recent (t - t0, p, k), both
    in the dtype at rest; turn (k0, k) leads from the settled ones' basis to the present one, None if
    that began with the same k0 directions. known (t, p, p): their Gram matrices, None if not made yet."""

    settled: Tensor
    turn: Tensor | None
    recent: Tensor
    known: Tensor | None

    @staticmethod
    def of(whole: Tensor) -> Coefficients:
        """Settled ones: whole (t, p, k) in the present basis."""
        return Coefficients(whole, None, whole[:0], None)

    def __len__(self) -> int:
        return len(self.settled) + len(self.recent)

    @property
    def p(self) -> int:
        return self.recent.shape[1]

    @property
    def k(self) -> int:
        return self.recent.shape[2]

    @property
    def dtype(self) -> torch.dtype:
        return self.recent.dtype

    def whole(self) -> Tensor:
        """(t, p, k) in the present basis."""
        if self.turn is not None:
            return self.along(torch.eye(self.k, dtype=self.turn.dtype))
        old = _widened(self.settled, self.k)
        return torch.cat([old, self.recent]) if len(self.recent) else old

    def along(self, directions: Tensor, newcomers: int = 0) -> Tensor:
        """(t + newcomers, p, m) coordinates along directions (k, m) of the present basis, the last ones unset."""
        t, t0, dtype = len(self), len(self.settled), self.dtype
        found = self.recent.new_empty(t + newcomers, self.p, directions.shape[1])
        before = directions[: self.settled.shape[2]] if self.turn is None else self.turn @ directions  # (k0, m)
        torch.matmul(self.settled, before.to(dtype), out=found[:t0])
        torch.matmul(self.recent, directions.to(dtype), out=found[t0:t])
        return found

    def grams(self) -> Tensor:
        """C C^T (t, p, p) of every pattern, C (p, k)."""
        if self.known is not None:
            return self.known
        whole = self.whole()
        return whole @ whole.mT

    def padded(self, p: int) -> Coefficients:
        """With p rows a pattern; itself where nothing is to be added."""
        lacking = p - self.p
        if not lacking:
            return self
        rows = (0, 0, 0, lacking)
        known = None if self.known is None else pad(self.known, (0, lacking, 0, lacking))
        return Coefficients(pad(self.settled, rows), self.turn, pad(self.recent, rows), known)

    def widened(self, k: int) -> Coefficients:
        """In a basis with more directions, k in all, after those there are."""
        turn = None if self.turn is None else _widened(self.turn, k)
        return Coefficients(self.settled, turn, _widened(self.recent, k), self.known)

    def turned(self, directions: Tensor) -> Coefficients:
        """In a basis of other directions (k, k'), orthonormal; what lies outside them is dropped."""
        turn = directions[: self.settled.shape[2]] if self.turn is None else self.turn @ directions
        return Coefficients(self.settled, turn, self.recent @ directions.to(self.dtype), None)

    def joined(self, newcomers: Tensor, known: Tensor | None) -> Coefficients:
        """With newcomers (s, p, k) after them; `known` are all Gram matrices (t + s, p, p), if made."""
        recent = torch.cat([self.recent, newcomers.to(self.dtype)])
        grown = Coefficients(self.settled, self.turn, recent, known)
        return grown if len(self.settled) and len(recent) < RECENT else Coefficients.of(grown.whole())


def _widened(rows: Tensor, k: int) -> Tensor:
    """(..., k') as (..., k), filled with zeros; the same tensor where nothing is to be added."""
    lacking = k - rows.shape[-1]
    return pad(rows, (0, lacking)) if lacking else rows
