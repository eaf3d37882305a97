"""A subspace as a value: what it knows of its patterns, forgets and learns anew."""

from __future__ import annotations

import pytest
import torch
from tests.memory.subspaces import LAYER, adapter, error, exact, in_span

from sleepy.memory.parametric.subspace import Rule, SubspaceError


def test_an_unknown_pattern_is_named() -> None:
    subspace = exact({"p": adapter(0)})
    for act in (subspace.reconstruct, subspace.without):
        with pytest.raises(KeyError, match="E0999"):
            act("E0999")


def test_a_refit_moves_one_pattern_and_no_basis() -> None:
    before = exact({f"p{i}": in_span(i) for i in range(6)})
    after = before.with_coefficients("p2", in_span(77))
    assert torch.equal(after.blocks[LAYER].b.basis, before.blocks[LAYER].b.basis)
    assert error(after.reconstruct("p2"), in_span(77)) < 1e-10
    assert error(after.reconstruct("p1"), in_span(1)) < 1e-10
    fresh = exact({f"p{i}": in_span(77 if i == 2 else i) for i in range(6)})
    torch.testing.assert_close(after.blocks[LAYER].a.sigma, fresh.blocks[LAYER].a.sigma)
    with pytest.raises(SubspaceError, match="outside"):
        before.with_coefficients("p2", adapter(3))


def test_storage_is_what_the_formula_says() -> None:
    n, d, k, p, t = 80, 64, 12, 4, 10
    subspace = exact({f"p{i}": in_span(i, r=p) for i in range(t)}, Rule(threshold=1.0, cap=k))
    assert subspace.parameters == (k * (n + d), t * 2 * k * p)
