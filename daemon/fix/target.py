"""What is repaired: a crate or workspace, or one Rust file that belongs to none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.crate import lesson
from sleepy.daemon.crate.sources import Snapshot, look, read_rust
from sleepy.daemon.fix.grade import TESTS
from sleepy.sandbox import manifest, tree
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import FileDiagnostic, source_owner
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.scope import Scope
from sleepy.sandbox.verdict import Case, Diagnostic, Outcome, Verdict
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Checked, Tested, TestRun

_UNSTABLE = "E0554"  # a bench for nightly: nobody can build it here
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
            if not crate.runs_first(whole):
                return crate, whole.relative_to(crate.root)
            raise UserError(
                f"{path} is not repaired: it runs while others compile",
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
        self._broken: set[Path] = set()  # files with errors that only the build of the tests shows

    @property
    def root(self) -> Path:
        return self._workspace.root

    def owns(self, file: Path) -> bool:
        whole = self.root / file
        package = source_owner(self._workspace.packages, whole)
        if package is None and file in self._broken:
            package = next((p for p in self._workspace.packages if whole.is_relative_to(p.folder)), None)
        inside = self._within is None or whole.is_relative_to(self._within)
        named = package is not None and (self._scope is None or self._scope.names(package))
        return file.suffix == ".rs" and inside and named

    def runs_first(self, whole: Path) -> bool:
        """Whether a file is a build script."""
        return any(
            target.source == whole and target.kind == "custom-build"
            for package in self._workspace.packages
            for target in package.targets
        )

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
        """What the compiler says of libraries and programs; where that is nothing, of tests, examples and benches."""
        if outside := self._outside(edits):
            return Checked(Outcome.REJECTED, detail=outside)
        checked = self._plain_or_whole(edits)
        found = [each.file for each in checked.diagnostics]
        if checked.outcome is Outcome.COMPILE_ERROR and found and not any(map(self._may_edit, found)):
            named = ", ".join(map(str, dict.fromkeys(found)))
            where = f"only sources in {self._within or self.root} are repaired"
            return replace(checked, detail=f"the errors are in {named}: {where}{self._named()}")
        return checked

    def test(self, edits: Mapping[Path, str]) -> Tested:
        if outside := self._outside(edits):
            return Tested(Outcome.REJECTED, detail=outside)
        tested = self._workspace.test(edits, broken=self._broken)
        if tested.passed and self._scope is not None and self._scope.target:
            said = f"the tests were built for this machine; for {self._scope.target} it compiles"
            return replace(tested, detail="; ".join(filter(None, [said, tested.detail])))
        return tested

    def _plain_or_whole(self, edits: Mapping[Path, str]) -> Checked:
        plain = self._workspace.check(edits, broken=self._broken)
        if not plain.passed:
            return plain
        whole = self._workspace.check(edits, broken=self._broken, all_targets=True)
        said = [replace(each, target=each.target + TESTS) for each in whole.diagnostics]
        idle = {(each.package, each.target) for each in said if each.diagnostic.code == _UNSTABLE}
        said = [each for each in said if (each.package, each.target) not in idle]
        if whole.outcome is Outcome.COMPILE_ERROR:
            self._broken |= {each.file for each in said if not each.file.is_absolute()}
            if idle and not said:
                return replace(plain, warnings=whole.warnings)
        return replace(whole, diagnostics=tuple(said), rebuilt=(*plain.rebuilt, *whole.rebuilt))

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
        self._broken = False  # whether the tests do not compile, and so may be edited

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
        """What the compiler says of the file; where that is nothing, of it and its tests."""
        found = self._checked(self._refused(edits) or self._judged(edits, ()))
        tests = self._own_tests(edits)
        if not found.passed or not tests:
            return found
        whole = self._judged(edits, tests)
        if whole.outcome not in (Outcome.COMPILE_ERROR, Outcome.API_MISMATCH) or not whole.diagnostics:
            return found
        self._broken = True
        text = next(iter(edits.values()), self._text)
        said = replace(whole, outcome=Outcome.COMPILE_ERROR, diagnostics=tuple(_at_home(whole.diagnostics, text)))
        return self._checked(said, TESTS)

    def test(self, edits: Mapping[Path, str]) -> Tested:
        verdict = self._refused(edits) or self._judged(edits, self._own_tests(edits))
        said = self._checked(verdict)
        runs = [TestRun(self._path.name, name, Fate.OK if ok else Fate.FAILED) for name, ok in verdict.tests]
        return Tested(said.outcome, said.diagnostics, (), said.detail, said.seconds, said.tier, tuple(runs))

    def _own_tests(self, edits: Mapping[Path, str]) -> tuple[str, ...]:
        return embedded_tests(next(iter(edits.values()))) if edits and self._broken else self._tests

    def _judged(self, edits: Mapping[Path, str], tests: Sequence[str]) -> Verdict:
        if not edits and not tests:
            return self._sandbox.check(self._text, edition=self._edition)
        text = next(iter(edits.values()), self._text)
        return self._sandbox.judge_many([Case(text, "\n".join(tests), self._text, self._edition)])[0]

    def _refused(self, edits: Mapping[Path, str]) -> Verdict | None:
        for path, text in edits.items():
            if not self.owns(path):
                return Verdict(Outcome.REJECTED, detail=f"edits {path}: not the file")
            if self._broken and text.count("#[test]") != self._text.count("#[test]"):
                return Verdict(Outcome.REJECTED, detail="adds or removes a test")
            if not self._broken and any(each not in text.replace("\r\n", "\n") for each in self._tests):
                return Verdict(Outcome.REJECTED, detail="changes a test")
        return None

    def _checked(self, verdict: Verdict, of: str = "") -> Checked:
        name = self._path.name
        found = tuple(FileDiagnostic(Path(name), "", name + of, each) for each in verdict.diagnostics)
        seconds = sum(verdict.stage_ms.values()) / 1000
        return Checked(verdict.outcome, found, (), verdict.detail, seconds, verdict.tier)


def _at_home(said: Sequence[Diagnostic], text: str) -> Iterator[Diagnostic]:
    """Errors in the tests that were put below a text, at the lines where they stand in it."""
    lines = text.replace("\r\n", "\n").split("\n")
    for each in said:
        primary = each.primary
        if primary is None or primary.line_start <= len(lines):
            yield each
        elif primary.text in lines:
            up = primary.line_start - lines.index(primary.text) - 1
            spans = tuple(replace(s, line_start=s.line_start - up, line_end=s.line_end - up) for s in each.spans)
            offers = tuple(
                replace(
                    offer,
                    replacements=tuple(
                        replace(r, line_start=r.line_start - up, line_end=r.line_end - up) for r in offer.replacements
                    ),
                )
                for offer in each.suggestions
            )
            yield replace(each, spans=spans, suggestions=offers)


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
