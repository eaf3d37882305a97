"""What is repaired: a crate or workspace, or one Rust file that belongs to none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.crate import lesson
from sleepy.daemon.crate.sources import Snapshot, look, read_rust
from sleepy.sandbox import manifest, tree
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import FileDiagnostic, source_owner
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.scope import Scope
from sleepy.sandbox.verdict import Case, Outcome, Verdict
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Checked, Tested, TestRun

_FOR_TESTS = re.compile(r"#\s*\[\s*cfg\s*\(\s*test\s*\)\s*\]")


class FixTarget(Protocol):
    """Something that compiles or does not. Edits are new texts by path relative to `root`."""

    @property
    def root(self) -> Path: ...

    def owns(self, file: Path) -> bool:
        """Whether a file is the user's own source, and so may be edited."""
        ...

    def task_name(self, file: Path) -> str:
        """The name of the task that a file is in memory: with its package, so that no two crates' files share one."""
        ...

    def tree(self) -> Snapshot:
        """The sources that a check is about, as they are now."""
        ...

    def check(self, edits: Mapping[Path, str]) -> Checked: ...

    def test(self, edits: Mapping[Path, str]) -> Tested: ...


def open_target(path: Path, sandbox: Sandbox, cache: Path, scope: Scope | None = None) -> tuple[FixTarget, Path | None]:
    """What `path` names, and the one file to be repaired where it names a crate's file. Nothing outside of it is.

    `UserError` or `WorkspaceError` when there is nothing to work on. `cache` is a folder of sleepy's own.
    """
    if not path.exists():
        raise UserError(f"{path} does not exist", remedy="name a crate's folder or a Rust file")
    if path.is_dir():
        return CrateTarget(Workspace.open(path, sandbox.jail, cache, scope=scope), path.resolve(), scope), None
    if path.suffix != ".rs":
        raise UserError(f"{path} is not a Rust file", remedy="name a crate's folder or a file that ends in .rs")
    whole = path.resolve()
    if any((folder / "Cargo.toml").is_file() for folder in whole.parents):
        crate = CrateTarget(Workspace.open(whole, sandbox.jail, cache, scope=scope), scope=scope)
        if whole.is_relative_to(crate.root) and crate.owns(whole.relative_to(crate.root)):
            return crate, whole.relative_to(crate.root)
        if crate.builds(whole):
            raise UserError(
                f"{path} is not repaired: only files below the crate's src are",
                remedy=f"repair it by hand; `sleepy fix {crate.root}` repairs the crate's own errors",
            )
    if scope is not None and not scope.is_plain:
        raise UserError(
            f"{path} belongs to no crate: there are no packages, features or targets to choose",
            remedy="leave these options out, or name a crate's folder",
        )
    return FileTarget(whole, sandbox), None


class CrateTarget:
    """A crate or workspace; what is repaired lies `within` a folder, and in the packages that the scope names."""

    def __init__(self, workspace: Workspace, within: Path | None = None, scope: Scope | None = None) -> None:
        self._workspace, self._within, self._scope = workspace, within, scope

    @property
    def root(self) -> Path:
        return self._workspace.root

    def owns(self, file: Path) -> bool:
        whole = self.root / file
        owner = source_owner(self._workspace.packages, whole) if file.suffix == ".rs" else None
        inside = self._within is None or whole.is_relative_to(self._within)
        return owner is not None and inside and (self._scope is None or self._scope.names(owner))

    def builds(self, whole: Path) -> bool:
        """Whether a file belongs to what cargo builds here, and so does not stand alone."""
        sources = [target.source for package in self._workspace.packages for target in package.targets]
        homes = {
            source.parent for source in sources if source.parent not in {p.folder for p in self._workspace.packages}
        }
        return whole in sources or any(home in whole.parents for home in homes)

    def task_name(self, file: Path) -> str:
        return lesson.task_name(self.root / file, self._workspace.packages)

    def tree(self) -> Snapshot:
        return look(manifest.locate(self.root).folders, Snapshot(), ())

    def check(self, edits: Mapping[Path, str]) -> Checked:
        if outside := self._outside(edits):
            return Checked(Outcome.REJECTED, detail=outside)
        checked = self._workspace.check(edits)
        found = [each.file for each in checked.diagnostics]
        if checked.outcome is Outcome.COMPILE_ERROR and found and not any(map(self._may_edit, found)):
            named = ", ".join(map(str, dict.fromkeys(found)))
            where = f"only files below a src in {self._within or self.root} are repaired"
            return replace(checked, detail=f"the errors are in {named}: {where}{self._named()}")
        return checked

    def test(self, edits: Mapping[Path, str]) -> Tested:
        if outside := self._outside(edits):
            return Tested(Outcome.REJECTED, detail=outside)
        tested = self._workspace.test(edits)
        if tested.passed and self._scope is not None and self._scope.target:
            said = f"the tests were built for this machine; for {self._scope.target} it compiles"
            return replace(tested, detail="; ".join(filter(None, [said, tested.detail])))
        return tested

    def _outside(self, edits: Mapping[Path, str]) -> str:
        """What is said of edits that leave what was named; "" where none does."""
        far = [
            path for path in edits if self._within is not None and not (self.root / path).is_relative_to(self._within)
        ]
        return f"edits {far[0]}: outside of {self._within}" if far else ""

    def _may_edit(self, file: Path) -> bool:
        return not file.is_absolute() and self.owns(file)

    def _named(self) -> str:
        return f", and of {', '.join(self._scope.packages)}" if self._scope is not None and self._scope.packages else ""


