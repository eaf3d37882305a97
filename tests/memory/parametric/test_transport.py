"""Old coefficients are turned into the present basis when they are read: as if every merge had turned them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from tests.memory.subspaces import ANY, LAYER, adapter, dw, error, exact, norm
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from sleepy.memory.parametric.coefficients import RECENT
from sleepy.memory.parametric.subspace import Block, Rule, Side, Subspace

CAPPED = Rule(threshold=1.0, cap=16, tau=math.inf, budget=math.inf)
MERGES = RECENT + 10  # all are settled once on the way


def sides(block: Block) -> tuple[Side, Side]:
    return block.b, block.a


def founded(dtype: torch.dtype = torch.float64, founders: int = 6) -> Subspace:
    return Subspace.found({f"f{i}": adapter(i, n=40, d=32) for i in range(founders)}, CAPPED, dtype=dtype)[0]


def lived(subspace: Subspace, merges: int) -> Subspace:
    for i in range(merges):
        subspace, _ = subspace.absorb(f"p{i}", adapter(100 + i, n=40, d=32, r=3), rule(i))
    return subspace


def rule(merge: int) -> Rule:
    """Now and then a basis grows and nothing is dropped."""
    return ANY if merge % 10 == 3 else CAPPED


def turned(eager: Tensor, before: Side, after: Side) -> Tensor:
    """(t, p, k) into the basis of the next merge, at once; p rows as that has."""
    directions = before.basis.T @ after.basis  # (k, k'), both orthonormal
    padded = torch.zeros(len(eager), after.coefficients.shape[1], eager.shape[2], dtype=eager.dtype)
    padded[:, : eager.shape[1]] = eager
    return padded @ directions


@pytest.mark.parametrize("saved_every", [None, 1, 4])
def test_lazy_transport_equals_turning_all_coefficients_at_every_merge(tmp_path: Path, saved_every: int | None) -> None:
    subspace = founded()
    eager = [side.coefficients for side in sides(subspace.blocks[LAYER])]
    for i in range(MERGES):
        before = sides(subspace.blocks[LAYER])
        subspace, _ = subspace.absorb(f"p{i}", adapter(100 + i, n=40, d=32, r=3 + i % 3), rule(i))
        if saved_every and i % saved_every == 0:
            subspace = Subspace.load(tmp_path, version=subspace.save(tmp_path))
        after = sides(subspace.blocks[LAYER])
        eager = [
            torch.cat([turned(old, was, side), side.coefficients[-1:]])
            for old, was, side in zip(eager, before, after, strict=True)
        ]
        for old, side in zip(eager, after, strict=True):
            torch.testing.assert_close(side.coefficients, old, rtol=0, atol=1e-12)


def test_a_merge_that_drops_directions_leaves_the_settled_coefficients_where_they_are() -> None:
    before = founded()
    after = lived(before, 3)
    for was, side in zip(sides(before.blocks[LAYER]), sides(after.blocks[LAYER]), strict=True):
        assert side.held.settled is was.held.settled
        assert len(side.held.recent) == 3
        assert not torch.equal(side.coefficients[:6], was.coefficients)


def test_what_is_pending_stays_bounded() -> None:
    subspace = founded()
    most = 0
    for i in range(2 * RECENT + 5):
        subspace, _ = subspace.absorb(f"p{i}", adapter(100 + i, n=40, d=32, r=3), CAPPED)
        for side in sides(subspace.blocks[LAYER]):
            most = max(most, len(side.held.recent))
            assert side.held.turn is None or side.held.turn.shape == (side.held.settled.shape[2], side.k)
            assert side.held.settled.shape[2] <= CAPPED.cap  # type: ignore[operator]
    assert most == RECENT - 1
    for i in range(2 * RECENT):  # one pattern learnt again and again
        subspace, _ = subspace.absorb("again", adapter(500 + i, n=40, d=32, r=3), CAPPED)
        assert all(len(side.held.recent) < RECENT for side in sides(subspace.blocks[LAYER]))


def test_reading_coefficients_changes_nothing_that_is_merged_afterwards() -> None:
    read, unread = lived(founded(torch.float32), 3), lived(founded(torch.float32), 3)
    for side in sides(read.blocks[LAYER]):
        assert side.coefficients is side.coefficients
    new = adapter(300, n=40, d=32)
    assert read.absorb("new", new, CAPPED)[0].version == unread.absorb("new", new, CAPPED)[0].version


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_pending_coefficients_are_saved_as_they_are_read(tmp_path: Path, dtype: torch.dtype) -> None:
    subspace = lived(founded(dtype), 5)
    again = Subspace.load(tmp_path, version=subspace.save(tmp_path))
    assert again.version == subspace.version
    for one, other in zip(sides(subspace.blocks[LAYER]), sides(again.blocks[LAYER]), strict=True):
        assert one.held.turn is not None
        assert other.held.turn is None
        assert torch.equal(one.coefficients, other.coefficients)
    new = adapter(300, n=40, d=32)
    merged, merged_again = subspace.absorb("new", new, CAPPED)[0], again.absorb("new", new, CAPPED)[0]
    for name in merged.patterns:
        assert error(merged.reconstruct(name), merged_again.reconstruct(name)) < (
            1e-12 if dtype.itemsize == 8 else 1e-5
        )


@pytest.mark.parametrize("merges", [0, 1, 4, 7, RECENT, MERGES])
def test_the_certificate_is_brute_force_however_much_is_pending(merges: int) -> None:
    before = lived(founded(), merges)
    came = {f"f{i}": adapter(i, n=40, d=32) for i in range(6)}
    came.update({f"p{i}": adapter(100 + i, n=40, d=32, r=3) for i in range(merges)})
    after, certificate = before.absorb("new", adapter(300, n=40, d=32, r=5), CAPPED)
    for name, wanted in came.items():
        lost = (dw(after.reconstruct(name)) - dw(before.reconstruct(name))).norm() / norm(wanted)
        assert certificate.damage[name] == pytest.approx(float(lost), abs=1e-9)
    assert sum(damage > 1e-3 for damage in certificate.damage.values()) > 3


def test_a_pattern_more_costs_a_merge_what_is_dropped_of_it_and_no_more() -> None:
    """Products of matrices alone, counted: time on a shared machine proves nothing."""
    r, p, k = 4, 4, 16  # what is dropped is r wide; all patterns are padded to p

    def work(founders: int) -> int:
        subspace = lived(founded(torch.float32, founders), 1)  # its second merge: Gram matrices are there
        with FlopCounterMode(display=False) as counter:
            subspace.absorb("new", adapter(300, n=40, d=32, r=r), CAPPED)
        return int(counter.get_total_flops())

    each = (work(64) - work(8)) / 56
    assert each == 2 * 2 * (p * k * r + p * r * p)  # both sides; coordinates along what is dropped, their Gram matrix
    assert each < 2 * 2 * p * k * k  # what turning them would cost


def test_patterns_are_exact_when_nothing_is_ever_dropped() -> None:
    subspace = exact({"p0": adapter(0, n=200, d=190, r=2)}, ANY)
    for i in range(1, MERGES):
        subspace, _ = subspace.absorb(f"p{i}", adapter(i, n=200, d=190, r=2), ANY)
    for i in range(MERGES):
        assert error(subspace.reconstruct(f"p{i}"), adapter(i, n=200, d=190, r=2)) < 1e-10
