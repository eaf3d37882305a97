"""Simulates lives of nights that the real gate decides: how often luck is promoted, and how often a real gain is.

Every night of a life begins as many candidates as `World.effects` names, each with a true gain of its own, and goes on
with those that earlier nights left open. Candidates and base answer fresh koans, which `gate/sequential` judges after
every batch. What is proven sits the sealed exam, where its pattern has a few tasks: one task that is lost in most runs
drops the route. The rest is promoted; no later night takes it back.

A candidate gains the share `effect` of its koans, and further ones by chance: `swap` is the share that changes, as often
for better as for worse. Any single answer flips with probability `flake` (a failing machine). Koans are answered once
by each side, as wins and losses must be treated alike; what the exam lost is answered again by both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sleepy.daemon.gate.sequential import Rules, TrialEvidence, TrialState, batch, judge, judge_all

RUNS = 3  # of the exam, as `night/exam` has it; importing that would import torch


@dataclass(frozen=True, slots=True)
class World:
    """What is simulated: `effects` are the true gains of a night's new candidates.

    `ValueError` if a candidate cannot gain what it is said to.
    """

    effects: tuple[float, ...]
    of_target: int = 8  # exam tasks of a candidate's pattern; the built-in exam has as many of its commonest
    passes: float = 0.6  # the base's pass probability on every task
    swap: float = 0.0
    flake: float = 0.002

    def __post_init__(self) -> None:
        for name, values in (("effect", self.effects), ("swap", (self.swap,))):
            for value in values:
                if not (math.isfinite(value) and 0 <= value <= 1):
                    raise ValueError(f"{name} {value:g} is not a share from 0 to 1")
        if not self.effects:
            raise ValueError("no effects: a night has one candidate at least")
        failing = 1 - self.passes
        most = max(self.effects) + self.swap / 2
        if most > failing + 1e-9:
            by_chance = f" ({100 * self.swap / 2:g} % of them by chance)" if self.swap else ""
            raise ValueError(f"cannot gain {100 * most:g} % of the tasks{by_chance}: only {100 * failing:g} % fail")

    def outcomes(self, effect: float) -> NDArray[np.float64]:
        """The probabilities (4,) of a koan's result as it is seen: a win, a loss, both pass, both fail."""
        wins, losses = effect + self.swap / 2, self.swap / 2
        truth = np.array([[1 - self.passes - wins, wins], [losses, self.passes - losses]])  # [base, candidate] passes
        flip = np.array([[1 - self.flake, self.flake], [self.flake, 1 - self.flake]])  # [truth, seen]
        seen = np.clip(flip.T @ truth @ flip, 0, None)
        found = np.array([seen[0, 1], seen[1, 0], seen[1, 1], seen[0, 0]])
        return np.asarray(found / found.sum())

    def exam_loss(self, effect: float) -> float:
        """The probability that the sealed exam drops a route of this gain: at least one task lost in most runs."""
        wins, losses = effect + self.swap / 2, self.swap / 2
        right = 1 - self.flake, _majority(1 - self.flake)  # an answer is seen as it is: in the first run; and in most
        wrong = self.flake, _majority(self.flake)
        base, candidate = (wrong, right), (right, wrong)  # seen passing, by truth; seen failing, by truth
        truths = (
            (0, 0, 1 - self.passes - wins),
            (0, 1, wins),
            (1, 0, losses),
            (1, 1, self.passes - losses),
        )
        lost = sum(p * math.prod(base[before]) * math.prod(candidate[after]) for before, after, p in truths)
        return float(1 - (1 - lost) ** self.of_target)


def _majority(first: float) -> float:
    """The probability that most of `RUNS` runs agree with the first, when each comes out so with probability `first`."""
    left, more = RUNS - 1, RUNS // 2
    return sum(math.comb(left, k) * first**k * (1 - first) ** (left - k) for k in range(more, left + 1))


