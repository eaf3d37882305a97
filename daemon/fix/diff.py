"""A verified repair as a unified diff that `git apply` and `patch -p1` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

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
