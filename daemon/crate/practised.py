"""A crate of the user's whose functions are practised on: what is read of it, and how an answer in it is judged.

    sources -> without secrets -> compiles, its tests pass, fast enough? -> functions; an answer -> check -> tests

The user's tree is only read. Where a text held secrets it is the one without them that stands in the file's place, here
and in whatever is kept: a file that does not pass its tests like that is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.crate import ignore, lesson
from sleepy.daemon.crate.scrub import Scrubber
from sleepy.daemon.crate.sources import Snapshot, look
from sleepy.koans.forge.functions import CrateFunction, functions
from sleepy.koans.tokens import tokens
from sleepy.sandbox import manifest
from sleepy.sandbox.edit_policy import at_build_time
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.package import Package
from sleepy.sandbox.verdict import Case, Outcome, Verdict
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Checked, Tested

LARGEST = 64 * 1024  # characters of a file: it is kept whole with every koan made of it
SLOW = 20.0  # seconds of a check and the tests: beyond it a practice would be nothing but waiting
_NAMED = 3  # failed tests
_SAID = 200  # characters of a verdict's detail
_PLANT = 'if core::hint::black_box(true) { panic!("sleepy: does a test come by?") }'
_UNTESTED = "it has no tests, and nothing else says which repair is right"
_TESTS = frozenset(["test", "tests"])  # files that hold tests alone


@dataclass(frozen=True, slots=True)
class CrateProof:
    """What is known of the crate in the state that `digest` names.

    `why` it cannot be practised on, "" where it can, and what `remedy` there is; `barred` are files that do not pass without their secrets; `seconds`
    is what a check and the tests take. `lasts`: the same state would be found the same again.
    """

    digest: str
    why: str = ""
    remedy: str = field(default="", kw_only=True)
    barred: tuple[str, ...] = ()
    seconds: float = 0.0
    lasts: bool = True


class PractisedCrate:
    """One crate or workspace. `read` comes first, and again where its developer may have changed it."""

    def __init__(self, path: Path, jail: Jail, cache: Path, *, cargo_home: Path | None = None) -> None:
        self.path = path
        self._jail, self._cache, self._cargo_home = jail, cache, cargo_home
        self._workspace: Workspace | None = None
        self._seen = Snapshot()
        self._scrubber = Scrubber()
        self._paths: dict[str, Path] = {}
        self._raw: dict[str, str] = {}
        self.texts: Mapping[str, str] = {}  # of the files that can be practised on, without secrets
        self.functions: tuple[CrateFunction, ...] = ()
        self.proof = CrateProof("", "it was not read yet")

    def read(self, known: CrateProof | None) -> CrateProof:
        """Reads it as it is now. What was found out of the same state before is not found out again."""
        try:
            self.proof = self._read(known)
        except WorkspaceError as error:
            self.proof = CrateProof("", f"{error}; {error.remedy}", lasts=False)
        except OSError as error:
            self.proof = CrateProof("", f"{error.filename}: {error.strerror}", lasts=False)
        able = {name: text for name, text in self.texts.items() if name not in self.proof.barred}
        self.texts = {} if self.proof.why else able
        self.functions = tuple(item for name, text in self.texts.items() for item in functions(name, text))
        return self.proof

    def _read(self, known: CrateProof | None) -> CrateProof:
        self.texts = {}
        if self._workspace is None:
            self._workspace = Workspace.open(self.path, self._jail, self._cache, cargo_home=self._cargo_home)
        digest = self._workspace.digest()
        self._seen = look(manifest.locate(self.path).folders, self._seen, ignore.excludes(self._workspace.root))
        self._paths = dict(self._own(self._workspace.packages))
        self._raw = {name: self._seen.text(path) or "" for name, path in self._paths.items()}
        self._scrubber = Scrubber()
        self.texts = {name: self._scrubber.text(text) for name, text in self._raw.items()}
        if known is not None and known.digest == digest:
            return known
        found = self._proven(self._workspace, digest)
        if self._workspace.digest() != digest:
            return CrateProof(digest, "it was changed while it was read", lasts=False)
        return found

    def _own(self, packages: tuple[Package, ...]) -> list[tuple[str, Path]]:
        """The sources that a person wrote and no compiler runs, by name."""
        built = at_build_time(packages)
        folders = [package.folder / "src" for package in packages if package.name not in built]
        found = []
        for path in sorted(self._seen.files):
            text = self._seen.text(path)
            if path.suffix != ".rs" or text is None or path.stem in _TESTS:
                continue
            if not any(path.is_relative_to(folder) for folder in folders):
                continue
            if len(text) <= LARGEST and "\r" not in text and not ignore.is_generated(text):
                found.append((lesson.task_name(path, packages), path))
        return found

    def _proven(self, workspace: Workspace, digest: str) -> CrateProof:
        checked = workspace.check()
        if not checked.passed:
            return CrateProof(digest, _why(checked), lasts=checked.is_label)
        tested = workspace.test()
        if not tested.passed:
            return CrateProof(
                digest, _why(tested), lasts=tested.is_label, remedy="`cargo test` shows how; make them pass"
            )
        if not any(test.fate is Fate.OK for test in tested.tests):
            return CrateProof(digest, _UNTESTED, remedy="write some")
        if not self._paths:
            return CrateProof(digest, "it has no source file that can be practised on")
        changed = [name for name, text in self.texts.items() if text != self._raw[name]]
        if changed:
            found = self._tried(workspace, {self._paths[name]: self.texts[name] for name in changed})
            if found.passed:
                return _timed(CrateProof(digest, seconds=found.seconds))
        plain = next((name for name in self.texts if name not in changed), None)
        if plain is None:
            return CrateProof(digest, "its tests do not pass with the secrets taken out of its sources")
        found = self._tried(workspace, {self._paths[plain]: self._raw[plain] + "\n"})
        if not found.passed:
            return CrateProof(digest, _why(found), lasts=found.is_label)
        return _timed(CrateProof(digest, barred=tuple(changed), seconds=found.seconds))

    def _tried(self, workspace: Workspace, edits: Mapping[Path, str]) -> Checked:
        """A check and the tests with edits; its seconds are those of both."""
        checked = workspace.check(edits)
        if not checked.passed:
            return checked
        tested = workspace.test(edits)
        return Checked(tested.outcome, detail=tested.detail, seconds=checked.seconds + tested.seconds)

    def judge(self, case: Case) -> Verdict:
        """The verdict on a file of the crate. The question itself, and what does not compile, is only checked."""
        path, workspace = self._paths.get(case.file), self._workspace
        if path is None or workspace is None or case.file not in self.texts:
            return Verdict(Outcome.INFRA_ERROR, detail=f"{case.file} cannot be practised on now")
        if tokens(case.source) == tokens(self.texts[case.file]):
            return Verdict(Outcome.PASS, tier=self._jail.tier.value)
        try:
            checked = workspace.check({path: case.source})
            if checked.passed and case.source != case.original:
                checked = workspace.test({path: case.source})
            if workspace.digest() != self.proof.digest:
                return Verdict(Outcome.INFRA_ERROR, detail=f"the crate of {case.file} was changed meanwhile")
        except (WorkspaceError, OSError) as error:
            return Verdict(Outcome.INFRA_ERROR, detail=str(error))
        mine = [each.diagnostic for each in checked.diagnostics if workspace.root / each.file == path]
        said = tuple(self._scrubber.diagnostic(item, case.source) for item in mine)
        tests = tuple((test.name, test.fate is Fate.OK) for test in getattr(checked, "tests", ()))
        detail = self._scrubber.said(checked.detail.partition("\n")[0])[:_SAID]
        return Verdict(
            checked.outcome, said, tests, {"crate": 1000 * checked.seconds}, tier=checked.tier, detail=detail
        )

    def runs(self, function: CrateFunction) -> bool | None:
        """Whether a test comes to a function; None where that cannot be told."""
        path = self._paths.get(function.file)
        if path is None or self._workspace is None:
            return None
        try:
            tested = self._workspace.test({path: function.with_first(_PLANT)})
        except (WorkspaceError, OSError):
            return None
        return not tested.passed and tested.outcome is not Outcome.COMPILE_ERROR if tested.is_label else None


def _timed(proof: CrateProof) -> CrateProof:
    if proof.seconds <= SLOW:
        return proof
    why = f"a check with its tests takes {proof.seconds:.0f} seconds, more than {SLOW:.0f}"
    return CrateProof(proof.digest, why, seconds=proof.seconds)


def _why(checked: Checked) -> str:
    """Why a crate as it stands cannot be practised on."""
    if checked.outcome is Outcome.COMPILE_ERROR:
        return "it does not compile"
    failed = [t.name for t in getattr(checked, "tests", ()) if t.fate not in (Fate.OK, Fate.IGNORED, Fate.BARRED)]
    if failed:
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        return f"its tests fail: {', '.join(failed[:_NAMED])}{more}"
    said = checked.detail.partition("\n")[0]
    return f"it could not be {'tested' if isinstance(checked, Tested) else 'checked'}: {checked.outcome} {said}".strip()
