"""Files written whole: a reader sees the old bytes or the new ones, never half of either."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

Content = bytes | Callable[[BinaryIO], object]  # the bytes, or what writes them to the file it is given


def write_whole(path: Path, content: Content) -> None:
    """Writes the content to `path`: under a temporary name first, synced, then renamed."""
    beside(path, content).replace(path)


def beside(path: Path, content: Content) -> Path:
    """A synced file with the content beside `path`, to be renamed by the caller. If it cannot be written, none is left."""
    partial = path.with_name(f".{path.name}.{threading.get_native_id()}.partial")
    try:
        partial.unlink(missing_ok=True)  # of a process of this number that was killed
        with partial.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial
