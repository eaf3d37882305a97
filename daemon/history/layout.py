"""Lays a commit's files out in a folder of sleepy's own, and brings that from one commit to the next."""

from __future__ import annotations

import contextlib
from pathlib import Path, PurePosixPath

from sleepy.daemon.history.repository import Blob, HistoryError, Repository, Tree
from sleepy.sandbox.mirror import FILES, LARGEST, WHOLE
from sleepy.sandbox.process import GIB, MIB

_PORTION = 32 * MIB  # read from git at once


class CommitLayout:
    """The files of one commit in `folder`, which is empty at first. Larger files than the jail would see are left out."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self._repository, self._folder = repository, folder
        self._laid: Tree = {}
        self._sizes: dict[str, int] = {}

    def lay(self, tree: Tree) -> None:
        """Makes the folder hold these files. Those that stay as they are are not touched.

        `HistoryError` where they are too many or not all here; the folder is then between two commits, and the next
        call goes on from there.
        """
        unknown = sorted({blob.name for blob in tree.values()} - self._sizes.keys())
        self._sizes |= self._repository.sizes(unknown) if unknown else {}
        wanted = {path: blob for path, blob in tree.items() if self._sizes[blob.name] <= LARGEST}
        if len(wanted) > FILES or sum(self._sizes[blob.name] for blob in wanted.values()) > WHOLE:
            raise HistoryError(f"it holds more than {WHOLE // GIB} GiB or {FILES} files")
        for path in [path for path, blob in self._laid.items() if wanted.get(path) != blob]:
            del self._laid[path]
            self._remove(path)
        new: dict[str, list[PurePosixPath]] = {}
        for path, blob in wanted.items():
            if path not in self._laid:
                new.setdefault(blob.name, []).append(path)
        for names in self._portions(list(new)):
            for name, content in self._repository.contents(names):
                for path in new[name]:
                    self._write(path, wanted[path], content)

    def _portions(self, names: list[str]) -> list[list[str]]:
        found: list[list[str]] = []
        room = 0
        for name in names:
            if room < self._sizes[name] or not found:
                found.append([])
                room = _PORTION
            found[-1].append(name)
            room -= self._sizes[name]
        return found

    def _write(self, path: PurePosixPath, blob: Blob, content: bytes) -> None:
        place = self._folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o755 if blob.executable else 0o644)
        self._laid[path] = blob

    def _remove(self, path: PurePosixPath) -> None:
        """Removes a file, and the folders that are empty without it."""
        place = self._folder / path
        place.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty: the end
            for above in place.parents:
                if above == self._folder:
                    break
                above.rmdir()
