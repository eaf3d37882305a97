"""A rebuilt subspace holds nothing of the pattern that was left out, and all of those that stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.memory.subspaces import LAYER, adapter, dw, error, exact, in_span
from torch import Tensor

from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import MergeRejected, Rule, Subspace, rebuilt

STAYING = ("one", "two")


def founded() -> tuple[Subspace, dict[str, Adapter]]:
    """Two patterns in one span, and a third one with directions of its own."""
    adapters = {"one": in_span(1), "secret": adapter(3), "two": in_span(2)}
    return exact(adapters), adapters


def outside(basis: Tensor, columns: Tensor) -> float:
    """The most that a direction of the basis has outside the columns' span."""
    q = torch.linalg.qr(columns.double())[0]
    rest = basis.double() - q @ (q.T @ basis.double())
    return float(rest.norm(dim=0).max())


def test_no_direction_lies_outside_the_span_of_those_that_stay() -> None:
    subspace, adapters = founded()
    found, _ = rebuilt(subspace, ["secret"])
    block, stay = found.blocks[LAYER], [adapters[name].factors[LAYER] for name in STAYING]
    outputs, inputs = torch.cat([f.b for f in stay], 1), torch.cat([f.a.T for f in stay], 1)
    assert outside(block.b.basis, outputs) < 1e-8
    assert outside(block.a.basis, inputs) < 1e-8
    # the check can fail: `without` keeps the directions that only the secret had
    kept = subspace.without("secret").blocks[LAYER]
    assert outside(kept.b.basis, outputs) > 0.9
    assert outside(kept.a.basis, inputs) > 0.9


def test_nothing_of_the_pattern_left_out_can_be_said_in_the_new_bases() -> None:
    subspace, adapters = founded()
    block = rebuilt(subspace, ["secret"])[0].blocks[LAYER]
    secret = dw(adapters["secret"])
    u, v = torch.linalg.svd(secret)[0][:, :4], torch.linalg.svd(secret)[2][:4].T
    # random spans of 8 in 80 dimensions meet a little; the secret's own would be met whole
    assert float(torch.linalg.svdvals(block.b.basis.double().T @ u).max()) < 0.8
    assert float(torch.linalg.svdvals(block.a.basis.double().T @ v).max()) < 0.8


def test_those_that_stay_are_what_they_were_and_the_certificate_says_so() -> None:
    subspace, adapters = founded()
    found, certificate = rebuilt(subspace, ["secret"])
    assert found.patterns == STAYING
    for name in STAYING:
        assert error(found.reconstruct(name), adapters[name]) < 1e-6
        assert certificate.damage[name] < 1e-6
    assert certificate.before[LAYER] == subspace.widths[LAYER]
    assert certificate.after[LAYER] == found.widths[LAYER] == (8, 8)
    assert found.widths[LAYER] < subspace.widths[LAYER]


def test_what_was_lost_before_is_remembered() -> None:
    adapters = {f"p{i}": adapter(i) for i in range(6)}
    subspace, _ = Subspace.found(adapters, Rule(threshold=0.9))
    assert min(subspace.drift.values()) > 0.01
    found, certificate = rebuilt(subspace, ["p0"])
    for name in found.patterns:
        assert found.drift[name] == certificate.drift[name] == subspace.drift[name] + certificate.damage[name]


def test_a_pattern_too_faint_to_keep_beside_the_others_is_not_lost_in_silence() -> None:
    small = adapter(2)
    faint = Adapter({LAYER: Factors(1e-12 * small.factors[LAYER].b, small.factors[LAYER].a)})
    both, _ = exact({"faint": faint}).absorb("large", adapter(1), Rule(threshold=1.0, tau=2.0, budget=2.0))
    assert error(both.reconstruct("faint"), faint) < 1e-6
    with pytest.raises(MergeRejected, match="faint"):
        rebuilt(both, ["nothing"])


def test_without_a_pattern_left_there_is_no_subspace() -> None:
    with pytest.raises(ValueError, match="no pattern is left"):
        rebuilt(exact({"only": adapter(1)}), ["only"])


def test_a_rebuilt_subspace_is_saved_read_and_grows_on(tmp_path: Path) -> None:
    rebuilt(founded()[0], ["secret"])[0].save(tmp_path)
    found = Subspace.load(tmp_path)
    grown, certificate = found.absorb("three", adapter(9), Rule(threshold=1.0))
    assert grown.patterns == (*STAYING, "three")
    assert max(certificate.damage.values()) < 1e-5
