"""Whether a repair is a lesson: not ruled out by what changed, proven by the compiler, and without secrets."""

from __future__ import annotations

from sleepy.daemon.crate import lesson
from sleepy.daemon.crate.lesson import Repair
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.watch import repair
from sleepy.daemon.watch.proof import doubt
from sleepy.daemon.watch.story import Repaired
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.workspace import Workspace


def judged(workspace: Workspace, item: Repaired, now: Snapshot) -> Repair | str:
    """What is to be kept, or why nothing is. `now` is the tree that was just seen to compile."""
    broken = item.broken
    why = item.why or repair.objection(broken.text, item.fixed, broken.diagnostics, item.before)
    if why:
        return why
    found = lesson.scrubbed(broken.text, item.fixed, broken.diagnostics)
    try:
        return doubt(workspace, broken, found, now) or found
    except WorkspaceError as error:
        return f"it could not be checked again: {error}"
