"""Writing a repair into the user's tree: all files or none, and only where nobody changed them meanwhile.

Each file is written beside its place, synced, given the permissions of what it replaces, and renamed over it. When
one cannot be, those before it get their old bytes back, unless somebody has changed them since. Not promised: that
all files change in one moment, or protection against a change between the last look and the rename.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.memory.parametric.storage import beside


class TreeChanged(UserError):
    """The tree is not the one that was repaired."""

    exit_code = 1


def apply(
    root: Path,
    before: Mapping[Path, bytes],
    edits: Mapping[Path, str],
    *,
    moved: Callable[[], Collection[Path]] = frozenset,
    rename: Callable[[Path, Path], object] = os.replace,
) -> None:
    """Writes the new texts. `TreeChanged` when a file is not as it was read; nothing is written then.

    `moved` names other files that are not as they were when the repair was verified. `UserError` when a file cannot
    be written, or is read-only to this user; what was written before it is taken back.
    """
    unlike = {path for path in edits if _bytes(root / path) != before[path]} | set(moved())
    if unlike:
        raise TreeChanged(
            f"{', '.join(map(str, sorted(unlike)))} changed during the repair: nothing was written",
            remedy="run `sleepy fix` again",
        )
    closed = sorted(path for path in edits if _is_read_only(root / path))
    if closed:
        named = shlex.join(str(root / path) for path in closed)
        raise UserError(
            f"{', '.join(map(str, closed))} may not be written: nothing was",
            remedy=f"chmod u+w {named} and run it again, or apply the diff of `sleepy fix --diff` yourself",
        )
    waiting: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for path, text in sorted(edits.items()):
            waiting[path] = _replacement(root / path, text.encode())
        for path in list(waiting):
            if _bytes(root / path) != before[path]:
                raise TreeChanged(
                    f"{path} changed while it was being written: nothing was", remedy="run `sleepy fix` again"
                )
            rename(waiting[path], root / path)
            done.append(path)
    except BaseException as error:
        left = [str(path) for path in done if not _taken_back(root / path, edits[path].encode(), before[path])]
        if isinstance(error, OSError):
            raise UserError(
                f"{error.filename or root}: {error.strerror}; "
                + (f"{', '.join(left)} could not be restored" if left else "nothing was written"),
                remedy="make the files and their folders writable, or apply the diff of `sleepy fix --diff` yourself",
            ) from error
        raise
    finally:
        for partial in waiting.values():
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def _is_read_only(path: Path) -> bool:
    """Whether this user may not write a file: a rename over it would not ask. Root may write any."""
    return not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _replacement(path: Path, data: bytes) -> Path:
    """A synced file beside another, with its permissions."""
    partial = beside(path, data)
    try:
        shutil.copymode(path, partial)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _taken_back(path: Path, wrote: bytes, old: bytes) -> bool:
    """Whether a file has its old bytes again; one that is no longer as it was written is left alone."""
    try:
        if _bytes(path) == wrote:
            _replacement(path, old).replace(path)
            return True
    except OSError:
        pass
    return False


def _bytes(path: Path) -> bytes | None:
    """What a file of that very place holds; None where there is none, or a link."""
    try:
        if path.is_symlink():
            return None
        return path.read_bytes()
    except OSError:
        return None
