"""Answering as jobs: pieces of questions, each for the model where it is answered.

Pieces are those that the model here would answer together, and its threads and precision travel with them: so what is
answered does not depend on how many nodes there are. Pieces of the same questions are answered on one node, so champion
and challenger of a task have the same machine.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from sleepy.daemon.attempt.attempt import Answers, Piece
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.compute.room import training_bytes
from sleepy.daemon.jobs.work import Fitness, JobKind
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.parametric.subspace import Subspace


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """The model, what it computes with, how many rows at once at most, and the subspace it serves."""

    model: str
    compute: Compute
    form: str
    batch: int
    subspace: Subspace | None


def answers(tools: Tools, subspace: Subspace | None, still: Callable[[], None]) -> Answers | None:
    """What answers in the model's place, serving the subspace; None where the model here does it itself.

    `still` is called a few times a second meanwhile: what it raises ends the work.
    """
    if not tools.executor.spreads:
        return None
    model = tools.model
    compute = replace(model.compute, measured=None, device=model.compute.device.partition(":")[0])
    terms = AnswerTerms(model.name, compute, model.format.value, model.batch, subspace)
    work = JobKind(
        "answer", answer, terms, fit=fit, gpus=0 if compute.on_cpu else 1, memory=training_bytes(model.model), key=_key
    )  # fmt: skip

    def spread(pieces: Iterable[Piece]) -> Generator[tuple[list[Reply], float], None, None]:
        yield from tools.executor.map(work, pieces, hear=lambda _what, _done: still())

    return spread


def answer(terms: AnswerTerms, piece: Piece, _say: Say) -> tuple[list[Reply], float]:
    """The replies to a piece, and the seconds that they took."""
    model = _loaded(terms.model, terms.compute, terms.form)
    model.batch = terms.batch
    began = time.monotonic()
    with model.serving(terms.subspace) as serving:
        replies = serving.answer(piece.requests, piece.routes, temperature=piece.temperature, seed=piece.seed)
    return replies, time.monotonic() - began


def fit(terms: AnswerTerms) -> Fitness:
    """Whether this machine can answer: it has the model."""
    try:
        _loaded(terms.model, terms.compute, terms.form)
    except UserError as error:
        return Fitness(f"the model does not load: {error}")
    return Fitness()


def _key(piece: Piece) -> str:
    return hashlib.sha256("\x1e".join(request.text for request in piece.requests).encode()).hexdigest()


@lru_cache(maxsize=1)
def _loaded(name: str, compute: Compute, form: str) -> LanguageModel:
    """The model of this process."""
    return LanguageModel.load(name, compute=compute, form=form)
