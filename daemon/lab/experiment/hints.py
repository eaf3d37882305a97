"""`sleepy experiment hints`: what hints gain, and how much of that stays when they are distilled into coefficients.

Two hints are tried: advice, the text of the hints file; and an example, a past repair of the same signature carried over
to the place and offered among the compiler's suggestions. Hinted answers that pass are taught as plain questions, and
the patterns so learnt answer test koans of other programs without a hint.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Date
from enum import StrEnum

from sleepy.daemon.attempt.attempt import Attempt, Diagnosis, no_hint
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.transfer import BrokenSource, transferred
from sleepy.daemon.lab.experiment.patterns import failing, practised, taught, tests
from sleepy.daemon.model.hints import Hints
from sleepy.daemon.night import exam, lessons
from sleepy.daemon.night import train as training
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stats.paired import gain
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.router import Router
from sleepy.sandbox.verdict import Replacement, Suggestion

TAUGHT = 120  # koans a pattern that are asked with a hint
PATTERNS = 6
BEFORE = "as it was repaired before"  # what the suggestion of a past repair says


class HintKind(StrEnum):
    ADVICE = "advice"  # words
    EXAMPLE = "example"  # a past repair, made at this place


@dataclass(frozen=True, slots=True)
class HintGain:
    """One kind of hint on all test koans. low and high: 95 % interval of what is kept after distilling, in points."""

    kind: str
    n: int
    plain: int  # passed by the base without a hint
    hinted: int  # with it
    distilled: int  # by the patterns learnt, without it
    lessons: int  # hinted answers that passed
    patterns: int  # that had enough of these to be taught
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Of the hint's gain, how much is kept; None where the hint gains nothing."""
        gained = self.hinted - self.plain
        return (self.distilled - self.plain) / gained if gained > 0 else None


def run(
    tools: Tools, date: Date, told: Callable[[HintGain], None], *, tasks: int, patterns: int = PATTERNS
) -> list[HintGain]:
    """What both kinds of hint gain, on the same patterns and test koans."""
    practised(tools, tasks)
    names = failing(tools, date)
    asked = tests(tools, names, patterns)
    if not asked:
        raise UserError(f"the model {tools.model.name} fails nothing that can be forged", remedy="give more --tasks")
    hints = Hints.load(tools.home.hints)
    teaching = taught(tools, list(asked), TAUGHT)
    everything = [item for some in asked.values() for item in some]
    plain = _passed(exam.answers(tools, everything, Served(), "plain"))
    out = []
    for kind in HintKind:
        hint = hints.of if kind is HintKind.ADVICE else no_hint
        offered = _offering(teaching, tools.config.seed) if kind is HintKind.EXAMPLE else {}
        lessons = _lessons(tools, [hinted_by(item, offered) for some in teaching.values() for item in some], hint, kind)
        hinted = _passed(
            exam.answers(
                tools, [hinted_by(item, offered) for item in everything], Served(), f"{kind}, hinted", hint=hint
            )
        )
        served = _learnt(tools, date, kind, lessons)
        distilled = _passed(exam.answers(tools, everything, served, f"{kind}, distilled"))
        pairs = list(zip(plain, distilled, strict=True))
        low, high = gain(
            pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)), pairs.count((False, False))
        )  # fmt: skip
        found = HintGain(
            kind.value, len(plain), sum(plain), sum(hinted), sum(distilled), sum(map(len, lessons.values())),
            len(served.router.accepted), low, high,
        )  # fmt: skip
        told(found)
        out.append(found)
    return out


Offers = Mapping[str, Sequence[tuple[BrokenSource, str]]]


def _offering(teaching: Mapping[str, Sequence[Diagnosis]], seed: int) -> Offers:
    """A few past repairs for each pattern: the reference fixes of other programs."""
    rng = random.Random(seed)
    return {
        name: [
            (BrokenSource(item.koan.broken, item.diagnostics[0]), item.koan.fixed)
            for item in rng.sample(list(some), min(4, len(some)))
            if item.diagnostics[0].primary is not None
        ]
        for name, some in teaching.items()
    }


