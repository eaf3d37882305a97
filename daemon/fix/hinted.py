"""The model with a hint, and in turns: each goes on from the errors that the answer before it left."""

from __future__ import annotations

from collections.abc import Callable

from sleepy.daemon.fix.problem import Candidate, Problem, Trial
from sleepy.daemon.fix.voice import Voice
from sleepy.sandbox.verdict import Outcome


class Hinted:
    """The rung of hints and turns. `hint` is asked by an error's signature; '' where there is none."""

    name = "hints"

    def __init__(self, voice: Voice, hint: Callable[[str], str], turns: int) -> None:
        self._voice, self._hint, self._turns = voice, hint, turns

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        source, diagnostics, hint = problem.source, problem.diagnostics, self._hint(problem.signature)
        others = {(each.code, each.message) for each in problem.diagnostics[1:]}
        for _ in range(self._turns):
            (candidate,) = self._voice.candidates(source, diagnostics, problem, hint=hint)
            trial = attempt(candidate)
            left = tuple(each for each in trial.after if each.primary is not None)
            if (
                trial.accepted
                or trial.checked is None
                or trial.checked.outcome is not Outcome.COMPILE_ERROR
                or not left
            ):
                return
            source = candidate.source
            diagnostics = tuple(sorted(left, key=lambda each: (each.code, each.message) in others))  # its own first
