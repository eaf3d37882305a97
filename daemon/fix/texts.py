"""The user's files as they were read, and texts with line ends of `\\n` to work on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


class Texts:
    """Files below a root; each is read once, when it is first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._bytes: dict[Path, bytes] = {}

    def read(self, file: Path) -> str:
        """A file's text. `OSError` or `UnicodeDecodeError` where it has none."""
        if file not in self._bytes:
            self._bytes[file] = (self._root / file).read_bytes()
        return self._bytes[file].decode().replace("\r\n", "\n")

    def before(self, files: Iterable[Path]) -> dict[Path, bytes]:
        """The bytes of files as they were read."""
        return {file: self._bytes[file] for file in files}

    def as_read(self, edits: Mapping[Path, str]) -> dict[Path, str]:
        """New texts with the line ends that their files have."""
        crlf = {file for file in edits if b"\r\n" in self._bytes[file]}
        return {file: text.replace("\n", "\r\n") if file in crlf else text for file, text in edits.items()}
