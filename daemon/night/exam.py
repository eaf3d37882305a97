"""The exam: champion and challenger answer the same tasks, each as it would be served, with one greedy answer each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import EXAM, Attempt, Diagnosis, attempt, diagnose, fitting, no_hint
from sleepy.daemon.day.day import task
from sleepy.daemon.gate.gate import Pair
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import relearning
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools import answering
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import exams
from sleepy.memory.episodic.exams import Result, Who

RUNS = 3  # a task counts as lost if it is lost in at least two of these runs


@dataclass(frozen=True, slots=True)
class Sitting:
    """Both sides' attempts at the same diagnoses, in the same order."""

    baseline: tuple[Attempt, ...]
    challenger: tuple[Attempt, ...]

    def __add__(self, other: Sitting) -> Sitting:
        return Sitting((*self.baseline, *other.baseline), (*self.challenger, *other.challenger))

    def pairs(self) -> list[Pair]:
        """The paired results. A task is left out if the machine failed on it for either side."""
        return [
            Pair(b.diagnosis.koan.id, b.passed, c.passed, b.diagnosis.signature, c.route)
            for b, c in zip(self.baseline, self.challenger, strict=True)
            if b.verdict.is_label and c.verdict.is_label
        ]


def diagnoses(tools: Tools, koans: Sequence[Koan]) -> list[Diagnosis]:
    """The koans with their diagnostics, without those that no longer fail here or do not fit the model's context."""
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
    """Has both sides answer the tasks and returns their attempts.

    Tasks that the challenger lost are answered again by both sides; the majority of `RUNS` runs counts. Where neither
    side has a route both are the bare base, bit for bit, so one answer serves for both. `known` holds the baseline's
    answers if it has answered all of these tasks before.
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
            kept[i] = _majority(run)
    return Sitting(tuple(before), tuple(after))


def routed_first(asked: Sequence[Diagnosis], *sides: Served) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """The tasks that a route of either side answers, then all others, each in the given order."""
    routed = [item for item in asked if any(side.router.route(item.signature) for side in sides)]
    ids = {id(item) for item in routed}
    return routed, [item for item in asked if id(item) not in ids]


def _majority(runs: Sequence[Attempt]) -> Attempt:
    """A run whose result is the majority's."""
    passed = sum(item.passed for item in runs) * 2 > len(runs)
    return next(item for item in runs if item.passed == passed)


def record(tools: Tools, night: int, sitting: Sitting, aside: Mapping[str, str]) -> None:
    """Records every result of a sitting, by side; `aside` as in `relearning`."""
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
    """One judged greedy answer per task."""
    out: list[Attempt] = []
    with served.on(tools.model) as model:
        by = answering.answers(tools, served.answering, lambda: tools.say(what, len(out), len(asked)))
        for item in attempt(asked, model, tools.judge, served.router.route, chunk=EXAM, hint=hint, answers=by):
            out.append(item)
            tools.say(what, len(out), len(asked))
    return out


def divergences(model: LanguageModel, served: Served, attempts: Sequence[Attempt]) -> Mapping[str, float]:
    """Route -> its mean KL to the base per token of the answers it gave; the base's own answers are left out."""
    asked = [item for item in attempts if item.route is not None and item.answer]
    with served.on(model) as serving:
        found = serving.divergence(
            [item.prompt for item in asked], [item.answer for item in asked], [item.route for item in asked]
        )
    totals: dict[str, list[float]] = defaultdict(list)
    for item, tokens in zip(asked, found, strict=True):
        totals[str(item.route)] += tokens
    return {route: sum(values) / len(values) for route, values in totals.items() if values}
