"""A user's crate or workspace, checked and tested in the jail with edits that the user's own files never see.

    locate -> mirror in step -> packages -> the policy on the edits -> edits into the mirror -> cargo -> tests -> out

The user's tree is only read: cargo works on a mirror of it, in a target directory of ours, offline. A check with
edits says what they do to the tree as it is now; a test with edits compares with the tests of the tree without
them, which is tested first where that is not known yet.

What a source includes from near the crate is shown too, once the compiler has asked for it (reach.py).

Not promised: that the user's own build scripts and proc macros are honest about the verdict. They are kept in
the jail, but what they do there, to our target directory too, is part of the crate. Doc tests are not run, files
above 32 MiB are not seen, and configuration in folders above the workspace's root does not count.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shlex
import shutil
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sleepy.sandbox import edit_policy, manifest, reach
from sleepy.sandbox.cargo import BUILD, Built, Cargo
from sleepy.sandbox.edit_policy import Refused
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.libtest import TESTS, Manner, Ran, Runner
from sleepy.sandbox.manifest import Layout, WorkspaceError
from sleepy.sandbox.mirror import Mirror, rewrite
from sleepy.sandbox.package import FileDiagnostic, Package
from sleepy.sandbox.process import Limits
from sleepy.sandbox.scope import Scope
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace_result import Checked, Tested, TestsBefore, outcome_of_tests, test_runs

_RESOLVED = frozenset(["Cargo.toml", "Cargo.lock", "config.toml", "config"])  # what cargo resolves from


class Workspace:
    """A crate or workspace of the user's. Calls wait for one another, in other processes too."""

    def __init__(
        self,
        path: Path,
        jail: Jail,
        place: Path,
        layout: Layout,
        home: Path,
        limits: Limits,
        test_limits: Limits,
        scope: Scope | None,
    ) -> None:
        self._path, self._jail, self._place, self._layout, self._scope = path, jail, place, layout, scope
        self._mirror = Mirror(place / "mirror", place / "mirror.json", place.parent)
        self._cargo = Cargo(jail, place, layout.root, home, limits)
        self._runner = Runner(jail, place / "mirror", place / "target", place / "desk", test_limits)
        self._packages: tuple[Package, ...] = ()
        self._meant: tuple[str, ...] = ()
        self._included: tuple[Path, ...] = ()  # files outside that sources include

    @classmethod
    def open(
        cls,
        path: Path,
        jail: Jail,
        cache: Path,
        *,
        cargo_home: Path | None = None,
        limits: Limits = BUILD,
        test_limits: Limits = TESTS,
        scope: Scope | None = None,
    ) -> Workspace:
        """The workspace around `path`: a folder of it, or a file. `WorkspaceError` when it cannot be worked on.

        `cache` is a folder of sleepy's own; mirror and target directory stay there, so that a second check is
        incremental. `cargo_home` is the user's, by default $CARGO_HOME or ~/.cargo. Without a `scope` all of the
        workspace is meant, or its default members and the package that was opened.
        """
        layout = manifest.locate(path)
        key = hashlib.sha256(f"{layout.root}\n{jail.toolchain.version}".encode()).hexdigest()[:16]
        place = Path(os.path.realpath(cache)) / f"{layout.root.name}-{key}"
        home = cargo_home or Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
        try:
            place.mkdir(parents=True, exist_ok=True)
            with _alone(place):
                opened = cls(path, jail, place, layout, home, limits, test_limits, scope)
                opened._follow()
        except OSError as error:
            raise WorkspaceError(
                f"the crate cannot be copied to {place}: {error}", remedy="make room there, or name another cache"
            ) from error
        return opened

    @property
    def root(self) -> Path:
        """The workspace's root, where relative paths start."""
        return self._layout.root

    @property
    def packages(self) -> tuple[Package, ...]:
        """The workspace's packages."""
        return self._packages

    @property
    def left_out(self) -> tuple[Path, ...]:
        """Files that cargo does not see here: too large, unreadable, or links that leave the tree."""
        return self._mirror.left_out

    def digest(self) -> str:
        """Brings everything in step with the user's tree, and returns what names its state."""
        with _alone(self._place):
            self._follow()
            return self._digest()

    def check(
        self,
        edits: Mapping[Path, str] | None = None,
        *,
        allowed: Collection[Path] | None = None,
        broken: Collection[Path] = (),
        all_targets: bool = False,
    ) -> Checked:
        """`cargo check` of the workspace with edits: new texts by path, relative to the root or absolute in it.

        `allowed` are the task's files; without it those under some package's src. Edits beyond these, or that the
        policy refuses, are REJECTED or API_MISMATCH and nothing runs. `broken` are files whose tests may be edited
        too: they do not compile. With `all_targets` tests, examples and benches are checked as well.
        `WorkspaceError` when the user broke a manifest, or may not read a source.
        """
        try:
            with self._turn(edits, allowed, broken) as known:
                return self._check(known, all_targets=all_targets)
        except Refused as error:
            return Checked(error.outcome, detail=str(error), tier=self._tier)
        except OSError as error:
            return Checked(Outcome.INFRA_ERROR, detail=str(error), tier=self._tier)

    def test(
        self,
        edits: Mapping[Path, str] | None = None,
        *,
        allowed: Collection[Path] | None = None,
        broken: Collection[Path] = (),
    ) -> Tested:
        """`cargo test` of the workspace with edits, without doc tests; edits as for `check`.

        PASS means that every test there was is there, and that all pass that the jail lets run; those it does
        not (sockets) are named in `detail`. A test that vanished is API_MISMATCH.
        """
        try:
            with self._turn(edits, allowed, broken) as known:
                return self._test(known)
        except Refused as error:
            return Tested(error.outcome, detail=str(error), tier=self._tier)
        except OSError as error:
            return Tested(Outcome.INFRA_ERROR, detail=str(error), tier=self._tier)

    def _check(self, edits: Mapping[Path, str], *, all_targets: bool) -> Checked:
        began = time.monotonic()
        more = ["--all-targets"] if all_targets else []
        words = ["check", "--keep-going", *self._selected(), *self._for_target(), *more]
        if edits and not self._is_warm():
            built = self._built(words)
            self._warmed(built)
            if built.outcome in (Outcome.COMPILE_TIMEOUT, Outcome.INFRA_ERROR):
                return self._unknown(built)
        with self._mirror.edited(edits):
            built = self._built(words)
        if not edits:
            self._warmed(built)
        seconds = time.monotonic() - began
        return Checked(
            built.outcome, built.complaints, built.rebuilt, built.detail, seconds, self._tier, warnings=built.warnings
        )

    def _test(self, edits: Mapping[Path, str]) -> Tested:
        began = time.monotonic()
        before = self._before() if edits else None
        if isinstance(before, Tested):
            return before
        ran: dict[str, Ran] = {}
        with self._mirror.edited(edits):
            built = self._built(self._test_words())
            outcome, detail = built.outcome, built.detail
            if built.outcome is Outcome.PASS:
                ran = self._run(built, before, edited=bool(edits))
                outcome, detail = outcome_of_tests(ran, before)
        if not edits and outcome is not Outcome.INFRA_ERROR and built.outcome is Outcome.PASS:
            self._remember(TestsBefore(True, ran))
        seconds = time.monotonic() - began
        return Tested(outcome, built.complaints, built.rebuilt, detail, seconds, self._tier, test_runs(ran))

    def _run(self, built: Built, before: TestsBefore | None, *, edited: bool) -> dict[str, Ran]:
        """The executables' tests, each in the manner they are known to work in, or else found to."""
        if before is not None and before.compiled:
            manners = {name: each.manner for name, each in before.ran.items()}
            return {each.name: self._runner.run(each, manners.get(each.name, Manner())) for each in built.executables}
        ran = {each.name: self._runner.survey(each) for each in built.executables}
        for each in built.executables if edited else ():  # no test alone counts for an edit
            if not ran[each.name].passed:
                ran[each.name] = self._runner.run(each, ran[each.name].manner)
        return ran

    def _unknown(self, built: Built) -> Tested:
        """The result of a test where the tree without edits could not be judged: nothing can be said of an edit then."""
        why = f"without the edits: {built.outcome} {built.detail}"
        return Tested(Outcome.INFRA_ERROR, detail=why, seconds=built.seconds, tier=self._tier)

    @property
    def _tier(self) -> str:
        return self._jail.tier.value

    def _follow(self) -> None:
        """Brings mirror and packages in step with the user's tree."""
        _sweep(self._place)
        shutil.rmtree(self._place / "desk", ignore_errors=True)
        (self._place / "desk").mkdir(exist_ok=True)
        layout = manifest.locate(self._path)
        if layout.root != self.root:
            raise WorkspaceError(f"{self._path} is now of the workspace {layout.root}", remedy="open it again")
        with contextlib.suppress(OSError, ValueError):
            self._included = tuple(map(Path, json.loads((self._place / "included").read_text(encoding="utf-8"))))
        self._layout = layout = self._with_included(layout)
        changed = self._mirror.sync(layout)
        if not self._packages or any(path.name in _RESOLVED for path in changed):
            self._packages = ()
            try:
                self._packages, self._meant = self._cargo.packages()
            except WorkspaceError:
                self._all_readable(())
                raise
            if self._scope is not None:
                self._scope.check(self._jail.toolchain.sysroot)
                self._selected()
            self._mirror.settle(self.root / "Cargo.lock")
            self._mirror.sync(layout)  # cargo could write there

    def _with_included(self, layout: Layout) -> Layout:
        outside = [file for file in self._included if not any(file.is_relative_to(each) for each in layout.folders)]
        return replace(layout, files=tuple(sorted({*layout.files, *outside})))

    def _built(self, words: Sequence[str]) -> Built:
        """A build; where it could not read a file that may be shown, once more with that file."""
        while True:
            built = self._cargo.build(words, self._packages)
            missed = reach.unread(built.complaints, self.root)
            near = [file for file in missed if file not in self._included and reach.may_be_shown(file, self.root)]
            if not near or built.outcome is not Outcome.COMPILE_ERROR:
                break
            self._included = (*self._included, *near)
            rewrite(self._place / "included", json.dumps(list(map(str, self._included))))
            self._layout = self._with_included(self._layout)
            self._mirror.show(near)
        if built.outcome is Outcome.COMPILE_ERROR and built.complaints:
            self._all_readable(built.complaints)
        if missed and built.outcome is Outcome.COMPILE_ERROR:
            return replace(built, outcome=Outcome.OUT_OF_REACH, detail=reach.why_unread(missed))
        return built

    def _all_readable(self, complaints: Collection[FileDiagnostic]) -> None:
        """Raises where a source that is said to be missing is there, but cannot be read."""
        shut = reach.closed(self._mirror.left_out, complaints)
        if shut:
            raise WorkspaceError(
                f"{', '.join(map(str, shut))} cannot be read: Permission denied",
                remedy=f"chmod u+rX {shlex.join(map(str, shut))}, or ask who owns it",
            )

    @contextlib.contextmanager
    def _turn(
        self, edits: Mapping[Path, str] | None, allowed: Collection[Path] | None, broken: Collection[Path]
    ) -> Iterator[dict[Path, str]]:
        """Waits for its turn, brings everything in step with the user's tree, and yields the edits as they are admitted."""
        with _alone(self._place):
            self._follow()
            yield edit_policy.admitted(edits or {}, self.root, self._packages, allowed, broken)

    def _warmed(self, built: Built) -> None:
        if built.outcome in (Outcome.PASS, Outcome.COMPILE_ERROR):
            rewrite(self._place / "warm", self._warmth())

    def _is_warm(self) -> bool:
        """Whether the dependencies are built, so that a check's time is the edit's own."""
        with contextlib.suppress(OSError):
            return (self._place / "warm").read_text(encoding="utf-8") == self._warmth()
        return False

    def _warmth(self) -> str:
        built = [[package.name, package.version, list(package.depends_on)] for package in self._packages]
        return json.dumps([built, self._selected(), self._for_target()])

    def _test_words(self) -> list[str]:
        return ["test", "--no-run", *self._selected()]  # for this machine: programs of another do not run here

    def _for_target(self) -> list[str]:
        return ["--target", self._scope.target] if self._scope is not None and self._scope.target else []

    def _selected(self) -> list[str]:
        """What the scope says; without one the whole workspace or its default members and the package that was opened."""
        if self._scope is not None:
            chosen = self._scope.selected(self._packages, self._meant, self._layout.opened, self.root)
            return [*chosen, *self._scope.switches]
        if not manifest.names_defaults(self.root):
            return ["--workspace"]
        opened = [package.name for package in self._packages if package.folder == self._layout.opened]
        return [word for name in dict.fromkeys([*self._meant, *opened]) for word in ("-p", name)]

    def _before(self) -> TestsBefore | Tested:
        """The tests without edits, from the last time where nothing changed since."""
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            digest, _, text = (self._place / "tests").read_text(encoding="utf-8").partition("\n")
            if digest == self._digest():
                return TestsBefore.read(text)
        built = self._built(self._test_words())
        if built.outcome is Outcome.COMPILE_ERROR:
            found = TestsBefore(False, {})
        elif built.outcome is Outcome.PASS:
            found = TestsBefore(True, self._run(built, None, edited=False))
            outcome, why = outcome_of_tests(found.ran, None)
            if outcome is Outcome.INFRA_ERROR:
                return self._unknown(replace(built, outcome=outcome, detail=why))
        else:
            return self._unknown(built)
        self._remember(found)
        return found

    def _remember(self, before: TestsBefore) -> None:
        rewrite(self._place / "tests", f"{self._digest()}\n{before.written()}")

    def _digest(self) -> str:
        return f"{self._mirror.digest} {self._tier} {self._selected()}"


def _sweep(place: Path) -> None:
    """Ends what a killed call left running in a folder: rustc, a build script; nobody else works in it now.

    Without a pid namespace (tier landlock) only cargo itself dies with its parent.
    """
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                folder.stat().st_uid == os.getuid()
                and f"TMPDIR={place}/desk".encode() in (folder / "environ").read_bytes()
            ):
                os.kill(int(folder.name), signal.SIGKILL)


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Holds a folder's lock, within: one call at a time works in it, whatever its process."""
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
