"""How many at once, and a room for each."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def size(memory: int) -> int:
    """Workers for children of `memory` bytes at most: one a core, fewer where memory is short."""
    cores = len(os.sched_getaffinity(0))
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        total = memory
    return max(1, min(cores, total // memory))


class Rooms:
    """Fresh folders, one for each program; all gone when left."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: list[Path] = []

    def __enter__(self) -> Rooms:
        return self

    def new(self) -> Path:
        """One more folder. `OSError` when it cannot be made."""
        folder = Path(tempfile.mkdtemp(dir=self._root))
        self._made.append(folder)
        folder.chmod(0o755)
        return folder

    def __exit__(self, *_: object) -> None:
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)
