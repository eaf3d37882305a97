"""The linear algebra of Share (Kaushik et al., arXiv:2602.06043), as pure functions in float64.

An adapter changes a layer by dW = B A, B (n, r), A (r, d), its scale folded in. Share keeps one
orthonormal basis a side, beta (n, k) and alpha (d, k), and a pattern as coefficients:
dW = (beta C_b)(alpha C_a)^T. Everything here works on one side of one layer:

- the gauge is fixed by dW = U diag(s) V^T; the stack a basis is chosen from has the columns U s (V s on
  the other side), so the energy a direction loses is energy of dW, whatever split B and A came in;
- nothing is centred: a mean removed and not put back is an error as large as the mean;
- a basis is updated by new columns alone (Brand 2006): with P = beta^T N and N - beta P = Q R the new
  left vectors come from the (k + q)-sized Gram matrix, exactly, at a cost that forgets how many
  patterns came before.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

RTOL = 1e-5  # of the largest singular value; at 1e-8 the noise of float32 factors became directions (SHARE.md 8)
_NEGLIGIBLE = 1e-12  # likewise, of one adapter's own singular values: float64 noise


@dataclass(frozen=True, slots=True)
class Triple:
    """dW = left diag(values) right^T: left (n, p) and right (d, p) orthonormal, values (p,) falling."""

    left: Tensor
    values: Tensor
    right: Tensor

    def balanced(self) -> tuple[Tensor, Tensor]:
        """B (n, p), A (p, d) with B^T B = A A^T = diag(values)."""
        root = self.values.sqrt()
        return self.left * root, (self.right * root).T


def triple(b: Tensor, a: Tensor) -> Triple:
    """The thin singular value decomposition of b @ a, from r-sized matrices; independent of the gauge.

    b (n, r), a (r, d). p is the numerical rank of the product (0 for a product of zeros).
    """
    qb, rb = torch.linalg.qr(b.double())  # (n, r), (r, r)
    qa, ra = torch.linalg.qr(a.double().T)  # (d, r), (r, r)
    u, values, vh = torch.linalg.svd(rb @ ra.T)
    p = int((values > _NEGLIGIBLE * values[:1]).sum()) if values.numel() else 0
    return Triple(qb @ u[:, :p], values[:p], qa @ vh[:p].T)


def reduced(b: Tensor, a: Tensor, p: int) -> tuple[Tensor, Tensor]:
    """The best approximation of b @ a of rank at most p, balanced: B (n, <= p), A (<= p, d).

    Through the core, never by slicing columns: the order of LoRA's columns means nothing.
    """
    whole = triple(b, a)
    return Triple(whole.left[:, :p], whole.values[:p], whole.right[:, :p]).balanced()


def thin_basis(columns: Tensor) -> tuple[Tensor, Tensor]:
    """Left singular vectors (n, min(n, m)) and singular values of columns (n, m), not centred."""
    n, m = columns.shape
    if m > n:  # the small side first
        left, values, _ = torch.linalg.svd(torch.linalg.qr(columns.double().T)[1].T, full_matrices=False)
    else:
        q, r = torch.linalg.qr(columns.double())
        u, values, _ = torch.linalg.svd(r)
        left = q @ u
    return left, values


def width(energies: Tensor, *, threshold: float, floor: int = 0, cap: int | None = None) -> int:
    """The least k whose discarded energy is at most (1 - threshold) of all, at least `floor`, never above
    `cap` or the numerical rank. `energies` are squared singular values, falling."""
    rank = numerical_rank(energies)
    tails = energies.clamp(min=0).flip(0).cumsum(0).flip(0)  # tails[k]: discarded when k are kept
    if not rank or not float(tails[0]):
        return 0
    allowed = (1 - threshold) * tails[0]
    k = max(int((tails > allowed).sum()), floor)
    return min(k, rank, rank if cap is None else cap)


def numerical_rank(energies: Tensor, rtol: float = RTOL) -> int:
    """How many squared singular values exceed (rtol * the largest)^2."""
    return int((energies > rtol**2 * energies.max()).sum()) if energies.numel() else 0


def orthonormalised(basis: Tensor) -> Tensor:
    """The nearest orthonormal basis to one that is so up to rounding: one Newton-Schulz step in float64."""
    basis = basis.double()
    return basis @ _polar(basis.T @ basis)


def _polar(gram: Tensor) -> Tensor:
    """gram^(-1/2) by one Newton-Schulz step from I, to which gram (k, k) is equal up to rounding."""
    return 1.5 * torch.eye(gram.shape[0], dtype=gram.dtype, device=gram.device) - 0.5 * gram


@dataclass(frozen=True, slots=True)
class Extension:
    """New columns N in a basis grown for them: N = basis @ polar @ inside + fresh @ outside + left out.

    polar (k, k) makes the basis orthonormal, which it is up to rounding; inside (k, q), fresh (n, e)
    orthonormal and orthogonal to the basis, outside (e, q), missed (q, q) the Gram matrix of what lay below
    the tolerance.
    """

    polar: Tensor
    inside: Tensor
    fresh: Tensor
    outside: Tensor
    missed: Tensor


def extend(basis: Tensor, columns: Tensor, rtol: float = RTOL) -> Extension:
    """Splits columns (n, q) along a basis (n, k) orthonormal up to rounding, all in float64.

    Directions whose residual is at most rtol times the columns' largest singular value are noise and do not
    become fresh ones. Everything n long is a product of matrices: what is decomposed is (q, q). That squares
    the residual's condition, at most 1 / rtol, so fresh is off by 1e-6 before the second pass: a second
    projection (twice is enough, Giraud et al. 2005) and a Cholesky factor (CholeskyQR2, Fukaya et al.
    2014) leave it orthonormal, and orthogonal to the basis, to 1e-15.
    """
    k = basis.shape[1]
    both = basis.T @ torch.cat([basis, columns], 1)  # (k, k + q)
    polar = _polar(both[:, :k])
    inside = polar @ both[:, k:]
    rest = columns - basis @ (polar @ inside)  # (n, q)
    energies, turn = falling_eigh(rest.T @ rest)
    size = torch.linalg.eigvalsh(inside.T @ inside + rest.T @ rest)[-1:]  # of the columns, squared
    e = min(int((energies > rtol**2 * size).sum()), columns.shape[0] - k)
    sigma, along = energies[:e].sqrt(), turn[:, :e]
    fresh = rest @ (along / sigma)  # (n, e)
    fresh = fresh - basis @ (polar @ (polar @ (basis.T @ fresh)))
    upper = torch.linalg.cholesky(fresh.T @ fresh, upper=True)
    fresh = fresh @ torch.linalg.inv(upper)
    spread = sigma[:, None] * along.T  # (e, q)
    left_out = rest @ turn[:, e:]  # (n, q - e): its own Gram matrix, since a difference would leave noise
    missed = turn[:, e:] @ (left_out.T @ left_out) @ turn[:, e:].T
    return Extension(polar, inside, fresh, upper @ spread, missed)


def extended_gram(gram: Tensor, new: Tensor) -> Tensor:
    """C C^T of the old stack and new coordinates together: gram (k, k), new (k + e, q) -> (k + e, k + e)."""
    e = new.shape[0] - gram.shape[0]
    return torch.nn.functional.pad(gram, (0, e, 0, e)) + new @ new.T


def falling_eigh(gram: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues (not below 0), falling, and their vectors as columns, of a positive semidefinite matrix."""
    values, vectors = torch.linalg.eigh(gram)
    return values.flip(0).clamp(min=0), vectors.flip(1)


def coefficients(basis: Tensor, columns: Tensor) -> Tensor:
    """Least-squares coordinates (k, q) of columns (n, q) in any basis (n, k), skewed ones included.

    The transpose is the inverse of an orthonormal basis alone, so it is never assumed here.
    """
    q, r = torch.linalg.qr(basis.double())
    solved: Tensor = torch.linalg.solve_triangular(r, q.T @ columns.double(), upper=True)
    return solved


def squared_loss(gram_b: Tensor, lost_b: Tensor, gram_a: Tensor, lost_a: Tensor) -> Tensor:
    """||B A - B' A'||_F^2 where B' and A' project B and A orthogonally; batched, (..., p, p) -> (...).

    gram_b = B^T B, lost_b = (B - B')^T (B - B'), the same for A. No difference of large numbers:
    tr(lost_b (gram_a - lost_a)) + tr(gram_b lost_a).
    """
    return (lost_b * (gram_a - lost_a)).sum((-2, -1)) + (gram_b * lost_a).sum((-2, -1))
