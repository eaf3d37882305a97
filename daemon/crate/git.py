"""Where a git work tree stands, so that what git wrote into it is not taken for what its developer typed.

Read from files alone; git is never run. What moves files also moves one of these: HEAD and its commit (switch,
reset, pull, merge, rebase, cherry-pick), refs/stash, ORIG_HEAD, MERGE_HEAD and their like. A plain commit moves
HEAD too and touches no file: HEAD's log tells it apart. The index is not read: every `git status` of an editor
writes it. Not seen: `git restore FILE` (its effect, a return to an earlier text, is judged as such) and
`git stash apply`, which leaves no trace outside the index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_TRACES = ("ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD", "BISECT_LOG")
_UNDER_WAY = ("rebase-merge", "rebase-apply", "sequencer")
_TAIL = 64 * 1024  # bytes of HEAD's log that are read: hundreds of entries
_TYPED = re.compile(r"^commit(?: \((?:initial|amend)\))?: ")  # entries of moves that leave the files alone


@dataclass(frozen=True, slots=True)
class Position:
    """What HEAD says, the commit it means, the traces of operations, and the last entries of HEAD's log."""

    head: str = ""
    commit: str = ""
    traces: tuple[tuple[str, str], ...] = ()
    log: tuple[str, ...] = ()


def position(folder: Path) -> Position:
    """The position of the work tree around a folder; an empty one where there is none."""
    found = _folder(folder)
    if found is None:
        return Position()
    shared = _text(found / "commondir")
    common = (found / shared).resolve() if shared else found
    head = _text(found / "HEAD")
    commit = _commit(head.removeprefix("ref:").strip(), found, common) if head.startswith("ref:") else head
    traces = [(name, _text(found / name)) for name in _TRACES]
    traces += [(name, str((found / name).is_dir())) for name in _UNDER_WAY]
    traces += [("stash", _commit("refs/stash", found, common)), ("reftable", _text(found / "reftable" / "tables.list"))]
    return Position(head, commit, tuple(traces), _log(found / "logs" / "HEAD"))


def moved(before: Position, after: Position) -> str | None:
    """What git did to the work tree between two positions; None where it did nothing, or only committed."""
    for (name, was), (_, now) in zip(before.traces, after.traces, strict=False):
        if was != now:
            return f"git changed the files ({name})"
    if before.head == after.head and before.commit == after.commit and len(before.traces) == len(after.traces):
        return None
    entries = _since(before.log, after.log)
    if before.head != after.head or not entries:
        return "another branch or commit was checked out"
    other = next((entry for entry in entries if not _TYPED.match(entry)), None)
    return None if other is None else f"git changed the files ({other.split(':')[0]})"


def _since(before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    """The messages of the log's entries that came after `before`."""
    new = list(after)
    if before and before[-1] in new:
        new = new[len(new) - new[::-1].index(before[-1]) :]
    return [entry.partition("\t")[2] for entry in new]


def _folder(folder: Path) -> Path | None:
    """The git folder of a work tree; it may be named in a file, as for linked work trees and submodules."""
    place = next((above / ".git" for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    if place is None or place.is_dir():
        return place
    named = _text(place).removeprefix("gitdir:").strip()
    return (place.parent / named).resolve() if named else None


def _commit(ref: str, own: Path, common: Path) -> str:
    """The commit of a ref: in a file of its own, or among the packed ones."""
    if not ref or ".." in Path(ref).parts:
        return ""
    for place in (own, common):
        found = _text(place / ref)
        if found:
            return found
    for line in _text(common / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return commit
    return ""


def _log(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL))
            return tuple(file.read().decode(errors="replace").splitlines())
    except OSError:
        return ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
