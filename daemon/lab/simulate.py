"""Simulates nights that the real gate decides: how often luck is promoted, and how often a real gain is.

Every simulated night has an exam and a held-out set for one target pattern, with fresh tasks. The challenger's routes
answer only the pattern's tasks; all others get the champion's own answers, the same text, whose verdict is remembered.
`effect` is the share of the pattern's tasks that is truly gained; `swap` the share that changes by chance, as likely
for better as for worse. Any single routed answer flips with probability `flake` (a failing machine). Losses are
answered again, as in a real exam.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from statistics import median

from sleepy.daemon.gate.blame import prune
from sleepy.daemon.gate.gate import Decision, Pair, Rules, Trial, decide, futile
from sleepy.daemon.night.exam import RUNS
from sleepy.daemon.stats.spending import level
from sleepy.memory.parametric.router import Router

TARGET = "E0000:the target pattern@fn"
MONTH = 30  # nights
OTHER = "E0001:another pattern@fn"


@dataclass(frozen=True, slots=True)
class World:
    """What is simulated. The default sizes are the built-in exam's and the default number of held-out koans."""

    effect: float
    exam: int = 522
    of_target: int = 8  # exam tasks of the target pattern
    held_out: int = 40
    passes: float = 0.6  # the champion's pass probability on every task
    swap: float = 0.0
    flake: float = 0.002

    def __post_init__(self) -> None:
        failing = 1 - self.passes
        if self.effect + self.swap / 2 > failing + 1e-9:
            raise ValueError(
                f"cannot gain {100 * (self.effect + self.swap / 2):.0f} % of the tasks: only {100 * failing:.0f} % fail"
            )


@dataclass(frozen=True, slots=True)
class Simulated:
    """The nights' decisions. `waits` holds, for each promotion, the number of nights since the one before."""

    decisions: Counter[Decision]
    waits: tuple[int, ...]

    @property
    def median_wait(self) -> float | None:
        return median(self.waits) if self.waits else None


def simulate(world: World, nights: int, seed: int, *, alpha: float, margin: float, fresh: bool = True) -> Simulated:
    """The decisions of `nights` nights. `fresh`: each is the first of a month; otherwise they follow one another."""
    rng = random.Random(seed)
    decisions: Counter[Decision] = Counter()
    waits: list[int] = []
    past: list[bool] = []
    waited = 0
    for number in range(nights):
        rules = Rules(alpha, level([] if fresh else past, alpha), margin)
        found = _night(world, rules, rng)
        decisions[found] += 1
        promoted = found is Decision.PROMOTE
        past = [*past, promoted] if (number + 1) % MONTH else []
        waited += 1
        if promoted:
            waits.append(waited)
            waited = 0
    return Simulated(decisions, tuple(waits))


def _night(world: World, rules: Rules, rng: random.Random) -> Decision:
    held_out = [_pair(world, rng, f"h{i}", target=True) for i in range(world.held_out)]
    half = held_out[: len(held_out) // 2]
    trial = Trial.of(TARGET, half if futile(half) else held_out)
    routed = trial.earns(rules)
    exam = [_pair(world, rng, f"e{i}", target=routed and i < world.of_target) for i in range(world.exam)]
    judged = decide(exam, [trial], rules)
    left = prune(exam, judged.lost, Router({TARGET: TARGET} if routed else {}), Router(), Router())
    if judged.lost and left.pairs is not None:
        judged = decide(left.pairs, [trial], rules, dropped=left.dropped)
    return judged.decision


def _pair(world: World, rng: random.Random, name: str, *, target: bool) -> Pair:
    before = rng.random() < world.passes
    if not target:
        return Pair(name, before, before, OTHER, None)
    after = before
    if rng.random() < world.swap / 2 / (world.passes if before else 1 - world.passes):
        after = not before
    elif not before and rng.random() < world.effect / (1 - world.passes):
        after = True

    def seen(truth: bool) -> bool:
        return truth != (rng.random() < world.flake)

    shown, runs = seen(before), [seen(after)]
    if shown and not runs[0]:  # a loss counts when most runs agree
        runs += [seen(after) for _ in range(RUNS - 1)]
    return Pair(name, shown, runs[0] if len(runs) == 1 else sum(runs) >= 2, TARGET, TARGET)


def summary(found: Simulated, nights: int, effect: float) -> dict[str, object]:
    """The figures that `sleepy gate simulate --json` prints."""
    return {
        "nights": nights,
        "effect": effect,
        "promoted": found.decisions[Decision.PROMOTE],
        "rejected": found.decisions[Decision.REJECT],
        "inconclusive": found.decisions[Decision.INCONCLUSIVE],
        "nights_to_promote_median": found.median_wait,
    }


def summary_in_words(world: World, figures: dict[str, object]) -> str:
    """The figures in words."""
    median_wait = figures["nights_to_promote_median"]
    return (
        f"{figures['nights']} nights, exam of {world.exam}, {world.held_out} held-out tasks of the target pattern, "
        f"true gain {100 * world.effect:g} points:\n"
        f"  promoted {figures['promoted']}, rejected {figures['rejected']}, inconclusive {figures['inconclusive']}"
        + (f"; nights to a promotion: {median_wait:g} (median)" if isinstance(median_wait, int | float) else "")
    )
