"""One commit looked at: whether it repairs what its parent broke, and what of that is a lesson.

    no Rust changed? -> the parent compiles? -> itself it does not? -> its tests fail? -> the watcher's judgement, file by file

Cheap questions first: git answers the first, and a commit is compiled only where it may be half of a repair. The judgement is
the watcher's own: parent and commit are told to it as if the developer had typed for a while and rested at both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path, PurePosixPath

from sleepy.daemon.crate.git import Position
from sleepy.daemon.crate.lesson import ScrubbedRepair, task_name
from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.history.past import CheckedCommit, NotLookedAt, Past
from sleepy.daemon.history.repository import Commit, FileChange, HistoryError, Repository
from sleepy.daemon.watch.crate_state import CrateState, Pace, RepairedFile
from sleepy.daemon.watch.repair import lesson_of
from sleepy.sandbox.manifest import NAME
from sleepy.sandbox.verdict import Diagnostic

_SOURCES = frozenset([NAME, "Cargo.lock"])  # and .rs: what the watcher counts as a change


class CommitFinding(StrEnum):
    """What looking at a commit found."""

    NO_RUST = "no Rust"  # it changes no Rust source of the crate
    FIRST = "first"  # there is nothing before it
    COMPILED = "compiled"  # its parent compiles
    BROKEN = "broken"  # its parent does not compile, and itself it does not either, or its tests fail
    NO_LESSON = "no lesson"  # it repairs, and what it changes says too little of the mistake
    LEARNT = "learnt"  # at least one file's repair is a lesson
    NOT_LOOKED_AT = "not looked at"  # it could not be judged here, and is tried again the next time


@dataclass(frozen=True, slots=True)
class FileRepair:
    """A file that the commit repaired: the repair as it is kept, under a task's name, or why it is no lesson."""

    file: str
    name: str
    repair: ScrubbedRepair | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A commit, what was found, the files it repaired, and a word on why where no file has one."""

    commit: str
    finding: CommitFinding
    files: tuple[FileRepair, ...] = ()
    why: str = ""


def look_at(commit: Commit, repository: Repository, past: Past) -> Look:
    """What a commit came to; nothing is kept here."""
    try:
        return _look(commit, repository, past)
    except NotLookedAt as error:
        return Look(commit.name, CommitFinding.NOT_LOOKED_AT, why=_clean(str(error)))
    except HistoryError as error:
        return Look(commit.name, CommitFinding.NOT_LOOKED_AT, why=_clean(f"git: {error}"))


def _look(commit: Commit, repository: Repository, past: Past) -> Look:
    if commit.parent is None:
        if repository.is_shallow:
            raise NotLookedAt("its parent is not here (a shallow clone); `git fetch --deepen` would get it")
        return Look(commit.name, CommitFinding.FIRST)
    changes = repository.changes(commit.parent, commit.name)
    if not any(_is_rust(change.after) for change in changes):
        return Look(commit.name, CommitFinding.NO_RUST)
    parent = past.checked(commit.parent)
    changes = [change for change in changes if parent.holds(change.before) or parent.holds(change.after)]
    if not any(_is_rust(change.after) for change in changes):
        return Look(commit.name, CommitFinding.NO_RUST)
    if parent.passed:
        return Look(commit.name, CommitFinding.COMPILED)
    child = past.checked(commit.name)
    if not child.passed:
        return Look(commit.name, CommitFinding.BROKEN, why="it does not compile either")
    tested = past.tested(child)
    if not tested.passed:
        said = tested.detail.splitlines()[0] if tested.detail else "do not compile"
        return Look(commit.name, CommitFinding.BROKEN, why=_clean(f"its tests: {said}"))
    files = tuple(_judged(parent, child, changes, past))
    if not files:
        return Look(
            commit.name, CommitFinding.NO_LESSON, why="no error of its parent has a place in a Rust file of its own"
        )
    taken = any(item.repair is not None for item in files)
    return Look(commit.name, CommitFinding.LEARNT if taken else CommitFinding.NO_LESSON, files)


def _judged(parent: CheckedCommit, child: CheckedCommit, changes: Sequence[FileChange], past: Past) -> list[FileRepair]:
    """The watcher's judgement of every file that had errors."""
    moved = {c.before: c.after for c in changes if c.before is not None and c.after is not None}
    found = {_after(path, moved, past.root): said for path, said in parent.errors.items()}
    origins = {_inside(path, past.root): _inside(path, past.root) for path in found}
    for change in changes:
        if change.before is not None and _counts(change.before):
            origins[change.before] = change.before  # where it was renamed too: gone is a change of the tree
    origins |= {after: before for before, after in moved.items() if _counts(after)}
    now = {path: path for path in [*origins, *(c.after for c in changes if c.after is not None and _counts(c.after))]}
    before, after = past.snapshot(parent, origins), past.snapshot(child, now)
    earlier = past.earlier(parent, {path: origins[path] for path in map(partial(_inside, root=past.root), found)})
    judged = []
    for item in _as_typed(earlier, before, after, found):
        said = lesson_of(past.workspace, item, after)
        file = _inside(item.broken.path, past.root).as_posix()
        name = task_name(item.broken.path, past.workspace.packages)
        repair, why = (None, _clean(said)) if isinstance(said, str) else (said, "")
        judged.append(FileRepair(file, name, repair, why))
    return judged


def _as_typed(
    earlier: Snapshot, broken: Snapshot, fixed: Snapshot, found: Mapping[Path, tuple[Diagnostic, ...]]
) -> list[RepairedFile]:
    """What the watcher would have on record, had it seen these three states one after the other."""
    state = CrateState(Pace(quiet=0.0, settle=0.0))
    state.look(earlier, Position(), 0.0)
    state.green()
    state.look(broken, Position(), 1.0)
    state.red(found)
    state.settle(2.0)
    state.look(fixed, Position(), 3.0)
    return state.green()


def _after(path: Path, moved: Mapping[PurePosixPath, PurePosixPath], root: Path) -> Path:
    """Where a file of the parent's stands in the commit."""
    inside = _inside(path, root)
    return root / moved.get(inside, inside)


def _inside(path: Path, root: Path) -> PurePosixPath:
    """A path as git names it; one outside the repository is as it is, and no commit has it."""
    return PurePosixPath(path.relative_to(root) if path.is_relative_to(root) else path)


def _is_rust(path: PurePosixPath | None) -> bool:
    return path is not None and path.suffix == ".rs"


def _counts(path: PurePosixPath) -> bool:
    return _is_rust(path) or path.name in _SOURCES


def _clean(message: str) -> str:
    """A reason without the secrets that a quoted name or a build's words may hold."""
    return Scrubber().text(message)
