"""Callbacks for progress and for warnings while work is done."""

from __future__ import annotations

from typing import Protocol


class Say(Protocol):
    """Called with progress: what is being done, and `done` of `total`."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


class Complain(Protocol):
    """Called with a warning that does not stop the work."""

    def __call__(self, what: str) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """A `Say` that ignores everything."""
