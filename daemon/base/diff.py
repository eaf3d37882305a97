"""Unified diffs of repairs."""

from __future__ import annotations

from difflib import unified_diff


def unified(broken: str, repaired: str) -> str:
    """A unified diff with three lines of context and no file names; empty where nothing differs."""
    lines = unified_diff(broken.splitlines(), repaired.splitlines(), lineterm="")
    return "\n".join(list(lines)[2:])
