"""Scopes: what a pattern's coefficients may answer for.

A scope is a signature (`E0382:borrow of moved value@fn`), a code (`E0382`, or `uncoded` for errors without one), or
`all`. Patterns, lessons and routes are named by their scope.
"""

from __future__ import annotations

ALL = "all"


def code_of(signature: str) -> str:
    """The code at the start of a signature; a code is its own."""
    return signature.partition(":")[0]


def scopes(signature: str) -> tuple[str, str, str]:
    """The scopes that cover a signature, the finest first: itself, its code, all."""
    return signature, code_of(signature), ALL


def covers(scope: str, signature: str) -> bool:
    """Whether the scope covers the signature."""
    return scope in scopes(signature)


def is_signature(scope: str) -> bool:
    """Whether the scope is a single signature, the finest there is."""
    return ":" in scope


def level(scope: str) -> int:
    """How coarse the scope is: 0 a signature, 1 a code, 2 all."""
    return 0 if is_signature(scope) else 2 if scope == ALL else 1
