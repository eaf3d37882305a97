"""Serving a subspace: rows of one batch routed to different patterns, without a loop over patterns.

A routed row gets base(x) + ((x alpha) C_i) beta^T with its own small core C_i = C_a,i^T C_b,i (k_a, k_b);
the two outer products are shared by all rows. Many tokens a row go through the row's factors instead,
gathered once per `routed` block, where those are small (a small model, or few rows).

Measured on one core, 32 rows, d 192, k 24, p 8. 96 tokens a row: gathered factors cost .13 of the base layer,
cores .27 (inner factors stored (p, d): 1.3-2 times as fast as (d, p)). One token: all layers' gathered
factors no longer fit the cache and cost more than the base, cores stay there; a bfloat16 product takes 14 us
whatever its size, a float32 one 2 us, so on a CPU the cores of half precision models are float32.

Rows without a pattern are not touched: they are bit for bit the base's, given the same batch shape.
With no routed row, and outside `routed`, only the base's own module runs. Weights are never merged.
A backward pass through gradient checkpointing must run inside the `routed` block it went forward in.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.subspace import Block, Subspace

GATHERED_NUMBERS = 1 << 20  # of a layer's gathered factors at most; reading more costs more than two products
FEW_TOKENS = 4  # a row, up to which cores are used in any case


@dataclass(frozen=True, slots=True, eq=False)
class _Route:
    """What the rows of one batch add to one layer. rows (m,) are the routed ones, None if all are."""

    batch: int
    rows: Tensor | None
    core: Tensor  # (m, k_a, k_b)
    gathered: tuple[Tensor, Tensor] | None  # (m, d, p), (m, p, n)
    places: tuple[int, ...]  # the routed rows, as numbers

    def only(self, kept: _Kept) -> _Route | None:
        """The route of the rows that are kept; None if none of them is routed. Factors are not gathered again."""
        found = kept.of(self.places)
        if not found.places:
            return None
        return _Route(len(kept.rows), found.rows, self.core.index_select(0, found.chosen), None, found.places)


@dataclass(frozen=True, slots=True)
class _Among:
    """The routed rows among those kept: their new places, `rows` as in a route, and which cores are theirs."""

    places: tuple[int, ...]
    rows: Tensor | None
    chosen: Tensor


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows of a batch that go on, by their places in it; what follows from them is made once for all layers."""

    rows: tuple[int, ...]
    device: torch.device
    _known: dict[tuple[int, ...], _Among] = field(default_factory=dict)

    def of(self, places: tuple[int, ...]) -> _Among:
        if places not in self._known:
            number = {row: i for i, row in enumerate(places)}
            stay = tuple(new for new, row in enumerate(self.rows) if row in number)
            chosen = torch.tensor([number[self.rows[new]] for new in stay], dtype=torch.long, device=self.device)
            some = None if len(stay) == len(self.rows) else torch.tensor(stay, dtype=torch.long, device=self.device)
            self._known[places] = _Among(stay, some, chosen)
        return self._known[places]


class ShareLinear(nn.Module):
    """A frozen linear layer with the bases and all patterns' coefficients of its subspace block."""

    def __init__(self, base: nn.Linear, block: Block) -> None:
        super().__init__()
        self.base = base
        self.patterns = block.patterns
        device, dtype = base.weight.device, base.weight.dtype
        if device.type == "cpu":
            dtype = torch.promote_types(dtype, torch.float32)
        self.register_buffer("alpha", block.a.basis.to(device, dtype), persistent=False)  # (d, k_a)
        self.register_buffer("beta", block.b.basis.T.to(device, dtype).contiguous(), persistent=False)  # (k_b, n)
        self._block = block  # at its own precision: multiplied out once per `routed`
        self._route: _Route | None = None

    alpha: Tensor
    beta: Tensor

    @property
    def weight(self) -> Tensor:
        return self.base.weight

    @property
    def bias(self) -> Tensor | None:
        return self.base.bias

    @property
    def in_features(self) -> int:
        return self.base.in_features

    @property
    def out_features(self) -> int:
        return self.base.out_features

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, ..., d) -> (batch, ..., n); the first axis is the row."""
        y: Tensor = self.base(x)
        route = self._route
        if route is None:
            return y
        if x.shape[0] != route.batch:
            raise ValueError(f"{x.shape[0]} rows in the batch, {route.batch} routes")
        rows = x.reshape(route.batch, -1, x.shape[-1])  # (batch, tokens, d)
        return self._added(y.reshape(route.batch, -1, y.shape[-1]), rows, route).reshape(y.shape)

    def _added(self, base: Tensor, x: Tensor, route: _Route) -> Tensor:
        """base (batch, tokens, n), perhaps overwritten, + what the routes make of x (batch, tokens, d)."""
        if route.rows is not None:
            x = x.index_select(0, route.rows)
        if route.gathered is None or x.shape[1] <= FEW_TOKENS:
            inside = torch.bmm(x.to(self.alpha.dtype) @ self.alpha, route.core)  # (m, tokens, k_b)
            if route.rows is None and base.dtype == inside.dtype:
                return torch.addmm(base.flatten(0, 1), inside.flatten(0, 1), self.beta).view_as(base)
            change = inside @ self.beta
        else:
            inner, outer = route.gathered
            inside = torch.bmm(x, inner)  # (m, tokens, p)
            if route.rows is None:
                return torch.baddbmm(base, inside, outer)
            change = torch.bmm(inside, outer)
        if route.rows is None:
            return (base + change).to(base.dtype)
        if torch.is_grad_enabled():
            return base.index_add(0, route.rows, change.to(base.dtype))
        return base.index_add_(0, route.rows, change.to(base.dtype))

    def route(self, routes: Sequence[str | None]) -> _Route | None:
        """The rows' factors, ready to multiply; None if this layer has nothing to add to any."""
        number = {name: i for i, name in enumerate(self.patterns)}
        rows = [row for row, name in enumerate(routes) if name in number]
        if not rows:
            return None
        wanted = [number[routes[row]] for row in rows]  # type: ignore[index]
        weight = self.base.weight
        chosen = None if len(rows) == len(routes) else torch.tensor(rows, device=weight.device)
        distinct = list(dict.fromkeys(wanted))
        back = None if distinct == wanted else torch.tensor([distinct.index(i) for i in wanted])
        c_b, c_a = self._block.b.coefficients[distinct], self._block.a.coefficients[distinct]  # (u, p, k)

        def ready(each: Tensor, dtype: torch.dtype) -> Tensor:
            each = each.to(weight.device, dtype)
            return each if back is None else each[back.to(weight.device)]

        core = ready(c_a.mT @ c_b, self.alpha.dtype)
        gathered = None
        if len(rows) * c_b.shape[1] * (self.in_features + self.out_features) <= GATHERED_NUMBERS:
            inner = ready(c_a @ self._block.a.basis.T, weight.dtype)  # (m, p, d), read as (m, d, p)
            gathered = inner.mT, ready(c_b @ self._block.b.basis.T, weight.dtype)
        return _Route(len(routes), chosen, core, gathered, tuple(rows))


