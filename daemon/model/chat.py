"""One exchange with an OpenAI-compatible server: an address, a key, a request, and what came back.

What may pass by itself is `Passing`, what will not is `ServerUnavailable`; who asks again, and when, is
decided in `server.py`. The key goes into one header and into nothing that is shown.

Not the `openai` client: tried in its place it saved 20 lines of 370, made the first request a second later (537 modules,
28 MB), asked again where an answer took too long, and had to be kept from telling servers of this machine and from
taking keys and headers out of OPENAI_* variables.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from sleepy.daemon.base.errors import UserError

_CONNECT = 10.0  # seconds at most until a connection stands
_MOST = 8 * 2**20  # bytes of an answer that are read at most
_SAID = 160  # characters shown of what a server says
_AGAIN = frozenset([408, 425, 429, 500, 502, 503, 504])  # statuses that may pass
_LENGTHS = frozenset([400, 413, 422])  # statuses of a prompt that is too long
_TOO_LONG = re.compile(r"context.?(?:length|size|window)|maximum context|too (?:long|many tokens)", re.IGNORECASE)
_LOADED = re.compile("has already been loaded")  # vLLM's words for a name that it knows
_NOT_LOADED = re.compile("cannot be found")  # and for one that it does not
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)  # a reasoning model's aside
_REMEDIES = {
    401: "set server_key to a key that the server accepts",
    403: "set server_key to a key that may use this model",
    404: "check `server` (it usually ends in /v1), and that it has the model of `server_model`",
}


class ServerUnavailable(UserError):
    """No answer came, and none will for now. `reason` says why."""

    def __init__(self, reason: str, *, remedy: str = "check that it runs and that `server` is its address") -> None:
        super().__init__(reason, remedy=remedy)
        self.reason = reason


class NoSuchModel(ServerUnavailable):
    """The server has no model of the name that was asked for."""


class AdapterRefused(Exception):
    """The server does not load an adapter. `unable`: it loads none."""

    def __init__(self, reason: str, *, unable: bool) -> None:
        super().__init__(reason)
        self.unable = unable


class Passing(Exception):
    """It may work the next time; `wait` is how many seconds the server asks for, None if it does not say."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model that a server offers; `root` is what it was loaded from, where the server says so."""

    name: str
    root: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a server wrote. `cut`: it was stopped by its length, or the prompt was already too long."""

    text: str
    tokens: int = 0
    cut: bool = False


class Line:
    """The way to one server. `base` is its address without a last slash; `UserError` where that is none."""

    def __init__(self, base: str, key: str = "", *, seconds: float) -> None:
        self.base, self.seconds = _address(base), seconds
        if not (key.isascii() and key.isprintable()):
            raise UserError("server_key has characters that an HTTP header cannot carry", remedy="set server_key again")
        self._key = key

    def __repr__(self) -> str:
        return f"Line({self.base!r})"

    def open(self) -> httpx2.AsyncClient:
        """A client, to be closed by the caller. No proxy stands between us and our own machine."""
        return httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            timeout=httpx2.Timeout(self.seconds, connect=min(self.seconds, _CONNECT)),
            trust_env=httpx2.URL(self.base).host not in ("localhost", "127.0.0.1", "::1"),
        )

    async def complete(self, http: httpx2.AsyncClient, body: Mapping[str, Any]) -> Completion:
        """One chat completion. Raises `Passing` or `ServerUnavailable`."""
        response, text = await self._exchange(http, "POST", "chat/completions", body)
        if response.status_code in _LENGTHS and _TOO_LONG.search(text):
            return Completion("", cut=True)
        self._refuse(response, text)
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            raise ServerUnavailable(
                f"{self.base} streams its answer, although it was asked not to",
                remedy="turn streaming off in the server, or in the proxy in front of it",
            )
        try:
            data = json.loads(text)
            choice = data["choices"][0]
            said = choice["message"]["content"] or ""  # null where all of it went into thinking
            count = (data.get("usage") or {}).get("completion_tokens")
            cut = choice.get("finish_reason") == "length"
            return Completion(_THOUGHT.sub("", said), count if isinstance(count, int) else 0, cut)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            raise self._nonsense(text, "chat completion") from None

    async def models(self, http: httpx2.AsyncClient) -> list[ModelCard]:
        """The models that it offers. Raises `Passing` or `ServerUnavailable`."""
        response, text = await self._exchange(http, "GET", "models", None)
        self._refuse(response, text)
        try:
            return [ModelCard(str(item["id"]), str(item.get("root") or "")) for item in json.loads(text)["data"] or []]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._nonsense(text, "list of models") from None

    async def load_adapter(self, http: httpx2.AsyncClient, name: str, folder: str) -> None:
        """Has the server load a LoRA under a name, as vLLM does. Raises `AdapterRefused` or as `models` does."""
        body = {"lora_name": name, "lora_path": folder}
        await self._adapter(http, "load_lora_adapter", body, known=_LOADED)

    async def unload_adapter(self, http: httpx2.AsyncClient, name: str) -> None:
        """Has the server forget a LoRA. Raises as `load_adapter` does."""
        await self._adapter(http, "unload_lora_adapter", {"lora_name": name}, known=_NOT_LOADED)

    async def _adapter(
        self, http: httpx2.AsyncClient, path: str, body: Mapping[str, Any], *, known: re.Pattern[str]
    ) -> None:
        response, text = await self._exchange(http, "POST", path, body, passing=_AGAIN - {500})  # 500: its rank, say
        if response.status_code == 200 or known.search(text):
            return
        unable = response.status_code in (404, 405) and '"error"' not in text
        raise AdapterRefused(self._told(response, text), unable=unable)

    async def _exchange(
        self,
        http: httpx2.AsyncClient,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        passing: frozenset[int] = _AGAIN,
    ) -> tuple[httpx2.Response, str]:
        """A response with its text, whole within the seconds. Of the statuses in `passing` it raises `Passing`."""
        try:
            async with (
                asyncio.timeout(self.seconds),
                http.stream(method, f"{self.base}/{path}", json=body) as response,
            ):
                text = await _read(response)
        except httpx2.ConnectTimeout:
            raise Passing("no connection in time") from None
        except (TimeoutError, httpx2.TimeoutException):
            raise ServerUnavailable(
                f"{self.base} gave no answer within {self.seconds:g} s",
                remedy="raise server_seconds, or choose a smaller model",
            ) from None
        except httpx2.TransportError as error:
            raise Passing(str(error) or type(error).__name__) from None
        except httpx2.HTTPError as error:
            raise ServerUnavailable(f"{self.base}: {error}") from None
        if response.status_code in passing:
            raise Passing(self._told(response, text), _retry_after(response.headers))
        return response, text

    def _refuse(self, response: httpx2.Response, text: str) -> None:
        if response.status_code != 200:
            remedy = _REMEDIES.get(response.status_code, "check `server` and `server_model`")
            kind = NoSuchModel if response.status_code == 404 else ServerUnavailable
            raise kind(f"{self.base}: {self._told(response, text)}", remedy=remedy)

    def _told(self, response: httpx2.Response, text: str) -> str:
        """The status, and what the server says of it."""
        try:
            error = json.loads(text)["error"]
            text = str(error["message"] if isinstance(error, dict) else error)
        except (ValueError, KeyError, TypeError):
            pass
        status = f"{response.status_code} {response.reason_phrase}".rstrip()
        return f"it answered {status}" + (f": {said}" if (said := self._excerpt(text)) else "")

    def _nonsense(self, text: str, what: str) -> ServerUnavailable:
        return ServerUnavailable(
            f"the answer of {self.base} is not a {what}: {self._excerpt(text)!r}",
            remedy="check that `server` is an OpenAI-compatible API, such as http://127.0.0.1:11434/v1",
        )

    def _excerpt(self, text: str) -> str:
        """The beginning of what a server said, without the key, which some repeat."""
        text = text.replace(self._key, "[key]") if self._key else text
        return " ".join(text.split())[:_SAID]


def _address(base: str) -> str:
    remedy = "write it like http://127.0.0.1:11434/v1"
    try:
        url = httpx2.URL(base.strip().rstrip("/"))
    except (httpx2.InvalidURL, TypeError) as error:
        raise UserError(f"the server's address is not valid: {error}", remedy=remedy) from None
    if url.userinfo:
        raise UserError("the server's address contains a user or a password", remedy="set server_key instead")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise UserError(f"{base!r} is not the address of a server", remedy=remedy)
    return str(url)


async def _read(response: httpx2.Response) -> str:
    parts: list[bytes] = []
    async for part in response.aiter_bytes():
        parts.append(part)
        if sum(map(len, parts)) > _MOST:
            break
    return b"".join(parts)[:_MOST].decode(response.encoding or "utf-8", errors="replace")


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds that the server asks to wait; a date counts from the server's own clock."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        until, sent = (email.utils.parsedate_to_datetime(text) for text in (said, headers.get("date", "")))
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError):
        return None
