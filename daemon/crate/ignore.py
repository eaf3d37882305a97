"""Which files of a crate are the user's writing: what git ignores, builds make and machines write is left out.

    folder -> .git, hidden, build folders -> git's own rules, nearest first -> .rs and manifests of a readable size

git's rules are those of every .gitignore from the top of the work tree down, of .git/info/exclude, and of the
user's own excludes file. A folder that is left out is not looked into, so nothing in it can be taken back in:
as in git. Not promised: rules of a work tree whose git configuration cannot be read (git missing: only the
usual place of the excludes file is tried), and files that are tracked although a rule ignores them.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pathspec

LARGEST = 256 * 1024  # bytes of a source file: larger ones are tables that no person typed
_RULES = ".gitignore"
_MANIFESTS = frozenset(["Cargo.toml", "Cargo.lock"])
_HEAD = 2048  # characters in which a generator signs its work
_GENERATED = re.compile(
    r"^\W*@generated\b|^\s*(?:#|//+!?|/\*+!?)\s*(?:this (?:file|code) (?:is|was) (?:@|automatically |auto-?)generated"
    r"|(?:code|file|bindings|automatically|auto-?) ?generated)\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Level:
    """The rules of one folder, for paths relative to it."""

    folder: Path
    rules: pathspec.GitIgnoreSpec

    def says(self, path: Path, *, folder: bool) -> bool | None:
        """Whether it leaves a path out or takes it in; None where it is silent."""
        name = path.relative_to(self.folder).as_posix() + ("/" if folder else "")
        return self.rules.check_file(name).include


def walk(root: Path, shared: Sequence[Path]) -> tuple[set[Path], list[Path]]:
    """The folders to watch and the source files and manifests in them. `OSError` when the root cannot be read.

    `shared` are the files of rules for the whole work tree, the weaker first: see `excludes`.
    """
    base = _top(root) or root
    levels = [level for level in (_level(base, file) for file in shared) if level is not None]
    for folder in [folder for folder in reversed(root.parents) if folder.is_relative_to(base)]:
        levels += _own(folder)
    if root != base and _left_out(root, levels, folder=True):
        levels = []  # the work tree's rules leave out what the user asks for: asking counts for more
    folders: set[Path] = set()
    files: list[Path] = []
    waiting = [(root, levels)]
    os.scandir(root).close()
    while waiting:
        place, above = waiting.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue  # gone meanwhile, or closed to us
        folders.add(place)
        known = [*above, *_own(place)]
        builds = any(entry.name == "Cargo.toml" for entry in entries)
        for entry in entries:
            path = place / entry.name
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                built = (entry.name == "target" and builds) or os.access(path / "CACHEDIR.TAG", os.F_OK)
                if not built and not _left_out(path, known, folder=True):
                    waiting.append((path, known))
            elif entry.name in _MANIFESTS or (entry.name.endswith(".rs") and not _left_out(path, known, folder=False)):
                files.append(path)
    return folders, files


def counts(path: Path) -> bool:
    """Whether a change of this path can change what `walk` finds, or what the compiler says."""
    return path.suffix == ".rs" or path.name in _MANIFESTS or path.name == _RULES or not path.suffix or path.is_dir()


def is_generated(text: str) -> bool:
    """Whether a program says that a machine wrote it."""
    return _GENERATED.search(text[:_HEAD]) is not None


def _left_out(path: Path, levels: Sequence[_Level], *, folder: bool) -> bool:
    for level in reversed(levels):  # the nearest that speaks decides
        said = level.says(path, folder=folder)
        if said is not None:
            return said
    return False


def _own(folder: Path) -> Iterator[_Level]:
    level = _level(folder, folder / _RULES)
    if level is not None:
        yield level


def _level(folder: Path, file: Path) -> _Level | None:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    rules = []
    for line in lines:
        try:  # one by one: a line that git would pass over silently is no reason to lose the others
            pathspec.GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        rules.append(line)
    return _Level(folder, pathspec.GitIgnoreSpec.from_lines(rules))


def _top(root: Path) -> Path | None:
    """The top of the git work tree that a folder is in."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def excludes(root: Path) -> list[Path]:
    """The user's own excludes file and the repository's, the weaker first, whether they are there or not."""
    top, named = _top(root) or root, ""
    try:  # `config` only reads: no hook, no file system monitor, no index is touched
        words = ["git", "-C", str(top), "config", "--type=path", "--get", "core.excludesFile"]
        named = subprocess.run(words, capture_output=True, text=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        pass
    usual = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git" / "ignore"
    return [Path(named) if named else usual, top / ".git" / "info" / "exclude"]
