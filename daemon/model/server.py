"""Any OpenAI-compatible server (Ollama, vLLM, llama.cpp) as a model that answers.

Refused connections, 429 and 5xx are tried again after a while that doubles, or that the server names; an
answer that takes too long is not, since the next would as well. A server that fails again and again is left
alone for a while (see `breaker.py`).

Not promised: that a prompt fits. Only the server knows its context; what it refuses for its length counts as
cut off, and what a server cuts from a prompt in silence nobody sees.
"""

from __future__ import annotations

import asyncio
import difflib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.breaker import Breaker, State
from sleepy.daemon.model.chat import Completion, Line, Passing, ServerUnavailable
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.window import LIMIT

__all__ = ["Patience", "Server", "ServerUnavailable", "probe"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a server is waited for."""

    tries: int = 4  # requests an answer at most
    first: float = 0.5  # seconds before the second; doubled before each that follows
    longest: float = 20.0  # seconds between two at most; a server that asks for more has failed
    failures: int = 3  # answers in a row that failed, before it is left alone
    rest: float = 30.0  # seconds it is left alone
    at_once: int = 4  # requests at the same time


class Server:
    """One model of one server. `clock`, `sleep` and `chance` are its time and luck."""

    def __init__(
        self,
        base: str,
        model: str,
        *,
        key: str = "",
        seconds: float = 60.0,
        form: Format = Format.WHOLE_FILE,
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._line = Line(base, key, seconds=seconds)
        if not model.strip():
            raise UserError(f"no model is set for {self._line.base}", remedy="set server_model to one that it has")
        if form.is_edits:
            raise UserError(
                f"a server cannot answer in {form}", remedy=f"choose {Format.WHOLE_FILE} or {Format.NUMBERED_LINES}"
            )
        self.model, self.format = model.strip(), form
        self._patience, self._sleep, self._chance = patience, sleep, chance
        self.breaker = Breaker(after=patience.failures, rest=patience.rest, clock=clock)

    def __repr__(self) -> str:
        return f"Server({self.name!r})"

    @property
    def name(self) -> str:
        return f"{self._line.base}#{self.model}"

    @property
    def window(self) -> int:
        return LIMIT

    def misfit(self, request: Request) -> str | None:  # noqa: ARG002 - only the server knows what it holds
        return None

    def answer(
        self,
        requests: Sequence[Request],
        routes: Sequence[str | None],  # noqa: ARG002 - a server has no subspace of ours
        *,
        temperature: float = 0.0,
    ) -> list[Reply]:
        """One answer a request, in order. `ServerUnavailable` when one cannot be had; the rest are broken off."""
        done = asyncio.run(self._all(requests, temperature)) if requests else []
        return [Reply(item.text, item.tokens, item.cut) for item in done]

    async def _all(self, requests: Sequence[Request], temperature: float) -> list[Completion]:
        room = asyncio.Semaphore(self._patience.at_once)
        async with self._line.open() as http:

            async def one(request: Request) -> Completion:
                async with room:
                    return await self._one(http, request, temperature)

            alone = 1 if self.breaker.state is State.HALF_OPEN else 0  # a trial: beside it the others are refused
            first = [await one(request) for request in requests[:alone]]
            rest = [asyncio.ensure_future(one(request)) for request in requests[alone:]]
            try:
                return [*first, *await asyncio.gather(*rest)]
            finally:
                for task in rest:
                    task.cancel()
                await asyncio.gather(*rest, return_exceptions=True)

    async def _one(self, http: httpx2.AsyncClient, request: Request, temperature: float) -> Completion:
        """A completion, if the breaker lets the request through, which learns what became of it."""
        wait = self.breaker.admit()
        if wait is not None:
            raise ServerUnavailable(
                f"{self._line.base} failed several times in a row: not asked again for {wait:.0f} s"
            )
        try:
            found = await self._asked(http, request, temperature)
        except ServerUnavailable:
            self.breaker.failed()
            raise
        except BaseException:
            self.breaker.abandoned()
            raise
        self.breaker.succeeded()
        return found

    async def _asked(self, http: httpx2.AsyncClient, request: Request, temperature: float) -> Completion:
        """A completion, after as many tries as patience allows."""
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": request.text}],
            "temperature": temperature,
            "max_tokens": 1024 + len(request.source) // 2,  # code has 2 to 4 characters a token
            "stream": False,
        }

        async def asked() -> Completion:
            try:
                return await self._line.complete(http, body)
            except Passing as error:
                if error.wait is not None and error.wait > self._patience.longest:
                    rest = f"it asks to wait {error.wait:.0f} s"
                    raise ServerUnavailable(f"{self._line.base}: {error}; {rest}") from None
                raise

        again = AsyncRetrying(
            retry=retry_if_exception_type(Passing),
            stop=stop_after_attempt(self._patience.tries),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return await again(asked)
        except Passing as error:
            raise ServerUnavailable(f"{self._line.base}: {error} ({self._patience.tries} tries)") from None

    def _pause(self, state: RetryCallState) -> float:
        """Seconds before the next try: what the server asks for, else a random part of what doubles each time.

        Random, so that several who failed together do not come back together.
        """
        failure = state.outcome.exception() if state.outcome is not None else None
        if isinstance(failure, Passing) and failure.wait is not None:
            return failure.wait
        longest = min(self._patience.first * 2 ** (state.attempt_number - 1), self._patience.longest)
        return float(longest * (0.5 + self._chance() / 2))


def probe(config: Config, *, seconds: float = 5.0) -> str:
    """Whether the configured server answers, in words. `UserError` names what is wrong, and its remedy."""
    if not config.server:
        return "none is set"
    line = Line(config.server, config.server_key, seconds=seconds)

    async def asked() -> list[str]:
        async with line.open() as http:
            return await line.models(http)

    try:
        offered = asyncio.run(asked())
    except Passing as error:
        raise ServerUnavailable(f"{line.base}: {error}") from None
    wanted = config.server_model
    if wanted not in offered and f"{wanted}:latest" not in offered:
        near = difflib.get_close_matches(wanted, offered, n=1, cutoff=0.4) or offered[:3]
        raise ServerUnavailable(
            f"{line.base} has no model {wanted!r}",
            remedy=f"set server_model to {' or '.join(near)}" if near else "load a model on the server",
        )
    return f"{line.base} answers and has {wanted}"
