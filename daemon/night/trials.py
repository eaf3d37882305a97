"""The trials: each candidate's route against the champion, on fresh koans of its scope, until it is proven or futile.

A candidate is a trained pattern whose route does not serve yet. Its trial is sequential (see `gate/sequential`) and goes
on over as many nights as it needs: the adapter and the evidence are kept. Koans are fresh: forged from programs that
give no lessons, and never asked of the same candidate twice. A candidate for a code, or for all, is withdrawn at each
signature where it is worse than the champion so far, and no longer asked there.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sleepy.daemon.attempt.attempt import Attempt, Diagnosis
from sleepy.daemon.gate import sequential
from sleepy.daemon.gate.gate import Pair, Trial
from sleepy.daemon.gate.sequential import Rules, TrialEvidence, TrialState
from sleepy.daemon.night import exam
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import HeldOut
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import is_signature, level
from sleepy.memory.parametric.subspace import Subspace

Fresh = Callable[[Mapping[str, int]], Iterable[tuple[str, Diagnosis]]]
"""Scope -> how many koans are wanted; yields (scope, diagnosis), fewer where no more can be made."""


@dataclass(slots=True)
class CandidateOnTrial:
    """A candidate in its trial: the number of its test, the evidence of earlier nights, and what tonight adds.

    `lost` are the signatures at which it was withdrawn on earlier nights.
    """

    scope: str
    number: int
    before: TrialEvidence = field(default_factory=TrialEvidence)
    lost: frozenset[str] = frozenset()
    pairs: list[Pair] = field(default_factory=list)
    answers: list[Attempt] = field(default_factory=list)
    state: TrialState = TrialState.OPEN
    dry: bool = False  # no more fresh koans can be made

    @property
    def tonight(self) -> TrialEvidence:
        return TrialEvidence.of((pair.baseline, pair.challenger) for pair in self.pairs)

    @property
    def evidence(self) -> TrialEvidence:
        return self.before + self.tonight

    @property
    def withdrawn(self) -> set[str]:
        """The signatures at which it lost more than it won; none for a candidate of a single signature."""
        net: dict[str, int] = defaultdict(int)
        for pair in self.pairs:
            net[pair.signature] += pair.challenger - pair.baseline
        worse = {signature for signature, gained in net.items() if gained < 0}
        return set() if is_signature(self.scope) else worse | self.lost

    def take(self, asked: Sequence[tuple[Attempt, Attempt]]) -> None:
        """Adds judged answers: the champion's and the candidate's to the same koan."""
        for before, after in asked:
            if not (before.verdict.is_label and after.verdict.is_label):
                continue
            signature = before.diagnosis.signature
            self.pairs.append(Pair(before.diagnosis.koan.id, before.passed, after.passed, signature, self.scope))
            self.answers.append(after)

    def asks(self, found: Sequence[Diagnosis], champion: Router) -> list[Diagnosis]:
        """Those of the koans that the candidate would answer: where it is not withdrawn, and no finer route answers."""
        gone = self.withdrawn
        served = [champion.scope(item.signature) for item in found]
        return [
            item
            for item, scope in zip(found, served, strict=True)
            if item.signature not in gone and (scope is None or level(scope) >= level(self.scope))
        ]


def run(
    tools: Tools,
    champion: Served,
    subspace: Subspace,
    candidates: Sequence[CandidateOnTrial],
    fresh: Fresh,
    *,
    proven: int,
    rules: Rules,
    until: float = math.inf,
) -> None:
    """Asks the open candidates batch by batch, until each is settled or has been asked its night's koans.

    Nothing more is asked after `until`, on the monotonic clock, but one batch for each is: evidence grows every night.

    `proven` counts the home's promoted tests. Each candidate's `state` and `pairs` tell the outcome.
    """
    trial = Served("trial", subspace, Router({item.scope: item.scope for item in candidates}))
    asked_once = False
    while True:
        wanted = {
            item.scope: size
            for item in candidates
            if item.state is TrialState.OPEN
            and not item.dry
            and (size := sequential.batch(item.evidence, item.tonight.asked, rules.at(level(item.scope))))
        }
        if not wanted or (asked_once and time.monotonic() >= until):
            return
        asked_once = True
        by_scope = {item.scope: item for item in candidates}
        got: dict[str, list[Diagnosis]] = {scope: [] for scope in wanted}
        for scope, koan in fresh(wanted):
            got[scope].append(koan)
        asked = [(scope, koan) for scope, found in got.items() for koan in by_scope[scope].asks(found, champion.router)]
        before = exam.answers(tools, [koan for _, koan in asked], champion, "trials: champion")
        # each koan goes to its candidate: the scope stands where the router looks for the signature
        named = [replace(koan, signature=scope) for scope, koan in asked]
        after = exam.answers(tools, named, trial, "trials: candidates")
        for scope, found in got.items():
            candidate = by_scope[scope]
            mine = [i for i, (name, _) in enumerate(asked) if name == scope]
            candidate.dry = len(found) < wanted[scope] or not mine
            candidate.take([(before[i], after[i]) for i in mine])
        live = {item.number: item.evidence for item in candidates if item.state is not TrialState.FUTILE}
        levels = {item.number: level(item.scope) for item in candidates}
        states = sequential.judge_all(live, proven, rules, levels)
        for item in candidates:
            item.state = states.get(item.number, item.state)


def held_out(item: CandidateOnTrial, kl: float, rules: Rules, proven: int, kl_cap: float) -> HeldOut:
    """The candidate's outcome as the night records it. `kl` is the route's, in nats per token."""
    return HeldOut(
        Trial.of(item.scope, item.pairs, kl=round(kl, 4)),
        item.state is TrialState.PROVEN and kl <= kl_cap,
        state=item.state,
        number=item.number,
        evidence=item.evidence,
        needed=round(sequential.needed(item.number, proven, rules), 4),
        withdrawn=tuple(sorted(item.withdrawn)),
    )
