"""A model that says what it is told to: for tests and for trying the loop without weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sleepy.daemon.model.language_model import Reply
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.window import LIMIT


class ScriptedModel:
    """Answers by a function of the request and its route. Counts the requests it was asked."""

    def __init__(self, script: Callable[[Request, str | None], str], *, form: Format = Format.SPAN_EDITS) -> None:
        self._script = script
        self._form = form
        self.asked = 0

    @property
    def name(self) -> str:
        return "scripted"

    @property
    def format(self) -> Format:
        return self._form

    @property
    def window(self) -> int:
        return LIMIT

    def misfit(self, request: Request) -> str | None:  # noqa: ARG002 - it holds any
        return None

    def answer(
        self,
        requests: Sequence[Request],
        routes: Sequence[str | None],
        *,
        temperature: float = 0.0,  # noqa: ARG002 - a script says the same at any
    ) -> list[Reply]:
        """One reply a request."""
        self.asked += len(requests)
        texts = [self._script(item, route) for item, route in zip(requests, routes, strict=True)]
        return [Reply(text, len(text.split())) for text in texts]
