"""cargo in the jail: a workspace's packages, its builds, and what the compiler said of which file.

What cargo sees: the mirror, read-only but for the moment in which Cargo.lock is brought up to date and nothing
of the user's runs; the target directory of our own, which build scripts and proc macros may change too; the user's
registry, read-only; no network, no home, no variables. What it says on stdout is not all its own: a proc macro
can print lines among cargo's, so that an executable is believed in only where it lies in our target directory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sleepy.sandbox import cargo_home, rustc
from sleepy.sandbox.compiler import failed_to_start, signal
from sleepy.sandbox.isolation import Jail, Profile
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.package import Executable, FileDiagnostic, Package, Target, package, target
from sleepy.sandbox.process import GIB, MIB, Finished, Limits
from sleepy.sandbox.reach import why_unbuilt
from sleepy.sandbox.verdict import Outcome

BUILD = Limits(
    wall_s=120, cpu_s=240, memory=3 * GIB, file=1 * GIB, output=8 * MIB, processes=2048, files=1024
)  # the first build makes the dependencies too; processor seconds are each process's
_OFFLINE = re.compile(
    r"--offline|no matching package|failed to (?:download|load source|get|unpack)|unable to update|can't checkout|"
    r"Read-only file system|failed to open: .*registry"
)
_ABSENT = re.compile(r"failed to read `(.*)/Cargo\.toml`\n+Caused by:\n +No such file")
_MANIFEST = re.compile(r"failed to parse|failed to load manifest|--> \S*Cargo\.toml:\d")
_TOO_OLD = re.compile(r"^error: rustc \S+ is not supported", re.MULTILINE)
_SCOPE = re.compile(r"^error: .*(?:\bfeatures?\b|did not match any packages|specify a target)", re.MULTILINE)
_SIGNAL = re.compile(r"\(signal: (\d+)")
_SYSTEM = re.compile(r"No space left on device|linker `[^`]*` not found|could not exec the linker")
_AMONG = 'cd "$0" && exec "$@"'  # cargo looks for its configuration from where it stands


@dataclass(frozen=True, slots=True)
class Built:
    """How a build ended. `rebuilt` are the workspace's targets it compiled: the others were fresh.

    `warnings` are those of the workspace's packages that have a place.
    """

    outcome: Outcome
    complaints: tuple[FileDiagnostic, ...]
    rebuilt: tuple[str, ...]
    executables: tuple[Executable, ...]
    detail: str
    seconds: float
    warnings: tuple[FileDiagnostic, ...] = ()


class Cargo:
    """cargo for one workspace; `place` is the folder of ours with mirror/, target/, home/ and desk/ in it."""

    def __init__(self, jail: Jail, place: Path, root: Path, home: Path, limits: Limits) -> None:
        self._jail, self._root, self._limits = jail, root, limits
        self._binary = jail.toolchain.sysroot / "bin" / "cargo"
        if not self._binary.is_file():
            raise WorkspaceError(
                f"the toolchain of {jail.toolchain.rustc} has no cargo",
                remedy="install it: `rustup component add cargo`, or the package of that name",
            )
        self._mirror, self._target, self._home = place / "mirror", place / "target", place / "home"
        self._desk = place / "desk"
        for folder in (self._target, self._desk):
            folder.mkdir(exist_ok=True)
        self._stores = cargo_home.prepare_cargo_home(self._home, home, jail)
        self._host = _host(jail)

    def packages(self) -> tuple[tuple[Package, ...], tuple[str, ...]]:
        """The workspace's packages, and the names of those a plain cargo command means; Cargo.lock is made.

        `WorkspaceError` in cargo's words where a manifest is wrong or a dependency was never downloaded.
        """
        words = ["metadata", "--format-version", "1", "--offline", "--filter-platform", self._host]
        done = self._run(words, changes_lock=True)
        said = self._plain(done.stderr)
        if done.code != 0 or done.flooded:
            raise _error(done, said, self._root)
        found = json.loads(self._plain(done.stdout))
        members = {entry: i for i, entry in enumerate(found["workspace_members"])}
        entries = [entry for entry in found["packages"] if entry["id"] in members]
        entries.sort(key=lambda entry: members[entry["id"]])
        packages = tuple(package(entry) for entry in entries)
        meant = set(found.get("workspace_default_members", members))
        return packages, tuple(entry["name"] for entry in entries if entry["id"] in meant)

    def build(self, words: Sequence[str], packages: Sequence[Package]) -> Built:
        """A cargo command that compiles: `check`, or `test --no-run`.

        `WorkspaceError` when the toolchain is too old, or there is no such feature.
        """
        done = self._run([*words, "--offline", "--locked", "--message-format=json"], changes_lock=False)
        words_of_cargo = self._plain(done.stderr)
        if done.code != 0 and (_TOO_OLD.search(words_of_cargo) or (not done.stdout and _SCOPE.search(words_of_cargo))):
            raise _error(done, words_of_cargo, self._root)
        complaints: dict[tuple[object, ...], FileDiagnostic] = {}
        warnings: dict[tuple[object, ...], FileDiagnostic] = {}
        rebuilt: dict[str, None] = {}
        found: list[tuple[Package, Target, Path]] = []
        programs: dict[str, list[tuple[str, Path]]] = {}
        for message in _messages(self._plain(done.stdout)):
            try:
                owner = next((p for p in packages if str(p.manifest) == message.get("manifest_path")), None)
                if message["reason"] == "compiler-message":
                    for said in self._complaints(message, owner, rustc.ERRORS):
                        complaints.setdefault(_key(said), said)
                    for said in self._complaints(message, owner, rustc.WARNINGS) if owner is not None else ():
                        if said.diagnostic.primary is not None:
                            warnings.setdefault(_key(said), said)
                elif message["reason"] == "compiler-artifact" and owner is not None:
                    made = target(message["target"])
                    if made not in owner.targets:
                        continue
                    if not message["fresh"]:
                        rebuilt[f"{owner.name} {made.kind} {made.name}"] = None
                    path = self._executable(message["executable"])
                    if path is not None and message["profile"]["test"]:
                        found.append((owner, made, path))
                    elif path is not None and made.kind == "bin":
                        programs.setdefault(owner.name, []).append((made.name, path))
            except (LookupError, TypeError, ValueError, AttributeError):
                continue  # not cargo's: a proc macro printed it
        executables = tuple(
            Executable(p.name, made, path, p.folder, p.version, tuple(programs.get(p.name, ())))
            for p, made, path in found
        )
        known = tuple(complaints.values())
        outcome, detail = _outcome(done, known, words_of_cargo)
        return Built(outcome, known, tuple(rebuilt), executables, detail, done.seconds, tuple(warnings.values()))

    def _run(self, words: Sequence[str], *, changes_lock: bool) -> Finished:
        root = self._mirror / self._root.relative_to("/")
        return self._jail.run(
            ["/bin/sh", "-c", _AMONG, str(root), str(self._binary), *words],
            profile=Profile.COMPILE,
            limits=self._limits,
            folder=self._desk,
            writable=True,
            reads=[self._home, *self._stores, *([] if changes_lock else [self._mirror])],
            writes=[self._target, *([self._mirror] if changes_lock else [])],
            environment={
                "CARGO_HOME": str(self._home),
                "CARGO_TARGET_DIR": str(self._target),
                "CARGO_BUILD_BUILD_DIR": str(self._target),
                "CARGO_PROFILE_DEV_DEBUG": "0",  # a third of the time, and of the disk
                "RUSTC": str(self._home / "rustc"),
                "RUSTC_WRAPPER": "",
                "RUSTC_WORKSPACE_WRAPPER": "",
                "TMPDIR": str(self._desk),
                "CARGO_TERM_COLOR": "never",
                # where cargo stops looking upwards: Landlock shows it that there is more, and then forbids it
                "__CARGO_TEST_ROOT": str(self._mirror),
            },
        )

    def _plain(self, said: bytes) -> str:
        """What was said, of the user's files rather than of their copies."""
        return said.decode(errors="replace").replace(str(self._mirror), "")

    def _complaints(
        self, message: Mapping[str, Any], owner: Package | None, levels: Sequence[str]
    ) -> Iterator[FileDiagnostic]:
        raw, made = message["message"], target(message["target"])
        name = self._file(raw) or str(made.source)
        whose = owner.name if owner is not None else str(message.get("package_id"))
        path = _real(self._root / name)  # where a link leads: that is the file to be repaired
        if path.is_relative_to(self._root):
            path = path.relative_to(self._root)
        for diagnostic in rustc.diagnostics(json.dumps(raw).encode(), name, levels):
            yield FileDiagnostic(path, whose, made.name, diagnostic)

    def _file(self, message: Mapping[str, Any]) -> str | None:
        """The file of a message's first primary span, as rustc names it; a macro of std's stands in the user's."""
        for span in message["spans"]:
            seen = span if span["is_primary"] else None
            while seen is not None:
                path = self._root / str(seen["file_name"])
                if path.is_file() or (self._mirror / path.relative_to("/")).is_file():
                    return str(seen["file_name"])
                seen = (seen.get("expansion") or {}).get("span")
        return None

    def _executable(self, said: object) -> Path | None:
        path = _real(Path(said)) if isinstance(said, str) else None
        return path if path is not None and path.is_file() and path.is_relative_to(_real(self._target)) else None


