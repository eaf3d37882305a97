"""What of a challenger is given up for the tasks it lost: first the routes that answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sleepy.daemon.gate.gate import Pair
from sleepy.memory.parametric.router import Router


@dataclass(frozen=True, slots=True)
class Spared:
    """The router without what is to blame, and the exam as it would have gone with it.

    `pairs` is None where that cannot be known without another exam.
    """

    router: Router
    dropped: tuple[str, ...]  # signatures whose own routes are gone
    narrowed: tuple[str, ...]  # patterns that answer their own signatures alone from now on
    pairs: tuple[Pair, ...] | None


def spared(pairs: Sequence[Pair], lost: Sequence[str], router: Router, champion: Router, carried: Router) -> Spared:
    """The challenger without the routes, and the radii, that answered lost tasks.

    `carried` are the champion's routes in the challenger's subspace: where a pattern was learnt again the serving
    coefficients answer in the new ones' place, as far as they did. A task without any route is answered by the bare
    base; that is the champion's own answer unless the champion has a route there. Where nothing of the night is left
    the champion goes on serving, and loses nothing.
    """
    anew = {own for own, served in router.accepted.items() if carried.accepted.get(own, served) != served}
    dropped: set[str] = set()
    narrowed: set[str] = set()
    for pair in pairs:
        if pair.task not in set(lost):
            continue
        before = champion.route(pair.signature)
        if pair.signature in router.accepted:
            dropped.add(pair.signature)
        elif before in anew:  # answered by its reach, which the new coefficients have not earned
            dropped.add(str(before))
        elif pair.route is not None:
            narrowed.add(pair.route)
    accepted = {signature: served for signature, served in router.accepted.items() if signature not in dropped}
    reach = {
        name: radius for name, radius in router.reach.items() if name not in narrowed and name in accepted.values()
    }
    for signature in sorted(dropped & anew & set(carried.accepted)):
        served = accepted[signature] = carried.accepted[signature]
        reach |= {name: radius for name, radius in carried.reach.items() if name == served}
    left = Router(accepted, reach)
    if (dropped or narrowed) and left == carried:
        same = tuple(replace(pair, challenger=pair.baseline) for pair in pairs)
        return Spared(left, tuple(sorted(dropped)), tuple(sorted(narrowed)), same)
    changed = {pair.task for pair in pairs if left.route(pair.signature) != pair.route}
    known = all(
        left.route(pair.signature) is None and champion.route(pair.signature) is None
        for pair in pairs
        if pair.task in changed
    )
    again = tuple(
        replace(pair, challenger=pair.baseline, route=None) if pair.task in changed else pair for pair in pairs
    )
    return Spared(left, tuple(sorted(dropped)), tuple(sorted(narrowed)), again if known else None)


def withdrawn(router: Router, carried: Router) -> bool:
    """Whether the router lacks something that the champion serves: no night may take that away."""
    kept = set(router.accepted.values())
    return not carried.accepted.keys() <= router.accepted.keys() or any(
        name in kept and name not in router.reach for name in carried.reach
    )
