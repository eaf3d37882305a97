"""Any OpenAI-compatible server (Ollama, vLLM, llama.cpp) as a model that answers.

Refused connections, 429 and 5xx are tried again after a while that doubles, or that the server names; an
answer that takes too long is not, since the next would as well. A server that fails again and again is left
alone for a while (see `breaker.py`).

Not promised: that a prompt fits. Only the server knows its context; what it refuses for its length counts as
cut off, and what a server cuts from a prompt in silence nobody sees.
"""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.breaker import Breaker, State
from sleepy.daemon.model.chat import AdapterRefused, Line, ModelCard, NoSuchModel, Passing, ServerUnavailable
from sleepy.daemon.model.loras import Loras
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
        self.loras: Loras | None = None  # what answers for routes; None: the base does
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
        routes: Sequence[str | None],
        *,
        temperature: float = 0.0,
        seed: int | None = None,  # noqa: ARG002 - servers keep no promise about it
    ) -> list[Reply]:
        """One answer a request, in order. `ServerUnavailable` when one cannot be had; the rest are broken off.

        Routes are answered by `loras`; a reply says where the base answered in the place of one.
        """
        return asyncio.run(self._all(requests, routes, temperature)) if requests else []

    def meet(self, is_stale: Callable[[str], bool]) -> list[ModelCard]:
        """The models that the server has, without the adapters of stale names: these are unloaded.

        Empty where it cannot be asked.
        """

        async def met() -> list[ModelCard]:
            async with self._line.open() as http:
                found = await self._line.models(http)
                for card in found:
                    if is_stale(card.name):
                        with contextlib.suppress(AdapterRefused):  # it only takes room there
                            await self._line.unload_adapter(http, card.name)
                return [card for card in found if not is_stale(card.name)]

        try:
            return asyncio.run(met())
        except (Passing, ServerUnavailable):
            return []

    async def _all(self, requests: Sequence[Request], routes: Sequence[str | None], temperature: float) -> list[Reply]:
        room, loading = asyncio.Semaphore(self._patience.at_once), asyncio.Lock()
        async with self._line.open() as http:

            async def one(request: Request, route: str | None) -> Reply:
                async with room:
                    return await self._one(http, request, route, temperature, loading)

            pairs = list(zip(requests, routes, strict=True))
            alone = 1 if self.breaker.state is State.HALF_OPEN else 0  # a trial: beside it the others are refused
            first = [await one(*pair) for pair in pairs[:alone]]
            rest = [asyncio.ensure_future(one(*pair)) for pair in pairs[alone:]]
            try:
                return [*first, *await asyncio.gather(*rest)]
            finally:
                for task in rest:
                    task.cancel()
                await asyncio.gather(*rest, return_exceptions=True)

    async def _one(
        self,
        http: httpx2.AsyncClient,
        request: Request,
        route: str | None,
        temperature: float,
        loading: asyncio.Lock,
    ) -> Reply:
        """A reply, if the breaker lets the request through, which learns what became of it."""
        wait = self.breaker.admit()
        if wait is not None:
            raise ServerUnavailable(
                f"{self._line.base} failed several times in a row: not asked again for {wait:.0f} s"
            )
        try:
            found = await self._asked(http, request, route, temperature, loading)
        except ServerUnavailable:
            self.breaker.failed()
            raise
        except BaseException:
            self.breaker.abandoned()
            raise
        self.breaker.succeeded()
        return found

    async def _asked(
        self,
        http: httpx2.AsyncClient,
        request: Request,
        route: str | None,
        temperature: float,
        loading: asyncio.Lock,
    ) -> Reply:
        """A reply, after as many tries as patience allows."""
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": request.text}],
            "temperature": temperature,
            "max_tokens": 1024 + len(request.source) // 2,  # code has 2 to 4 characters a token
            "stream": False,
        }

        async def asked() -> Reply:
            try:
                return await self._routed(http, body, route, loading)
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

    async def _routed(
        self, http: httpx2.AsyncClient, body: Mapping[str, Any], route: str | None, loading: asyncio.Lock
    ) -> Reply:
        """The reply of the route's adapter; of the base without a route, or where the server refuses the adapter."""
        while route is not None and self.loras is not None:
            async with loading:
                loaded = await self.loras.ready(self._line, http, route)
            if loaded is None:
                break
            try:
                found = await self._line.complete(http, {**body, "model": loaded.name})
            except NoSuchModel as error:
                self.loras.lost(loaded, str(error))
                continue
            self.loras.answered(loaded)
            return Reply(found.text, found.tokens, found.cut)
        found = await self._line.complete(http, body)
        return Reply(found.text, found.tokens, found.cut, unrouted=route is not None)

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
            return [card.name for card in await line.models(http)]

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
