"""The errors of parametric memory, each with a remedy."""

from __future__ import annotations


class SubspaceError(Exception):
    """A file, an adapter or a model that does not fit; names what was found and what would do."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class MemoryShort(MemoryError):
    """Memory does not suffice to train on even one example; says how many tokens it has."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy
