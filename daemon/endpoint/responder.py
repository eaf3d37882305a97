"""One model in one thread, and the requests that wait for it.

Requests that may be answered together are: those of one temperature. A request with a seed is answered alone where it
samples, since what it draws depends on its batch. As many as `WAITING` wait; more are refused for a while.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.endpoint.asked import CHAMPION, Asked
from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.daemon.model.edits import EditError

if TYPE_CHECKING:  # torch takes seconds to import, and the port is to be open before
    from sleepy.daemon.endpoint.following import Following
    from sleepy.daemon.endpoint.question import Question
    from sleepy.daemon.model.answerer import Reply
    from sleepy.daemon.model.language_model import LanguageModel
    from sleepy.daemon.serve.serve import Served

WAITING = 32  # requests that wait for an answer at most
_ROWS = 32  # answers written at the same time at most
_LOOK = 5.0  # seconds between two looks for another champion while nothing is asked
_log = logging.getLogger("sleepy.endpoint")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `program` is the source after it, None where none was sent or it cannot be applied, `why` says."""

    text: str
    tokens: int
    cut: bool
    program: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request came to. `route` is the pattern that answered, None the untouched base."""

    choices: tuple[Choice, ...]
    prompt_tokens: int
    signature: str | None
    scope: str | None
    route: str | None
    version: str | None


@dataclass(slots=True)
class _Waiting:
    asked: Asked
    answer: Future[Answered] = field(default_factory=Future)

    @property
    def alone(self) -> bool:
        return self.asked.seed is not None and self.asked.temperature > 0


class Responder:
    """The thread. `error` is why it ended by itself; `ended` is set then."""

    def __init__(self, config: Config, home: Home, say: Complain) -> None:
        self._config, self._home, self._say = config, home, say
        self._jobs: deque[_Waiting] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._seconds = 0.1  # that each request of the last batch took
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)
        self.served: Served | None = None  # None until the model is loaded
        self.error: Exception | None = None
        self.ended: Future[None] = Future()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Refuses whoever waits and whoever comes; what is being answered is finished."""
        with self._change:
            self._closed = True
            waiting = list(self._jobs)
            self._jobs.clear()
            self._change.notify_all()
        for job in waiting:
            if job.answer.set_running_or_notify_cancel():
                job.answer.set_exception(_closing())

    def busy(self) -> bool:
        """Whether the thread is still at work."""
        return self._thread.is_alive()

    def ask(self, asked: Asked) -> Future[Answered]:
        """An answer to come. `Refusal` (503) where too many wait."""
        job = _Waiting(asked)
        with self._change:
            if self._closed:
                raise _closing()
            if len(self._jobs) >= WAITING:
                wait = math.ceil(self._seconds * WAITING / 2)  # half of them are answered by then
                raise Refusal(503, f"{WAITING} requests wait already", remedy=f"ask again in {wait} s", wait=wait)
            self._jobs.append(job)
            self._change.notify_all()
        return job.answer

    def _run(self) -> None:
        try:
            self._serve()
        except Exception as error:
            self.error = error
        finally:
            self.close()
            self.ended.set_result(None)

    def _serve(self) -> None:
        import torch

        from sleepy.daemon.endpoint.following import Following
        from sleepy.daemon.model.configured import local_model
        from sleepy.daemon.tools.tools import optional_memory

        began = time.monotonic()
        model = local_model(self._config, self._home)
        torch.seed()  # a request without a seed is drawn anew each time
        self._say(f"{model.name} is loaded ({time.monotonic() - began:.1f} s)")
        with optional_memory(self._home, self._say, without="only the base model answers") as db:
            following = Following(model, db, self._home, self._say)
            try:
                self.served = following.current()
                while (batch := self._next()) is not None:
                    self.served = following.current()
                    if batch:
                        self._answer(batch, model, following)
            finally:
                following.close()

    def _next(self) -> list[_Waiting] | None:
        """What is answered next; nothing after a while without a request, None at the end."""
        with self._change:
            if not self._jobs and not self._closed:
                self._change.wait(_LOOK)
            if self._closed:
                return None
            batch: list[_Waiting] = []
            left: deque[_Waiting] = deque()
            rows = 0
            for job in self._jobs:
                first = batch[0] if batch else job
                fits = not batch or not (first.alone or job.alone or rows + job.asked.n > _ROWS)
                if fits and job.asked.temperature == first.asked.temperature:
                    batch.append(job)
                    rows += job.asked.n
                else:
                    left.append(job)
            self._jobs = left
            return [job for job in batch if job.answer.set_running_or_notify_cancel()]

    def _answer(self, batch: list[_Waiting], model: LanguageModel, following: Following) -> None:
        began = time.monotonic()
        try:
            self._answered(batch, model, following.served)
        except Exception as error:
            known = isinstance(error, UserError)
            if not known:
                _log.exception("a batch failed")
            refusal = Refusal(
                503 if known else 500, str(error) or type(error).__name__,
                remedy=error.remedy if isinstance(error, UserError) else "report it with the lines that the server wrote",
            )  # fmt: skip
            for job in batch:
                if not job.answer.done():
                    job.answer.set_exception(refusal)
        self._seconds = (time.monotonic() - began) / len(batch)

    def _answered(self, batch: list[_Waiting], model: LanguageModel, served: Served) -> None:
        from sleepy.daemon.endpoint.question import question

        able: list[tuple[_Waiting, Question, str | None]] = []
        for job in batch:
            try:
                found = question(job.asked, model)
            except Refusal as error:
                job.answer.set_exception(error)
                continue
            routed = job.asked.model == CHAMPION
            able.append((job, found, served.router.route(found.signature) if routed else None))
        first = batch[0].asked
        seed = (first.seed or 0) if batch[0].alone else None
        rows = [(found.request, route) for job, found, route in able for _ in range(_drawn(job.asked))]
        replies = iter(
            model.answer(
                [request for request, _ in rows], [route for _, route in rows], temperature=first.temperature, seed=seed
            )
        )
        for job, found, route in able:
            own = [next(replies) for _ in range(_drawn(job.asked))]
            own *= job.asked.n // len(own)
            job.answer.set_result(
                Answered(
                    tuple(_choice(job.asked, found, each) for each in own), found.tokens, found.signature,
                    served.router.scope(found.signature) if route is not None else None, route,
                    served.version if job.asked.model == CHAMPION else None,
                )
            )  # fmt: skip


def _drawn(asked: Asked) -> int:
    """How many answers are written: greedy ones are all the same."""
    return asked.n if asked.temperature else 1


def _choice(asked: Asked, found: Question, reply: Reply) -> Choice:
    """A reply as it is sent: ended where the request said so, and applied to its program."""
    at = min((place for word in asked.stop if (place := reply.text.find(word)) >= 0), default=None)
    text, cut = (reply.text, reply.cut) if at is None else (reply.text[:at], False)
    program, why = None, ""
    if asked.program is not None:
        try:
            if cut and not found.request.format.is_edits:  # half an answer is none; edits apply one by one
                raise EditError(f"the answer was cut off after {reply.tokens} tokens")
            program = found.request.repaired(text)
        except EditError as error:
            why = str(error)
    return Choice(text, reply.tokens, cut, program, why)


def _closing() -> Refusal:
    return Refusal(503, "the server is stopping", remedy="start it again with `sleepy serve`")
