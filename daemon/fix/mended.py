"""What a mending came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.fix.certain import Certain
from sleepy.daemon.fix.ladder import Climb
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic
from sleepy.sandbox.workspace_result import Checked, Tested


@dataclass(frozen=True, slots=True)
class Mended:
    """What a mending came to. `edits` are the new texts of the files it touched, `before` their bytes as read.

    `fixed`: it compiles, its tests pass as far as they can be run, and nothing is to be doubted. `climbs` are the
    errors met, in order; `left` those that are still there; `why` says what stands in the way where it is not fixed.
    `doubts` are the reasons not to trust a repair that compiles and passes. `untested` are the changed lines, as
    FILE:LINE, that no test runs; `old_failures` the tests that fail without coming to them, `failed_before` those that
    fail at git's HEAD too.
    """

    fixed: bool
    edits: Mapping[Path, str] = field(default_factory=dict)
    before: Mapping[Path, bytes] = field(default_factory=dict)
    climbs: tuple[Climb, ...] = ()
    left: tuple[FileDiagnostic, ...] = ()
    checked: Checked | None = None
    tested: Tested | None = None
    why: str = ""
    tree: Snapshot = field(default_factory=Snapshot)  # the sources as they were when it was last tested
    seconds: float = 0.0
    doubts: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    old_failures: tuple[str, ...] = ()
    failed_before: tuple[str, ...] = ()
    certain: Certain | None = None  # what may be written of a repair that is not whole

    @property
    def met(self) -> tuple[Climb, ...]:
        """The climbs of errors that are the user's: repaired, or left. A detour's own errors are not among them.

        An error that was left, tried again beside other repairs and left again is there once, as it was tried last.
        """
        left = Counter((each.file, each.diagnostic.message, pointed(each.diagnostic)) for each in self.left)
        found: list[Climb] = []
        for each in reversed(self.climbs):
            if each.found is None:
                left[mark := (each.problem.file, each.problem.error.message, pointed(each.problem.error))] -= 1
                if left[mark] < 0:
                    continue
            found.append(each)
        return tuple(reversed(found))

    @property
    def repaired(self) -> int:
        """How many errors are repaired; those that are not are `left`."""
        return sum(each.found is not None for each in self.climbs)


def pointed(said: Diagnostic) -> str:
    """The line that an error points at."""
    return said.primary.text.strip() if said.primary is not None else ""
