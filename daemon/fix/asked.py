"""The model alone, routed by the error, one greedy answer: what the exam measures and nights train."""

from __future__ import annotations

from collections.abc import Callable

from sleepy.daemon.fix.problem import Candidate, Problem, Trial
from sleepy.daemon.fix.voice import Voice


class Asked:
    """The rung of one greedy answer."""

    name = "model"

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        for candidate in self._voice.candidates(problem.source, problem.diagnostics, problem):
            attempt(candidate)
