"""A repair that was taken, with what was before it, so that it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.fix.ladder import Climb
from sleepy.daemon.fix.problem import Grade, Trial
from sleepy.sandbox.tested import Checked


@dataclass(frozen=True, slots=True)
class Step:
    """A climb with a find; `checked` and `edits` are as they were before it."""

    climb: Climb
    checked: Checked
    edits: dict[Path, str]

    @property
    def trial(self) -> Trial:
        assert self.climb.found is not None, "a step is a find"
        return self.climb.found.trial

    @property
    def grade(self) -> Grade:
        return self.trial.grade