class FileTarget:
    """One file that belongs to no crate; its own tests, where it has any, are what it is tested with."""

    def __init__(self, path: Path, sandbox: Sandbox, *, edition: str = "2021") -> None:
        self._path, self._sandbox, self._edition = path, sandbox, edition
        self._text = read_rust(path)
        self._tests = embedded_tests(self._text)

    @property
    def root(self) -> Path:
        return self._path.parent

    def owns(self, file: Path) -> bool:
        return self.root / file == self._path

    def task_name(self, file: Path) -> str:
        return str(self.root / file)

    def tree(self) -> Snapshot:
        return Snapshot()  # the file alone, and that is compared by its bytes

    def check(self, edits: Mapping[Path, str]) -> Checked:
        return self._checked(self._refused(edits) or self._judged(edits, ""))

    def test(self, edits: Mapping[Path, str]) -> Tested:
        verdict = self._refused(edits) or self._judged(edits, "\n".join(self._tests))
        said = self._checked(verdict)
        runs = [TestRun(self._path.name, name, Fate.OK if ok else Fate.FAILED) for name, ok in verdict.tests]
        return Tested(said.outcome, said.diagnostics, (), said.detail, said.seconds, said.tier, tuple(runs))

    def _judged(self, edits: Mapping[Path, str], tests: str) -> Verdict:
        if not edits and not tests:
            return self._sandbox.check(self._text, edition=self._edition)
        text = next(iter(edits.values()), self._text)
        return self._sandbox.judge_many([Case(text, tests, self._text, self._edition)])[0]

    def _refused(self, edits: Mapping[Path, str]) -> Verdict | None:
        for path, text in edits.items():
            if not self.owns(path):
                return Verdict(Outcome.REJECTED, detail=f"edits {path}: not the file")
            if any(each not in text.replace("\r\n", "\n") for each in self._tests):
                return Verdict(Outcome.REJECTED, detail="changes a test")
        return None

    def _checked(self, verdict: Verdict) -> Checked:
        name = self._path.name
        found = tuple(FileDiagnostic(Path(name), "", name, each) for each in verdict.diagnostics)
        seconds = sum(verdict.stage_ms.values()) / 1000
        return Checked(verdict.outcome, found, (), verdict.detail, seconds, verdict.tier)


def embedded_tests(source: str) -> tuple[str, ...]:
    """The top-level modules under `#[cfg(test)]` that hold a test, as they are written, without their marks."""
    data = source.replace("\r\n", "\n").encode()
    found, marked = [], False
    for node in tree.parse(data).children:
        text = tree.source_of(data, node).decode(errors="replace")
        if node.type == "attribute_item":
            marked = marked or _FOR_TESTS.fullmatch(text) is not None
            continue
        if marked and node.type == "mod_item" and "#[test]" in text:
            found.append(text)
        marked = marked and node.type in ("line_comment", "block_comment")
    return tuple(found)
