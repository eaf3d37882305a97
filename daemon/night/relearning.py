"""Patterns that are learnt again: the subspace holds the new and the serving coefficients until one is promoted.

Of a coarse pattern both may be: where the new coefficients are worse than the serving ones, these serve on, signature by
signature. `aside` maps a pattern that is learnt again to the name under which its serving coefficients stand in the
night's subspace. The name is only a label: nothing parses it, and no promoted version contains it.
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


def kept_at(scope: str, signatures: Iterable[str], carried: Router) -> dict[str, str]:
    """Routes by which what serves goes on at these signatures, where `scope` is learnt again and worse there.

    Empty where the scope had no route, and without the signatures at which that was withdrawn.
    """
    if scope not in carried.accepted:
        return {}
    serving = {signature: carried.route(signature) for signature in signatures}
    return {signature: name for signature, name in serving.items() if name is not None}


def settled(subspace: Subspace, routes: Router, aside: Mapping[str, str]) -> tuple[Subspace, Router]:
    """The subspace and routes to promote: only patterns that a route names, each under its own name.

    What was set aside and still serves, beside the new coefficients, has the name of the first scope that it serves.
    """
    for name in subspace.patterns:
        if name not in routes.accepted.values():
            subspace = subspace.without(name)
    names: dict[str, str] = {}
    for pattern, label in aside.items():
        if label not in subspace.patterns:
            continue
        scopes = sorted(scope for scope, name in routes.accepted.items() if name == label)
        names[label] = next(
            name for name in (pattern, *scopes, label) if name == label or name not in subspace.patterns
        )
        subspace = subspace.renamed(label, names[label]) if names[label] != label else subspace
    return subspace, renamed(routes, names)


def renamed(router: Router, names: Mapping[str, str]) -> Router:
    """The router with patterns under other names; those that are not in `names` keep theirs."""
    return Router(
        {scope: names.get(pattern, pattern) for scope, pattern in router.accepted.items()},
        {names.get(pattern, pattern): radius for pattern, radius in router.reach.items()},
        router.withdrawn,
    )
