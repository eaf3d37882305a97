"""Patterns learnt again: the night's coefficients stand beside those that serve, until one of the two is promoted.

Within a night the serving ones go by another name; no version at rest has that name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

_SERVING = " (as it serves)"


def serving(pattern: str) -> str:
    """What the serving coefficients of a pattern that is learnt again go by in the night."""
    return pattern + _SERVING


def beside(start: Subspace | None, patterns: Iterable[str]) -> Subspace | None:
    """The champion's subspace with room for these patterns' new coefficients: the old ones moved aside."""
    for name in patterns:
        if start is not None and name in start.patterns:
            start = start.renamed(name, serving(name))
    return start


def at_rest(pattern: str) -> str:
    """The pattern's own name."""
    return pattern.removesuffix(_SERVING)


def carried(champion: Router, subspace: Subspace, learnt: Collection[str]) -> Router:
    """The champion's routes in the night's subspace, in which `learnt` are tonight's.

    Left out is what serves and is not there any more: a night that an earlier version of the program consolidated.
    """
    moved = {name: serving(name) for name in champion.accepted.values() if serving(name) in subspace.patterns}
    accepted = {signature: moved.get(name, name) for signature, name in champion.accepted.items()}
    return Router(
        {sig: name for sig, name in accepted.items() if name in subspace.patterns and name not in learnt},
        {moved.get(name, name): radius for name, radius in champion.reach.items()},
    )


def settled(subspace: Subspace, routes: Mapping[str, str], reach: Mapping[str, float]) -> tuple[Subspace, Router]:
    """What is promoted: the patterns that a route names, each by its own name."""
    for name in subspace.patterns:
        if name not in routes.values():
            subspace = subspace.without(name)
    for name in subspace.patterns:
        if name.endswith(_SERVING):
            subspace = subspace.renamed(name, at_rest(name))
    return subspace, Router(
        {signature: at_rest(name) for signature, name in routes.items()},
        {at_rest(name): radius for name, radius in reach.items()},
    )
