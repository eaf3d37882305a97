"""Reads from Cargo.toml which folders a workspace is made of.

    path -> nearest Cargo.toml -> workspace root -> members and path dependencies, and theirs

Read with tomllib and before anything runs: the jail shows cargo only what was found here. cargo's own
answer (`cargo metadata`) comes afterwards and decides what the packages are.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "Cargo.toml"
_KINDS = ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")


class WorkspaceError(Exception):
    """A crate that cannot be worked on as it is: the user's to repair. `remedy` says how; the exit code is 2."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Layout:
    """Real absolute paths. `opened` is the folder of the nearest manifest, `root` the workspace's.

    `folders` hold everything cargo will read, none inside another; `files` are manifests of other workspaces that
    a path dependency inherits from.
    """

    root: Path
    opened: Path
    folders: tuple[Path, ...]
    files: tuple[Path, ...]


def locate(path: Path) -> Layout:
    """What the crate or workspace at `path`, or around it, is made of. `WorkspaceError` says what is missing."""
    start = Path(os.path.realpath(path))
    opened = next((folder for folder in (start, *start.parents) if (folder / NAME).is_file()), None)
    if opened is None or not start.exists():
        raise WorkspaceError(
            f"no {NAME} in {path} or above it" if start.exists() else f"{path} does not exist",
            remedy="name the folder of a crate or of a workspace, or a file inside one",
        )
    root = _root(opened)
    found, lone, left = {_narrow(root)}, set[Path](), [root, opened]
    read = set[Path]()
    while left:
        folder = left.pop()
        if folder in read:
            continue
        read.add(folder)
        left += [other for other in _named(folder, folder == root) if (other / NAME).is_file()]
        if not _within(folder, [root]):
            found.add(_narrow(folder))
            elsewhere = _root(folder)
            lone.add(elsewhere / NAME)
            left += [
                other for other in _paths(_table(_read(elsewhere), "workspace"), elsewhere) if (other / NAME).is_file()
            ]
    folders = tuple(sorted(folder for folder in found if not _within(folder, found - {folder})))
    files = tuple(sorted(file for file in lone if not _within(file, folders)))
    return Layout(root, opened, folders, files)


def _root(folder: Path) -> Path:
    """The root of the workspace a package belongs to: cargo's rules."""
    own = _read(folder)
    if "workspace" in own:
        return folder
    named = _table(own, "package").get("workspace")
    if isinstance(named, str):
        return Path(os.path.realpath(folder / named))
    for above in folder.parents:
        if not (above / NAME).is_file():
            continue
        try:
            other = _read(above)
        except WorkspaceError:
            continue  # not ours to repair
        if "workspace" in other:
            workspace = _table(other, "workspace")
            members = [above / text for text in _texts(workspace.get("members"))]
            excluded = [above / text for text in _texts(workspace.get("exclude"))]
            return folder if _within(folder, excluded) and folder not in members else above
    return folder


def _named(folder: Path, is_root: bool) -> Iterator[Path]:
    """Folders a manifest speaks of: path dependencies and, of a workspace, its members."""
    own = _read(folder)
    yield from _paths(own, folder)
    if is_root:
        workspace = _table(own, "workspace")
        yield from _paths(workspace, folder)
        for pattern in _texts(workspace.get("members")):
            try:
                yield from (Path(os.path.realpath(match)) for match in folder.glob(pattern.rstrip("/")))
            except (ValueError, NotImplementedError) as error:
                raise WorkspaceError(
                    f"{folder / NAME}: member {pattern!r}: {error}", remedy="write it relative to the manifest"
                ) from error


def _paths(table: dict[str, Any], folder: Path) -> Iterator[Path]:
    platforms = _table(table, "target")
    groups = [_table(own, kind) for own in (table, *(_table(platforms, name) for name in platforms)) for kind in _KINDS]
    patches = _table(table, "patch")
    groups += [*(_table(patches, name) for name in patches), _table(table, "replace")]
    for group in groups:
        for name in group:
            path = _table(group, name).get("path")
            if isinstance(path, str) and Path(path).is_absolute():
                raise WorkspaceError(
                    f"{folder / NAME} depends on the absolute path {path}",
                    remedy="write it relative to the manifest: the jail sees the crates at another place",
                )
            if isinstance(path, str):
                yield Path(os.path.realpath(folder / path))


def _narrow(folder: Path) -> Path:
    """A folder to copy, unless it holds the user's whole home."""
    home = Path(os.path.realpath(Path.home()))
    if folder == home or folder in home.parents:
        raise WorkspaceError(
            f"{folder / NAME} makes a crate of more than a crate: the jail would see all of {folder}",
            remedy="give the crate a folder of its own; if the manifest is there by mistake, remove it",
        )
    return folder


def _read(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise WorkspaceError(f"{folder / NAME}: {error}", remedy="repair the manifest, or make it readable") from error


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    """A table in a table; empty where it is none: cargo will say what is wrong with it."""
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _within(path: Path, folders: object) -> bool:
    assert isinstance(folders, (list, tuple, set))
    return any(path == folder or folder in path.parents for folder in folders)


def names_defaults(root: Path) -> bool:
    """Whether the workspace says itself which members a plain cargo command means."""
    return "default-members" in _table(_read(root), "workspace")
