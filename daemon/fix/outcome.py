"""What a mending may take, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.fix.ladder import Climb
from sleepy.daemon.fix.problem import Grade, Trial
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import Complaint
from sleepy.sandbox.tested import Checked, Tested
from sleepy.sandbox.verdict import Outcome

_FINE = frozenset([Fate.OK, Fate.IGNORED, Fate.BARRED])  # BARRED: the jail does not let it run at all


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a mending may take: seconds of wall clock, candidates compiled, repairs taken back."""

    seconds: float = 300.0
    tries: int = 160
    detours: int = 6


@dataclass(frozen=True, slots=True)
class Mended:
    """What a mending came to. `edits` are the new texts of the files it touched, `before` their bytes as read.

    `fixed`: it compiles and its tests pass as far as they can be run. `climbs` are the errors met, in order;
    `left` those that are still there; `why` says what stands in the way where it is not fixed.
    """

    fixed: bool
    edits: Mapping[Path, str] = field(default_factory=dict)
    before: Mapping[Path, bytes] = field(default_factory=dict)
    climbs: tuple[Climb, ...] = ()
    left: tuple[Complaint, ...] = ()
    checked: Checked | None = None
    tested: Tested | None = None
    why: str = ""
    tree: Snapshot = field(default_factory=Snapshot)  # the sources as they were when it was last tested
    seconds: float = 0.0


def passes(tested: Tested) -> bool:
    """Whether no test that can be run here fails. What the jail bars was barred without the edits too."""
    if tested.passed:
        return True
    return tested.outcome is Outcome.INFRA_ERROR and bool(tested.tests) and all(t.fate in _FINE for t in tested.tests)


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
