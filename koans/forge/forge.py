"""Makes koans without end: a correct program, renamed, broken in one place, verified by the compiler.

The same seed gives the same koans. The judge is an argument: anything that can check many programs at once.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from sleepy.koans.forge.mistakes import MISTAKES, Mistake
from sleepy.koans.forge.variation import renamed, renaming
from sleepy.koans.koan import Koan, digest
from sleepy.koans.program import Program
from sleepy.koans.syntax import ParsedSource

WAVE = 256  # programs checked together
# Slips and misspellings can be made in any line: without a limit of their own they would be most of what is made.
_PLACES = {"syntax": 1, "names": 2}


class CheckResult(Protocol):
    """What a judge says of one program."""

    @property
    def passed(self) -> bool: ...


class Checker(Protocol):
    """Anything that can check many programs, in order."""

    def check_many(self, sources: Sequence[str], *, exact: bool = True) -> Sequence[CheckResult]: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A broken program not yet checked."""

    program: Program
    mistake: Mistake
    broken: str


def renamed_program(program: Program, rng: random.Random) -> Program:
    """The program and its tests under other names; its base stays that of the original."""
    names = renaming(program.source + program.tests, rng)
    return Program(program.name, renamed(program.source, names), renamed(program.tests, names))


def drafts(
    program: Program, rng: random.Random, *, a_mistake: int, mistakes: Iterable[Mistake] = MISTAKES
) -> list[Draft]:
    """Up to `a_mistake` places for each mistake (fewer for slips and names), without two equal broken programs."""
    source = _parsed(program.source)
    seen = {program.source}
    out: list[Draft] = []
    for mistake in mistakes:
        places = list(mistake.places(source))
        rng.shuffle(places)
        kept = 0
        for changes in places:
            broken = source.changed(changes)
            if broken in seen:
                continue
            seen.add(broken)
            out.append(Draft(program, mistake, broken))
            kept += 1
            if kept >= min(a_mistake, _PLACES.get(mistake.family, a_mistake)):
                break
    return out


@lru_cache(maxsize=512)  # practice comes back to the same programs with another mistake each time
def _parsed(text: str) -> ParsedSource:
    return ParsedSource(text)


def forge(
    bases: Sequence[Program],
    judge: Checker,
    seed: int,
    *,
    a_mistake: int = 2,
    rename: float = 0.6,
    mistakes: Sequence[Mistake] = MISTAKES,
    exact: bool = True,
) -> Iterator[tuple[Koan, CheckResult]]:
    """Koans that fail to compile, each with the verdict on its broken program; endless, round after round.

    `rename` is the share of programs that are renamed first; the first round of a
    program with rename 0 is the program as written. With `exact` off the diagnostics may come from
    a check shared with other programs (see `Sandbox.check_many`).
    """
    number = 0
    while True:
        rng = random.Random(f"forge {seed} {number}")
        number += 1
        order = list(bases)
        rng.shuffle(order)
        waiting: list[Draft] = []
        variants = [renamed_program(base, rng) if rng.random() < rename else base for base in order]
        sound = judge.check_many([variant.source for variant in variants], exact=exact)
        for base, variant, verdict in zip(order, variants, sound, strict=True):
            program = variant if verdict.passed else base
            split = Program(base.base, program.source, program.tests)
            made = drafts(program, rng, a_mistake=a_mistake, mistakes=mistakes)
            waiting += [Draft(split, draft.mistake, draft.broken) for draft in made]
            while len(waiting) >= WAVE:
                yield from _verified(waiting[:WAVE], judge, exact)
                waiting = waiting[WAVE:]
        yield from _verified(waiting, judge, exact)


def practice(
    bases: Sequence[Program],
    judge: Checker,
    seed: int,
    count: int,
    *,
    mistakes: Sequence[Mistake] = MISTAKES,
    exact: bool = True,
) -> list[tuple[Koan, CheckResult]]:
    """`count` koans of the programs as they are written, every mistake as often as it stands in `mistakes`.

    The programs' own names are kept, so that their tests, verified once, hold. Fewer come back when the
    programs have no more places.
    """
    rng = random.Random(f"practice {seed}")
    out: list[tuple[Koan, CheckResult]] = []
    seen: set[str] = set()
    fruitless = 0
    while len(out) < count and fruitless < 3:
        waiting: list[Draft] = []
        while len(waiting) < min(WAVE, count - len(out)) and fruitless < 3:
            before = len(waiting)
            for mistake in rng.sample(list(mistakes), len(mistakes)):
                base = rng.choice(bases)
                for draft in drafts(base, rng, a_mistake=1, mistakes=[mistake]):
                    if draft.broken not in seen:
                        seen.add(draft.broken)
                        waiting.append(Draft(Program(base.base, base.source, base.tests), mistake, draft.broken))
            fruitless = 0 if len(waiting) > before else fruitless + 1
        found = list(_verified(waiting, judge, exact))
        fruitless = 0 if found else fruitless + 1
        out += found
    rng.shuffle(out)
    return out[:count]


def _verified(waiting: Sequence[Draft], judge: Checker, exact: bool) -> Iterator[tuple[Koan, CheckResult]]:
    for draft, verdict in zip(waiting, judge.check_many([item.broken for item in waiting], exact=exact), strict=True):
        if not verdict.passed:
            yield koan(draft), verdict


def koan(draft: Draft) -> Koan:
    """The koan of a draft. The program's name is its base: the split's key."""
    return Koan(
        id=f"{draft.mistake.name}-{digest(draft.broken, draft.program.tests)[:12]}",
        family=draft.mistake.family,
        title=draft.mistake.title,
        broken=draft.broken,
        fixed=draft.program.source,
        tests=draft.program.tests,
        origin=f"forge:{draft.mistake.name}",
        base=draft.program.name,
        mistake=draft.mistake.name,
    )
