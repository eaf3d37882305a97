"""What of the user's disk a crate may see beside its own folders, and what is said where the jail is in the way.

A file that a source includes, or that a link leads to, is shown read-only if it lies near the crate: both below one
folder that is neither the user's home nor at the top of the disk, and on no hidden path from there. A crate cannot
ask for a key or a browser's profile in this way; what is refused is named, with what would help. Errors of the
system that the jail alone makes (a disk that cannot be written, a file that is there and not shown) are not the code's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.process import MIB

_UNREAD = re.compile(r"couldn't read `([^`]+)`: .*\(os error (?:2|13)\)")
_NO_MODULE = re.compile(r"file not found for module `(\w+)`")
_SECTION = re.compile(r"^---- (.+?) stdout ----$", re.MULTILINE)
_PANIC = re.compile(r"panicked at ([^\n:]+):(\d+):\d+")
_LITERAL = re.compile(r'"([^"\\\n]{1,300})"')
_REFUSED = re.compile(r"os error (?:13|30)\b|code: (?:13|30), kind")  # not words: a program's own errors have those too
_ABSENT = re.compile(r"os error 2\b|code: 2, kind")
_WHOLE, _FILES = 256 * MIB, 10_000  # of a folder that a link leads to


def may_be_shown(target: Path, root: Path) -> bool:
    """Whether a file or folder outside of a crate lies near enough to it, both as real paths."""
    base = Path(os.path.commonpath([target, root]))
    home = Path(os.path.realpath(Path.home()))
    if target == base or len(base.parts) < 3 or base == home or base in home.parents:
        return False
    return not any(part.startswith(".") for part in target.relative_to(base).parts)


def fits(folder: Path) -> bool:
    """Whether a folder is small enough to be copied for the sake of a link."""
    size = count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            count += 1
            try:
                size += Path(place, name).lstat().st_size
            except OSError:
                continue
        if size > _WHOLE or count > _FILES:
            return False
    return True


def unread(complaints: Iterable[FileDiagnostic], root: Path) -> list[Path]:
    """Files of the user's, as real paths, that the compiler could not read: there, and not shown."""
    found: dict[Path, None] = {}
    for each in complaints:
        match = _UNREAD.match(each.diagnostic.message)
        whole = Path(os.path.realpath(root / match[1])) if match is not None else None
        if whole is not None and whole.is_file():
            found[whole] = None
    return list(found)


def closed(left_out: Iterable[Path], complaints: Collection[FileDiagnostic]) -> list[Path]:
    """Of what is left out, the modules that the compiler takes for missing, though they are there: nobody may read them.

    Without complaints, a crate's first file, which cargo misses before anything is compiled.
    """
    missed = {match[1] for each in complaints if (match := _NO_MODULE.match(each.diagnostic.message)) is not None}
    shut = [path for path in left_out if not path.is_symlink() and not os.access(path, os.R_OK)]
    if not complaints:
        return [path for path in shut if path.name in ("lib.rs", "main.rs")]
    return [path for path in shut if (path.parent.name if path.name == "mod.rs" else path.stem) in missed]


def why_unread(files: Iterable[Path]) -> str:
    """What is said of files that are not shown, with what would help."""
    named = ", ".join(map(str, files))
    return (
        f"the code includes {named}, which the sandbox does not show: it is hidden, too large, or too far from the crate. "
        "Remedy: keep a copy inside the crate's folder"
    )


def why_unbuilt(said: str) -> str:
    """What is said of a build script that met the jail, by its last words; "" where it did not."""
    if _REFUSED.search(said) is None:
        return ""
    return (
        "a build script changes what the sandbox shows read-only, or reads what it does not show. "
        "Remedy: let it write below OUT_DIR only and read inside the crate"
    )


def barred(said: str, folder: Path, mirror: Path) -> set[str]:
    """The tests of libtest's output that failed on what the jail does not give, not on what they test.

    A missing file counts only where the line that panicked, or the message, names one that is there outside: a repair
    that looks in the wrong place must not be excused. `folder` is the package's, `mirror` holds the copies it sees.
    """
    parts = _SECTION.split(said)
    found = set()
    for name, text in zip(parts[1::2], parts[2::2], strict=False):
        text = text.split("\nfailures:\n")[0]
        if _REFUSED.search(text) or (_ABSENT.search(text) and any(_hidden(text, folder, mirror))):
            found.add(name)
    return found


def _hidden(text: str, folder: Path, mirror: Path) -> Iterator[bool]:
    """For each path that a failure speaks of, whether it is there and not shown."""
    panic = _PANIC.search(text)
    words = _LITERAL.findall(text)
    if panic is not None:
        words += _LITERAL.findall(_lines_at(folder, panic[1], int(panic[2])))
    for word in words:
        if "/" in word and "\0" not in word:
            whole = Path(os.path.realpath(folder / word))
            yield whole.exists() and not (mirror / whole.relative_to("/")).exists()


def _lines_at(folder: Path, name: str, number: int) -> str:
    """The line of a panic with its neighbours: the call may stand on the one before."""
    for place in (folder, *folder.parents):
        try:
            lines = (place / name).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError):
            continue
        return "\n".join(lines[max(0, number - 2) : number + 1])
    return ""
