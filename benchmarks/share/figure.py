"""What a measurement is asked for, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    rounds: int
    quick: bool  # small shapes, a few patterns, no peers: it works, and its times mean nothing
    patterns: int  # of P6
    lessons: Path | None  # where P6 keeps its forged lessons


@dataclass(frozen=True, slots=True)
class Figure:
    """told: values by their key in the JSON; body: Markdown."""

    told: Mapping[str, object]
    body: str


def times(value: float) -> str:
    """A ratio as the tables show it."""
    return f"{value:,.0f}x" if value >= 100 else f"{value:.2f}x"