class ServedModel:
    """A model whose linear layers answer for the patterns of a subspace, until `detach`."""

    def __init__(self, model: nn.Module, layers: dict[str, ShareLinear], patterns: tuple[str, ...]) -> None:
        self.model, self.patterns = model, patterns
        self._layers, self._attached = layers, True

    @contextlib.contextmanager
    def routed(self, routes: Sequence[str | None]) -> Iterator[Any]:
        """Within, row i of every batch runs with pattern routes[i], or the bare base where that is None.

        `KeyError` names an unknown pattern. Blocks may be nested; the inner one holds.
        """
        if not self._attached:
            raise RuntimeError("the subspace was taken off this model")
        for name in routes:
            if name is not None and name not in self.patterns:
                raise KeyError(f"no pattern {name!r}; there are {', '.join(self.patterns) or 'none'}")
        before = {name: layer._route for name, layer in self._layers.items()}
        try:
            for layer in self._layers.values():
                layer._route = layer.route(routes)
            yield self.model
        finally:
            for name, layer in self._layers.items():
                layer._route = before[name]

    def keep(self, rows: Sequence[int]) -> None:
        """Within `routed`: the batch goes on with these rows of it alone, in this order, each routed as it was.

        For decoding: many tokens a row run slower from then on, since factors are not gathered for them again.
        """
        kept: dict[torch.device, _Kept] = {}
        for layer in self._layers.values():
            if layer._route is not None:
                device = layer.base.weight.device
                layer._route = layer._route.only(kept.setdefault(device, _Kept(tuple(rows), device)))

    def detach(self) -> None:
        """Puts the base's own modules back. A second call does nothing."""
        if not self._attached:
            return
        self._attached = False
        for name, layer in self._layers.items():
            _put(self.model, name, layer.base)


def attach(model: nn.Module, subspace: Subspace) -> ServedModel:
    """Puts a `ShareLinear` around every layer of the subspace; `SubspaceError` if the model is another."""
    layers = {}
    for name, block in subspace.blocks.items():
        base = linear(model, name, block.b.basis.shape[0], block.a.basis.shape[0])
        layers[name] = ShareLinear(base, block)
    for name, layer in layers.items():
        layer.train(layer.base.training)
        _put(model, name, layer)
    return ServedModel(model, layers, subspace.patterns)


def linear(model: nn.Module, name: str, n: int, d: int) -> nn.Linear:
    """The linear layer of that name and shape (n, d); `SubspaceError` otherwise."""
    try:
        module = model.get_submodule(name)
    except AttributeError:
        module = None
    if isinstance(module, nn.Linear) and module.weight.shape == (n, d):
        return module
    found = "nothing" if module is None else type(module).__name__
    if isinstance(module, nn.Linear):
        found = f"a layer of {tuple(module.weight.shape)}"
    raise SubspaceError(
        f"the subspace is for a model with a linear layer {name} of ({n}, {d}); this one has {found} there",
        remedy="serve it on the model it was learnt on, and detach what is already attached",
    )


def linear_layers(model: nn.Module) -> dict[str, nn.Linear]:
    """Every linear layer but the output embedding, by name: what adapters are trained on."""
    getter = getattr(model, "get_output_embeddings", None)
    head = getter() if getter is not None else None
    return {
        name: module for name, module in model.named_modules() if isinstance(module, nn.Linear) and module is not head
    }


def _put(model: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, module)
