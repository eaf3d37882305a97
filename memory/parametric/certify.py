"""The narrowest bases under which every pattern of a subspace is safe, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.block import Block
from sleepy.memory.parametric.merge import Merge
from sleepy.memory.parametric.rule import Certificate, MergeRejected, Rule

# what may be discarded, of what the rule's threshold allows; at 0 nothing is, and the cap alone truncates
SHARES = (*(0.25**i for i in range(8)), 0.0)


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
