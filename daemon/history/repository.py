"""Reads a git repository's commits, and nothing else of it: its work tree, index and hooks are left alone.

    rev-parse -> rev-list --first-parent -> diff-tree -> ls-tree -> cat-file --batch

Only plumbing that reads objects is run. `git archive` and `git checkout` are not: they run the filters that a
repository's attributes and configuration name. Of the configuration nothing of the machine's or the user's is read; what
the repository's own could start (hooks, a file system monitor, external diffs, a pager) is switched off, and no protocol
is allowed, so that a clone from which objects are missing does not fetch them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sleepy.daemon.base.errors import UserError

_SECONDS = 300.0  # for one command; a list of the files of a large repository takes seconds
_OFF = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.alternateRefsCommand=true")
_FILES = ("100644", "100664", "100755")  # modes; what else there is are links and submodules


class HistoryError(Exception):
    """What git could not say of a commit."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and its first parent; None where it has none, or none that is here."""

    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit's tree: `name` is its content's."""

    name: str
    executable: bool


Tree = dict[PurePosixPath, Blob]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that two commits do not have alike, by its path in each; None where it is not there."""

    before: PurePosixPath | None
    after: PurePosixPath | None


class Repository:
    """The repository that a folder is in. `top` is its work tree's, `inside` the folder's path in it."""

    def __init__(self, folder: Path, top: Path, inside: PurePosixPath) -> None:
        self._folder, self.top, self.inside = folder, top, inside

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository around a folder. `UserError` where there is none, or none that git reads."""
        try:
            said = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix").decode(errors="surrogateescape")
        except FileNotFoundError as error:
            raise UserError("there is no git on this machine", remedy="install git") from error
        except HistoryError as error:
            raise UserError(
                f"{folder} is in no git repository with a work tree: {error}",
                remedy="name a crate that is under git; `sleepy watch` learns from repairs without one",
            ) from error
        top, _, inside = said.partition("\n")
        return cls(folder, Path(top), PurePosixPath(inside.removesuffix("\n")))

    @property
    def is_shallow(self) -> bool:
        """Whether commits before the oldest one here exist elsewhere."""
        return self._git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commits(self, count: int) -> list[Commit]:
        """The last commits on the way of first parents from HEAD, the newest first. `UserError` where there are none."""
        try:
            said = self._git("rev-list", "--first-parent", "--parents", f"--max-count={count}", "HEAD")
        except HistoryError as error:
            raise UserError(
                f"{self.top} has no commits to look at: {error}", remedy="commit something first, or check out a branch"
            ) from error
        lines = [line.split() for line in said.decode("ascii").splitlines()]
        return [Commit(words[0], words[1] if len(words) > 1 else None) for words in lines]

    def changes(self, one: str, other: str) -> list[FileChange]:
        """The files that differ between two commits, renamed ones as one change; links and submodules do not count."""
        said = self._git(
            "diff-tree", "-r", "-z", "-M", "--raw", "--no-ext-diff", "--no-textconv", "--no-relative", one, other
        )
        fields = iter(said.decode(errors="surrogateescape").split("\0"))
        found = []
        for head in fields:
            if not head:
                continue
            was, now, _, _, kind = head.removeprefix(":").split()
            first = PurePosixPath(next(fields))
            second = PurePosixPath(next(fields)) if kind[0] in "RC" else first
            before = first if was in _FILES and kind[0] != "C" else None
            after = second if now in _FILES else None
            if before is not None or after is not None:
                found.append(FileChange(before, after))
        return found

    def tree(self, commit: str) -> Tree:
        """The files of a commit by path; links and submodules are left out, and names that could leave a folder."""
        said = self._git("ls-tree", "-r", "-z", "--full-tree", commit).decode(errors="surrogateescape")
        found: Tree = {}
        for line in filter(None, said.split("\0")):
            head, _, path = line.partition("\t")
            mode, _, name = head.split()
            if mode in _FILES and _is_plain(path):
                found[PurePosixPath(path)] = Blob(name, mode == "100755")
        return found

    def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """The sizes of contents in bytes. `HistoryError` where some are not here."""
        said = self._git("cat-file", "--batch-check", said=_lines(names)).decode("ascii").splitlines()
        found, missing = {}, 0
        for words in map(str.split, said):
            if len(words) == 3:
                found[words[0]] = int(words[2])
            else:
                missing += 1
        if missing:
            raise HistoryError(f"{missing} of its files are not here (a partial clone)")
        return found

    def contents(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Each content by its name, as it is stored: no filter, no change of line ends."""
        said = memoryview(self._git("cat-file", "--batch", said=_lines(names)))
        at = 0
        while at < len(said):
            head, _, _ = bytes(said[at : at + 200]).partition(b"\n")
            words = head.split()
            if len(words) != 3:
                raise HistoryError(f"git has no content {head.decode(errors='replace')}")
            at += len(head) + 1
            size = int(words[2])
            yield words[0].decode("ascii"), bytes(said[at : at + size])
            at += size + 1

    def before(self, commit: str, path: PurePosixPath) -> bytes | None:
        """A file's content before the last change to it up to a commit; None where it was not there, or is not here."""
        try:
            [changed] = self._git(
                "rev-list", "-1", "--first-parent", commit, "--", f":(top,literal){path}"
            ).decode("ascii").split()  # fmt: skip
            return self._git("cat-file", "blob", f"{changed}^:{path}")
        except (HistoryError, ValueError):
            return None

    def _git(self, *words: str, said: bytes = b"") -> bytes:
        return _git(self._folder, *words, said=said)


def _git(folder: Path, *words: str, said: bytes = b"") -> bytes:
    """What git prints. `HistoryError` in its words where it fails."""
    off = [word for setting in (*_OFF, f"safe.directory={_owner(folder)}") for word in ("-c", setting)]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",  # for a git that does not know the line above: a fetch has no way to go
    }
    command = ["git", "--no-pager", *off, "-C", str(folder), *words]
    try:
        done = subprocess.run(command, input=said, capture_output=True, env=environment, timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise HistoryError(f"git {words[0]} took more than {_SECONDS:.0f} s") from error
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise HistoryError((why[0] if why else f"git {words[0]} ended with {done.returncode}").removeprefix("fatal: "))
    return done.stdout


def _owner(folder: Path) -> str:
    """The work tree's top, which git is told to read though another user may own it: nothing of it is run."""
    whole = Path(os.path.realpath(folder))
    return str(next((above for above in (whole, *whole.parents) if (above / ".git").exists()), whole))


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode("ascii")


def _is_plain(path: str) -> bool:
    """Whether a path stays in the folder it is put in, and out of what git or a file system would make of it."""
    return (
        bool(path) and "\\" not in path and all(part.lower() not in ("", ".", "..", ".git") for part in path.split("/"))
    )