def _messages(stdout: str) -> Iterator[dict[str, Any]]:
    for line in stdout.splitlines():
        if line.startswith("{"):
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                yield message


def _key(said: FileDiagnostic) -> tuple[object, ...]:
    """The key of a message: a library and its tests say the same twice."""
    primary = said.diagnostic.primary
    place = (primary.line_start, primary.column_start) if primary else None
    return said.file, said.diagnostic.code, said.diagnostic.message, place


def _outcome(done: Finished, complaints: Sequence[FileDiagnostic], said: str) -> tuple[Outcome, str]:
    """What the end of a build means, and cargo's last words where the compiler's messages do not tell."""
    if done.code == 0:
        return Outcome.PASS, ""
    detail = "\n".join(line for line in said.splitlines() if not line.startswith((" ", "warning: build failed")))[-400:]
    signals = {int(number) for number in _SIGNAL.findall(said)} | {signal(done.code)}
    if failed_to_start(done, said):
        return Outcome.INFRA_ERROR, said[-400:]
    if done.timed_out or 24 in signals:
        return Outcome.COMPILE_TIMEOUT, detail
    if done.flooded:
        return Outcome.OUTPUT_LIMIT, detail
    if 31 in signals:
        return Outcome.VIOLATION, detail
    if 9 in signals or _SYSTEM.search(said) or any(_SYSTEM.search(each.diagnostic.message) for each in complaints):
        return Outcome.INFRA_ERROR, said[-400:]
    if complaints:
        return Outcome.COMPILE_ERROR, ""
    if "failed to run custom build command" in said:
        if why := why_unbuilt(said):
            return Outcome.OUT_OF_REACH, f"{why}. It said: {said[-400:]}"
        return Outcome.COMPILE_ERROR, said[-400:]
    return (Outcome.COMPILE_CRASH, detail) if signals - {0} else (Outcome.INFRA_ERROR, said[-400:])


