"""Small words that every view writes in the same way."""

from __future__ import annotations


def plural(n: int, one: str, many: str = "") -> str:
    """`1 night`, `2 nights`."""
    return f"{n} {one if n == 1 else many or one + 's'}"
