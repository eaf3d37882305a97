"""A repair as a unified diff."""

from __future__ import annotations

from difflib import unified_diff


def unified(broken: str, repaired: str) -> str:
    """The lines that differ with three around them, without file names; empty where nothing does."""
    lines = unified_diff(broken.splitlines(), repaired.splitlines(), lineterm="")
    return "\n".join(list(lines)[2:])
