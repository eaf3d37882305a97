"""The interface of a model: it answers requests. And a scripted model for tests.

Never loads torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.window import LIMIT


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, how many tokens it took to write, and whether it was cut off before its end.

    `unrouted`: it was to be a pattern's, and the untouched base answered.
    """

    text: str
    tokens: int = 0
    cut: bool = False
    unrouted: bool = False


class Answerer(Protocol):
    """Answers requests; one answer a request, in order."""

    @property
    def name(self) -> str: ...

    @property
    def format(self) -> Format: ...

    @property
    def window(self) -> int: ...

    def misfit(self, request: Request) -> str | None: ...

    def answer(
        self,
        requests: Sequence[Request],
        routes: Sequence[str | None],
        *,
        temperature: float = 0.0,
        seed: int | None = None,
    ) -> list[Reply]: ...


class ScriptedModel:
    """Answers by a function of the request and its route: for tests and for trying the loop without weights.

    `asked` counts its requests.
    """

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
        seed: int | None = None,  # noqa: ARG002
    ) -> list[Reply]:
        """One reply a request."""
        self.asked += len(requests)
        texts = [self._script(item, route) for item, route in zip(requests, routes, strict=True)]
        return [Reply(text, len(text.split())) for text in texts]
