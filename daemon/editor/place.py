"""Where a Rust file belongs: the crate that is repaired with it, or the file alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.crate.sources import Snapshot, SourceFile, look
from sleepy.sandbox import manifest


@dataclass(frozen=True, slots=True)
class Place:
    """What is repaired together. `key` is the workspace's root, or a file that stands alone; `opened` is in it."""

    key: Path
    opened: Path


def place_of(file: Path, folders: Sequence[Path]) -> Place | None:
    """A file's place; None for one that is not Rust, lies outside the folders, or was made by a build.

    `WorkspaceError` when its manifest is broken.
    """
    whole = Path(os.path.realpath(file))
    if whole.suffix != ".rs" or not any(whole.is_relative_to(folder) for folder in folders):
        return None
    if any(_is_built(folder) for folder in whole.parents):
        return None
    if any((folder / manifest.NAME).is_file() for folder in whole.parents):
        found = manifest.locate(whole.parent)
        return Place(found.root, found.opened)
    return Place(whole, whole)


def sources(place: Place, before: Snapshot | None = None) -> Snapshot:
    """The place's sources as they are on disk; what did not change since `before` is not read again.

    `OSError` or `WorkspaceError` where they cannot be found.
    """
    before = before or Snapshot()
    if place.key.is_dir():
        return look(manifest.locate(place.opened).folders, before, ())
    try:
        return Snapshot({place.key: SourceFile(place.key.read_bytes().decode(), ())})
    except UnicodeDecodeError:
        return Snapshot({place.key: SourceFile(None, ())})


def _is_built(folder: Path) -> bool:
    """Whether a folder is cargo's: a module may be named target too."""
    beside = folder.name == "target" and (folder.parent / manifest.NAME).is_file()
    return beside or (folder / "CACHEDIR.TAG").is_file()
