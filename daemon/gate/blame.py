"""Drops from a challenger what is to blame for the tasks it lost: the routes, and the radii, that answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sleepy.daemon.gate.gate import Pair
from sleepy.memory.parametric.router import Router


@dataclass(frozen=True, slots=True)
class Pruned:
    """The router without what is to blame, and the results that the exam would have had with it.

    `pairs` is None if these cannot be known without another exam.
    """

    router: Router
    dropped: tuple[str, ...]  # signatures whose own routes were dropped
    narrowed: tuple[str, ...]  # patterns that lost their radius: they now answer only their own signatures
    pairs: tuple[Pair, ...] | None


def prune(pairs: Sequence[Pair], lost: Sequence[str], router: Router, champion: Router, carried: Router) -> Pruned:
    """The challenger without the routes and radii that answered lost tasks.

    `carried` are the champion's routes in the challenger's subspace. Where a pattern was learnt again, the serving
    coefficients replace the new ones, with the radius they had. A task without a route is answered by the bare base,
    which is also the champion's answer unless the champion has a route there. If nothing of the night is left, the
    champion keeps serving, and nothing is lost.
    """
    relearnt = {own for own, served in router.accepted.items() if carried.accepted.get(own, served) != served}
    dropped: set[str] = set()
    narrowed: set[str] = set()
    for pair in pairs:
        if pair.task not in set(lost):
            continue
        before = champion.route(pair.signature)
        if pair.signature in router.accepted:
            dropped.add(pair.signature)
        elif before in relearnt:  # within the old radius, which the new coefficients have not earned
            dropped.add(str(before))
        elif pair.route is not None:
            narrowed.add(pair.route)
    accepted = {signature: served for signature, served in router.accepted.items() if signature not in dropped}
    reach = {
        name: radius for name, radius in router.reach.items() if name not in narrowed and name in accepted.values()
    }
    for signature in sorted(dropped & relearnt & set(carried.accepted)):
        served = accepted[signature] = carried.accepted[signature]
        reach |= {name: radius for name, radius in carried.reach.items() if name == served}
    left = Router(accepted, reach)
    if (dropped or narrowed) and left == carried:
        same = tuple(replace(pair, challenger=pair.baseline) for pair in pairs)
        return Pruned(left, tuple(sorted(dropped)), tuple(sorted(narrowed)), same)
    changed = {pair.task for pair in pairs if left.route(pair.signature) != pair.route}
    known = all(
        left.route(pair.signature) is None and champion.route(pair.signature) is None
        for pair in pairs
        if pair.task in changed
    )
    again = tuple(
        replace(pair, challenger=pair.baseline, route=None) if pair.task in changed else pair for pair in pairs
    )
    return Pruned(left, tuple(sorted(dropped)), tuple(sorted(narrowed)), again if known else None)


def withdraws(router: Router, carried: Router) -> bool:
    """Whether the router lacks a route or radius that the champion serves, which no night may take away."""
    kept = set(router.accepted.values())
    return not carried.accepted.keys() <= router.accepted.keys() or any(
        name in kept and name not in router.reach for name in carried.reach
    )