def _error(done: Finished, said: str, root: Path) -> WorkspaceError:
    """cargo's refusal of a workspace, with what would help."""
    text = said.removeprefix("error: ").strip()[-800:] or f"cargo ended with {done.code}"
    if failed_to_start(done, said) or done.timed_out or done.flooded:
        return WorkspaceError(f"cargo did not answer in the jail: {text}", remedy="`sleepy doctor` checks the jail")
    if absent := _ABSENT.search(said):
        return WorkspaceError(text, remedy=f"correct the path, or put a crate there: {absent[1]}")
    if _MANIFEST.search(said):
        return WorkspaceError(text, remedy="repair the manifest")
    if _TOO_OLD.search(said):
        return WorkspaceError(text, remedy="`rustup update`, or set RUSTC to a newer compiler")
    if _SCOPE.search(said):
        return WorkspaceError(text, remedy="name features and packages that the manifest has")
    if _OFFLINE.search(said):
        return WorkspaceError(
            text, remedy=f"run `cargo fetch` in {root} once: the jail has no network to download with"
        )
    return WorkspaceError(text, remedy=f"`cargo check` in {root} says the same: repair it there first")


def _host(jail: Jail) -> str:
    words = [str(jail.toolchain.rustc), "-vV"]
    try:
        said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise WorkspaceError(f"rustc does not answer: {error}", remedy="`sleepy doctor` checks it") from error
    return said.split("host: ")[1].split("\n")[0]


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
