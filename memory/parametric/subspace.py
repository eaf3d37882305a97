"""Share's memory (arXiv:2602.06043): per layer one basis a side, per pattern coefficients in it.

dW_i = (beta C_b,i)(alpha C_a,i)^T with beta (n, k_b), alpha (d, k_a) orthonormal and frozen. Departures from
the paper, each for a measured reason (see linear_algebra): the scale is folded and the gauge fixed
before stacking, nothing is centred, k is chosen a layer and side, and taking in a pattern (Phase 3) is an
exact rank-r update that touches old patterns only where directions are dropped. What dropping costs every
pattern is certified before anything is committed.

A `Subspace` is a value: every change is a new one, a refused change leaves the old. The certificate
bounds dW, not accuracy: examine the result as well.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor
from torch.nn.functional import pad

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.storage import write_whole

__all__ = ["Block", "Certificate", "MergeRejected", "Rule", "Side", "SideReport", "Subspace", "SubspaceError"]

_INDEX, _FORMAT = "subspace.json", 1


@dataclass(frozen=True, slots=True)
class Rule:
    """How wide a basis may be and how much a pattern may suffer for it."""

    threshold: float = 0.95  # share of each side's energy kept; 60 % (the paper's) lost half the accuracy
    floor: int = 0  # least k
    cap: int | None = None  # greatest k
    tau: float = 0.1  # greatest relative dW error one merge may do to any pattern, the new one included
    budget: float = 0.3  # greatest sum of those errors since the pattern was last trained


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of one layer: basis (n, k) orthonormal, gram (k, k) = C C^T of the weighted stack in its
    coordinates (float64), coefficients (t, p, k) of the block's patterns in order, padded with
    zeros to one p."""

    basis: Tensor
    gram: Tensor
    coefficients: Tensor

    @property
    def k(self) -> int:
        return self.basis.shape[1]

    @property
    def sigma(self) -> Tensor:
        """Singular values (k,) of what the basis holds of the stack, falling."""
        return linear_algebra.falling_eigh(self.gram)[0].sqrt()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One adapted linear layer. values (t, p): each pattern's singular values of dW as it came in."""

    patterns: tuple[str, ...]
    values: Tensor
    b: Side
    a: Side


