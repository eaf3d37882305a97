"""rustc in the jail: one file in, a verdict out, and what was built beside it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sleepy.sandbox import process, rustc
from sleepy.sandbox.isolation import Jail, Profile
from sleepy.sandbox.process import Finished, Limits
from sleepy.sandbox.verdict import Diagnostic, Outcome, Verdict

FILE = "main.rs"


class Compiler:
    """Compiles untrusted files in folders of their own; a folder holds what its compilation may see, no more."""

    def __init__(self, jail: Jail, limits: Limits = process.COMPILE) -> None:
        self.jail, self._limits = jail, limits

    @property
    def tier(self) -> str:
        return self.jail.tier.value

    def check(self, folder: Path, source: str, edition: str) -> Verdict:
        """Type-checks a program as a library (metadata only). PASS means it compiles."""
        return self._verdict(folder, source, edition, ["--crate-type", "lib", "--emit=metadata"], "check")

    def library(self, folder: Path, source: str, edition: str, name: str, *, safe: bool = True) -> Verdict:
        """Builds a program as the crate `name`: lib<name>.rlib in its folder. `safe` forbids unsafe code."""
        words = ["--crate-type", "rlib", "--crate-name", name, "-C", f"metadata={name}"]
        words += ["-F", "unsafe_code"] if safe else []
        return self._verdict(folder, source, edition, words, "compile")

    def program(
        self,
        folder: Path,
        source: str,
        edition: str,
        libraries: Mapping[str, str],
        *,
        safe: bool = False,
        native: bool = False,
        stage: str = "compile",
    ) -> Verdict:
        """Builds a file with a main as `program`; `libraries` maps crate names to rlib files of its folder.

        `safe` forbids unsafe code: a must where the file holds a candidate's lines. `native` lets rustc find the
        tests and call our runner, which stable compilers do for those who ask with RUSTC_BOOTSTRAP.
        """
        words = ["-o", "program", *(["-F", "unsafe_code"] if safe else []), *(["--test"] if native else [])]
        for name, file in libraries.items():
            words += ["--extern", f"{name}={file}"]
        return self._verdict(folder, source, edition, words, stage, {"RUSTC_BOOTSTRAP": "1"} if native else {})

    def run(self, folder: Path, stdin: bytes) -> Finished:
        """Runs the `program` of a folder: executable but not readable, in a folder that cannot be written."""
        return self.jail.run(
            [str(folder / "program")],
            profile=Profile.RUN,
            limits=process.RUN,
            folder=folder,
            writable=False,
            stdin=stdin,
        )

    def _verdict(
        self,
        folder: Path,
        source: str,
        edition: str,
        words: Sequence[str],
        stage: str,
        environment: Mapping[str, str] | None = None,
    ) -> Verdict:
        began = time.monotonic()
        try:
            (folder / FILE).write_text(source, encoding="utf-8")
            done = self._compile(folder, edition, words, environment)
        except UnicodeEncodeError as error:
            return Verdict(Outcome.REJECTED, tier=self.tier, detail=f"no UTF-8 at character {error.start}")
        except OSError as error:
            return Verdict(Outcome.INFRA_ERROR, tier=self.tier, detail=str(error))
        return self._said(done, {stage: 1000 * (time.monotonic() - began)})

    def _compile(
        self, folder: Path, edition: str, words: Sequence[str], environment: Mapping[str, str] | None
    ) -> Finished:
        found = self.jail.toolchain
        command = [str(found.rustc), "--sysroot", str(found.sysroot), *rustc.flags(edition), *words, FILE]
        return self.jail.run(
            command,
            profile=Profile.COMPILE,
            limits=self._limits,
            folder=folder,
            writable=True,
            environment=environment,
        )

    def _said(self, done: Finished, stages: Mapping[str, float]) -> Verdict:
        found = tuple(rustc.diagnostics(done.stderr, FILE))
        said = done.stderr.decode(errors="replace").strip()[-400:]
        ended = signal(done.code)
        if done.code == 0:
            outcome, said = Outcome.PASS, ""
        elif done.timed_out or ended == 24:
            outcome = Outcome.COMPILE_TIMEOUT
        elif done.flooded:
            outcome = Outcome.OUTPUT_LIMIT
        elif ended == 31:
            outcome = Outcome.VIOLATION
        elif found and done.code == 1:
            outcome, said = Outcome.COMPILE_ERROR, ""
            if _machine(found):
                outcome, said = Outcome.INFRA_ERROR, found[0].message
        elif failed_to_start(done, said) or ended == 9:
            outcome = Outcome.INFRA_ERROR
        else:
            outcome = Outcome.COMPILE_CRASH
        return Verdict(outcome, found, stage_ms=stages, tier=self.tier, detail=said)


def failed_to_start(done: Finished, said: str) -> bool:
    """Whether the jail itself failed, by the launcher's exit codes and bwrap's words."""
    return 120 <= done.code <= 125 or said.startswith("bwrap:")


def signal(code: int) -> int:
    """The signal that ended a child, 0 if none; bwrap reports its child's as 128 + signal."""
    if code < 0:
        return -code
    return code - 128 if 128 < code < 160 else 0


def _machine(found: Sequence[Diagnostic]) -> bool:
    """Whether the error is the machine's (no linker, full disk), not the program's."""
    words = ("linker `", "could not exec the linker", "No space left", "linking with", "failed to write")
    return any(item.code is None and any(word in item.message for word in words) for item in found)