@dataclass(slots=True)
class _Candidate:
    number: int
    effect: float
    begun: int  # the night, from 0
    evidence: TrialEvidence = field(default_factory=TrialEvidence)
    state: TrialState = TrialState.OPEN
    settled: int | None = None  # the night
    dropped: bool = False  # by the sealed exam

    @property
    def promoted(self) -> bool:
        return self.state is TrialState.PROVEN and not self.dropped


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of the lives.

    By the night a candidate of a true gain was begun in: `at_once` is the share of those that were promoted that same
    night, `in_the_end` of those promoted by the end of the life. `false_share` is the mean over lives of the share of
    promotions that were false; a life without any counts 0. `cost` is effect -> koans asked per candidate on average,
    `given_up` effect -> share found futile, `dropped` effect -> share dropped by the sealed exam.
    """

    lives: int
    promoted_true: int
    promoted_false: int
    at_once: tuple[float, ...]
    in_the_end: tuple[float, ...]
    false_share: float
    lives_with_false: int
    cost: Mapping[float, float]
    given_up: Mapping[float, float]
    dropped: Mapping[float, float]
    koans_a_night: float


def simulate(world: World, nights: int, lives: int, seed: int, rules: Rules, *, dry: bool = False) -> Simulated:
    """Lives of `nights` nights each; the same for the same seed.

    `dry`: a candidate of a true gain finds its home as if none of the others had ever been promoted, so that the power
    of a night is that after nights without a promotion.
    """
    outcomes = {effect: world.outcomes(effect) for effect in world.effects}
    losing = {effect: world.exam_loss(effect) for effect in world.effects}
    all_candidates: list[_Candidate] = []
    true = false = with_false = 0
    shares = 0.0
    for number in range(lives):
        rng = np.random.default_rng([seed, number])
        lived = _life(world, nights, rules, rng, outcomes, losing, dry=dry)
        all_candidates += lived
        good = sum(item.promoted and item.effect > 0 for item in lived)
        bad = sum(item.promoted and item.effect == 0 for item in lived)
        true, false, with_false = true + good, false + bad, with_false + (bad > 0)
        shares += bad / (good + bad) if bad else 0.0
    begun = _by_night([item for item in all_candidates if item.effect > 0], nights)
    kinds = {
        effect: [item for item in all_candidates if item.effect == effect] for effect in sorted(set(world.effects))
    }
    return Simulated(
        lives=lives,
        promoted_true=true,
        promoted_false=false,
        at_once=tuple(_share([item.promoted and item.settled == item.begun for item in some]) for some in begun),
        in_the_end=tuple(_share([item.promoted for item in some]) for some in begun),
        false_share=shares / lives,
        lives_with_false=with_false,
        cost={effect: sum(item.evidence.asked for item in some) / len(some) for effect, some in kinds.items()},
        given_up={effect: _share([item.state is TrialState.FUTILE for item in some]) for effect, some in kinds.items()},
        dropped={effect: _share([item.dropped for item in some]) for effect, some in kinds.items()},
        koans_a_night=sum(item.evidence.asked for item in all_candidates) / (lives * nights),
    )


def _life(
    world: World,
    nights: int,
    rules: Rules,
    rng: np.random.Generator,
    outcomes: Mapping[float, NDArray[np.float64]],
    losing: Mapping[float, float],
    *,
    dry: bool,
) -> list[_Candidate]:
    """All candidates of a life, as they ended."""
    known: list[_Candidate] = []
    proven = 0
    for night in range(nights):
        known += [_Candidate(len(known) + i, effect, night) for i, effect in enumerate(world.effects)]
        for item in _night(
            [item for item in known if item.state is TrialState.OPEN], proven, rules, rng, outcomes, dry=dry
        ):
            item.settled = night
            if item.state is TrialState.PROVEN:
                item.dropped = bool(rng.random() < losing[item.effect])
                proven += not (dry and item.effect > 0)
    return known


def _night(
    asked: Sequence[_Candidate],
    proven: int,
    rules: Rules,
    rng: np.random.Generator,
    outcomes: Mapping[float, NDArray[np.float64]],
    *,
    dry: bool,
) -> list[_Candidate]:
    """Asks the open candidates batch by batch; returns those that were settled."""
    tonight = dict.fromkeys((item.number for item in asked), 0)
    settled: list[_Candidate] = []
    while True:
        sizes = {item.number: batch(item.evidence, tonight[item.number], rules) for item in asked}
        asked = [item for item in asked if sizes[item.number]]
        if not asked:
            return settled
        counts = rng.multinomial([sizes[item.number] for item in asked], [outcomes[item.effect] for item in asked])
        for item, (wins, losses, both, _) in zip(asked, counts.tolist(), strict=True):
            size = sizes[item.number]
            item.evidence += TrialEvidence(wins, losses, size, losses + both)
            tonight[item.number] += size
        alone = [item for item in asked if dry and item.effect > 0]
        states = judge_all({item.number: item.evidence for item in asked if item not in alone}, proven, rules)
        states |= {item.number: judge(item.evidence, item.number, proven, rules) for item in alone}
        for item in asked:
            item.state = states[item.number]
        done = [item for item in asked if item.state is not TrialState.OPEN]
        settled += done
        proven += sum(item.state is TrialState.PROVEN and item not in alone for item in done)
        asked = [item for item in asked if item.state is TrialState.OPEN]


def _by_night(some: Sequence[_Candidate], nights: int) -> list[list[_Candidate]]:
    begun: list[list[_Candidate]] = [[] for _ in range(nights)]
    for item in some:
        begun[item.begun].append(item)
    return begun


def _share(which: Sequence[bool]) -> float:
    return sum(which) / len(which) if which else 0.0


def summary(found: Simulated) -> dict[str, object]:
    """The figures that `sleepy gate simulate --json` prints.

    `power_by_night` holds for each night the share of the candidates of a true gain begun in it that were promoted by
    its end, over all lives; 0 where there are none.
    """
    return {
        "lives": found.lives,
        "promoted_true": found.promoted_true,
        "promoted_false": found.promoted_false,
        "power_by_night": [round(power, 4) for power in found.at_once],
        "false_share": round(found.false_share, 6),
    }


def summary_in_words(world: World, found: Simulated, nights: int, *, dry: bool = False) -> str:
    """The figures in words."""
    lines = [
        f"{found.lives} lives of {nights} nights, {len(world.effects)} new candidates a night; the base passes"
        f" {100 * world.passes:g} % of the koans, {100 * world.swap:g} % change by chance"
        + ("; each night as after nights without a promotion:" if dry else ":")
    ]
    for effect, cost in sorted(found.cost.items(), reverse=True):
        name = f"a true gain of {100 * effect:g} points" if effect else "no gain"
        dropped = f", {_percent(found.dropped[effect])} dropped by the sealed exam" if found.dropped[effect] else ""
        lines.append(
            f"  {name}: asked {cost:.0f} koans on average, {_percent(found.given_up[effect])} given up{dropped}"
        )
    if found.promoted_true or any(world.effects):
        worst = min(range(nights), key=lambda night: found.at_once[night])
        lines.append(
            f"  promoted with a true gain: {found.promoted_true}; the very night they are begun"
            f" {_percent(sum(found.at_once) / nights)} (fewest in night {worst + 1}: {_percent(found.at_once[worst])}),"
            f" in the end {_percent(sum(found.in_the_end) / nights)}"
        )
    lines.append(
        f"  promoted without any gain: {found.promoted_false}, in {found.lives_with_false} of {found.lives} lives;"
        f" their share of a life's promotions {_percent(found.false_share)} on average"
    )
    lines.append(f"  koans asked a night: {found.koans_a_night:.0f}")
    return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
