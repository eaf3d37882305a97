"""What a model computes with: plain data, for whoever chooses, records or shows it. Never imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Compute:
    """What a model computes with. The precisions are torch's names.

    threads are torch's where compilers work beside the model, `alone` where nothing else does. measured holds the
    probe's figures, tokens a second, by what was measured and `precision`; empty where nothing was left to choose.
    """

    device: str = "cpu"
    answers: str = "float32"
    trains: str = "float32"
    threads: int = 1
    alone: int = 1
    measured: Mapping[str, Mapping[str, float]] | None = None

    @property
    def on_cpu(self) -> bool:
        return self.device == "cpu"

    def told(self) -> dict[str, Any]:
        """What a night, a version and `status --json` keep of it."""
        return {
            "device": self.device, "answers": self.answers, "trains": self.trains, "threads": self.threads,
            "alone": self.alone,
        }  # fmt: skip

    def __str__(self) -> str:
        precision = self.answers if self.answers == self.trains else f"{self.answers}, trained in {self.trains}"
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.device}, {precision}, {threads}"
