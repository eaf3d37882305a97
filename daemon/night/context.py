"""What every stage of a night needs: the tools, the night, its folder, its champion."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from sleepy.daemon.night.claim import Claim
from sleepy.daemon.night.pieces import ADAPTERS
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages.stages import Collected, Curated
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import lessons
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.episodic.nights import Night


class NightContext:
    """The tools, the night and its folder. `only` limits the night to these patterns; empty means all.

    `peaks` holds the worker processes' peak memory in MiB, by stage. `claim` is the right to sleep it.
    """

    def __init__(self, tools: Tools, night: Night, only: Collection[str] = (), claim: Claim | None = None) -> None:
        self.tools, self.night, self.only = tools, night, tuple(sorted(only))
        self.folder = tools.home.nights / night.date.isoformat()
        self.claim = claim or Claim()
        self.peaks: dict[str, int] = {}
        self._began = time.monotonic()
        self._champion: Served | None = None

    def until(self, share: float) -> float:
        """When this share of the night's minutes is over, on the monotonic clock; a resumed night has all of them."""
        return self._began + 60 * share * self.tools.config.night_minutes

    @property
    def adapters(self) -> Path:
        """The folder of the night's adapters, in PEFT's format."""
        return self.folder / ADAPTERS

    @property
    def subspace(self) -> Path:
        """The folder of the subspace that the night consolidates."""
        return self.folder / "subspace"

    def serving(self) -> Served:
        """What serves now; from here on it is the night's champion."""
        self._champion = serve.serving(self.tools)
        return self._champion

    def champion(self, collected: Collected) -> Served:
        """The version that served when the night began, even if another one serves now; loaded once."""
        if self._champion is None or self._champion.version != collected.champion:
            self._champion = serve.load(self.tools.db, self.tools.home, collected.champion, base=self.tools.model.name)
        return self._champion

    def champion_folder(self, collected: Collected) -> Path | None:
        """The folder of that version's files; None for the bare base."""
        return serve.folder(self.tools.db, self.tools.home, collected.champion) if collected.champion else None

    def courses(self, curated: Curated) -> dict[str, list[Lesson]]:
        """The lessons of the night's patterns, as they were recorded."""
        return {name: lessons.read(self.tools.db, self.night.id, signature=name) for name in curated.patterns}
