"""The shelf as the daemon uses it: koans to practise, forged or the user's own; none is near to an exam koan."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import cast

from sleepy.daemon.attempt.attempt import Diagnosis, Judge, case_of, diagnose
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import prompt
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.forge import practice as forged
from sleepy.koans.forge.mistakes import BY_NAME, MISTAKES, Mistake
from sleepy.koans.koan import CRATE, Koan
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Verdict

_WAVE = 64  # koans judged together


def diagnosed(koan: Koan, verdict: Verdict) -> Diagnosis | None:
    """The koan with the compiler's words; None when no error has a place in the program."""
    found = prompt.errors(verdict.diagnostics)
    return Diagnosis(koan, verdict.diagnostics, signature(found[0], koan.broken)) if found else None


def practice(
    judge: Judge, seed: int, count: int, *, exam: Sequence[Koan], mistakes: Sequence[Mistake] = MISTAKES
) -> list[Diagnosis]:
    """Koans of the practice side, all mistakes alike; none is near to an exam koan."""
    bases, _ = library.sides()
    firewall = library.Firewall(exam)
    made = forged(bases, judge, seed, count, mistakes=mistakes)
    found = [diagnosed(koan, cast(Verdict, verdict)) for koan, verdict in made if firewall.blocks(koan) is None]
    return [item for item in found if item is not None]


def forged_koans(
    judge: Judge, seed: int, count: int, *, names: Sequence[str] = (), templates: bool = False
) -> Iterator[Koan]:
    """Koans verified both ways, of the mistakes or templates named, or of all. `UserError` for an unknown name."""
    from sleepy.koans.forge import template  # here: days and nights make no use of templates

    known: Mapping[str, object] = template.load_templates() if templates else BY_NAME
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            raise UserError(
                f"there is no mistake {name!r}",
                remedy=f"did you mean {near[0]}?" if near else f"the mistakes are {', '.join(known)}",
            )
    firewall = library.Firewall(library.exam())
    made = 0
    for wave in _waves(judge, seed, names, templates):
        fit = [koan for koan in wave if firewall.blocks(koan) is None]
        verdicts = judge.judge_many([case_of(koan, text) for koan in fit for text in (koan.broken, koan.fixed)])
        for koan, broken, fixed in zip(fit, verdicts[::2], verdicts[1::2], strict=True):
            if not broken.passed and broken.is_label and fixed.passed:
                yield koan
                made += 1
                if made == count:
                    return


def _waves(judge: Judge, seed: int, names: Sequence[str], templates: bool) -> Iterator[list[Koan]]:
    if templates:
        from sleepy.koans.forge import template

        known = template.load_templates()
        drafts = template.drafts(random.Random(seed), templates=[known[name] for name in names or known])
        while wave := list(islice(drafts, _WAVE)):
            yield wave
        return
    bases, _ = library.sides()
    mistakes = [BY_NAME[name] for name in names] or list(MISTAKES)
    number = 0
    while wave := [koan for koan, _ in forged(bases, judge, seed + number, _WAVE, mistakes=mistakes)]:
        yield wave
        number += 1


def own(judge: Judge, seed: int, count: int, *, folder: Path, exam: Sequence[Koan]) -> list[Diagnosis]:
    """At most `count` of the user's koans, chosen by seed; none that is near to an exam koan or kept as a case."""
    firewall = library.Firewall(exam)
    theirs = library.load(folder) if folder.is_dir() else []
    found = [koan for koan in theirs if firewall.blocks(koan) is None and not is_case(koan.base)]
    return diagnose(random.Random(seed).sample(found, min(count, len(found))), judge)[0]


def cases(tools: Tools) -> list[Koan]:
    """The user's koans that are never practised or taught: what a champion solves of them may not be lost."""
    folder = tools.home.koans
    return [koan for koan in library.load(folder) if is_case(koan.base)] if folder.is_dir() else []


def sealed(tools: Tools) -> library.Firewall:
    """Keeps the exam and the user's cases out of practice and lessons."""
    return library.Firewall([*tools.exam, *cases(tools)])


def is_held_out(base: str) -> bool:
    """Whether a practice program, a template's shape or a user's function is kept for held-out koans or the exam.

    Its koans give no lesson.
    """
    if base.startswith("template:"):
        from sleepy.koans.forge import template  # here: days make no use of templates

        return template.is_held_out(base)
    return library.is_exam(base, share=0.3, salt="held out") or (base.startswith(CRATE) and is_case(base))


def is_case(base: str) -> bool:
    """Whether a program or function of the user's is never practised or taught, but examined."""
    return library.is_exam(base, share=0.25, salt="yours")


def mistakes_behind(origins: Sequence[str]) -> list[Mistake]:
    """The forge's mistakes that koans of these origins were made by; all of them when none is known."""
    names = {origin.removeprefix("forge:") for origin in origins if origin.startswith("forge:")}
    return [BY_NAME[name] for name in sorted(names) if name in BY_NAME] or list(MISTAKES)
