"""Many programs checked at once: groups as modules of one check, the rest alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sleepy.sandbox import batch
from sleepy.sandbox.compiler import Compiler
from sleepy.sandbox.pool import Rooms
from sleepy.sandbox.verdict import Outcome, Verdict

_ROUNDS = 5  # a program that does not parse costs its batch one; beyond these, checks alone are cheaper


def check(compiler: Compiler, root: Path, source: str, edition: str) -> Verdict:
    """A single check."""
    with Rooms(root) as rooms:
        return compiler.check(rooms.new(), source, edition)


def group(single: Callable[[str], Verdict], sources: Sequence[str], *, exact: bool) -> list[Verdict | None]:
    """Verdicts of programs checked as modules of one file; None where only a check alone can tell.

    `single` checks one file: what is asked of it here are whole batches.
    """
    verdicts: list[Verdict | None] = [None] * len(sources)
    left = list(range(len(sources)))
    canary = True  # until every phase that finds errors ran; without it lints run as well
    for _ in range(_ROUNDS):
        if len(left) < 2:
            break
        composed = batch.compose([sources[i] for i in left], canary=canary)
        verdict = single(composed.text)
        if verdict.passed and not canary:
            for i in left:
                verdicts[i] = Verdict(Outcome.PASS, stage_ms=verdict.stage_ms, tier=verdict.tier)
            return verdicts
        if verdict.outcome is not Outcome.COMPILE_ERROR:
            return verdicts  # the canary alone makes an error: anything else is not ours to split
        found = batch.split(composed, verdict.diagnostics)
        if found.stray or not (found.by_program or found.whole):
            return verdicts
        for place, mistakes in found.by_program.items():
            if found.whole and batch.trustworthy(mistakes, exact=exact):
                verdicts[left[place]] = Verdict(
                    Outcome.COMPILE_ERROR, tuple(mistakes), stage_ms=verdict.stage_ms, tier=verdict.tier
                )
        canary = canary and not found.whole
        left = [i for place, i in enumerate(left) if place not in found.by_program]
    return verdicts
