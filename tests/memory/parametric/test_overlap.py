"""The k-sized measures against the same of the whole dW, by numpy and torch on n-sized matrices."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from sleepy.memory.parametric import overlap
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.subspace import Rule, Subspace

LAYERS = {"model.layers.0.mlp.up_proj": (40, 28), "model.layers.1.self_attn.q_proj": (24, 24)}
ANY = Rule(threshold=1.0, tau=math.inf, budget=math.inf)


def normal(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def adapter(seed: int, rank: int = 3, layers: tuple[str, ...] = tuple(LAYERS)) -> Adapter:
    made = {}
    for i, name in enumerate(layers):
        n, d = LAYERS[name]
        made[name] = Factors(normal(n, rank, seed=100 * seed + 2 * i), normal(rank, d, seed=100 * seed + 2 * i + 1))
    return Adapter(made)


def held(**adapters: Adapter) -> Subspace:
    return Subspace.found(adapters, ANY, dtype=torch.float64)[0]


def whole(some: Adapter) -> Tensor:
    """dW of all layers in one vector."""
    return torch.cat([(f.b @ f.a).flatten() for _, f in sorted(some.factors.items())])


def test_alignment_is_the_cosine_between_the_whole_weight_changes() -> None:
    given = {"one": adapter(1), "two": adapter(2, 5), "three": adapter(3)}
    found = overlap.aligned(held(**given))
    vectors = torch.stack([whole(item) for item in given.values()])
    vectors = vectors / vectors.norm(dim=1, keepdim=True)
    assert torch.allclose(found, vectors @ vectors.T, atol=1e-9)


def test_alignment_of_a_pattern_with_its_opposite_is_minus_one_whatever_the_size() -> None:
    one = adapter(1)
    opposed = Adapter({name: Factors(-3 * f.b, f.a) for name, f in one.factors.items()})
    found = overlap.aligned(held(one=one, opposed=opposed))
    assert found[0, 1].item() == pytest.approx(-1.0, abs=1e-9)


def test_a_pattern_counts_as_nothing_in_a_layer_it_does_not_change() -> None:
    first, second = LAYERS
    found = overlap.aligned(held(one=adapter(1, layers=(first,)), two=adapter(2, layers=(second,))))
    assert torch.allclose(found, torch.eye(2, dtype=torch.float64), atol=1e-9)


def cosines(one: Tensor, other: Tensor) -> Tensor:
    """Of the principal angles between the spans of two matrices' columns."""
    first, second = (torch.linalg.qr(columns)[0] for columns in (one, other))
    found: Tensor = torch.linalg.svdvals(first.T @ second).clamp(max=1)
    return found


@pytest.mark.parametrize("side", ["b", "a"])
def test_spans_average_the_squared_cosines_over_the_layers_two_patterns_share(side: str) -> None:
    first, _ = LAYERS
    given = {"one": adapter(1), "two": adapter(2, 5), "three": adapter(3, layers=(first,))}
    subspace = held(**given)
    shared = overlap.spans(subspace, side).shared
    for i, j in ((0, 1), (0, 2), (1, 2)):
        one, other = (given[subspace.patterns[row]].factors for row in (i, j))
        columns = [[f.b if side == "b" else f.a.T for f in (one[name], other[name])] for name in one if name in other]
        means = [float(cosines(*pair).square().mean()) for pair in columns]
        assert shared[i, j].item() == pytest.approx(sum(means) / len(means), abs=1e-9)
    assert torch.allclose(shared.diagonal(), torch.ones(3, dtype=torch.float64))


def test_a_span_inside_another_is_wholly_shared() -> None:
    wide = adapter(1, 4)
    inside = Adapter({name: Factors(f.b[:, :2], f.a[:2]) for name, f in wide.factors.items()})
    assert overlap.spans(held(wide=wide, inside=inside), "a").shared[0, 1].item() == pytest.approx(1.0, abs=1e-9)


def test_unrelated_spans_share_what_chance_says() -> None:
    (layer,) = [name for name in LAYERS if "up_proj" in name]
    many = {str(i): adapter(i + 1, 4, (layer,)) for i in range(24)}  # they fill the layer's 28 inputs
    found = overlap.spans(held(**many), "a")
    apart = found.shared[~torch.eye(24, dtype=torch.bool)]
    assert found.chance == pytest.approx(4 / 28)
    assert float(apart.mean()) == pytest.approx(found.chance, rel=0.1)


def test_the_numbers_stored_are_those_of_bases_coefficients_and_loras() -> None:
    given = {"one": adapter(1, 3), "two": adapter(2, 5)}
    found = overlap.numbers(held(**given))
    assert found["lora"] == sum(item.parameters for item in given.values())
    assert found["bases"] == sum(8 * (n + d) for n, d in LAYERS.values())
    assert found["coefficients"] == sum((3 + 5) * (8 + 8) for _ in LAYERS)


def test_what_a_basis_holds_of_adapters_is_the_energy_of_their_projection() -> None:
    given = {"one": adapter(1), "two": adapter(2, 5)}
    subspace, _ = Subspace.found(given, Rule(threshold=0.6, tau=math.inf), dtype=torch.float64)
    found = overlap.explained(subspace, given.values())
    for name, block in subspace.blocks.items():
        wholes = [item.factors[name].b @ item.factors[name].a for item in given.values()]
        energy = sum(float(dw.square().sum()) for dw in wholes)
        outputs = sum(float((block.b.basis.T @ dw).square().sum()) for dw in wholes) / energy
        inputs = sum(float((dw @ block.a.basis).square().sum()) for dw in wholes) / energy
        assert found[name, "b"] == pytest.approx(outputs) and found[name, "a"] == pytest.approx(inputs)
        assert 0.5 < outputs < 0.999


def test_another_side_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'c'"):
        overlap.spans(held(one=adapter(1)), "c")
