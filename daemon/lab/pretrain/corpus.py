"""The corpus of the built-in model: mistakes as (prompt, answer) pairs, and plain Rust beside them.

They are forged from the project's own programs, written from templates, and made in place in real crates.

Held-back codes never occur as the error to repair, so that nights have something to learn. Bases of
the exam's side of the split are left out altogether, and so is whatever is near to an exam koan.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import cast

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import edits, prompt
from sleepy.daemon.model.source import HELD_BACK
from sleepy.daemon.model.window import LIMIT, holds_code
from sleepy.koans.forge.forge import WAVE, Checker, forge
from sleepy.koans.forge.template import drafts
from sleepy.koans.koan import Koan
from sleepy.koans.library import Firewall
from sleepy.koans.program import Program
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Verdict

_ANSWER = 200  # characters of an answer at most: longer ones are rewrites, not repairs


@dataclass(frozen=True, slots=True)
class Sample:
    """One verified repair as the model is asked and answers."""

    prompt: str
    answer: str
    code: str
    signature: str
    mistake: str
    base: str


def sample(koan: Koan, verdict: Verdict, *, lines: int = LIMIT) -> Sample | None:
    """The koan as a sample; None when its repair cannot be said in span edits within a window of `lines` lines."""
    found = prompt.errors(verdict.diagnostics)
    if not found:
        return None
    try:
        asked = prompt.compose(koan.broken, verdict.diagnostics, lines=lines)
        answer = prompt.answer(koan.broken, koan.fixed, asked)
        again = edits.apply(koan.broken, asked.source_edits(answer))
    except edits.EditError:
        return None
    if len(answer) > _ANSWER or _code(again) != _code(koan.fixed):
        return None
    return Sample(
        asked.text, answer, found[0].code or "none", signature(found[0], koan.broken), koan.mistake, koan.base
    )


def _code(source: str) -> list[str]:
    """The lines of code without their layout: what an answer must bring back."""
    return [" ".join(line.split()) for line in source.split("\n") if holds_code(line)]


def samples(
    bases: Sequence[Program],
    judge: Checker,
    firewall: Firewall,
    seed: int,
    *,
    rename: float,
    held_back: frozenset[str] = HELD_BACK,
    lines: int = LIMIT,
) -> Iterator[Sample]:
    """Endless samples without the held-back codes and without what is near to the exam."""
    for koan, checked in forge(bases, judge, seed, a_mistake=4, rename=rename, exact=False):
        made = sample(koan, cast(Verdict, checked), lines=lines)
        if made is not None and made.code not in held_back and firewall.blocks(koan) is None:
            yield made


def templated(
    judge: Checker, firewall: Firewall, seed: int, *, held_back: frozenset[str] = HELD_BACK, lines: int = LIMIT
) -> Iterator[Sample]:
    """Endless samples of short whole programs, verified both ways; the same rules as for `samples`."""
    made = drafts(random.Random(f"templates {seed}"))
    while True:
        koans = list(islice(made, WAVE))
        broken = judge.check_many([koan.broken for koan in koans], exact=False)
        fixed = judge.check_many([koan.fixed for koan in koans])
        for koan, checked, right in zip(koans, broken, fixed, strict=True):
            if checked.passed or not right.passed or firewall.blocks(koan) is not None:
                continue
            item = sample(koan, cast(Verdict, checked), lines=lines)
            if item is not None and item.code not in held_back:
                yield item


def limited(made: Iterator[Sample], count: int) -> Iterator[Sample]:
    """The first `count` samples."""
    return islice(made, count)


def balanced(
    pool: Sequence[Sample], rng: random.Random, *, a_code: float = 0.1, a_mistake: float = 0.02
) -> list[Sample]:
    """The pool with no code above a share `a_code` and no mistake of the forge above `a_mistake` of it."""
    limits = a_code * len(pool), a_mistake * len(pool)
    codes: Counter[str] = Counter()
    mistakes: Counter[str] = Counter()
    out = []
    for item in rng.sample(pool, len(pool)):
        if codes[item.code] < limits[0] and mistakes[item.mistake] < limits[1]:
            codes[item.code] += 1
            mistakes[item.mistake] += 1
            out.append(item)
    return out


def plain(programs: Sequence[Program], rng: random.Random) -> list[str]:
    """Windows of correct programs in the prompt's own numbering, from random lines on."""
    out = []
    for program in programs:
        lines = [line for line in program.source.split("\n") if holds_code(line)]
        start = rng.randrange(max(1, len(lines) - LIMIT + 1))
        shown = lines[start : start + LIMIT]
        out.append(
            "⟦src⟧" + "".join(edits.mark(i) + edits.plain(line.strip()) for i, line in enumerate(shown, start=1))
        )
    return out


def write(path: Path, made: Iterator[Sample], count: int, report: Callable[[int], None]) -> None:
    """Writes `count` samples as JSON lines; an interrupted file is started again."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as out:
        for number, item in enumerate(made, start=1):
            out.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
            if number % 100 == 0:
                report(number)
            if number >= count:
                break
    partial.replace(path)


def read(path: Path) -> list[Sample]:
    """The samples of a file that `write` wrote. `UserError` names the line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")  # a string may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: {error}", remedy="name a corpus.jsonl of `sleepy pretrain`") from error
    found: list[Sample] = []
    for number, line in enumerate(lines if lines != [""] else [], start=1):
        try:
            found.append(Sample(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise UserError(f"{path}: line {number} is not a sample: {error}", remedy="remove the line") from error
    return found
