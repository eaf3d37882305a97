"""Climbing: the rungs in order, each with its receipt, until a candidate is accepted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sleepy.daemon.fix.problem import Candidate, Grade, Problem, Receipt, Rung, Skipped, Trial

ORDER = ("compiler", "recall", "model", "hints", "samples", "server")  # the cheapest first


@dataclass(frozen=True, slots=True)
class Try:
    """A candidate and its trial, with the rung it came from."""

    rung: str
    trial: Trial


@dataclass(frozen=True, slots=True)
class Climb:
    """One error's way up the ladder. `found` is the trial that is gone on with."""

    problem: Problem
    receipts: tuple[Receipt, ...]
    tries: tuple[Try, ...]
    found: Try | None

    @property
    def seconds(self) -> float:
        return sum(receipt.seconds for receipt in self.receipts)

    @property
    def tokens(self) -> int:
        return sum(receipt.tokens for receipt in self.receipts)


class OutOfBudget(Exception):
    """No time, or no tries, are left."""


def climb(
    ladder: Sequence[Rung],
    problem: Problem,
    attempt: Callable[[Candidate], Trial],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Climb:
    """Tries the rungs' candidates until one is clean. Without any the first doubtful one is the find.

    `attempt` may raise `OutOfBudget`: the climb ends there with what it has.
    """
    tries: list[Try] = []
    receipts: list[Receipt] = []
    for rung in ladder:
        began, first = clock(), len(tries)
        skipped, spent = "", False

        def tried(candidate: Candidate, name: str = rung.name) -> Trial:
            trial = attempt(candidate)
            tries.append(Try(name, trial))
            return trial

        try:
            rung.solve(problem, tried)
        except Skipped as reason:
            skipped = str(reason)
        except OutOfBudget:
            spent = True
        own = [each.trial for each in tries[first:]]
        solved = any(trial.accepted for trial in own)
        tokens = sum(trial.candidate.tokens for trial in own)
        receipts.append(Receipt(rung.name, len(own), solved, clock() - began, tokens, skipped))
        if solved or spent:
            break
    found = next((each for each in tries if each.trial.accepted), None)
    if found is None:
        found = next((each for each in tries if each.trial.grade is Grade.DOUBTFUL), None)
        if found is not None:
            receipts = [_credited(each) if each.rung == found.rung else each for each in receipts]
    return Climb(problem, tuple(receipts), tuple(tries), found)


def _credited(receipt: Receipt) -> Receipt:
    return Receipt(receipt.rung, receipt.candidates, True, receipt.seconds, receipt.tokens, receipt.skipped)
