"""The user's files: their bytes as they were read, texts to work on, and the diff of what became of them.

Texts to work on have line ends of `\n` and no byte order mark; what is written back has those of its file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

_MARK = "\ufeff"  # the byte order mark, which the compiler does not count among a line's columns


class FileTexts:
    """Files below a root; each is read once, when it is first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._bytes: dict[Path, bytes] = {}

    def read(self, file: Path) -> str:
        """A file's text. `OSError` or `UnicodeDecodeError` where it has none."""
        if file not in self._bytes:
            self._bytes[file] = (self._root / file).read_bytes()
        return self._bytes[file].decode().removeprefix(_MARK).replace("\r\n", "\n")

    def objection(self, file: Path) -> str:
        """Why a file cannot be worked on; empty where it can."""
        try:
            self.read(file)
        except UnicodeDecodeError as error:
            return f"{file} is not UTF-8 at byte {error.start}"
        except OSError as error:
            return f"{file}: {error.strerror}"
        return ""

    def before(self, files: Iterable[Path]) -> dict[Path, bytes]:
        """The bytes of files as they were read."""
        return {file: self._bytes[file] for file in files}

    def as_read(self, edits: Mapping[Path, str]) -> dict[Path, str]:
        """New texts with the marks and line ends that their files have: an unchanged line keeps its own."""
        return {file: _as(self._bytes[file].decode(), text) for file, text in edits.items()}


def _as(was: str, text: str) -> str:
    """A text in the form of the one it comes from. New lines end as most do."""
    mark = _MARK if was.startswith(_MARK) else ""
    returns, ends = was.count("\r\n"), was.count("\n")
    if returns in (0, ends):
        return mark + (text.replace("\n", "\r\n") if returns else text)
    usual = "\r" if 2 * returns >= ends else ""
    old, new = was.removeprefix(_MARK).split("\n"), text.split("\n")
    plain = [line.removesuffix("\r") for line in old[:-1]] + old[-1:]
    found = [line + usual for line in new[:-1]] + new[-1:]
    for a, b, size in unchanged(plain, new):
        for i in range(size):
            if a + i < len(old) - 1 and b + i < len(new) - 1:
                found[b + i] = old[a + i]
    return mark + "\n".join(found)


def unchanged(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Runs of lines in both, from the top: (place in one, place in the other, length)."""
    short = min(len(old), len(new))
    head = next((i for i in range(short) if old[i] != new[i]), short)
    tail = next((i for i in range(short - head) if old[-1 - i] != new[-1 - i]), short - head)
    yield 0, 0, head
    inner = difflib.SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail]
    )  # of 60,000 lines in a second
    yield from ((head + a, head + b, size) for a, b, size in inner.get_matching_blocks())
    yield len(old) - tail, len(new) - tail, tail


# the diff

_NO_END = "\\ No newline at end of file\n"


def unified(before: Mapping[Path, bytes], edits: Mapping[Path, str]) -> str:
    """The diff of all files, in the order of their paths; '' where nothing changes."""
    return "".join(part for path in sorted(edits) for part in of_file(path, before[path].decode(), edits[path]))


def of_file(path: Path, old: str, new: str) -> Iterator[str]:
    """The lines of one file's diff."""
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{path.as_posix()}", f"b/{path.as_posix()}")
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"


def _lines(text: str) -> list[str]:
    """Lines with their ends, split where diff tools split: at line feeds alone."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
