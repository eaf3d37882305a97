"""Small text that every view writes in the same way: numbers of things, diffs."""

from __future__ import annotations

from difflib import unified_diff


def plural(n: int, one: str, many: str = "") -> str:
    """`1 night`, `2 nights`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def unified(broken: str, repaired: str) -> str:
    """A unified diff with three lines of context and no file names; empty where nothing differs."""
    lines = unified_diff(broken.splitlines(), repaired.splitlines(), lineterm="")
    return "\n".join(list(lines)[2:])
