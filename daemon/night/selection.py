"""Selects the failing scopes that a night works on: those with the most failures times learnability for what they take.

A signature's own failures are also its code's and those of `all`, as long as no finer route answers for it: a coarser
scope is chosen where failures are many but spread over signatures that are each too rare to be learnt alone.

Learnability is the share of earlier tries in which the pattern's route earned its place (Laplace's estimate: 1/2 for an
untried pattern). A pattern that was tried on several nights in a row without improvement rests for a while. Patterns
that the developer repaired come first: for these a correct answer is known.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from sleepy.daemon.stages.stages import Diagnosed, Rest, Wanted
from sleepy.daemon.stats.intervals import credibly_below
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import is_signature, level, scopes

BREADTH = 12  # a coarse scope is given the lessons of so many signatures at most
MINUTES = 5  # of the night, for each of them
PACE = 130  # lessons that a night has time for, a minute: to forge, to learn, and to try what was learnt
_NO_ROUTES = Router()
Spread = Mapping[str, Mapping[str, float]]  # scope -> signature -> weight


def select(
    rates: Mapping[str, tuple[int, int]],
    repaired: Mapping[str, int],
    past: Sequence[Mapping[str, bool]],
    *,
    target: float,
    tries: int,
    rest: int,
    router: Router = _NO_ROUTES,
    only: Collection[str] = (),
    busy: Collection[str] = (),
    minutes: float = MINUTES * BREADTH,
) -> Diagnosed:
    """The scopes to learn, from (passes, attempts) and the developer's repairs by signature, and from earlier nights.

    `past` holds one mapping per earlier night, newest first: the patterns it tried, and whether each earned its route.
    `router` is what serves. `busy` are scopes whose last candidate is still being tried. `minutes` are
    the night's.
    """
    failing: list[Wanted] = []
    spreads = spread(rates, router, coarse := pooled(rates, router), failures=True)
    mastered: list[str] = []
    resting: dict[str, Rest | str] = {}
    for name in sorted(rates.keys() | repaired.keys() | coarse.keys()):
        passes, attempts = coarse[name] if name in coarse else rates.get(name, (0, 0))
        theirs = repaired.get(name, 0)
        solved = bool(attempts) and passes / attempts >= target
        if solved and name not in coarse:
            mastered.append(name)
        if name in busy:
            continue
        below = attempts > 1 and credibly_below(passes, attempts, target)
        if not (below or (theirs and not solved)) or (only and name not in only):
            continue
        fruitless, since = _fruitless(name, past)
        if fruitless >= tries and since <= rest:
            resting[name] = Rest(fruitless, rest - since + 1)
            continue
        tried = [night[name] for night in past if name in night]
        failing.append(
            Wanted(
                name,
                passes,
                attempts,
                (sum(tried) + 1) / (len(tried) + 2),
                theirs,
                courses(name, spreads.get(name, ()), minutes),
            )
        )
    failing.sort(key=lambda item: (item.repaired == 0, -item.worth, item.signature))
    return Diagnosed(tuple(failing), resting, tuple(mastered))


def courses(scope: str, signatures: Collection[str], minutes: float) -> int:
    """How many usual courses a scope's lessons make up: one for a signature, several for what covers many.

    That is one for each signature they are spread over, up to `BREADTH` and to what the night has `minutes` for.
    """
    return 1 if is_signature(scope) else max(1, min(BREADTH, len(signatures), int(minutes / MINUTES)))


def affordable(failing: Sequence[Wanted], lessons: int, minutes: float, most: int) -> list[Wanted]:
    """Those that a night has time for, `most` at most, in their order: more would leave each too little for a proof.

    `lessons` are those of a usual course. One for which too little is left is passed over; the first never is. A night of 20
    minutes that took on 15 scopes proved one (8 exam tasks gained); one that learnt `all` alone gained 24 (RESULTS, L21).
    """
    left, found = minutes * PACE, list(failing[:1])
    left -= sum(item.courses for item in found) * lessons
    for item in failing[1:]:
        if len(found) < most and item.courses * lessons <= left:
            found.append(item)
            left -= item.courses * lessons
    return found


def pooled(rates: Mapping[str, tuple[int, int]], router: Router) -> dict[str, tuple[int, int]]:
    """Code, or `all` -> (passes, attempts) over the signatures that no finer route answers.

    Left out where fewer than two of them have failures: there the signature itself is what is to be learnt.
    """
    found: dict[str, tuple[int, int]] = {}
    failed: dict[str, int] = {}
    for signature, (passes, attempts) in rates.items():
        served = router.scope(signature)
        for scope in scopes(signature)[1:]:
            if scope == signature or (served is not None and level(served) < level(scope)):
                continue
            known = found.get(scope, (0, 0))
            found[scope] = known[0] + passes, known[1] + attempts
            failed[scope] = failed.get(scope, 0) + (passes < attempts)
    return {scope: tally for scope, tally in found.items() if failed[scope] > 1}


def spread(rates: Mapping[str, tuple[int, int]], router: Router, scopes_: Collection[str], *, failures: bool) -> Spread:
    """Coarse scope -> signature under it -> its weight: the root of how often it came up in practice, or failed.

    The root, so that a route is taught and examined at rare signatures too: examined as practice has them, one for all
    E0308 was proven at the common ones and lost exam tasks at eight others (RESULTS, L17). Signatures that a finer route
    answers are left out.
    """
    found: dict[str, dict[str, float]] = {}
    for signature, (passes, attempts) in rates.items():
        served = router.scope(signature)
        for scope in scopes(signature)[1:]:
            finer = served is not None and level(served) < level(scope)
            count = attempts - passes if failures else attempts
            if scope in scopes_ and scope != signature and not finer and count:
                found.setdefault(scope, {})[signature] = math.sqrt(count)
    return found


def _fruitless(name: str, past: Sequence[Mapping[str, bool]]) -> tuple[int, int]:
    """How many of its latest tries in a row earned nothing, and how many nights ago the latest of them was."""
    count = since = 0
    for ago, night in enumerate(past, start=1):
        if name not in night:
            continue
        if night[name]:
            break
        count += 1
        since = since or ago
    return count, since
