"""Which sleepy this is: its version, and a hash over its sources, since a checkout changes without a new number."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_SOURCES = (".py", ".rs", ".toml")


@lru_cache(maxsize=1)
def ours() -> str:
    """That of this installation, such as `0.1.0 (3f2a9c01)`: equal on two machines that do the same."""
    root = Path(__file__).parents[2]  # the package, whose folders may be links
    found = hashlib.sha256()
    for place, folders, names in os.walk(root, followlinks=True):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith(_SOURCES):
                path = Path(place, name)
                found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('sleepy')} ({found.hexdigest()[:8]})"
