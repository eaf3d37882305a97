"""Where the file of a module lies: beside the root of a crate, or in the folder of the module that declares it."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path


def home(file: Path, roots: Collection[Path] = ()) -> Path:
    """The folder in which the modules lie that a file declares. `roots` are the files that begin a crate."""
    return file.parent if file in roots or file.stem in ("lib", "main", "mod") else file.with_suffix("")


def places(file: Path, name: str, roots: Collection[Path] = ()) -> tuple[Path, Path]:
    """The two files that `mod name;` in a file may mean."""
    folder = home(file, roots)
    return folder / f"{name}.rs", folder / name / "mod.rs"


def lies_beside(file: Path, name: str, within: Path, roots: Collection[Path] = ()) -> bool:
    """Whether there is a file for `mod name;`: a plain one within a folder, no link, and no root of a crate."""
    found = [path for path in places(file, name, roots) if os.path.lexists(path)]
    return bool(found) and all(
        path.is_file() and os.path.realpath(path) == str(path) and path.is_relative_to(within) and path not in roots
        for path in found
    )
