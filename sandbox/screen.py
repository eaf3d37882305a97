"""Checks many programs at once: groups as modules of one file, the rest alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sleepy.sandbox import batch
from sleepy.sandbox.verdict import Outcome, Verdict

_ROUNDS = 4  # what silences its batch costs it one; beyond these, checks alone are cheaper

CheckOne = Callable[[str], Verdict]  # of one file, which may be a whole batch


def batch_size(programs: int, workers: int) -> int:
    """Programs of a batch: sixteen, and more where every worker has a batch already.

    A batch costs a start of the compiler and 3 ms a program (16 take 75 ms, 80 take 360), and one more at the end.
    """
    return max(batch.SIZE, min(batch.LARGEST, -(-programs // workers)))


def groups(items: Sequence[int], workers: int) -> list[list[int]]:
    """Items in batches of the right size, all about as large, and as many for every worker."""
    count = -(-len(items) // batch_size(len(items), workers))
    count = -(-count // workers) * workers if count > workers else count
    return [list(items[i::count]) for i in range(count)]


def failing(check: CheckOne, sources: Sequence[str], *, exact: bool = True) -> dict[int, Verdict | None]:
    """The programs of a batch that fail, by place; None where only a check alone can tell how.

    The others were found free of errors, lints aside. With `exact` off a suggestion may name an item of a
    neighbour's.
    """
    found: dict[int, Verdict | None] = {}
    left = list(range(len(sources)))
    names = [batch.names(source) for source in sources]
    for _ in range(_ROUNDS):
        if len(left) < 2:
            break
        composed = batch.compose([sources[i] for i in left])
        verdict = check(composed.text)
        seen = batch.split(composed, verdict.diagnostics)
        if verdict.outcome is not Outcome.COMPILE_ERROR or seen.stray or not (seen.by_program or seen.whole):
            break  # the canary alone makes an error: anything else is not ours to split
        types = frozenset[str]().union(*(names[i].types for i in left)) if exact else frozenset[str]()
        for place, mistakes in seen.by_program.items():
            i = left[place]
            known = seen.whole and batch.trustworthy(mistakes, names[i], types)
            found[i] = replace(verdict, diagnostics=tuple(mistakes), detail="") if known else None
        left = [i for place, i in enumerate(left) if place not in seen.by_program]
        if seen.whole:
            return found
    return found | dict.fromkeys(left)


def failed(check: CheckOne, sources: Sequence[str]) -> list[Verdict | None]:
    """Verdicts of programs with errors; None where only a check alone can tell."""
    if len(sources) == 1:
        return [check(sources[0])]
    found = failing(check, sources)
    return [found.get(i) for i in range(len(sources))]


def passing(check: CheckOne, sources: Sequence[str]) -> list[Verdict | None]:
    """Verdicts of programs of which no errors are known: PASS, or None where only a check alone can tell."""
    if len(sources) == 1:
        return [check(sources[0])]
    verdicts: list[Verdict | None] = [None] * len(sources)
    left = list(range(len(sources)))
    for _ in range(_ROUNDS):
        if len(left) < 2:
            break
        composed = batch.compose([sources[i] for i in left], canary=False)
        verdict = check(composed.text)
        if verdict.passed:
            for i in left:
                verdicts[i] = verdict
            break
        seen = batch.split(composed, verdict.diagnostics)
        if verdict.outcome is not Outcome.COMPILE_ERROR or not seen.by_program:
            break
        left = [i for place, i in enumerate(left) if place not in seen.by_program]
    return verdicts
