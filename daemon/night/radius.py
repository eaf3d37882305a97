"""Finds each new pattern's radius: how distant a signature it may answer, tested on similar mistakes from practice.

These come from the champion's practice, so none is an exam koan. A pattern is routed to them only after it has
answered some better than the champion and none worse (see `router.calibrated`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sleepy.daemon.day.day import remembered
from sleepy.daemon.night import exam
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import RadiusTrial
from sleepy.daemon.stats import paired
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import episodes
from sleepy.memory.parametric.router import Router, calibrated, distance
from sleepy.memory.parametric.subspace import Subspace

FAR = 0.5  # signatures at a greater distance have next to nothing in common
TRIED = 48  # practised mistakes per pattern, nearest first


def neighbours(patterns: Iterable[str], practised: Iterable[str], taken: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Practised signature -> (nearest pattern, its distance); signatures with a route of their own are left out."""
    own = set(taken)
    found = {}
    for signature in sorted(set(practised) - own):
        nearest = min(((distance(name, signature), name) for name in patterns), default=None)
        if nearest is not None and nearest[0] <= FAR:
            found[signature] = (nearest[1], nearest[0])
    return found


def trials(
    tools: Tools, champion: Served, subspace: Subspace, accepted: Mapping[str, str], new: Sequence[str],
    practised: Iterable[str],
) -> dict[str, RadiusTrial]:  # fmt: skip
    """Each new pattern's trial on its neighbours; patterns without practised neighbours are left out."""
    near = neighbours(new, practised, accepted)
    asked = []
    for pattern in new:
        mine = sorted((apart, signature) for signature, (nearest, apart) in near.items() if nearest == pattern)
        tasks = [
            remembered(item.episode.task)
            for _, signature in mine
            for passed in (True, False)  # both: what the base passes can be lost, what it fails can be gained
            for item in episodes.of_pattern(tools.db, signature, passed=passed, limit=TRIED // 2)
        ]
        asked += list({item.digest: item for item in tasks}.values())[:TRIED]
    if not asked:
        return {}
    found = [item for item in exam.diagnoses(tools, asked) if item.signature in near]
    trial = Served("trial", subspace, Router({signature: pattern for signature, (pattern, _) in near.items()}))
    sitting = exam.sit(tools, found, champion, trial, what="near mistakes")
    out = {}
    for pattern in new:
        pairs = [pair for pair in sitting.pairs() if near[pair.signature][0] == pattern]
        if not pairs:
            continue
        radius = calibrated(
            [(near[pair.signature][1], pair.baseline, pair.challenger) for pair in pairs],
            lambda wins, losses, n: losses == 0 and paired.p_value(wins, losses, n) <= tools.config.alpha,
        )
        wins = sum(pair.challenger and not pair.baseline for pair in pairs)
        out[pattern] = RadiusTrial(
            radius, len(pairs), wins, sum(pair.baseline and not pair.challenger for pair in pairs)
        )
    return out
