"""`sleepy learn`: looks at a crate's last commits, the oldest first, and keeps the repairs among them as lessons.

lock -> repository -> commits that were not looked at -> each: look, keep, take note -> what it came to

A repair is kept before its commit is noted, and keeping it twice is keeping it once: killed at any moment, the next run
goes on with the commit at which this one was. The user's repository is only read (see `repository`), their work tree
and index are not even that: everything is compiled from copies in the home, which are removed at the end.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.crate import lesson
from sleepy.daemon.history.look import CommitFinding, FileRepair, Look, look_at
from sleepy.daemon.history.looked_at import LookedAt
from sleepy.daemon.history.past import Past
from sleepy.daemon.history.repository import Repository
from sleepy.koans.koan import digest
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database
from sleepy.sandbox import manifest
from sleepy.sandbox.sandbox import Sandbox

_KNOWN = "another repair of the same mistake is remembered"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of the last commits of the crate at `root`: `commits` there were, `known` were looked at before."""

    root: Path
    asked: int
    commits: int
    known: int
    looks: tuple[Look, ...]

    def of(self, *findings: CommitFinding) -> list[Look]:
        return [look for look in self.looks if look.finding in findings]


def learn(
    path: Path,
    count: int,
    home: Home,
    *,
    tier: str | None = None,
    say: Say = silent,
    now: Callable[[], datetime] = utc,
    cargo_home: Path | None = None,
) -> Learnt:
    """Learns from the last `count` commits of the crate at `path`, and says what it looked at.

    `SandboxUnavailable`, `UserError` and `WorkspaceError` where it cannot be begun.
    """
    layout = manifest.locate(path)
    repository = Repository.around(layout.opened)
    commits = repository.commits(count)
    with (
        Sandbox.open(tier=tier, workers=1) as sandbox,
        Database.open(home.make().database) as db,
        _place(home) as place,
    ):
        known = LookedAt(db, layout.opened, now)
        past = Past(repository, sandbox.jail, place, cargo_home=cargo_home)
        left = [commit for commit in reversed(commits) if commit.name not in known]
        looks = []
        for number, commit in enumerate(left):
            say("commits", number, len(left))
            look = kept(db, look_at(commit, repository, past), now)
            known.add(look)
            looks.append(look)
        if left:
            say("commits", len(left), len(left))
    return Learnt(layout.opened, count, len(commits), len(commits) - len(left), tuple(looks))


def kept(db: Database, look: Look, now: Callable[[], datetime]) -> Look:
    """The look with its lessons in memory; one whose mistake has another repair there, a newer one, is none."""
    files = tuple(_keep(db, item, now) for item in look.files)
    if look.finding is CommitFinding.LEARNT and not any(item.repair for item in files):
        return replace(look, files=files, finding=CommitFinding.NO_LESSON)
    return replace(look, files=files)


def _keep(db: Database, item: FileRepair, now: Callable[[], datetime]) -> FileRepair:
    if item.repair is None:
        return item
    remembered = recall.developer_repair(db, digest(item.repair.broken))
    if remembered is not None and remembered != item.repair.fixed:
        return replace(item, repair=None, why=_KNOWN)
    if remembered is None:
        lesson.keep(db, item.name, item.repair, now=now())
    return item


@contextmanager
def _place(home: Home) -> Iterator[Path]:
    """An empty folder for the copies, among those of the watcher's; one process has it at a time."""
    home.crates.mkdir(mode=0o700, exist_ok=True)
    with (home.crates / "history.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(
                f"another `sleepy learn` is at work in {home.root}", remedy="wait for it to end, or stop it"
            ) from error
        place = home.crates / "history"
        shutil.rmtree(place, ignore_errors=True)  # what a killed run left
        place.mkdir()
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
