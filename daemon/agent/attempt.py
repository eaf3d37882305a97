"""Attempts: a task, a model and a judge in; a verdict out. The day and the exam share this code.

An attempt is one answer to the first error of a program: diagnose, route by the error's signature,
ask, apply, judge. What cannot be applied is a compile error of the answer, never of the toolchain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from sleepy.daemon.agent import edits, prompt
from sleepy.daemon.agent.case import case
from sleepy.daemon.agent.model import Answerer, Reply
from sleepy.daemon.agent.request import Format, Request, ask
from sleepy.koans.koan import Koan
from sleepy.sandbox.case import Case
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome, Verdict

CHUNK = 32  # tasks generated while the chunk before them is judged; what a killed day loses
EXAM = 128  # the same where nothing is kept of half an exam: fewer, larger batches for the compiler


class Judge(Protocol):
    """What an attempt needs of the sandbox."""

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]: ...

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]: ...


Router = Callable[[str], str | None]


def base_only(_signature: str) -> str | None:
    """The router of a model without a subspace: everything goes to the base."""
    return None


def no_hint(_signature: str) -> str:
    """Nothing is added to any question."""
    return ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A koan with what the compiler says of its broken program."""

    koan: Koan
    diagnostics: tuple[Diagnostic, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One judged answer. `source` is the repaired program, empty when the answer could not be applied."""

    diagnosis: Diagnosis
    route: str | None
    prompt: str
    answer: str
    source: str
    verdict: Verdict
    seconds: float
    tokens: int = 0

    @property
    def passed(self) -> bool:
        return self.verdict.passed


def diagnose(koans: Sequence[Koan], judge: Judge) -> tuple[list[Diagnosis], list[tuple[Koan, str]]]:
    """Diagnoses, and the koans that cannot be attempted with the reason why."""
    found: list[Diagnosis] = []
    unfit: list[tuple[Koan, str]] = []
    by_edition: dict[str, list[Koan]] = {}
    for koan in koans:
        by_edition.setdefault(koan.edition, []).append(koan)
    for edition, group in by_edition.items():
        verdicts = judge.check_many([koan.broken for koan in group], edition=edition)
        for koan, verdict in zip(group, verdicts, strict=True):
            errors = prompt.errors(verdict.diagnostics)
            if verdict.passed:
                unfit.append((koan, "its broken program compiles"))
            elif verdict.outcome is Outcome.INFRA_ERROR or not errors:
                unfit.append((koan, f"no diagnostic to work from ({verdict.outcome}: {verdict.detail})"))
            else:
                name = signature(errors[0], koan.broken)
                found.append(Diagnosis(koan, verdict.diagnostics, name))
    order = {koan.id: i for i, koan in enumerate(koans)}
    found.sort(key=lambda item: order[item.koan.id])
    return found, unfit


def fitting(diagnoses: Sequence[Diagnosis], model: Answerer) -> tuple[list[Diagnosis], list[tuple[Koan, str]]]:
    """The diagnoses that the model can be asked about, and the koans of the others with the reason why not."""
    why = [
        model.misfit(ask(item.koan.broken, item.diagnostics, model.format, window=model.window)) for item in diagnoses
    ]
    return (
        [item for item, reason in zip(diagnoses, why, strict=True) if reason is None],
        [(item.koan, reason) for item, reason in zip(diagnoses, why, strict=True) if reason is not None],
    )


def attempt(
    diagnoses: Sequence[Diagnosis],
    model: Answerer,
    judge: Judge,
    route: Router = base_only,
    *,
    temperature: float = 0.0,
    chunk: int = CHUNK,
    hint: Callable[[str], str] = no_hint,
) -> Iterator[Attempt]:
    """One answer each, judged; yielded in order as chunks are done, generation ahead of verification.

    `hint` says what is added to the question for an error's signature.
    """
    with ThreadPoolExecutor(max_workers=1) as verifying:
        pending = None
        for start in range(0, len(diagnoses), chunk):
            some = diagnoses[start : start + chunk]
            began = time.monotonic()
            requests = [
                ask(
                    item.koan.broken,
                    item.diagnostics,
                    model.format,
                    hints=hint(item.signature),
                    window=model.window,
                )
                for item in some
            ]
            routes = [route(item.signature) for item in some]
            answers = model.answer(requests, routes, temperature=temperature)
            seconds = (time.monotonic() - began) / len(some)
            if pending is not None:
                yield from pending.result()
            pending = verifying.submit(_judged, some, requests, routes, answers, judge, seconds)
        if pending is not None:
            yield from pending.result()


def judged_sources(diagnoses: Sequence[Diagnosis], sources: Sequence[str], judge: Judge) -> list[Verdict]:
    """Verdicts of repaired programs against their koans' hidden tests."""
    return judge.judge_many([case(item.koan, source) for item, source in zip(diagnoses, sources, strict=True)])


def _judged(
    chunk: Sequence[Diagnosis],
    requests: Sequence[Request],
    routes: Sequence[str | None],
    answers: Sequence[Reply],
    judge: Judge,
    seconds: float,
) -> list[Attempt]:
    repaired: list[str] = []
    refused: list[str] = []
    for request, answer in zip(requests, answers, strict=True):
        try:
            if answer.cut and not request.format.is_edits:  # half an answer is none; edits apply one by one
                raise edits.EditError(f"it was cut off after {answer.tokens} tokens")
            repaired.append(request.repaired(answer.text))
            refused.append("")
        except edits.EditError as error:
            repaired.append("")
            refused.append(str(error))
    began = time.monotonic()
    able = [i for i, source in enumerate(repaired) if source]
    verdicts: list[Verdict | None] = [None] * len(chunk)
    judged = judged_sources([chunk[i] for i in able], [repaired[i] for i in able], judge)
    for i, verdict in zip(able, judged, strict=True):
        verdicts[i] = verdict
    judging = (time.monotonic() - began) / max(1, len(chunk))
    return [
        Attempt(
            item,
            routed,
            request.text,
            answer.text,
            source,
            verdict or Verdict(Outcome.COMPILE_ERROR, item.diagnostics, detail=f"not applicable: {why}"),
            seconds + judging,
            answer.tokens,
        )
        for item, request, routed, answer, source, verdict, why in zip(
            chunk, requests, routes, answers, repaired, verdicts, refused, strict=True
        )
    ]


__all__ = [
    "Answerer",
    "Attempt",
    "Diagnosis",
    "Format",
    "Judge",
    "Router",
    "attempt",
    "base_only",
    "diagnose",
    "fitting",
    "judged_sources",
]
