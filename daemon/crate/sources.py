"""A crate's sources at one moment: texts by path, read again only where a file's stat says that it changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.crate import ignore


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's text and the stat it was read at. Without a text it is seen but not read: too large, or not UTF-8."""

    text: str | None
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a crate's folders by absolute path, and the folders that hold them."""

    files: Mapping[Path, SourceFile] = field(default_factory=dict)
    folders: frozenset[Path] = frozenset()

    def text(self, path: Path) -> str | None:
        found = self.files.get(path)
        return found.text if found is not None else None

    def changed(self, before: Snapshot) -> set[Path]:
        """The files whose texts differ from before, that came or that went. A touched file is no change."""
        paths = self.files.keys() | before.files.keys()
        return {path for path in paths if _differs(self.files.get(path), before.files.get(path))}


def look(roots: Iterable[Path], before: Snapshot, rules: Sequence[Path]) -> Snapshot:
    """The sources now; `rules` are git's files of rules beside .gitignore. `OSError` when a root cannot be read."""
    files: dict[Path, SourceFile] = {}
    folders: set[Path] = set()
    for root in roots:
        inside, found = ignore.walk(root, rules)
        folders |= inside
        for path in found:
            source = _read(path, before.files.get(path))
            if source is not None:
                files[path] = source
    return Snapshot(files, frozenset(folders))


def _read(path: Path, known: SourceFile | None) -> SourceFile | None:
    try:
        stat = path.stat(follow_symlinks=False)
        marks = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        if known is not None and known.marks == marks:
            return known
        if stat.st_size > ignore.LARGEST:
            return SourceFile(None, marks)
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return SourceFile(file.read(ignore.LARGEST).decode(), marks)
    except UnicodeDecodeError:
        return SourceFile(None, marks)
    except OSError:
        return None  # gone meanwhile, or closed to us


def _differs(one: SourceFile | None, other: SourceFile | None) -> bool:
    if one is None or other is None:
        return one is not other
    return one.text != other.text or (one.text is None and one.marks != other.marks)


def read_rust(path: Path) -> str:
    """A Rust file's text, line ends included. `UserError` when it cannot be read as one."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 at byte {error.start}", remedy="save it as UTF-8") from error
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}", remedy="name a readable Rust file") from error
