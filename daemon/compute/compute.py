"""What a model computes with, as plain data to choose, record or show. Never imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Compute:
    """The device, the precisions (torch's names) and the threads that a model computes with.

    `threads` is torch's number of threads while compilers run beside the model, `alone` while nothing else runs.
    `measured` holds the probe's figures in tokens per second, by activity and precision; None if nothing was left to
    choose.
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

    def recorded(self) -> dict[str, Any]:
        """Its values as nights, versions and `status --json` keep them, without the measurements."""
        return {
            "device": self.device, "answers": self.answers, "trains": self.trains, "threads": self.threads,
            "alone": self.alone,
        }  # fmt: skip

    def __str__(self) -> str:
        precision = self.answers if self.answers == self.trains else f"{self.answers}, trained in {self.trains}"
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.device}, {precision}, {threads}"
