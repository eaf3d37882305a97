"""Share's linear algebra against torch.linalg and against least squares done plainly."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from sleepy.memory.parametric import linear_algebra as la


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def basis(n: int, k: int, seed: int = 0) -> Tensor:
    q, _ = torch.linalg.qr(normal(n, k, seed=seed))
    assert isinstance(q, Tensor)
    return q


sizes = st.integers(1, 12)


@settings(deadline=None, max_examples=40)
@given(
    n=sizes,
    d=sizes,
    r=sizes,
    seed=st.integers(0, 999),
    dtype=st.sampled_from([torch.float32, torch.bfloat16]),
)
def test_a_triple_multiplies_back_to_the_product_of_any_shape_and_dtype(
    n: int, d: int, r: int, seed: int, dtype: torch.dtype
) -> None:
    b, a = normal(n, r, seed=seed).to(dtype), normal(r, d, seed=seed + 1).to(dtype)
    parts = la.triple(b, a)
    product = b.double() @ a.double()
    torch.testing.assert_close(parts.left * parts.values @ parts.right.T, product, rtol=1e-10, atol=1e-10)
    assert parts.values.numel() <= min(n, d, r)
    balanced_b, balanced_a = parts.balanced()
    torch.testing.assert_close(balanced_b.T @ balanced_b, torch.diag(parts.values), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(balanced_a @ balanced_a.T, torch.diag(parts.values), rtol=1e-9, atol=1e-9)


def test_a_product_of_zeros_has_rank_0() -> None:
    assert la.triple(torch.zeros(5, 2), torch.zeros(2, 4)).values.numel() == 0


@settings(deadline=None, max_examples=25)
@given(p=st.integers(1, 8), seed=st.integers(0, 999))
def test_pseudo_rank_is_the_best_one_of_dw_and_blind_to_the_order_of_columns(p: int, seed: int) -> None:
    b, a = normal(32, 8, seed=seed), normal(8, 24, seed=seed + 1)
    low_b, low_a = la.reduced(b, a, p)
    u, s, vh = torch.linalg.svd(b @ a, full_matrices=False)
    best = u[:, :p] * s[:p] @ vh[:p]
    torch.testing.assert_close(low_b @ low_a, best, rtol=0, atol=1e-9)
    order = torch.randperm(8, generator=torch.Generator().manual_seed(seed))
    again_b, again_a = la.reduced(b[:, order], a[order], p)
    torch.testing.assert_close(again_b @ again_a, best, rtol=0, atol=1e-9)


@pytest.mark.parametrize("shape", [(30, 7), (7, 30), (9, 9)])
def test_a_thin_basis_is_torchs_left_singular_basis(shape: tuple[int, int]) -> None:
    columns = normal(*shape)
    left, values = la.thin_basis(columns)
    torch.testing.assert_close(values, torch.linalg.svdvals(columns))
    torch.testing.assert_close(left.T @ left, torch.eye(left.shape[1], dtype=torch.float64))
    torch.testing.assert_close(left * values.square() @ left.T, columns @ columns.T, rtol=1e-9, atol=1e-9)


def test_the_width_is_the_least_that_reaches_the_threshold() -> None:
    energies = torch.tensor([8.0, 4.0, 2.0, 1.0, 0.5, 0.0, 0.0], dtype=torch.float64)
    widths = [la.width(energies, threshold=t) for t in (0.3, 0.6, 0.9, 0.99, 1.0)]
    assert widths == sorted(widths)
    for threshold, k in zip((0.3, 0.6, 0.9, 0.99, 1.0), widths, strict=True):
        assert energies[:k].sum() >= threshold * energies.sum()
        assert energies[: k - 1].sum() < threshold * energies.sum()
    assert widths[-1] == 5  # the rank, not the length
    assert la.width(energies, threshold=0.3, floor=3) == 3
    assert la.width(energies, threshold=0.3, floor=99) == 5
    assert la.width(energies, threshold=1.0, cap=2) == 2
    assert la.width(torch.zeros(4, dtype=torch.float64), threshold=0.9, floor=2) == 0


@settings(deadline=None, max_examples=80)
@given(
    n=st.integers(4, 20),
    k=st.integers(0, 4),
    q=st.integers(1, 9),
    seed=st.integers(0, 999),
    rest=st.sampled_from([torch.float64, torch.float32]),
    outside=st.sampled_from([1.0, 1e-2, 1e-4]),
    spread=st.sampled_from([1.0, 0.1]),
)
def test_columns_are_split_into_an_inside_and_an_outside_of_the_basis(
    n: int, k: int, q: int, seed: int, rest: torch.dtype, outside: float, spread: float
) -> None:
    """Also of a basis that was rounded, where little lies outside it, and in directions of different strength."""
    old = basis(n, k, seed).to(rest).double()
    strength = torch.tensor([max(spread**i, 1e-4) for i in range(q)], dtype=torch.float64)
    columns = old @ normal(k, q, seed=seed + 2) + outside * normal(n, q, seed=seed + 1) * strength
    columns = columns @ basis(q, q, seed + 3)  # no column is of one strength alone
    grown = la.extend(old, columns)
    straight = old @ grown.polar
    rebuilt = straight @ grown.inside + grown.fresh @ grown.outside
    frame = torch.cat([straight, grown.fresh], 1)
    identity = torch.eye(frame.shape[1], dtype=torch.float64)
    torch.testing.assert_close(frame.T @ frame, identity, rtol=0, atol=1e-12)
    left_out = columns - rebuilt
    assert left_out.norm() <= max(2e-5 * columns.norm(), 1e-10)  # the tolerance, of each of few directions
    if grown.fresh.shape[1] == min(q, n - k):
        torch.testing.assert_close(rebuilt, columns, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(grown.missed, left_out.T @ left_out, rtol=1e-6, atol=1e-20)


@pytest.mark.parametrize("kind", ["zero", "inside", "repeated", "float32 noise"])
def test_columns_that_bring_nothing_new_add_no_directions(kind: str) -> None:
    old = basis(40, 6)
    inside = old @ normal(6, 5)
    columns = {
        "zero": torch.zeros(40, 5, dtype=torch.float64),
        "inside": inside,
        "repeated": normal(40, 1).expand(40, 5),
        "float32 noise": inside.float().double(),
    }[kind]
    grown = la.extend(old, columns)
    assert grown.fresh.shape[1] == (1 if kind == "repeated" else 0)
    assert all(bool(part.isfinite().all()) for part in (grown.inside, grown.fresh, grown.outside, grown.missed))


def test_coefficients_in_a_skewed_basis_are_least_squares_ones() -> None:
    skewed = basis(30, 5) @ (torch.eye(5, dtype=torch.float64) + 3 * normal(5, 5))
    columns = normal(30, 4, seed=3)
    expected = torch.linalg.lstsq(skewed, columns).solution
    torch.testing.assert_close(la.coefficients(skewed, columns), expected)
    assert not torch.allclose(skewed.T @ columns, expected)


def test_a_rounded_basis_is_made_orthonormal_again() -> None:
    rounded = basis(64, 16).float()
    exact = la.orthonormalised(rounded)
    torch.testing.assert_close(exact.T @ exact, torch.eye(16, dtype=torch.float64), rtol=0, atol=1e-12)
    assert (exact - rounded).abs().max() < 1e-6


@settings(deadline=None, max_examples=25)
@given(k_b=st.integers(0, 8), k_a=st.integers(0, 8), seed=st.integers(0, 999))
def test_the_loss_of_a_projection_is_known_without_the_matrices(k_b: int, k_a: int, seed: int) -> None:
    b, a = normal(20, 4, seed=seed), normal(4, 16, seed=seed + 1)
    kept_b = basis(20, k_b, seed) @ basis(20, k_b, seed).T @ b
    kept_a = a @ basis(16, k_a, seed) @ basis(16, k_a, seed).T
    lost_b, lost_a = b - kept_b, a - kept_a
    loss = la.squared_loss(b.T @ b, lost_b.T @ lost_b, a @ a.T, lost_a @ lost_a.T)
    torch.testing.assert_close(loss, (b @ a - kept_b @ kept_a).square().sum(), rtol=1e-9, atol=1e-9)
