"""A copy of the user's crates for the jail, kept in step; the originals are only ever read.

A file stands at the mirror's folder plus its own absolute path, so that relative paths between crates hold, and
so that a message of the compiler becomes one about the user's file by leaving the mirror's folder out of it.

cargo trusts times: a file older than what was built of it counts as unchanged. A copy therefore carries the time
it was written, not the original's: an edit taken out again is newer than what was compiled of the edit.
What is in step is known by the original's stat and the copy's time, so that a copy that was changed, by an edit
whose process was killed say, is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sleepy.sandbox.manifest import NAME, Layout, WorkspaceError
from sleepy.sandbox.process import GIB, MIB
from sleepy.sandbox.reach import fits, may_be_shown

LARGEST = 32 * MIB  # a file; larger ones are left out
WHOLE = 2 * GIB
FILES = 100_000
_LEFT_OUT = frozenset([".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__"])
_LOCK = "Cargo.lock"

Seen = dict[str, list[int]]  # a file: its stat; a link has none


class Mirror:
    """The copy in `place`, with its record in the file `record`. `own` is a folder that is never copied."""

    def __init__(self, place: Path, record: Path, own: Path) -> None:
        self.place, self._record, self._own = place, record, own
        self.left_out: tuple[Path, ...] = ()  # files too large or unreadable, links that leave the tree
        self.digest = ""  # names the state of the originals

    def at(self, path: Path) -> Path:
        """Where the copy of an absolute path stands."""
        return self.place / path.relative_to("/")

    def sync(self, layout: Layout) -> list[Path]:
        """Brings the copy in step and returns the originals whose copies were written or removed."""
        seen, links, folders = self._survey(layout)
        self.digest = hashlib.sha256(json.dumps([sorted(seen.items()), sorted(links.items())]).encode()).hexdigest()
        kept = {*seen, *links, *([] if str(layout.root / _LOCK) in seen else [str(layout.root / _LOCK)])}
        changed = self._prune(kept, folders)
        known = self._known()
        record: dict[str, list[int]] = {}
        left_out = set(self.left_out)
        for name, marks in seen.items():
            copy = self.at(Path(name))
            if known.get(name) == [*marks, _written(copy)]:
                record[name] = known[name]
                continue
            try:
                text = _content(Path(name))
            except OSError:
                left_out.add(Path(name))
                copy.unlink(missing_ok=True)
                continue
            if _same(copy, text, marks[-1]):
                record[name] = [*marks, _written(copy)]
                continue
            _write(copy, text, marks[-1])
            record[name] = [*marks, _written(copy)]
            changed.append(Path(name))
        for name, target in links.items():
            copy = self.at(Path(name))
            if not (copy.is_symlink() and str(copy.readlink()) == target):
                copy.unlink(missing_ok=True)
                copy.symlink_to(target)
                changed.append(Path(name))
        self.left_out = tuple(sorted(left_out))
        self._keep(record)
        return changed

    def show(self, files: Iterable[Path]) -> None:
        """Copies files at once, before the next `sync` that knows of them; one that cannot be read stays out."""
        for file in files:
            with contextlib.suppress(OSError):
                text = _content(file)
                self.at(file).parent.mkdir(parents=True, exist_ok=True)
                _write(self.at(file), text, 0o644)

    def settle(self, path: Path) -> None:
        """Accepts a copy that cargo wrote, until its original changes."""
        record = self._known()
        if str(path) in record:
            record[str(path)][-1] = _written(self.at(path))
            self._keep(record)

    @contextlib.contextmanager
    def edited(self, edits: Mapping[Path, str]) -> Iterator[None]:
        """The copies of absolute paths with other texts for as long as this lasts."""
        before: dict[Path, tuple[bytes, int] | None] = {}
        try:
            for path, text in edits.items():
                copy = self.at(path)
                if copy.is_file() and copy.read_bytes() == text.encode():
                    continue
                before[copy] = (copy.read_bytes(), copy.stat().st_mode & 0o777) if copy.is_file() else None
                copy.parent.mkdir(parents=True, exist_ok=True)
                _write(copy, text.encode(), 0o644)
            yield
        finally:
            for copy, was in before.items():
                if was is None:
                    copy.unlink(missing_ok=True)
                else:
                    _write(copy, *was)

    def _survey(self, layout: Layout) -> tuple[Seen, dict[str, str], set[str]]:
        """The originals: files, links within the tree with what they say in the copy, folders."""
        seen: Seen = {}
        links: dict[str, str] = {}
        folders: set[str] = set()
        left_out: list[Path] = []
        waiting, roots, whole = list(layout.folders), list(layout.folders), 0
        while waiting:
            folder = waiting.pop()
            folders.add(str(folder))
            try:
                entries = list(os.scandir(folder))
            except OSError:
                left_out.append(folder)
                continue
            manifest = any(entry.name == NAME for entry in entries)
            for entry in entries:
                path = folder / entry.name
                if entry.is_symlink():
                    target = Path(os.path.realpath(path))
                    if not any(target.is_relative_to(root) for root in roots) and self._brings(target, layout, seen):
                        roots.append(target)
                        waiting += [target] if target.is_dir() else []
                    if any(target.is_relative_to(root) for root in roots) and target.exists():
                        links[str(path)] = str(self.at(target))
                    else:
                        left_out.append(path)
                elif entry.is_dir(follow_symlinks=False):
                    built = (entry.name == "target" and manifest) or os.access(path / "CACHEDIR.TAG", os.F_OK)
                    if not (built or entry.name in _LEFT_OUT or path == self._own):
                        waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    if found.st_size > LARGEST:
                        left_out.append(path)
                    else:
                        seen[str(path)] = _marks(found)
                        whole += found.st_size
            if whole > WHOLE or len(seen) > FILES:
                raise WorkspaceError(
                    f"{layout.root} holds more than {WHOLE // GIB} GiB or {FILES} files",
                    remedy="move what is not source (data, builds) out of the workspace's folder",
                )
        for file in layout.files:
            with contextlib.suppress(OSError):
                if (found := file.stat()).st_size <= LARGEST:
                    seen[str(file)] = _marks(found)
        for name in [*folders, *seen]:
            folders.update(str(above) for above in Path(name).parents)
        self.left_out = tuple(sorted(left_out))
        return seen, links, folders

    def _brings(self, target: Path, layout: Layout, seen: Seen) -> bool:
        """Whether a link out of the tree leads to what is copied too: a file is, at once; a folder can be."""
        around = any(folder.is_relative_to(target) for folder in (*layout.folders, self._own))
        if around or not may_be_shown(target, layout.root):
            return False
        if target.is_dir():
            return fits(target)
        with contextlib.suppress(OSError):
            found = target.stat()
            if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST:
                seen[str(target)] = _marks(found)
                return True
        return False

    def _prune(self, kept: set[str], folders: set[str]) -> list[Path]:
        """Takes out what no original stands for, and makes the folders."""
        gone: list[Path] = []
        self.place.mkdir(parents=True, exist_ok=True)
        for place, below, names in os.walk(self.place):
            here = Path("/", Path(place).relative_to(self.place))
            for name in list(below):
                copy = Path(place, name)
                if not copy.is_symlink() and str(here / name) in folders:
                    continue
                below.remove(name)
                if copy.is_symlink():
                    names.append(name)
                else:
                    shutil.rmtree(copy)
                    gone.append(here / name)
            for name in names:
                if str(here / name) not in kept:
                    Path(place, name).unlink()
                    gone.append(here / name)
        for name in sorted(folders):
            copy = self.at(Path(name))
            if copy.is_symlink() or not copy.is_dir():
                copy.unlink(missing_ok=True)
                copy.mkdir()
        return gone

    def _known(self) -> dict[str, list[int]]:
        try:
            known = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # the first time, or killed while it was written
        return known if isinstance(known, dict) else {}

    def _keep(self, record: Mapping[str, list[int]]) -> None:
        rewrite(self._record, json.dumps(record))


def rewrite(path: Path, text: str) -> None:
    """Replaces a file of ours in one step. Not synced: what is lost in a power cut is made again."""
    other = path.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


def _marks(found: os.stat_result) -> list[int]:
    mode = 0o755 if found.st_mode & 0o100 else 0o644
    return [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, mode]


def _written(copy: Path) -> int:
    """The time of a copy; -1 where there is none, or something else."""
    try:
        found = copy.lstat()
    except OSError:
        return -1
    return found.st_mtime_ns if stat.S_ISREG(found.st_mode) else -1


def _content(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path} is no file any more")
        return file.read(LARGEST + 1)


def _same(copy: Path, text: bytes, mode: int) -> bool:
    if _written(copy) < 0:
        return False
    return copy.stat().st_mode & 0o777 == mode and copy.read_bytes() == text


def _write(copy: Path, text: bytes, mode: int) -> None:
    copy.unlink(missing_ok=True)
    with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(text)
        os.fchmod(file.fileno(), mode)  # whatever the umask
