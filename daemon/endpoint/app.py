"""The HTTP side: /v1/models, /v1/chat/completions and /v1/completions, with errors in OpenAI's form."""

from __future__ import annotations

import asyncio
import hmac
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sleepy.daemon.base.home import Home
from sleepy.daemon.endpoint.asked import BASE, CHAMPION, Asked, read
from sleepy.daemon.endpoint.loopback import is_loopback
from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.daemon.endpoint.responder import Answered, Choice, Responder
from sleepy.daemon.serve import evidence, fallback
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.parametric.router import Router

LARGEST = 2**20  # bytes of a body
_SLOWEST = 30.0  # seconds until a body has come
_PATHS = ("/v1/models", "/v1/chat/completions", "/v1/completions")

Endpoint = Callable[[Request], Awaitable[Response]]


def application(responder: Responder, model: str, home: Home, *, key: str) -> Starlette:
    """The application. Without a key it answers only whoever calls this machine by its loopback names."""

    async def models(_: Request) -> Response:
        version, router = await run_in_threadpool(_serving, responder, home)
        base = {"id": BASE, "object": "model", "created": 0, "owned_by": "sleepy", "root": model, "parent": None}
        routes = [{"scope": scope, "pattern": pattern} for scope, pattern in sorted(router.accepted.items())]
        champion = {**base, "id": CHAMPION, "parent": BASE, "version": version, "routes": routes}
        return JSONResponse({"object": "list", "data": [base, champion]})

    async def chat(request: Request) -> Response:
        asked = read(await _body(request), chat=True)
        found = await asyncio.wrap_future(responder.ask(asked))
        return JSONResponse(_chat(asked, found))

    async def completion(request: Request) -> Response:
        asked = read(await _body(request), chat=False)
        found = await asyncio.wrap_future(responder.ask(asked))
        return JSONResponse(_completion(asked, found))

    def guarded(act: Endpoint) -> Endpoint:
        async def admitted(request: Request) -> Response:
            _admit(request, key)
            return await act(request)

        return admitted

    return Starlette(
        routes=[
            Route(_PATHS[0], guarded(models), methods=["GET"]),
            Route(_PATHS[1], guarded(chat), methods=["POST"]),
            Route(_PATHS[2], guarded(completion), methods=["POST"]),
        ],
        exception_handlers={Refusal: _refused, HTTPException: _unknown},  # type: ignore[dict-item]
    )


def _admit(request: Request, key: str) -> None:
    """Refuses who has not the key or, where there is none, a page of the web that calls this machine by another name."""
    if key:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {key}".encode()):
            raise Refusal(
                401, "the key is wrong" if given else "no key was sent", code="invalid_api_key",
                remedy="send the header `Authorization: Bearer KEY` with the key of --key-file",
            )  # fmt: skip
    elif not is_loopback(request.url.hostname or ""):
        raise Refusal(
            400, f"the header Host names {request.url.hostname!r}", remedy="call this server by 127.0.0.1 or localhost"
        )


async def _body(request: Request) -> bytes:
    too_large = Refusal(413, f"the body has more than {LARGEST} bytes", remedy="send a smaller one")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > LARGEST:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(_SLOWEST):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST:
                    raise too_large
    except TimeoutError:
        raise Refusal(408, f"the body did not come within {_SLOWEST:.0f} s", remedy="send it at once") from None
    return bytes(body)


def _serving(responder: Responder, home: Home) -> tuple[str | None, Router]:
    """The version and routes that serve; until the model is loaded as the database has them."""
    if responder.served is not None:
        return responder.served.version, responder.served.router
    try:
        with Database.open(home.database, read_only=True) as db:
            version = fallback.serving_version(db)
            return version, evidence.router(db, home, version)
    except DatabaseError:
        return None, Router()


def _chat(asked: Asked, found: Answered) -> dict[str, Any]:
    choices = [
        {**_ending(place, each), "message": {"role": "assistant", "content": each.text, "refusal": None}}
        for place, each in enumerate(found.choices)
    ]
    return {
        **_envelope(asked, found),
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "choices": choices,
    }


def _completion(asked: Asked, found: Answered) -> dict[str, Any]:
    choices = [{**_ending(place, each), "text": each.text} for place, each in enumerate(found.choices)]
    return {
        **_envelope(asked, found),
        "id": f"cmpl-{uuid.uuid4().hex}",
        "object": "text_completion",
        "choices": choices,
    }


def _ending(place: int, choice: Choice) -> dict[str, Any]:
    return {
        "index": place,
        "finish_reason": "length" if choice.cut else "stop",
        "logprobs": None,
        "sleepy": {"program": choice.program, "why": choice.why},
    }


def _envelope(asked: Asked, found: Answered) -> dict[str, Any]:
    written = sum(each.tokens for each in found.choices)
    return {
        "created": int(time.time()),
        "model": asked.model,
        "usage": {
            "prompt_tokens": found.prompt_tokens,
            "completion_tokens": written,
            "total_tokens": found.prompt_tokens + written,
        },
        "sleepy": {
            "answered_by": "base" if found.route is None else "route",
            "route": found.route,
            "scope": found.scope,
            "signature": found.signature,
            "version": found.version,
        },
    }


async def _refused(_: Request, refusal: Refusal) -> Response:
    return JSONResponse(refusal.body, refusal.status, headers=refusal.headers)


async def _unknown(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        wrong = f"{request.method} is not answered at {request.url.path}"
        remedy = "use GET for /v1/models and POST for the others"
    else:
        wrong, remedy = f"there is nothing at {request.url.path}", f"use {', '.join(_PATHS)}"
    refusal = Refusal(error.status_code, wrong, remedy=remedy)
    return JSONResponse(refusal.body, refusal.status, headers=dict(error.headers or {}))
