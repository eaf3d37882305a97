"""Best of n: several answers at a temperature, and the compiler picks."""

from __future__ import annotations

from collections.abc import Callable

from sleepy.daemon.fix.problem import Candidate, Problem, Trial
from sleepy.daemon.fix.voice import Voice, best

TEMPERATURE = 0.8


class Sampled:
    """The rung of samples."""

    name = "samples"

    def __init__(self, voice: Voice, samples: int) -> None:
        self._voice, self._samples = voice, samples

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        answers = self._voice.candidates(
            problem.source, problem.diagnostics, problem, samples=self._samples, temperature=TEMPERATURE
        )
        for candidate in best(answers):
            if attempt(candidate).accepted:
                return
