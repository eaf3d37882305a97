"""A measurement's options and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    rounds: int
    quick: bool  # small shapes, few patterns, no peers: shows that it works; the times mean nothing
    patterns: int  # of P6
    lessons: Path | None  # where P6 keeps its forged lessons


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement's result. values: by their key in the JSON; body: Markdown."""

    values: Mapping[str, object]
    body: str


def times(value: float) -> str:
    """A ratio as shown in tables."""
    return f"{value:,.0f}x" if value >= 100 else f"{value:.2f}x"