def hinted_by(item: Diagnosis, offered: Offers) -> Diagnosis:
    """The diagnosis with a past repair among the compiler's suggestions, where one can be transferred."""
    first = next((error for error in item.diagnostics if error.level == "error" and error.primary), None)
    if first is None:
        return item
    now = BrokenSource(item.koan.broken, first)
    for past, fixed in offered.get(item.signature, ()):
        if past.source == item.koan.broken:
            continue
        for text in transferred(past, fixed, now):
            offer = Suggestion(BEFORE, "MaybeIncorrect", replacement(item.koan.broken, text))
            said = tuple(
                replace(error, suggestions=(offer, *error.suggestions)) if error is first else error
                for error in item.diagnostics
            )
            return replace(item, diagnostics=said)
    return item


def replacement(broken: str, text: str) -> tuple[Replacement, ...]:
    """One change of whole lines that turns one text into the other; both end in a line break. None if they are equal."""
    if broken == text:
        return ()
    before, after = broken.split("\n"), text.split("\n")
    shorter = min(len(before), len(after)) - 1  # the end of the text is the same
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    last = len(before) - end  # lines start .. last are replaced
    new = after[start : len(after) - end]
    if last == start:  # lines come in
        return (Replacement(start + 1, 1, start + 1, 1, "".join(f"{line}\n" for line in new)),)
    if not new:
        return (Replacement(start + 1, 1, last + 1, 1, ""),)
    return (Replacement(start + 1, 1, last, len(before[last - 1]) + 1, "\n".join(new)),)


def _lessons(
    tools: Tools, asked: Sequence[Diagnosis], hint: Callable[[str], str], kind: HintKind
) -> dict[str, list[Lesson]]:  # fmt: skip
    """Lessons made of hinted answers that pass: the question without the hint, and the answer."""
    out: dict[str, list[Lesson]] = {}
    for item in exam.answers(tools, asked, Served(), f"{kind}, for lessons", hint=hint):
        if not item.passed:
            continue
        koan, signature = item.diagnosis.koan, item.diagnosis.signature
        said = tuple(
            replace(error, suggestions=tuple(o for o in error.suggestions if o.message != BEFORE))
            for error in item.diagnosis.diagnostics
        )
        made = lessons.plain(tools, koan.broken, said, item.source, signature, Provenance.OWN)
        if made is not None:
            out.setdefault(signature, []).append(made)
    return {name: some for name, some in out.items() if len(some) >= 16}


def _learnt(tools: Tools, date: Date, kind: HintKind, lessons: Mapping[str, Sequence[Lesson]]) -> Served:
    """The lessons' patterns, trained and merged as a night does, each routed to by its own signature."""
    if not lessons:
        return Served()
    folder = tools.home.root / "experiment" / kind.value
    trainer = training.Trainer(
        lambda: tools.model, tools.config.training_steps, tools.config.pattern_seconds, tools.say,
        lessons=tools.config.lessons,
    )  # fmt: skip
    trained = training.train(trainer, folder, lessons, None, date.toordinal())
    subspace = training.consolidate(trainer, folder, trained, lessons, None, date.toordinal()).subspace
    return Served(kind.value, subspace, Router({name: name for name in subspace.patterns}))


def _passed(answers: Sequence[Attempt]) -> list[bool]:
    return [item.passed for item in answers]


def markdown(found: Sequence[HintGain]) -> str:
    """A table with a line for each kind of hint."""
    out = [
        "| hint | test koans | base | with the hint | distilled, without it | kept | distilled - base, 95 % | lessons |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for item in found:
        kept = "the hint gains nothing" if item.share is None else f"{100 * item.share:.0f} %"
        out.append(
            f"| {item.kind} | {item.n} | {item.plain} | {item.hinted} | {item.distilled} | {kept} "
            f"| {100 * item.low:+.0f} to {100 * item.high:+.0f} points | {item.lessons} of {item.patterns} patterns |"
        )
    return "\n".join(out) + "\n"


def line(found: Sequence[HintGain]) -> str:
    return json.dumps({"hints": [{**asdict(item), "kept": item.share} for item in found]})
