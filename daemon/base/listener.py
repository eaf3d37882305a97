"""Who hears of progress and of trouble while work is done."""

from __future__ import annotations

from typing import Protocol


class Say(Protocol):
    """Hears of progress: what is being done, how much of it, of how much."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


class Complain(Protocol):
    """Hears what a person should know and nothing stops for."""

    def __call__(self, what: str) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """Hears nothing."""
