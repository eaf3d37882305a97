"""How many workers fit on this machine, and scratch folders for them; those of a killed process are cleared by the next."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

_PREFIX = "sleepy-sandbox-"
_OWNED = re.compile(rf"{_PREFIX}([1-9]\d{{0,8}})-")


def worker_count(memory: int) -> int:
    """Workers for children of `memory` bytes at most: one a core, fewer where memory is short."""
    cores = len(os.sched_getaffinity(0))
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        total = memory
    return max(1, min(cores, total // memory))


def make_root() -> Path:
    """A fresh folder for one sandbox, named after this process; those of dead processes are removed first."""
    _sweep(Path(tempfile.gettempdir()))
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def _sweep(place: Path) -> None:
    """Removes what killed processes of this user left in `place`; links, and other users' folders, stay."""
    for path in place.glob(f"{_PREFIX}*"):
        named = _OWNED.match(path.name)
        try:
            found = path.lstat()
        except OSError:
            continue  # another sweeps too
        if named and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not _lives(int(named[1])):
            shutil.rmtree(path, ignore_errors=True)


def _lives(pid: int) -> bool:
    """Whether a process has this number, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class ScratchFolders:
    """Fresh folders, one for each program; all are removed on leaving."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: list[Path] = []

    def __enter__(self) -> ScratchFolders:
        return self

    def new(self) -> Path:
        """A new folder. `OSError` when it cannot be made."""
        folder = Path(tempfile.mkdtemp(dir=self._root))
        self._made.append(folder)
        folder.chmod(0o755)
        return folder

    def __exit__(self, *_: object) -> None:
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)
