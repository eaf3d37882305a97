"""The exam: champion and challenger as each would be served, on the same tasks, one greedy shot each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.daemon.agent.attempt import EXAM, Attempt, Diagnosis, attempt, diagnose, fitting
from sleepy.daemon.day.day import task
from sleepy.daemon.night.gate import Pair
from sleepy.daemon.serve import Served
from sleepy.daemon.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import exams
from sleepy.memory.episodic.exams import Result, Who

RUNS = 3  # a loss counts when it is lost in at least two of these


@dataclass(frozen=True, slots=True)
class Sitting:
    """The attempts of both sides at the same diagnoses, in the same order."""

    baseline: tuple[Attempt, ...]
    challenger: tuple[Attempt, ...]

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


def sit(tools: Tools, asked: Sequence[Diagnosis], baseline: Served, challenger: Served, *, what: str) -> Sitting:
    """Both sides answer. Losses are answered again, by both, until two of three runs of each agree.

    Where neither has a route both are the bare base, bit for bit: one answer is both sides'.
    """
    before = _answers(tools, asked, baseline, f"{what}: baseline")
    routers = baseline.router, challenger.router
    routed = [i for i, item in enumerate(asked) if any(router.route(item.signature) for router in routers)]
    after = list(before)
    answered = _answers(tools, [asked[i] for i in routed], challenger, f"{what}: challenger")
    for i, item in zip(routed, answered, strict=True):
        after[i] = item
    lost = [i for i, (b, c) in enumerate(zip(before, after, strict=True)) if b.passed and not c.passed]
    for kept, served in ((before, baseline), (after, challenger)):
        runs = [[kept[i]] for i in lost]
        for _ in range(RUNS - 1):
            tried = _answers(tools, [asked[i] for i in lost], served, f"{what}: losses again")
            for run, item in zip(runs, tried, strict=True):
                run.append(item)
        for i, run in zip(lost, runs, strict=True):
            kept[i] = _most(run)
    return Sitting(tuple(before), tuple(after))


def _most(runs: Sequence[Attempt]) -> Attempt:
    """One of the runs that say what most of them say."""
    passed = sum(item.passed for item in runs) * 2 > len(runs)
    return next(item for item in runs if item.passed == passed)


def record(tools: Tools, night: int, sitting: Sitting) -> None:
    """Keeps every result of a sitting, by side."""
    results = [
        Result(
            task(item.diagnosis.koan), item.diagnosis.signature, who, 1, item.route, item.passed,
            item.verdict.outcome.value,
        )
        for who, attempts in ((Who.BASELINE, sitting.baseline), (Who.CHALLENGER, sitting.challenger))
        for item in attempts
    ]  # fmt: skip
    exams.record(tools.db, night, results, now=tools.now())


def _answers(tools: Tools, asked: Sequence[Diagnosis], served: Served, what: str) -> list[Attempt]:
    out = []
    with served.on(tools.model) as model:
        for item in attempt(asked, model, tools.judge, served.router.route, chunk=EXAM):
            out.append(item)
            tools.say(what, len(out), len(asked))
    return out
