"""Attempts at koans: the question, the model's answer, and the sandbox's verdict on it."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from sleepy.daemon.model import edits, prompt
from sleepy.daemon.model.answerer import Answerer, Reply
from sleepy.daemon.model.request import Request, ask
from sleepy.koans.koan import Koan
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Case, Diagnostic, Outcome, Verdict

# rungs: the exam's plain question; the same at a temperature; what a failed answer left, with the compiler's answer to
# it; the plain question with the error's hint
GREEDY, SAMPLED, TURNED, HINTED = "model", "samples", "turns", "hints"
TEMPERATURE = 0.7  # of samples, in practice and in the lab

CHUNK = 32  # tasks answered in an order of their own; two chunks are on their way at most: what a killed day loses
EXAM = 128  # the same where nothing is kept of half an exam
FIRST = 32  # of a chunk, answered before the judge begins: fewer make more and smaller batches for the compiler


class Judge(Protocol):
    """What an attempt needs of the sandbox."""

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]: ...

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]: ...


Router = Callable[[str], str | None]


def base_only(_signature: str) -> str | None:
    """No pattern: the router of a model without a subspace, which sends everything to the base."""
    return None


@dataclass(frozen=True, slots=True)
class Piece:
    """Questions that are answered together, with the pattern that is to answer each; samples repeat with the seed."""

    requests: tuple[Request, ...]
    routes: tuple[str | None, ...]
    temperature: float = 0.0
    seed: int | None = None


Answers = Callable[[Iterable[Piece]], Generator[tuple[list[Reply], float], None, None]]
"""Replies to each piece in order, with the seconds that they took; pieces are taken when there is room for them."""


def no_hint(_signature: str) -> str:
    """No text: nothing is added to any question."""
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


def case_of(koan: Koan, source: str) -> Case:
    """The case of `source` as an answer to `koan`, with all that shows whether it is right."""
    return Case(source, koan.tests, koan.broken, koan.edition, koan.fixed, koan.stdout or None, file=koan.file)


def compiled(asked: Sequence[tuple[Koan, str]], judge: Judge, *, exact: bool = True) -> list[Verdict]:
    """What the compiler says of each text in the place of its koan's program, in order."""
    verdicts: dict[int, Verdict] = {}
    crates = [i for i, (koan, _) in enumerate(asked) if koan.file]
    if crates:
        verdicts.update(zip(crates, judge.judge_many([case_of(*asked[i]) for i in crates]), strict=True))
    for edition in dict.fromkeys(koan.edition for koan, _ in asked if not koan.file):
        some = [i for i, (koan, _) in enumerate(asked) if koan.edition == edition and not koan.file]
        found = judge.check_many([asked[i][1] for i in some], edition=edition, exact=exact)
        verdicts.update(zip(some, found, strict=True))
    return [verdicts[i] for i in range(len(asked))]


def diagnose(koans: Sequence[Koan], judge: Judge) -> tuple[list[Diagnosis], list[tuple[Koan, str]]]:
    """Diagnoses, and the koans that cannot be attempted with the reason why."""
    found: list[Diagnosis] = []
    unfit: list[tuple[Koan, str]] = []
    for koan, verdict in zip(koans, compiled([(koan, koan.broken) for koan in koans], judge), strict=True):
        errors = prompt.errors(verdict.diagnostics)
        if verdict.passed:
            unfit.append((koan, "its broken program compiles"))
        elif verdict.outcome is Outcome.INFRA_ERROR or not errors:
            unfit.append((koan, f"no diagnostic to work from ({verdict.outcome}: {verdict.detail})"))
        else:
            found.append(Diagnosis(koan, verdict.diagnostics, signature(errors[0], koan.broken)))
    return found, unfit


def fitting(
    diagnoses: Sequence[Diagnosis], model: Answerer, hint: Callable[[str], str] = no_hint
) -> tuple[list[Diagnosis], list[tuple[Koan, str]]]:
    """The diagnoses that the model can be asked about, and the koans of the others with the reason why not."""
    why = [
        model.misfit(
            ask(item.koan.broken, item.diagnostics, model.format, hints=hint(item.signature), window=model.window)
        )
        for item in diagnoses
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
    seed: int | None = None,
    chunk: int = CHUNK,
    hint: Callable[[str], str] = no_hint,
    answers: Answers | None = None,
) -> Iterator[Attempt]:
    """One answer each, judged; yielded in order as soon as all before it are, generation ahead of verification.

    A chunk is answered piece by piece, short questions first, and each piece is handed on at once: the judge takes
    all that has come while it was at work. No chunk is begun before the last but one is yielded.
    With a `seed`, what is drawn depends on it, on what is asked and on the piece's place, and on nothing drawn before.
    `hint` says what is added to the question for an error's signature. `answers` answers the same pieces in the model's
    place; if it works ahead, more chunks are on their way.
    """
    waiting: deque[_Answered] = deque()
    judged: dict[int, Attempt] = {}
    judging: deque[Future[None]] = deque()
    given = 0

    def verify() -> None:
        some = [waiting.popleft() for _ in range(len(waiting))]
        if some:
            judged.update(zip((item.asked.place for item in some), _judged(some, judge), strict=True))

    def ready(least: int) -> Iterator[Attempt]:
        """What can be yielded by now; waits until `least` have been."""
        nonlocal given
        while True:
            if given in judged:
                given += 1
                yield judged.pop(given - 1)
            elif judging and (given < least or judging[0].done()):
                judging.popleft().result()
            else:
                return

    with ThreadPoolExecutor(max_workers=1) as verifying:
        taken: deque[Sequence[_Asked]] = deque()

        def pieces() -> Iterator[Piece]:
            for start in range(0, len(diagnoses), chunk):
                places = range(start, min(start + chunk, len(diagnoses)))
                for piece in _pieces(_asked(diagnoses, places, model, route, hint)):
                    taken.append(piece)
                    requests = tuple(item.request for item in piece)
                    drawn = None if seed is None else _drawn(seed, piece[0].place, requests)
                    yield Piece(requests, tuple(item.route for item in piece), temperature, drawn)

        replied = (answers or _by(model))(pieces())
        answered = 0
        try:
            for replies, seconds in replied:
                piece = taken.popleft()
                each = seconds / len(piece)
                waiting.extend(_Answered(item, reply, each) for item, reply in zip(piece, replies, strict=True))
                judging.append(verifying.submit(verify))
                answered += len(piece)
                yield from ready(answered // chunk * chunk - chunk)
            yield from ready(len(diagnoses))
        finally:
            waiting.clear()  # whoever stops asking waits for no more than what is being judged
            replied.close()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question; `place` is its own among all."""

    place: int
    diagnosis: Diagnosis
    request: Request
    route: str | None


@dataclass(frozen=True, slots=True)
class _Answered:
    """One answer on its way to the judge."""

    asked: _Asked
    reply: Reply
    seconds: float


def _asked(
    diagnoses: Sequence[Diagnosis], places: range, model: Answerer, route: Router, hint: Callable[[str], str]
) -> list[_Asked]:
    """The questions of a chunk, short ones first: those of like length are answered together."""
    out = []
    for place in places:
        item = diagnoses[place]
        request = ask(item.koan.broken, item.diagnostics, model.format, hints=hint(item.signature), window=model.window)
        out.append(_Asked(place, item, request, route(item.signature)))
    return sorted(out, key=lambda each: len(each.request.text))


def _pieces(asked: Sequence[_Asked]) -> Iterator[Sequence[_Asked]]:
    """A chunk in pieces: a small one, so that the judge begins soon, and then twice as many each time."""
    start, size = 0, FIRST
    while start < len(asked):
        yield asked[start : start + size]
        start += size
        size = start


def _drawn(seed: int, place: int, requests: Sequence[Request]) -> int:
    """The seed of a piece."""
    told = "\x1e".join([str(seed), str(place), *(request.text for request in requests)])
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8]) >> 1


def _by(model: Answerer) -> Answers:
    """The model's own answers, a piece at a time."""

    def answers(pieces: Iterable[Piece]) -> Generator[tuple[list[Reply], float], None, None]:
        for piece in pieces:
            began = time.monotonic()
            replies = model.answer(
                piece.requests, piece.routes, temperature=piece.temperature, seed=piece.seed
            )  # fmt: skip
            yield replies, time.monotonic() - began

    return answers


def after(item: Attempt) -> Diagnosis | None:
    """The program that a failed answer left, as the next turn's task; None without a compile error to continue from."""
    if item.passed or not item.source or item.verdict.outcome is not Outcome.COMPILE_ERROR:
        return None
    found = next((error for error in item.verdict.diagnostics if error.primary is not None), None)
    if found is None:
        return None
    koan = replace(item.diagnosis.koan, broken=item.source)
    return Diagnosis(koan, item.verdict.diagnostics, signature(found, koan.broken))


def rejudged(item: Attempt, first: Diagnosis, judge: Judge) -> Attempt:
    """A later turn's answer, judged as one to the koan itself: what all turns together may bring in is less."""
    if not item.passed:
        return item
    (verdict,) = judged_sources([first], [item.source], judge)
    return replace(item, verdict=verdict)


def judged_sources(diagnoses: Sequence[Diagnosis], sources: Sequence[str], judge: Judge) -> list[Verdict]:
    """Verdicts of repaired programs against their koans' hidden tests."""
    return judge.judge_many([case_of(item.koan, source) for item, source in zip(diagnoses, sources, strict=True)])


def _judged(answered: Sequence[_Answered], judge: Judge) -> list[Attempt]:
    repaired: list[str] = []
    refused: list[str] = []
    for item in answered:
        request, reply = item.asked.request, item.reply
        try:
            if reply.cut and not request.format.is_edits:  # half an answer is none; edits apply one by one
                raise edits.EditError(f"it was cut off after {reply.tokens} tokens")
            repaired.append(request.repaired(reply.text))
            refused.append("")
        except edits.EditError as error:
            repaired.append("")
            refused.append(str(error))
    began = time.monotonic()
    able = [i for i, source in enumerate(repaired) if source]
    verdicts: list[Verdict | None] = [None] * len(answered)
    judged = judged_sources([answered[i].asked.diagnosis for i in able], [repaired[i] for i in able], judge)
    for i, verdict in zip(able, judged, strict=True):
        verdicts[i] = verdict
    judging = (time.monotonic() - began) / max(1, len(answered))
    return [
        Attempt(
            item.asked.diagnosis,
            None if item.reply.unrouted else item.asked.route,
            item.asked.request.text,
            item.reply.text,
            source,
            verdict
            or Verdict(Outcome.COMPILE_ERROR, item.asked.diagnosis.diagnostics, detail=f"not applicable: {why}"),
            item.seconds + judging,
            item.reply.tokens,
        )
        for item, source, verdict, why in zip(answered, repaired, verdicts, refused, strict=True)
    ]
