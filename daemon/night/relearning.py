"""Patterns that are learnt again: the subspace holds the new and the serving coefficients until one is promoted.

`aside` maps such a pattern to the name under which its serving coefficients stand in the night's subspace. The name is
only a label: nothing parses it, and no promoted version contains it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace


def set_aside(start: Subspace | None, patterns: Iterable[str]) -> tuple[Subspace | None, dict[str, str]]:
    """The champion's subspace with these patterns renamed to make room for new coefficients, and `aside`."""
    aside: dict[str, str] = {}
    for name in patterns:
        if start is not None and name in start.patterns:
            aside[name] = f"{name} (as it serves)"
            start = start.renamed(name, aside[name])
    return start, aside


def at_rest(name: str, aside: Mapping[str, str]) -> str:
    """The pattern whose coefficients stand under this name."""
    return next((pattern for pattern, label in aside.items() if label == name), name)


def carried(champion: Router, subspace: Subspace, aside: Mapping[str, str], learnt: Collection[str]) -> Router:
    """The champion's routes, under the names they have in the night's subspace; `learnt` are the night's own patterns.

    A route whose coefficients are no longer there is left out.
    """
    moved = renamed(champion, aside)
    return moved.only(
        scope for scope, name in moved.accepted.items() if name in subspace.patterns and name not in learnt
    )


def settled(subspace: Subspace, routes: Router, aside: Mapping[str, str]) -> tuple[Subspace, Router]:
    """The subspace and routes to promote: only patterns that a route names, each under its own name."""
    for name in subspace.patterns:
        if name not in routes.accepted.values():
            subspace = subspace.without(name)
    for name in subspace.patterns:
        subspace = subspace if (own := at_rest(name, aside)) == name else subspace.renamed(name, own)
    return subspace, renamed(routes, {label: pattern for pattern, label in aside.items()})


def renamed(router: Router, names: Mapping[str, str]) -> Router:
    """The router with patterns under other names; those that are not in `names` keep theirs."""
    return Router(
        {scope: names.get(pattern, pattern) for scope, pattern in router.accepted.items()},
        {names.get(pattern, pattern): radius for pattern, radius in router.reach.items()},
        router.withdrawn,
    )
