"""The proof of a repair: with this one file broken the crate fails as it did, with it repaired it compiles.

Where nothing but the file changed between the two checks of the user's own tree, these checks are the proof. In
every other case, and where secrets were replaced in what is kept, both texts are checked in the mirror with the other files
as they are now.
"""

from __future__ import annotations

import os
from pathlib import Path

from sleepy.daemon.crate.lesson import Repair
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.model.prompt import errors
from sleepy.daemon.watch.story import Broken
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace import Checked, Workspace


def doubt(workspace: Workspace, broken: Broken, repair: Repair, now: Snapshot) -> str | None:
    """Why the repair is not proven; None where it is. `now` is the tree that was just seen to compile."""
    if not repair.changed and now.changed(broken.crate) <= {broken.path}:
        return None
    if not broken.path.is_relative_to(workspace.root):
        return "the file is not in the workspace's folder"
    failed = workspace.check({broken.path: repair.broken})
    if failed.outcome is not Outcome.COMPILE_ERROR:
        also = "it was repaired in another file too" if failed.passed else f"{failed.outcome} {failed.detail}".strip()
        return f"broken again, with the other files as they are now: {also}"
    said = errors(located(failed, workspace.root).get(broken.path, ()))
    found = signature(said[0], repair.broken) if said else "no error in this file"
    if found != repair.signature:
        return f"broken again, with the other files as they are now, it says something else: {found}"
    if now.text(broken.path) == repair.fixed:
        return None
    passed = workspace.check({broken.path: repair.fixed})
    return (
        None if passed.passed else f"without its secrets it does not compile: {passed.outcome} {passed.detail}".strip()
    )


def located(checked: Checked, root: Path) -> dict[Path, tuple[Diagnostic, ...]]:
    """The errors of each file, by absolute path."""
    found: dict[Path, tuple[Diagnostic, ...]] = {}
    for path, said in checked.by_file.items():
        whole = Path(os.path.normpath(root / path))
        found[whole] = (*found.get(whole, ()), *said)
    return found
