"""Takes from a challenger what is to blame for the tasks it lost: the routes that answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sleepy.daemon.gate.gate import Pair
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import is_signature


@dataclass(frozen=True, slots=True)
class Pruned:
    """The router without what is to blame, and the results that the exam would have had with it.

    `pairs` is None if these cannot be known without another exam.
    """

    router: Router
    dropped: tuple[str, ...]  # scopes whose routes were dropped
    narrowed: tuple[tuple[str, str], ...]  # (scope, signature at which its route was withdrawn)
    pairs: tuple[Pair, ...] | None


def prune(pairs: Sequence[Pair], lost: Sequence[str], router: Router, champion: Router, carried: Router) -> Pruned:
    """The challenger without what answered lost tasks.

    `carried` are the champion's routes in the challenger's subspace: none of them is to blame, since they answer as
    before. A new route loses its place: a signature's own route altogether, a coarser one at that signature. Where its
    pattern was learnt again, the serving coefficients take that place. A task without a route is answered by the bare
    base, which is also the champion's answer unless the champion has a route there. If nothing of the night is left,
    the champion keeps serving, and nothing is lost.
    """
    dropped: set[str] = set()
    narrowed: set[tuple[str, str]] = set()
    relearnt = {scope for scope, name in router.accepted.items() if carried.accepted.get(scope, name) != name}
    for pair in pairs:
        if pair.task not in set(lost):
            continue
        scope = router.scope(pair.signature)
        if scope is None or router.accepted[scope] == carried.accepted.get(scope):
            # within the old radius of a pattern learnt again, which the new coefficients have not earned
            dropped |= relearnt & {str(champion.route(pair.signature))}
        elif is_signature(scope):
            dropped.add(scope)
        else:
            narrowed.add((scope, pair.signature))
    left = router.only(scope for scope in router.accepted if scope not in dropped)
    left = _given_back(left, carried, dropped & relearnt & set(carried.accepted))
    for scope, signature in narrowed:
        if scope in left.accepted:
            left = left.withdraw(scope, [signature])
            kept = carried.route(signature) if scope in relearnt else None
            if kept is not None:
                left = Router({**left.accepted, signature: kept}, left.reach, left.withdrawn)
    where = tuple(sorted(dropped)), tuple(sorted(narrowed))
    if (dropped or narrowed) and left == carried:
        return Pruned(left, *where, tuple(replace(pair, challenger=pair.baseline) for pair in pairs))
    changed = {pair.task for pair in pairs if left.route(pair.signature) != pair.route}
    known = all(
        left.route(pair.signature) is None and champion.route(pair.signature) is None
        for pair in pairs
        if pair.task in changed
    )
    again = tuple(
        replace(pair, challenger=pair.baseline, route=None) if pair.task in changed else pair for pair in pairs
    )
    return Pruned(left, *where, again if known else None)


def _given_back(router: Router, carried: Router, scopes: set[str]) -> Router:
    """The router with the champion's routes of these scopes, each with its reach and where it is withdrawn."""
    names = {carried.accepted[scope] for scope in scopes}
    others = {scope: name for scope, name in router.accepted.items() if name not in names or scope in carried.accepted}
    return Router(
        {**others, **{scope: carried.accepted[scope] for scope in scopes}},
        {**router.reach, **{name: radius for name, radius in carried.reach.items() if name in names}},
        {**router.withdrawn, **{scope: at for scope, at in carried.withdrawn.items() if scope in scopes}},
    )


def withdraws(router: Router, carried: Router) -> bool:
    """Whether the router lacks something that the champion serves, which no night may take away.

    A route may be replaced by a better one of the same scope.
    """
    kept = set(router.accepted.values())
    return not carried.accepted.keys() <= router.accepted.keys() or any(
        name in kept and name not in router.reach for name in carried.reach
    )
