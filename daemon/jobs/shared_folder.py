"""Whether another machine sees a folder of this one: a file in it says so, by what it holds."""

from __future__ import annotations

import platform
import uuid
from dataclasses import dataclass
from pathlib import Path

from sleepy.memory.parametric.storage import write_whole

_FILE = "nodes"


@dataclass(frozen=True, slots=True)
class Marker:
    """A folder, and what its marker holds."""

    folder: Path
    token: str

    @classmethod
    def of(cls, folder: Path) -> Marker:
        """That of a folder; it is written at the first asking."""
        path = folder / _FILE
        try:
            token = path.read_text(encoding="ascii")
        except OSError:
            token = uuid.uuid4().hex
            write_whole(path, token.encode())
        return cls(folder, token)


def unseen(marker: Marker) -> str:
    """Why this machine does not see the marked folder; "" where it does."""
    try:
        found = (marker.folder / _FILE).read_text(encoding="ascii")
    except OSError:
        found = ""
    name = platform.node()
    return "" if found == marker.token else f"{name} does not see {marker.folder}: it must be shared, at the same path"
