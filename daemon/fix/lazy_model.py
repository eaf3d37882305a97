"""Who answers: a model with its routes, opened when the first rung asks for it and not before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.problem import Candidate, Problem, Skipped
from sleepy.daemon.fix.redaction import Sent
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.request import Request, ask
from sleepy.sandbox.verdict import Diagnostic

if TYPE_CHECKING:  # it imports torch, and what is mended without a model must not wait for that
    from sleepy.daemon.model.language_model import Answerer, Reply


@dataclass(frozen=True, slots=True)
class Speaker:
    """A model that is open. `route` names the pattern that answers for a signature; `version` is what serves it.

    `elsewhere`: it is behind a server's address, and sees texts without their secrets.
    """

    answerer: Answerer
    route: Callable[[str], str | None]
    version: str | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class Voice:
    """A model that may not be open yet. `opens` raises `UserError` where it cannot be."""

    opens: Callable[[], Speaker]
    speaker: Speaker | None = None
    _closed: str = ""
    _said: dict[tuple[str, str | None], Reply] = field(default_factory=dict)

    def candidates(
        self,
        source: str,
        diagnostics: tuple[Diagnostic, ...],
        problem: Problem,
        *,
        hint: str = "",
        samples: int = 1,
        temperature: float = 0.0,
    ) -> list[Candidate]:
        """Answers about a text and its errors, as texts; a greedy question is asked once only.

        `Skipped` where there is no model, or it cannot hold the question.
        """
        speaker = self._open()
        sent = Sent(source, diagnostics) if speaker.elsewhere else None
        if sent is not None:
            source, diagnostics = sent.source, sent.diagnostics
        request = ask(source, diagnostics, speaker.answerer.format, hints=hint, window=speaker.answerer.window)
        misfit = speaker.answerer.misfit(request)
        if misfit is not None:
            raise Skipped(misfit)
        route = speaker.route(problem.signature)
        began = time.monotonic()
        known = self._said.get((request.text, route)) if not temperature else None
        if known is not None:
            return [_candidate(request, known, route, 0.0, tokens=0, sent=sent)]
        try:
            replies = speaker.answerer.answer([request] * samples, [route] * samples, temperature=temperature)
        except UserError as error:  # a server that does not answer
            raise Skipped(str(error)) from error
        if not temperature:
            self._said[(request.text, route)] = replies[0]
        seconds = (time.monotonic() - began) / samples
        return [_candidate(request, each, route, seconds, tokens=each.tokens, sent=sent) for each in replies]

    def _open(self) -> Speaker:
        if self._closed:
            raise Skipped(self._closed)
        if self.speaker is None:
            try:
                self.speaker = self.opens()
            except UserError as error:
                self._closed = str(error)
                raise Skipped(self._closed) from error
        return self.speaker


def _candidate(
    request: Request, reply: Reply, route: str | None, seconds: float, *, tokens: int, sent: Sent | None
) -> Candidate:
    """A reply as a whole text; without one where it cannot be applied."""
    try:
        if reply.cut and not request.format.is_edits:
            raise EditError(f"it was cut off after {reply.tokens} tokens")
        source, why = request.repaired(reply.text), ""
        if sent is not None:
            source = sent.back(source)
    except EditError as error:
        source, why = "", str(error)
    return Candidate(source, why, request.text, reply.text, route, seconds, tokens)


def best(texts: Sequence[Candidate]) -> list[Candidate]:
    """Each different text once, those most often given first; the cost of equal ones is added up."""
    groups: dict[str, list[Candidate]] = {}
    for each in texts:
        groups.setdefault(each.source, []).append(each)
    merged = []
    for group in sorted(groups.values(), key=len, reverse=True):
        one = group[0]
        seconds, tokens = sum(each.seconds for each in group), sum(each.tokens for each in group)
        merged.append(Candidate(one.source, one.note, one.prompt, one.answer, one.route, seconds, tokens))
    return merged
