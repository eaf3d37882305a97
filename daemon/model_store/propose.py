"""Which model fits this machine: of those that were measured, the best in the exam for which there is room.

The figures are measured on two cores with bfloat16 (`sleepy model check`, `sleepy exam`); see benchmarks/RESULTS.md.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import psutil

from sleepy.daemon.model.source import BUILT_IN, models_folder, shipped

_SHARE = 0.75  # of the machine's memory that a model may take, as for a night's training


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model repairs alone (of 522 koans of the exam), and what it takes. Sizes are in MiB."""

    name: str
    exam: int
    disk: int
    day: int  # memory at most
    night: int
    minutes: float  # a day of 60 koans

    def __str__(self) -> str:
        day, night = (f"{size / 1024:.1f}" for size in (self.day, self.night))
        minutes = "a minute" if self.minutes <= 1 else f"{self.minutes:.0f} minutes"
        return (
            f"{self.name}: {self.disk} MiB on disk, {day} GiB of memory by day and {night} by night, "
            f"a day of 60 koans in {minutes}"
        )


COSTS = (Cost(BUILT_IN, exam=301, disk=5, day=443, night=990, minutes=0.3),)


def proposed(costs: tuple[Cost, ...] = COSTS, *, memory: int | None = None, disk: int | None = None) -> Cost | None:
    """The best that fits into the memory and the free disk (MiB; by default this machine's); None where none does."""
    memory = psutil.virtual_memory().total >> 20 if memory is None else memory
    disk = _free_disk() if disk is None else disk
    known = shipped()
    fits = [item for item in costs if item.night <= _SHARE * memory and (item.name in known or item.disk <= disk)]
    return max(fits, key=lambda item: item.exam, default=None)


def _free_disk() -> int:
    folder = models_folder()
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    return shutil.disk_usage(there).free >> 20
