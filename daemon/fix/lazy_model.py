"""The model that answers on the ladder: opened when the first rung asks for it and not before.

It is the model of the settings with what nights have taught it, or one behind a server's address.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.fix.ladder import Candidate, Problem, Skipped
from sleepy.daemon.fix.redaction import RedactedSource, leaves_machine
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.request import Request, ask
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.sandbox.verdict import Diagnostic

if TYPE_CHECKING:  # torch takes seconds to import, and what is repaired without a model must not wait for it
    from sleepy.daemon.model.answerer import Answerer, Reply
    from sleepy.daemon.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A model that is open. `route` names the pattern that answers for a signature; `version` is what serves it.

    `elsewhere`: it is behind a server's address, and sees texts without their secrets.
    """

    answerer: Answerer
    route: Callable[[str], str | None]
    version: str | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class LazyModel:
    """A model that may not be open yet. `opens` raises `UserError` where it cannot be; `seconds` it took."""

    opens: Callable[[], OpenModel]
    opened: OpenModel | None = None
    seconds: float = 0.0
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
        """The model's answers about a text and its errors, as candidates; a greedy question is asked only once.

        `Skipped` where there is no model, or it cannot hold the question.
        """
        model = self._open()
        redacted = RedactedSource(source, diagnostics) if model.elsewhere else None
        if redacted is not None:
            source, diagnostics = redacted.source, redacted.diagnostics
        request = ask(source, diagnostics, model.answerer.format, hints=hint, window=model.answerer.window)
        misfit = model.answerer.misfit(request)
        if misfit is not None:
            raise Skipped(misfit)
        route = model.route(problem.signature)
        began = time.monotonic()
        known = self._said.get((request.text, route)) if not temperature else None
        if known is not None:
            return [_candidate(request, known, route, 0.0, tokens=0, redacted=redacted)]
        try:
            replies = model.answerer.answer([request] * samples, [route] * samples, temperature=temperature)
        except UserError as error:  # a server that does not answer
            raise Skipped(str(error)) from error
        if not temperature:
            self._said[(request.text, route)] = replies[0]
        seconds = (time.monotonic() - began) / samples
        return [_candidate(request, each, route, seconds, tokens=each.tokens, redacted=redacted) for each in replies]

    def _open(self) -> OpenModel:
        if self._closed:
            raise Skipped(self._closed)
        if self.opened is None:
            began = time.monotonic()
            try:
                self.opened = self.opens()
            except UserError as error:
                self._closed = str(error)
                raise Skipped(self._closed) from error
            finally:
                self.seconds += time.monotonic() - began
        return self.opened


def _candidate(
    request: Request, reply: Reply, route: str | None, seconds: float, *, tokens: int, redacted: RedactedSource | None
) -> Candidate:
    """A reply as a whole text; without one where it cannot be applied."""
    try:
        if reply.cut and not request.format.is_edits:
            raise EditError(f"it was cut off after {reply.tokens} tokens")
        source, why = request.repaired(reply.text), ""
        if redacted is not None:
            source = redacted.restored(source)
    except EditError as error:
        source, why = "", str(error)
    answered = None if reply.unrouted else route
    return Candidate(source, why, request.text, reply.text, answered, seconds, tokens)


def most_given_first(answers: Sequence[Candidate]) -> list[Candidate]:
    """Each different text once, those most often given first; the cost of equal ones is added up."""
    groups: dict[str, list[Candidate]] = {}
    for each in answers:
        groups.setdefault(each.source, []).append(each)
    return [
        replace(group[0], seconds=sum(each.seconds for each in group), tokens=sum(each.tokens for each in group))
        for group in sorted(groups.values(), key=len, reverse=True)
    ]


# opening


def open_model(
    config: Config,
    home: Home,
    db: Database | None,
    until: ExitStack,
    complain: Complain,
    *,
    model: LanguageModel | None = None,
) -> OpenModel:
    """The configured model, serving the champion where there is one, until the stack is closed.

    `model` is one that is open already and that nobody else uses.
    """
    import torch

    from sleepy.daemon.attempt.attempt import base_only
    from sleepy.daemon.model.configured import configured_answerer
    from sleepy.daemon.model.language_model import LanguageModel
    from sleepy.daemon.serve import serve

    torch.manual_seed(config.seed)  # of the samples
    found = model or configured_answerer(config, home)
    if not isinstance(found, LanguageModel):
        _warn_of_sending(config.model.partition("#")[0], "model", complain)
        return _on_server(found, home, db, complain)
    if db is None:
        return OpenModel(found, base_only)
    try:
        served = serve.champion(db, home, base=found.name)
    except (UserError, DatabaseError) as error:
        complain(f"only the base model answers: {error}")
        return OpenModel(found, base_only)
    if served.fallback:
        complain(served.fallback)
    return OpenModel(until.enter_context(served.on(found)), served.router.route, served.version)


def _on_server(found: Answerer, home: Home, db: Database | None, complain: Complain) -> OpenModel:
    """A server's model with the champion's routes as its adapters, where it has the champion's base."""
    from sleepy.daemon.model.server import Server
    from sleepy.daemon.serve import remote
    from sleepy.daemon.serve.serve import Served

    served = Served()
    try:
        if isinstance(found, Server) and db is not None:
            served = remote.served_by(found, db, home, complain)
    except (UserError, DatabaseError) as error:
        complain(f"only the base model answers: {error}")
    return OpenModel(found, served.router.route, served.version, elsewhere=True)


def open_server(config: Config, complain: Complain) -> OpenModel:
    """The larger model on the server that the settings name."""
    from sleepy.daemon.attempt.attempt import base_only
    from sleepy.daemon.model.configured import configured_server

    found = configured_server(config)
    assert found is not None, "the rung exists only with a server"
    _warn_of_sending(config.server, "server", complain)
    return OpenModel(found, base_only, elsewhere=True)


def _warn_of_sending(address: str, setting: str, complain: Complain) -> None:
    """Tells the user where code leaves the machine."""
    if leaves_machine(address):
        complain(f"code is sent to {address} (setting: {setting}); recognised secrets are taken out first")
