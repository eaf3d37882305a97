"""The user's own functions, broken to practise on: which of them give what, and the koans made of them.

A quarter of the functions are examined only: cases, of which no version may lose one that its champion solves. Of the
others some are kept for trials, the rest gives lessons. A function's side hangs on its crate, file and name alone, so
that it stays there while its text changes. A question may show one of the others as it stands, beside the broken one: what
is learnt is the answer alone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from enum import StrEnum

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.day import shelf
from sleepy.daemon.day.difficulty import Difficulty
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.functions import CrateFunction, broken, functions
from sleepy.koans.forge.mistakes import CRATE_MISTAKES, MISTAKES, Mistake
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import recall

SECONDS = 120.0  # of judging in crates that a practice, or a night's cases, may be expected to take
_JUDGED = 4  # judgements for each koan: its question, its answer, and what is explored
CASES = 2  # of a function
_MOST_CASES = 32
_TRIED = 12  # mistakes made in a function for its cases at most
_FRUITLESS = 4  # rounds without a koan
EVERY = (*MISTAKES, *CRATE_MISTAKES)


class FunctionSide(StrEnum):
    """What a function is there for."""

    TAUGHT = "taught"
    HELD_OUT = "held out"  # asked in trials; it gives no lesson
    CASES = "cases"  # asked in the exam; it is not practised on


def side(base: str) -> FunctionSide:
    """The side of a function, by its koans' base."""
    if shelf.is_case(base):
        return FunctionSide.CASES
    return FunctionSide.HELD_OUT if shelf.is_held_out(base) else FunctionSide.TAUGHT


def sides(tools: Tools) -> dict[FunctionSide, list[CrateFunction]]:
    """The functions of the crates that can be practised on, as they are now.

    One that is nearly the same as a function of cases is on no side, nor is one in which a repair was learnt that was made
    outside of practice (its developer's, or one of `fix`), unless it is there to be taught.
    """
    found: dict[FunctionSide, list[CrateFunction]] = {each: [] for each in FunctionSide}
    if tools.crates is None:
        return found
    everything = [item for crate in tools.crates.ready() for item in crate.functions]
    learnt = _learnt(tools, {item.file for item in everything})
    for item in everything:
        where = side(item.base)
        if where is FunctionSide.TAUGHT or item.base not in learnt:
            found[where].append(item)
    private = library.Firewall(
        Koan(item.base, "items", "", item.source, item.source, base=item.base) for item in found[FunctionSide.CASES]
    )
    for each in (FunctionSide.TAUGHT, FunctionSide.HELD_OUT):
        found[each] = [item for item in found[each] if private.blocks_source(item.source) is None]
    return found


def practice(tools: Tools, seed: int, count: int, *, known: Difficulty, exam: Sequence[Koan]) -> list[Diagnosis]:
    """Up to `count` koans of functions that tests come to, mistakes of mixed outcome oftener; fewer where crates are slow."""
    there = sides(tools)
    open_ = [*there[FunctionSide.TAUGHT], *there[FunctionSide.HELD_OUT]]
    if tools.crates is None or not open_:
        return []
    firewall = library.Firewall(exam)
    rng = random.Random(f"own code {seed}")
    count = min(count, _afforded(tools.crates.slowest))
    found: list[Diagnosis] = []
    seen: set[str] = set()
    fruitless = 0
    until = time.monotonic() + SECONDS
    while len(found) < count and fruitless < _FRUITLESS and time.monotonic() < until:
        made = []
        for item in rng.choices(open_, k=count - len(found)):
            tools.say(PRACTICE, len(found), count)  # whoever listens may end it here
            if not tools.crates.runs(item):
                continue
            koan = next(broken(item, _order(known, rng), rng), None)
            if koan is not None and koan.digest not in seen and firewall.blocks(koan) is None:
                seen.add(koan.digest)
                made.append(koan)
        some = diagnose(made, tools.judge)[0]
        found += some
        fruitless = 0 if some else fruitless + 1
    return found


def cases(tools: Tools) -> list[Diagnosis]:
    """The cases: the same as long as the functions are (where crates are slow, of some of them). None is practised or taught."""
    private = sides(tools)[FunctionSide.CASES]
    if tools.crates is None or not private:
        return []
    most = min(_MOST_CASES, _afforded(tools.crates.slowest))
    found: list[Diagnosis] = []
    until = time.monotonic() + SECONDS
    for item in sorted(private, key=lambda item: item.base):
        if len(found) >= most or time.monotonic() > until:
            break
        tools.say("your functions", len(found), most)
        if tools.crates.runs(item):
            found += _cases(tools, item)[: most - len(found)]
    return found


def _cases(tools: Tools, function: CrateFunction) -> list[Diagnosis]:
    """A function's cases, of different mistakes."""
    rng = random.Random(f"cases {function.base}")
    found: list[Diagnosis] = []
    drafts = broken(function, rng.sample(EVERY, len(EVERY)), rng)
    for _ in range(_TRIED):
        koan = next(drafts, None)
        if koan is None or len(found) == CASES:
            break
        found += diagnose([koan], tools.judge)[0]
    return found


def _order(known: Difficulty, rng: random.Random) -> list[Mistake]:
    """All mistakes, those that practice teaches most by rather first."""
    keyed = [(rng.random() ** (1 / known.weight(f"forge:{item.name}")), i) for i, item in enumerate(EVERY)]
    return [EVERY[i] for _, i in sorted(keyed, reverse=True)]


def _afforded(seconds: float) -> int:
    """How many koans can be asked in the time there is, where a check and the tests take so long."""
    return max(1, int(SECONDS / _JUDGED / max(seconds, 0.1)))


def _learnt(tools: Tools, files: set[str]) -> set[str]:
    """The bases of functions in which a repair outside of practice was learnt."""
    found: set[str] = set()
    for name, was, now in recall.learnt_in(tools.db, files):
        old = {item.name: item.source for item in functions(name, was)}
        found |= {item.base for item in functions(name, now) if old.get(item.name) != item.source}
    return found
