"""A verified repair as an editor is offered it: the errors it removes, the texts before and after, and the proof.

It is of the files on disk. It stands only as long as they, and the editor's buffers of them, are what was tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sleepy.daemon.base.text import plural
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.editor.place import Place, sources
from sleepy.daemon.fix import show
from sleepy.daemon.fix.fix import Fixed
from sleepy.daemon.fix.ladder import Climb
from sleepy.sandbox.manifest import WorkspaceError

_MARK = "\ufeff"  # the byte order mark, which editors take out of their buffers


@dataclass(frozen=True, slots=True)
class SolvedError:
    """An error that the repair removes; line and columns 1-based, in characters, of the file as it was read.

    The end is exclusive; None is the line's own end.
    """

    file: Path
    line: int
    start: int
    end: int | None
    code: str | None
    message: str
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A repair, all of it verified. Paths are absolute; `seen` are the place's sources that it was verified with."""

    place: Place
    before: Mapping[Path, bytes]
    after: Mapping[Path, str]
    solved: tuple[SolvedError, ...]
    diff: str
    proof: str
    seen: Snapshot

    def text(self, file: Path) -> str | None:
        """What a file held on disk, without a byte order mark; None for one that has no part in it."""
        known = self.before[file].decode() if file in self.before else self.seen.text(file)
        return known.removeprefix(_MARK) if known is not None else None

    def new_text(self, file: Path) -> str:
        """What a file becomes, without a byte order mark."""
        return self.after[file].removeprefix(_MARK)

    def is_stale(self) -> bool:
        """Whether anything on disk is no longer as it was."""
        try:
            if any(file.read_bytes() != data for file, data in self.before.items()):
                return True
            return bool(sources(self.place, self.seen).changed(self.seen))
        except (OSError, WorkspaceError):
            return True


def offer_of(done: Fixed, place: Place, seen: Snapshot) -> Offer | None:
    """The offer that a repair makes; None where it is not all verified, or the disk changed meanwhile."""
    if not done.offered:
        return None
    mended, root = done.mended, done.target.root
    told = show.data(mended, applied=False)
    found = Offer(
        place,
        {root / file: data for file, data in mended.before.items()},
        {root / file: text for file, text in mended.edits.items()},
        tuple(
            _solved(said, climb, root)
            for said, climb in zip(told["diagnostics"], mended.met, strict=True)
            if climb.found is not None
        ),
        told["diff"],
        _proof(told),
        seen,
    )
    return None if found.is_stale() else found


def _solved(said: Mapping[str, Any], climb: Climb, root: Path) -> SolvedError:
    span = climb.problem.error.primary
    start, end = (
        (span.column_start, span.column_end if span.line_end == span.line_start else None) if span else (1, None)
    )
    by, message = said["solved_by"], said["message"].split("\n")[0]
    return SolvedError(root / said["file"], said["line"], start, end, said["code"], message, by)


def _proof(told: Mapping[str, Any]) -> str:
    passed = told["tests"]["fates"].get("ok", 0) if told["tests"] else 0
    tested = f"{plural(passed, 'test passes', 'tests pass')}" if passed else "there are no tests"
    more = told["tests"]["detail"] if told["tests"] else ""
    return f"it compiles, {tested}" + (f"; {more}" if more else "")
