"""All checks, in an order in which each relies only on earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.doctor import history, machine, storage
from sleepy.daemon.doctor.finding import Finding, found

if TYPE_CHECKING:
    from sleepy.daemon.model.language_model import LanguageModel


def examine(home: Home, config: Config, *, now: datetime, quick: bool = False) -> Iterator[Finding]:
    """The findings, one by one; a check that fails does not stop the next.

    `quick` leaves out what needs torch: the model and the champion.
    """
    checks: list[tuple[str, Callable[[], str]]] = [
        ("rustc", machine.rustc),
        ("sandbox", partial(machine.sandbox, config)),
        ("exam", machine.exam),
        ("database", partial(history.database, home)),
        *([("storage", partial(storage.storage, home))] if home.storage else []),
        ("clock", partial(history.clock, home, now)),
        ("schedule", partial(history.schedule, home, config, now)),
        ("disk", partial(machine.disk, home)),
    ]
    if not quick:
        checks[2:2] = _of_model(home, config)
    for what, check in checks:
        yield found(what, check)


def _of_model(home: Home, config: Config) -> list[tuple[str, Callable[[], str]]]:
    from sleepy.daemon.doctor import inference

    @cache
    def model() -> LanguageModel:
        return inference.loaded(config, home)

    return [
        ("torch", partial(inference.torch_works, config, home)),
        ("model", lambda: inference.described(model())),
        ("adapter", lambda: inference.adapter_counts(model())),
        ("champion", lambda: inference.champion(home, model())),
    ]
