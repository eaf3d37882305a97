"""The exam: champion and challenger as each would be served, on the same tasks, one greedy shot each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import EXAM, Attempt, Diagnosis, attempt, diagnose, fitting, no_hint
from sleepy.daemon.day.day import task
from sleepy.daemon.gate import gate
from sleepy.daemon.gate.gate import Pair
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import relearning
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import exams
from sleepy.memory.episodic.exams import Result, Who

RUNS = 3  # a loss counts when it is lost in at least two of these
_LEAST = 10  # held-out tasks in a half; fewer say too little to stop on


@dataclass(frozen=True, slots=True)
class Sitting:
    """The attempts of both sides at the same diagnoses, in the same order."""

    baseline: tuple[Attempt, ...]
    challenger: tuple[Attempt, ...]

    def __add__(self, other: Sitting) -> Sitting:
        return Sitting((*self.baseline, *other.baseline), (*self.challenger, *other.challenger))

    def pairs(self) -> list[Pair]:
        """The paired results. A task on which the machine failed either side says nothing and is left out."""
        return [
            Pair(b.diagnosis.koan.id, b.passed, c.passed, b.diagnosis.signature, c.route)
            for b, c in zip(self.baseline, self.challenger, strict=True)
            if b.verdict.is_label and c.verdict.is_label
        ]


def diagnoses(tools: Tools, koans: Sequence[Koan]) -> list[Diagnosis]:
    """The koans with the compiler's words, without those that fail no longer here or that the model cannot hold."""
    found, _ = diagnose(koans, tools.judge)
    return fitting(found, tools.model)[0]


def sit(
    tools: Tools,
    asked: Sequence[Diagnosis],
    baseline: Served,
    challenger: Served,
    *,
    what: str,
    known: Sequence[Attempt] = (),
) -> Sitting:
    """Both sides answer. Losses are answered again, by both, until two of three runs of each agree.

    Where neither has a route both are the bare base, bit for bit: one answer is both sides'. `known` are the
    baseline's answers where it has answered all of these before.
    """
    before = list(known) or answers(tools, asked, baseline, f"{what}: baseline")
    routers = baseline.router, challenger.router
    routed = [i for i, item in enumerate(asked) if any(router.route(item.signature) for router in routers)]
    after = list(before)
    answered = answers(tools, [asked[i] for i in routed], challenger, f"{what}: challenger")
    for i, item in zip(routed, answered, strict=True):
        after[i] = item
    lost = [i for i, (b, c) in enumerate(zip(before, after, strict=True)) if b.passed and not c.passed]
    for kept, served in ((before, baseline), (after, challenger)):
        runs = [[kept[i]] for i in lost]
        for _ in range(RUNS - 1):
            tried = answers(tools, [asked[i] for i in lost], served, f"{what}: losses again")
            for run, item in zip(runs, tried, strict=True):
                run.append(item)
        for i, run in zip(lost, runs, strict=True):
            kept[i] = _most(run)
    return Sitting(tuple(before), tuple(after))


def routed_first(asked: Sequence[Diagnosis], *sides: Served) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """The tasks that a route of either side answers, and the others, each in order."""
    routed = [item for item in asked if any(side.router.route(item.signature) for side in sides)]
    ids = {id(item) for item in routed}
    return routed, [item for item in asked if id(item) not in ids]


def _most(runs: Sequence[Attempt]) -> Attempt:
    """One of the runs that say what most of them say."""
    passed = sum(item.passed for item in runs) * 2 > len(runs)
    return next(item for item in runs if item.passed == passed)


def record(tools: Tools, night: int, sitting: Sitting, aside: Mapping[str, str]) -> None:
    """Keeps every result of a sitting, by side; `aside` as in `relearning`."""
    results = [
        Result(
            task(item.diagnosis.koan), item.diagnosis.signature, who, 1, item.route and relearning.at_rest(item.route, aside), item.passed,
            item.verdict.outcome.value,
        )
        for who, attempts in ((Who.BASELINE, sitting.baseline), (Who.CHALLENGER, sitting.challenger))
        for item in attempts
    ]  # fmt: skip
    exams.record(tools.db, night, results, now=tools.now())


def answers(
    tools: Tools, asked: Sequence[Diagnosis], served: Served, what: str, *, hint: Callable[[str], str] = no_hint
) -> list[Attempt]:
    """One greedy answer each, judged."""
    out = []
    with served.on(tools.model) as model:
        for item in attempt(asked, model, tools.judge, served.router.route, chunk=EXAM, hint=hint):
            out.append(item)
            tools.say(what, len(out), len(asked))
    return out


@dataclass(frozen=True, slots=True)
class Tried:
    """The paired results of all patterns, and the answers of the routes."""

    pairs: tuple[gate.Pair, ...]
    answers: tuple[Attempt, ...]
    stopped: tuple[str, ...]  # patterns that were asked half of their tasks


def tried(tools: Tools, asked: Sequence[Diagnosis], champion: Served, trial: Served) -> Tried:
    """The held-out tasks answered by both, each pattern's second half only where the first promises something."""
    first, second = [], []
    for name in dict.fromkeys(item.signature for item in asked):
        mine = [item for item in asked if item.signature == name]
        half = len(mine) // 2 if len(mine) >= 2 * _LEAST else len(mine)
        first += mine[:half]
        second += mine[half:]
    early = sit(tools, first, champion, trial, what="held-out koans")
    waiting = {item.signature for item in second}
    hopeless = {
        name for name in waiting if gate.futile([pair for pair in early.pairs() if pair.signature == name])
    }  # fmt: skip
    rest = [item for item in second if item.signature not in hopeless]
    late = sit(tools, rest, champion, trial, what="held-out koans, second half")
    return Tried(
        (*early.pairs(), *late.pairs()), (*early.challenger, *late.challenger), tuple(sorted(hopeless))
    )  # fmt: skip


def divergences(model: LanguageModel, served: Served, attempts: Sequence[Attempt]) -> Mapping[str, float]:
    """Route -> mean KL over the tokens of the answers it gave; answers of the base are left out."""
    asked = [item for item in attempts if item.route is not None and item.answer]
    with served.on(model) as serving:
        found = serving.divergence(
            [item.prompt for item in asked], [item.answer for item in asked], [item.route for item in asked]
        )
    totals: dict[str, list[float]] = defaultdict(list)
    for item, tokens in zip(asked, found, strict=True):
        totals[str(item.route)] += tokens
    return {route: sum(values) / len(values) for route, values in totals.items() if values}