@dataclass(frozen=True, slots=True)
class SideReport:
    module: str
    side: str  # "b" (outputs, beta) or "a" (inputs, alpha)
    k: int
    explained: float  # share of the patterns' energy that the basis holds, 1 = all
    sigma: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a change does to every pattern: relative Frobenius error of dW over all layers."""

    damage: Mapping[str, float]  # by this change alone
    drift: Mapping[str, float]  # bound on the sum of all changes since the pattern came in
    before: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # module -> (k_b, k_a)
    after: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class MergeRejected(Exception):
    """A pattern would be damaged beyond the rule even at the greatest k allowed; nothing was changed."""

    def __init__(self, certificate: Certificate, rule: Rule) -> None:
        worst = max(certificate.damage, key=lambda name: (certificate.damage[name], certificate.drift[name]))
        super().__init__(
            f"{worst!r} would lose {certificate.damage[worst]:.3f} of its dW in this merge "
            f"({certificate.drift[worst]:.3f} in all); allowed are {rule.tau} and {rule.budget}"
        )
        self.certificate = certificate
        self.remedy = "allow a greater k (cap), refit the pattern's coefficients, or accept more damage (tau, budget)"


@dataclass(frozen=True, slots=True, eq=False)
class Subspace:
    """Bases and coefficients by module name; `drift` lists the patterns in order of arrival."""

    blocks: Mapping[str, Block]
    drift: Mapping[str, float]

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(self.drift)

    @staticmethod
    def found(
        adapters: Mapping[str, Adapter],
        rule: Rule = Rule(),
        *,
        tau: float = math.inf,
        dtype: torch.dtype = torch.float32,
    ) -> tuple[Subspace, Certificate]:
        """Phase 1: the bases of `adapters`, and what truncation did to each.

        k follows the rule's threshold, floor and cap; with a finite `tau` it grows until no founder loses
        more, and `MergeRejected` is raised where the cap forbids it. `dtype` is the precision at rest.
        """
        if not adapters:
            raise ValueError("a subspace is founded on at least one adapter")
        plans = {}
        for name in dict.fromkeys(name for adapter in adapters.values() for name in adapter.factors):
            members = {p: adapter.factors[name] for p, adapter in adapters.items() if name in adapter.factors}
            _check_shapes(name, [(f.b.shape[0], f.a.shape[1]) for f in members.values()])
            triples = {p: linear_algebra.triple(f.b, f.a) for p, f in members.items()}
            plans[name] = _Plan.founding(triples, dtype)
        founders = Subspace({}, dict.fromkeys(adapters, 0.0))
        return founders._commit(plans, replace(rule, tau=tau, budget=tau))

    def absorb(self, pattern: str, adapter: Adapter, rule: Rule = Rule()) -> tuple[Subspace, Certificate]:
        """Phase 3: takes `adapter` in as `pattern` (in place of the one of that name, if any).

        k stays where it is if the rule allows, else grows as far as k + r, where nothing is lost.
        Raises `MergeRejected` if the cap stands in the way, `SubspaceError` on a layer of another shape.
        """
        before = self.without(pattern) if pattern in self.drift else self
        plans = {}
        for name, factors in adapter.factors.items():
            n, d = factors.b.shape[0], factors.a.shape[1]
            block = before.blocks.get(name) or _empty(n, d, self._dtype)
            _check_shapes(name, [(block.b.basis.shape[0], block.a.basis.shape[0]), (n, d)])
            plans[name] = _Plan.absorbing(block, pattern, linear_algebra.triple(factors.b, factors.a))
        grown = replace(before, drift={**before.drift, pattern: 0.0})
        return grown._commit(plans, rule)

    def reconstruct(self, pattern: str) -> Adapter:
        """The pattern's factors, at the precision of rest; `KeyError` names an unknown pattern."""
        self._known(pattern)
        factors = {}
        for name, block in self.blocks.items():
            if pattern not in block.patterns:
                continue
            row = block.patterns.index(pattern)
            b, a = block.b.coefficients[row], block.a.coefficients[row]  # (p, k_b), (p, k_a)
            factors[name] = Factors(block.b.basis @ b.T, a @ block.a.basis.T)
        return Adapter(factors)

    def with_coefficients(self, pattern: str, adapter: Adapter, *, tolerance: float = 1e-3) -> Subspace:
        """The pattern learnt anew inside the bases as they are (a refit); its drift starts again at 0.

        `SubspaceError` if more than `tolerance` of the adapter's dW lies outside the bases: then `absorb` it.
        """
        self._known(pattern)
        blocks = dict(self.without(pattern).blocks)
        for name, block in self.blocks.items():
            if pattern in block.patterns and name not in adapter.factors:
                raise SubspaceError(f"the refit of {pattern!r} lacks {name}", remedy="give every layer")
        lost = norm = 0.0
        for name, factors in adapter.factors.items():
            if name not in blocks:
                raise SubspaceError(f"no basis for {name}", remedy="absorb the adapter instead")
            block = blocks[name]
            n, d = factors.b.shape[0], factors.a.shape[1]
            _check_shapes(name, [(block.b.basis.shape[0], block.a.basis.shape[0]), (n, d)])
            parts = linear_algebra.triple(factors.b, factors.a)
            b, a = parts.balanced()
            inside_b, lost_b = _inside(block.b.basis, b)
            inside_a, lost_a = _inside(block.a.basis, a.T)
            spectrum = torch.diag(parts.values)
            lost += float(linear_algebra.squared_loss(spectrum, lost_b, spectrum, lost_a))
            norm += float(parts.values.square().sum())
            root = parts.values.sqrt()
            blocks[name] = Block(
                (*block.patterns, pattern),
                _stacked(block.values, parts.values),
                _joined(block.b, inside_b, root),
                _joined(block.a, inside_a, root),
            )
        if lost > tolerance**2 * norm:
            raise SubspaceError(
                f"{math.sqrt(lost / norm):.2e} of the new {pattern!r} lies outside the bases",
                remedy="absorb the adapter instead: that widens them",
            )
        return Subspace(blocks, {**self.drift, pattern: 0.0})

    def without(self, pattern: str) -> Subspace:
        """Forgets a pattern; the bases stay. `KeyError` names an unknown one."""
        self._known(pattern)
        blocks = {}
        for name, block in self.blocks.items():
            blocks[name] = block
            if pattern in block.patterns:
                rows = [i for i, other in enumerate(block.patterns) if other != pattern]
                values = block.values[rows]
                blocks[name] = Block(
                    tuple(block.patterns[i] for i in rows),
                    values,
                    _chosen(block.b, rows, values),
                    _chosen(block.a, rows, values),
                )
        return Subspace(blocks, {name: drift for name, drift in self.drift.items() if name != pattern})

    def report(self) -> tuple[SideReport, ...]:
        """k, explained energy and singular values of every layer and side."""
        lines = []
        for name, block in self.blocks.items():
            total = float(block.values.square().sum())
            for letter, side in (("b", block.b), ("a", block.a)):
                held = float(side.gram.trace())
                explained = held / total if total else 1.0
                lines.append(SideReport(name, letter, side.k, explained, tuple(side.sigma.tolist())))
        return tuple(lines)

    @property
    def widths(self) -> dict[str, tuple[int, int]]:
        """(k_b, k_a) by module."""
        return {name: (block.b.k, block.a.k) for name, block in self.blocks.items()}

    @property
    def parameters(self) -> tuple[int, int]:
        """Numbers in the bases, and in all patterns' coefficients (padding not counted)."""
        bases = sum(side.basis.numel() for block in self.blocks.values() for side in (block.b, block.a))
        own = sum(int((b.values > 0).sum()) * (b.b.k + b.a.k) for b in self.blocks.values())
        return bases, own

    def save(self, folder: Path) -> str:
        """Writes the subspace into `folder` and returns its version: equal values, equal version.

        The tensors go first, under a name made of their hash; the index that names them is replaced in one
        step, so a crash in between leaves the previous version readable.
        """
        index, tensors = self._serialised()
        folder.mkdir(parents=True, exist_ok=True)
        name = json.loads(index)["tensors"]
        if not (folder / name).exists() or (folder / name).read_bytes() != tensors:
            write_whole(folder / name, tensors)
        write_whole(folder / _INDEX, index)
        for old in folder.glob("*.safetensors"):
            if old.name != name:
                old.unlink()
        return hashlib.sha256(index).hexdigest()

    @property
    def version(self) -> str:
        """The version `save` would return."""
        return hashlib.sha256(self._serialised()[0]).hexdigest()

    @staticmethod
    def load(folder: Path, *, version: str | None = None) -> Subspace:
        """Reads what `save` wrote; `SubspaceError` if it is not whole, or is not `version`."""
        restore = "restore the folder from a backup, or roll back to another version"
        try:
            index = (folder / _INDEX).read_bytes()
        except OSError as error:
            raise SubspaceError(f"{folder}: no {_INDEX}", remedy="give a folder written by save") from error
        found = hashlib.sha256(index).hexdigest()
        if version is not None and found != version:
            raise SubspaceError(f"{folder} holds version {found[:12]}, not {version[:12]}", remedy=restore)
        try:
            layout = json.loads(index)
            if layout["format"] != _FORMAT:
                raise SubspaceError(
                    f"{folder}: format {layout['format']!r}, this program reads {_FORMAT}",
                    remedy="use the release that wrote it",
                )
            data = (folder / layout["tensors"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != layout["sha256"]:
                raise SubspaceError(f"{folder / layout['tensors']} is damaged", remedy=restore)
            return _parsed(layout, load_tensors(data))
        except OSError as error:
            raise SubspaceError(f"{folder}: the tensors are missing: {error}", remedy=restore) from error
        except (ValueError, KeyError, TypeError, SafetensorError) as error:
            raise SubspaceError(
                f"{folder}: the index does not describe a subspace: {error!r}", remedy=restore
            ) from error

    def _serialised(self) -> tuple[bytes, bytes]:
        tensors: dict[str, Tensor] = {}
        for name, block in self.blocks.items():
            tensors.update({f"{name}.{key}": tensor.contiguous() for key, tensor in _tensors(block).items()})
        data = save_tensors(dict(sorted(tensors.items())))
        digest = hashlib.sha256(data).hexdigest()
        layout = {
            "format": _FORMAT,
            "tensors": f"{digest}.safetensors",
            "sha256": digest,
            "patterns": [[name, drift] for name, drift in self.drift.items()],
            "modules": [[name, list(block.patterns)] for name, block in self.blocks.items()],
        }
        return (json.dumps(layout, indent=1) + "\n").encode(), data

    @property
    def _dtype(self) -> torch.dtype:
        return next((block.b.basis.dtype for block in self.blocks.values()), torch.float32)

    def _known(self, pattern: str) -> None:
        if pattern not in self.drift:
            raise KeyError(f"no pattern {pattern!r}; there are {', '.join(self.drift) or 'none'}")

    def _commit(self, plans: Mapping[str, _Plan], rule: Rule) -> tuple[Subspace, Certificate]:
        """The narrowest of a falling series of truncations under which every pattern is safe."""
        names = list(self.drift)
        number = {name: i for i, name in enumerate(names)}
        places: dict[tuple[str, ...], Tensor] = {}

        def by_pattern(rows: Iterable[tuple[tuple[str, ...], Tensor]]) -> Tensor:
            total = torch.zeros(len(names), dtype=torch.float64)
            for patterns, squares in rows:
                if patterns not in places:
                    places[patterns] = torch.tensor([number[name] for name in patterns], dtype=torch.long)
                total.index_add_(0, places[patterns], squares)
            return total

        came = {name: (block.patterns, block.values) for name, block in self.blocks.items()}
        came.update({name: (plan.patterns, plan.values) for name, plan in plans.items()})
        norms = by_pattern((patterns, values.square().sum(1)) for patterns, values in came.values()).sqrt()
        past = torch.tensor([self.drift[name] for name in names], dtype=torch.float64)
        for share in (*((1 - rule.threshold) / 4.0**i for i in range(8)), 0.0):  # allowed to be discarded
            widths = {name: plan.widths(rule, share) for name, plan in plans.items()}
            lost = by_pattern(plan.losses(*widths[name]) for name, plan in plans.items()).sqrt()
            damage = torch.where(norms > 0, lost / norms, 0.0)
            drift = past + damage
            over = (drift > rule.budget) & (damage > linear_algebra.RTOL)
            safe = not bool(((damage > rule.tau) | over).any())
            if safe:
                break
        before = self.widths
        certificate = Certificate(
            dict(zip(names, damage.tolist(), strict=True)),
            dict(zip(names, drift.tolist(), strict=True)),
            before,
            {**before, **widths},
        )
        if not safe:
            raise MergeRejected(certificate, rule)
        committed = {name: plan.committed(*widths[name]) for name, plan in plans.items()}
        return Subspace({**self.blocks, **committed}, certificate.drift), certificate


@dataclass(slots=True, eq=False)
class _SidePlan:
    """One side before truncation: everything known in a frame (n, K) that loses nothing.

    gram (K, K) of the stack in the frame's coordinates. Patterns' coordinates are old (t, p, k) (to be padded
    to K) and new (s, p, K); missed (s, p, p) is what of each new one lies below tolerance, outside the frame.
    """

    rest: Tensor  # (n, k) the old basis as it rests
    frame: Tensor
    gram: Tensor
    old: Tensor
    new: Tensor
    missed: Tensor
    least: int  # k is not made less than this without cause
    _spectrum: tuple[Tensor, Tensor] | None = None

    @property
    def spectrum(self) -> tuple[Tensor, Tensor]:
        if self._spectrum is None:
            self._spectrum = linear_algebra.falling_eigh(self.gram)
        return self._spectrum

    def along(self, start: int, columns: slice) -> Tensor:
        """(t + s - start, p, k) coordinates along some of the gram's eigenvectors, in the dtype at rest."""
        turn = self.spectrum[1][:, columns]  # (K, k)
        old = self.old[start:]
        found = old.new_empty(len(old) + len(self.new), old.shape[1], turn.shape[1])
        torch.matmul(old, turn[: old.shape[2]].to(old.dtype), out=found[: len(old)])
        found[len(old) :] = self.new @ turn
        return found

    def gram_of_each(self, start: int) -> Tensor:
        """B^T B (p, p) of every pattern from `start` on, before the change."""
        old = self.old[start:]
        return torch.cat([old @ old.mT, (self.new @ self.new.mT + self.missed).to(old.dtype)])

    def loss_of_each(self, k: int, start: int) -> Tensor:
        """Gram matrices (p, p) of what truncation to k drops of every pattern from `start` on."""
        dtype, p = self.old.dtype, self.old.shape[1]
        if k < self.frame.shape[1]:
            dropped = self.along(start, slice(k, None))
            lost = dropped @ dropped.mT
        else:
            lost = torch.zeros(len(self.old) - start + len(self.new), p, p, dtype=dtype)
        lost[len(self.old) - start :] += self.missed.to(dtype)
        return lost

    def width(self, rule: Rule, share: float) -> int:
        size = self.frame.shape[1]
        cap = size if rule.cap is None else min(size, rule.cap)
        if not share:
            return cap
        floor = max(self.least, rule.floor)
        return linear_algebra.width(self.spectrum[0], threshold=1 - share, floor=floor, cap=cap)

    def committed(self, k: int) -> Side:
        dtype, size = self.rest.dtype, self.frame.shape[1]
        if k == size:  # nothing dropped: old directions and coefficients stay bit for bit
            kept = self.rest.shape[1]
            basis = torch.cat([self.rest, self.frame[:, kept:].to(dtype)], 1)
            old = self.old if kept == size else pad(self.old, (0, size - kept))
            return Side(basis, self.gram, torch.cat([old, self.new.to(dtype)]))
        energies, turn = self.spectrum
        basis = (self.frame @ turn[:, :k]).to(dtype)
        return Side(basis, torch.diag(energies[:k]), self.along(0, slice(k)))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """A layer's change, both sides, with the widths still open."""

    patterns: tuple[str, ...]
    values: Tensor
    b: _SidePlan
    a: _SidePlan

    @classmethod
    def founding(cls, members: Mapping[str, linear_algebra.Triple], dtype: torch.dtype) -> _Plan:
        triples = list(members.values())
        p = max(len(t.values) for t in triples)
        values = torch.stack([pad(t.values, (0, p - len(t.values))) for t in triples])

        def side(lefts: list[Tensor]) -> _SidePlan:
            stack = torch.cat([u * t.values for u, t in zip(lefts, triples, strict=True)], 1)
            frame, sigma = linear_algebra.thin_basis(stack)
            balanced = [u * t.values.sqrt() for u, t in zip(lefts, triples, strict=True)]
            whole = torch.stack([pad(c.T @ frame, (0, 0, 0, p - c.shape[1])) for c in balanced])
            rank = linear_algebra.numerical_rank(sigma.square())
            frame, new, noise = frame[:, :rank], whole[..., :rank], whole[..., rank:]  # new (t, p, K)
            return _SidePlan(
                rest=frame[:, :0].to(dtype),
                frame=frame,
                gram=torch.diag(sigma[:rank].square()),
                old=torch.zeros(0, p, 0, dtype=dtype),
                new=new,
                missed=noise @ noise.mT,
                least=0,
            )

        return cls(tuple(members), values, side([t.left for t in triples]), side([t.right for t in triples]))

    @classmethod
    def absorbing(cls, block: Block, pattern: str, new: linear_algebra.Triple) -> _Plan:
        values = _stacked(block.values, new.values)
        p = values.shape[1]

        def side(old: Side, left: Tensor) -> _SidePlan:
            basis = linear_algebra.orthonormalised(old.basis)
            root = new.values.sqrt()
            grown = linear_algebra.extend(basis, left * new.values)  # columns weighted by energy
            weighted = torch.cat([grown.inside, grown.outside])  # (K, r)
            lacking = p - len(root)
            scale = torch.where(root > 0, 1 / root, 0)
            missed = grown.missed * scale * scale[:, None]
            return _SidePlan(
                rest=old.basis,
                frame=torch.cat([basis, grown.fresh], 1),
                gram=linear_algebra.extended_gram(old.gram, weighted),
                old=_padded(old.coefficients, p),
                new=pad((weighted * scale).T, (0, 0, 0, lacking))[None],
                missed=pad(missed, (0, lacking, 0, lacking))[None],
                least=old.k,
            )

        return cls((*block.patterns, pattern), values, side(block.b, new.left), side(block.a, new.right))

    def widths(self, rule: Rule, share: float) -> tuple[int, int]:
        return self.b.width(rule, share), self.a.width(rule, share)

    def losses(self, k_b: int, k_a: int) -> tuple[tuple[str, ...], Tensor]:
        """||dW - dW'||_F^2 of this layer for the patterns that may lose something."""
        full = k_b == self.b.frame.shape[1] and k_a == self.a.frame.shape[1]
        start = len(self.b.old) if full else 0
        squares = linear_algebra.squared_loss(
            self.b.gram_of_each(start),
            self.b.loss_of_each(k_b, start),
            self.a.gram_of_each(start),
            self.a.loss_of_each(k_a, start),
        )
        return self.patterns[start:], squares.double().clamp(min=0)

    def committed(self, k_b: int, k_a: int) -> Block:
        return Block(self.patterns, self.values, self.b.committed(k_b), self.a.committed(k_a))


def _empty(n: int, d: int, dtype: torch.dtype) -> Block:
    def side(size: int) -> Side:
        return Side(
            torch.zeros(size, 0, dtype=dtype),
            torch.zeros(0, 0, dtype=torch.float64),
            torch.zeros(0, 0, 0, dtype=dtype),
        )

    return Block((), torch.zeros(0, 0, dtype=torch.float64), side(n), side(d))


def _stacked(rows: Tensor, row: Tensor) -> Tensor:
    """rows (t, p) and row (r,) as (t + 1, max(p, r)), padded with zeros."""
    p = max(rows.shape[1], len(row))
    return torch.cat([pad(rows, (0, p - rows.shape[1])), pad(row, (0, p - len(row)))[None]])


def _padded(coefficients: Tensor, p: int) -> Tensor:
    """(t, p', k) as (t, p, k); the same tensor where nothing is to be added."""
    lacking = p - coefficients.shape[1]
    return pad(coefficients, (0, 0, 0, lacking)) if lacking else coefficients


def _inside(basis: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
    """Coordinates (p, k) of columns (n, p), and the Gram matrix (p, p) of what lies outside the basis."""
    basis = linear_algebra.orthonormalised(basis)
    inside = basis.T @ columns
    outside = columns - basis @ inside
    return inside.T, outside.T @ outside


def _joined(side: Side, inside: Tensor, root: Tensor) -> Side:
    """The side with one more pattern, its coordinates (p, k), in the same basis."""
    p = max(side.coefficients.shape[1], inside.shape[0])
    old = _padded(side.coefficients, p)
    new = pad(inside, (0, 0, 0, p - inside.shape[0]))[None].to(old.dtype)
    weighted = inside.T * root
    return Side(side.basis, side.gram + weighted @ weighted.T, torch.cat([old, new]))


def _chosen(side: Side, rows: list[int], values: Tensor) -> Side:
    """The side with only some patterns; its Gram matrix made anew, since a difference would leave noise."""
    kept = side.coefficients[rows]
    weighted = (kept.double() * values.sqrt()[..., None]).flatten(0, 1)  # (t p, k)
    return Side(side.basis, weighted.T @ weighted, kept)


def _check_shapes(name: str, shapes: list[tuple[int, int]]) -> None:
    if len(set(shapes)) > 1:
        raise SubspaceError(
            f"{name}: layers of {' and '.join(str(s) for s in dict.fromkeys(shapes))} do not share a basis",
            remedy="adapters of one subspace must come from one base model",
        )


def _tensors(block: Block) -> dict[str, Tensor]:
    return {
        "values": block.values,
        "b.basis": block.b.basis,
        "b.gram": block.b.gram,
        "b.coefficients": block.b.coefficients,
        "a.basis": block.a.basis,
        "a.gram": block.a.gram,
        "a.coefficients": block.a.coefficients,
    }


def _parsed(layout: dict[str, Any], tensors: dict[str, Tensor]) -> Subspace:
    """Checks every name and shape; `KeyError` or `ValueError` says which is wrong."""
    drift = {str(name): float(value) for name, value in layout["patterns"]}
    blocks = {}
    for name, patterns in layout["modules"]:
        values = tensors.pop(f"{name}.values")
        t, p = values.shape
        if len(patterns) != t or not drift.keys() >= set(patterns):
            raise ValueError(f"{name} has coefficients of {t} patterns, the index names {patterns}")
        sides = []
        for letter in "ba":
            basis, gram, own = (tensors.pop(f"{name}.{letter}.{part}") for part in ("basis", "gram", "coefficients"))
            k = basis.shape[1]
            if gram.shape != (k, k) or own.shape != (t, p, k):
                raise ValueError(f"{name}.{letter}: basis {basis.shape}, coefficients {own.shape}")
            sides.append(Side(basis, gram, own))
        blocks[name] = Block(tuple(patterns), values, *sides)
    if tensors:
        raise ValueError(f"unexpected tensors {sorted(tensors)}")
    return Subspace(blocks, drift)
