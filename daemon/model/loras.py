"""Patterns as LoRA adapters of a server that loads them by name, as vLLM does.

An adapter is loaded when it is first asked for, and once again where the server has lost it, as after a restart. One that
the server refuses is not asked for again: the base answers, and a warning says so once. The server reads the adapters'
folders itself, so it must see the same files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx2

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.model.chat import AdapterRefused, Line


class Shelf(Protocol):
    """The adapters of one version."""

    def name(self, pattern: str) -> str:
        """What the server is to call the pattern's adapter."""
        ...

    def folder(self, pattern: str) -> Path:
        """The adapter's folder, written by now. `UserError` where it cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """An adapter that the server has; `times` is how often it was given to it."""

    pattern: str
    name: str
    times: int


class Loras:
    """What a server has of a shelf. `there` are the names that it had already."""

    def __init__(self, shelf: Shelf, complain: Complain, *, there: Iterable[str] = ()) -> None:
        self._shelf, self._complain, self._there = shelf, complain, set(there)
        self._loaded: dict[str, Loaded] = {}
        self._again: set[str] = set()  # loaded a second time, and not answered since
        self._refused: set[str] = set()
        self._none = False  # the server loads no adapters at all

    async def ready(self, line: Line, http: httpx2.AsyncClient, pattern: str) -> Loaded | None:
        """The pattern's adapter, loaded by now; None where the base is to answer. Raises `Passing` or `ServerUnavailable`."""
        if self._none or pattern in self._refused:
            return None
        if pattern in self._loaded:
            return self._loaded[pattern]
        name = self._shelf.name(pattern)
        times = 1 if pattern not in self._again else 2
        if name not in self._there:
            try:
                await line.load_adapter(http, name, str(self._shelf.folder(pattern)))
            except (AdapterRefused, UserError) as error:
                self._none = isinstance(error, AdapterRefused) and error.unable
                self._refuse(pattern, f"{line.base} does not load {name}: {error}")
                return None
        self._loaded[pattern] = Loaded(pattern, name, times)
        return self._loaded[pattern]

    def lost(self, adapter: Loaded, why: str) -> None:
        """The server does not know the adapter: it is to be loaded again, or, after that, not any more."""
        if self._loaded.get(adapter.pattern) != adapter:
            return  # another request has seen to it
        del self._loaded[adapter.pattern]
        self._there.discard(adapter.name)
        if adapter.pattern in self._again:
            self._refuse(adapter.pattern, f"{adapter.name} was loaded twice and is not there: {why}")
        self._again.add(adapter.pattern)

    def answered(self, adapter: Loaded) -> None:
        """The adapter is there: should it be lost another time, it is loaded again."""
        self._again.discard(adapter.pattern)

    def _refuse(self, pattern: str, why: str) -> None:
        self._refused.add(pattern)
        told = "for this as for every pattern (vLLM needs --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True)"
        self._complain(f"{why}; the base model answers {told if self._none else 'in its place'}")
