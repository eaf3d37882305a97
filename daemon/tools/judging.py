"""Judging as jobs: batches of programs, each for a sandbox of its own where it is judged.

A node's process opens its sandbox, and so probes it, before its first batch; if the probe fails, or another compiler
answers than the head's, it judges nothing. A verdict does not depend on what else is in a batch, and words that might
(those of checks that need not be exact) are asked in the batches in which one sandbox alone would ask them: so it does
not matter how many nodes there are.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sleepy.daemon.base.listener import Say
from sleepy.daemon.jobs.work import Executor, Fitness, JobKind
from sleepy.sandbox import question, screen
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
from sleepy.sandbox.verdict import Case, Verdict

BATCH = 16  # cases of a job: as many as one link of their tests takes


@dataclass(frozen=True, slots=True)
class JudgeTerms:
    """The tier that the settings ask for, and the compiler whose verdicts these are to be."""

    tier: str
    toolchain: str


@dataclass(frozen=True, slots=True)
class JudgeJob:
    """Cases to judge or, without any, programs to check."""

    cases: tuple[Case, ...] = ()
    sources: tuple[str, ...] = ()
    edition: str = "2021"
    exact: bool = True


class SpreadJudge:
    """A sandbox's judging and checking, done where the executor does it: here by the sandbox itself."""

    def __init__(self, executor: Executor, sandbox: Sandbox, tier: str) -> None:
        self._executor, self._sandbox = executor, sandbox
        terms = JudgeTerms(tier, sandbox.toolchain)
        self._work = JobKind("judge", judge, terms, here=lambda job: _judged(sandbox, job), fit=fit)

    @property
    def toolchain(self) -> str:
        return self._sandbox.toolchain

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order. Cases of one task lie together: its right answer is then built once."""
        if not self._executor.spreads:
            return self._sandbox.judge_many(cases)
        order = sorted(range(len(cases)), key=lambda i: (cases[i].edition, question.key(cases[i])))
        parts = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        return self._done(parts, [JudgeJob(cases=tuple(cases[i] for i in part)) for part in parts], len(cases))

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """As the sandbox's."""
        if not self._executor.spreads:
            return self._sandbox.check_many(sources, edition=edition, exact=exact)
        every = range(len(sources))
        parts: Sequence[Sequence[int]] = [every[start : start + BATCH] for start in every[::BATCH]]
        if not exact:
            parts = screen.groups(every, self._sandbox.workers)
        jobs = [JudgeJob((), tuple(sources[i] for i in part), edition, exact) for part in parts]
        return self._done(parts, jobs, len(sources))

    def _done(self, parts: Sequence[Sequence[int]], jobs: Sequence[JudgeJob], count: int) -> list[Verdict]:
        found: dict[int, Verdict] = {}
        for part, verdicts in zip(parts, self._executor.map(self._work, jobs), strict=True):
            found.update(zip(part, verdicts, strict=True))
        return [found[i] for i in range(count)]


def probing(tier: str, toolchain: str) -> JobKind[JudgeJob, list[Verdict]]:
    """Work that asks each node whether it can judge, by one process."""
    return JobKind("probe", judge, JudgeTerms(tier, toolchain), fit=fit, per_node=1)


def judge(terms: JudgeTerms, job: JudgeJob, _say: Say) -> list[Verdict]:
    """The verdicts of a batch, by this process's own sandbox."""
    return _judged(_opened(terms.tier), job)


def fit(terms: JudgeTerms) -> Fitness:
    """Whether this machine can judge: its sandbox holds, and its compiler is the head's."""
    try:
        found = _opened(terms.tier)
    except SandboxUnavailable as error:
        return Fitness(f"{platform.node()} has no sandbox: {error} ({error.remedy})")
    if found.toolchain != terms.toolchain:
        return Fitness(f"{platform.node()} has {found.toolchain}, the head {terms.toolchain}")
    return Fitness(tier=found.tier)


def _judged(sandbox: Sandbox, job: JudgeJob) -> list[Verdict]:
    if job.cases:
        return sandbox.judge_many(job.cases)
    return sandbox.check_many(job.sources, edition=job.edition, exact=job.exact)


@lru_cache(maxsize=1)
def _opened(tier: str) -> Sandbox:
    """This process's sandbox; its folder goes with the next that opens one, or by `leave`."""
    return Sandbox.open(tier=tier, workers=1)
