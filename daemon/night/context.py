"""What every stage of one night works with, and what several of them look up in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import lessons
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.episodic.nights import Night

Artefacts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bed:
    """What every stage of one night works with."""

    tools: Tools
    night: Night
    folder: Path
    only: tuple[str, ...] = ()
    peaks: dict[str, int] = field(default_factory=dict)  # MiB that a process apart held, by stage

    @property
    def subspace(self) -> Path:
        return self.folder / "subspace"


def champion(bed: Bed, made: Artefacts) -> Served:
    """The version the night began with, whatever the alias says by now."""
    return serve.load(bed.tools.db, bed.tools.home, made["collect"]["champion"], base=bed.tools.model.name)


def courses(bed: Bed, made: Artefacts) -> dict[str, list[Lesson]]:
    return {name: lessons.read(bed.tools.db, bed.night.id, signature=name) for name in made["curate"]["patterns"]}
