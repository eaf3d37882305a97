"""Commits as the compiler sees them: each laid out in a folder of sleepy's own and checked in the jail, offline."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sleepy.daemon.crate import ignore
from sleepy.daemon.crate.sources import Snapshot, SourceFile
from sleepy.daemon.history.layout import CommitLayout
from sleepy.daemon.history.repository import HistoryError, Repository, Tree
from sleepy.daemon.watch.repair import located
from sleepy.sandbox import manifest
from sleepy.sandbox.cargo import BUILD
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.process import Limits
from sleepy.sandbox.scope import Scope
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Tested

_SAID = (Outcome.PASS, Outcome.COMPILE_ERROR)  # of these the code is the reason, whatever the machine


class NotLookedAt(Exception):
    """A commit that cannot be judged here; the reason is the machine's or the repository's, and may pass."""


@dataclass(frozen=True, slots=True)
class CheckedCommit:
    """A commit with its files and what the compiler said of them, by absolute path and error.

    `folders` hold what the crate is built of, as git names them.
    """

    name: str
    files: Tree
    passed: bool
    errors: Mapping[Path, tuple[Diagnostic, ...]]
    folders: tuple[PurePosixPath, ...]

    def holds(self, path: PurePosixPath | None) -> bool:
        """Whether a file belongs to the crate."""
        return path is not None and any(path.is_relative_to(folder) for folder in self.folders)


class Past:
    """The commits of a crate's repository. `place` is an empty folder of sleepy's own."""

    def __init__(
        self,
        repository: Repository,
        jail: Jail,
        place: Path,
        *,
        cargo_home: Path | None = None,
        scope: Scope | None = None,
        limits: Limits = BUILD,
    ) -> None:
        self._repository, self._jail, self._place, self._cargo_home = repository, jail, place, cargo_home
        self._scope, self._limits = scope, limits
        self.root = Path(os.path.realpath(place)) / "tree"  # where a commit's files lie
        self.root.mkdir()
        self._layout = CommitLayout(repository, self.root)
        self._opened: Workspace | None = None
        self._last: CheckedCommit | None = None  # the one that is laid out

    @property
    def workspace(self) -> Workspace:
        """The crate as of the commit that is laid out."""
        assert self._opened is not None, "no commit was checked"
        return self._opened

    def checked(self, commit: str) -> CheckedCommit:
        """What the compiler says of a commit; that of the last one is known still. `NotLookedAt` where it says nothing."""
        if self._last is not None and self._last.name == commit:
            return self._last
        self._last = None
        try:
            files = self._repository.tree(commit)
            named = self._repository.inside / manifest.NAME
            if named not in files:
                raise HistoryError(f"it has no {named}")
            self._layout.lay(files)
            workspace = self._open()
            folders = manifest.locate(self._crate).folders
            said = workspace.check()
        except (HistoryError, OSError) as error:
            raise NotLookedAt(self._plain(str(error))) from error
        except WorkspaceError as error:
            raise NotLookedAt(self._plain(f"{error}; {error.remedy}")) from error
        if said.outcome not in _SAID:
            raise NotLookedAt(self._plain(f"it could not be checked: {said.outcome} {said.detail}".strip()))
        inside = tuple(PurePosixPath(folder.relative_to(self.root)) for folder in folders)
        self._last = CheckedCommit(commit, files, said.passed, located(said, workspace.root), inside)
        return self._last

    def tested(self, commit: CheckedCommit) -> Tested:
        """What its tests say, without edits. `NotLookedAt` where that cannot be told."""
        assert commit is self._last, "another commit is laid out"
        try:
            said = self.workspace.test()
        except WorkspaceError as error:
            raise NotLookedAt(self._plain(f"{error}; {error.remedy}")) from error
        if not said.is_label:
            raise NotLookedAt(self._plain(f"its tests could not be run: {said.outcome} {said.detail}".strip()))
        return said

    def snapshot(self, commit: CheckedCommit, paths: Mapping[PurePosixPath, PurePosixPath]) -> Snapshot:
        """The texts of a commit's files; `paths` says where in it what is to stand at a path is found."""
        wanted = {path: commit.files[origin] for path, origin in paths.items() if origin in commit.files}
        contents = dict(self._repository.contents(sorted({blob.name for blob in wanted.values()}))) if wanted else {}
        return self._texts({path: contents[blob.name] for path, blob in wanted.items()})

    def earlier(self, commit: CheckedCommit, paths: Mapping[PurePosixPath, PurePosixPath]) -> Snapshot:
        """The same for the texts that the files had before their last change up to the commit."""
        found = {path: self._repository.before(commit.name, origin) for path, origin in paths.items()}
        return self._texts({path: content for path, content in found.items() if content is not None})

    def _texts(self, contents: Mapping[PurePosixPath, bytes]) -> Snapshot:
        return Snapshot({self.root / path: _source(content) for path, content in contents.items()})

    @property
    def _crate(self) -> Path:
        return self.root / self._repository.inside

    def _open(self) -> Workspace:
        layout = manifest.locate(self._crate)
        if not layout.root.is_relative_to(self.root):
            raise HistoryError(
                f"sleepy's home lies in the workspace {layout.root}; set SLEEPY_HOME to a folder elsewhere"
            )
        outside = [folder for folder in layout.folders if not folder.is_relative_to(self.root)]
        if outside:  # what lies there is not what lay there then
            raise HistoryError("it depends on a path outside the repository")
        if self._opened is None or self._opened.root != layout.root:
            cache = self._place / "built"
            cache.mkdir(exist_ok=True)
            self._opened = Workspace.open(
                self._crate, self._jail, cache, cargo_home=self._cargo_home, limits=self._limits, scope=self._scope
            )
        return self._opened

    def _plain(self, message: str) -> str:
        """A message about the user's files rather than about their copies."""
        return message.replace(str(self.root), str(self._repository.top))


def _source(content: bytes) -> SourceFile:
    """As `sources.look` reads a file: what is too large or no text is there and not read."""
    marks = (len(content), hash(content))
    if len(content) > ignore.LARGEST:
        return SourceFile(None, marks)
    try:
        return SourceFile(content.decode(), marks)
    except UnicodeDecodeError:
        return SourceFile(None, marks)
