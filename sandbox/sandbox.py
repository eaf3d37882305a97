"""The sandbox: check, judge, and many at once. Everything the model writes goes through here."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sleepy.sandbox import batch, guard, harness, isolation, pool, process, rustc, toolchain
from sleepy.sandbox.isolation import Jail, Profile, Tier
from sleepy.sandbox.process import Finished
from sleepy.sandbox.toolchain import SandboxUnavailable
from sleepy.sandbox.verdict import Diagnostic, Outcome, Verdict

T = TypeVar("T")
R = TypeVar("R")
_ROUNDS = 5  # a program that does not parse costs its batch one; beyond these, checks alone are cheaper
__all__ = ["Case", "Sandbox", "SandboxUnavailable"]


@dataclass(frozen=True, slots=True)
class Case:
    """One program to judge. `original` is the broken program it answers; tests "" only checks it."""

    source: str
    tests: str = ""
    original: str | None = None
    edition: str = "2021"


class Sandbox:
    """A probed jail with a pool of workers. Use as a context manager; `close` removes its folder."""

    def __init__(self, jail: Jail, root: Path, workers: int) -> None:
        self._jail, self._root = jail, root
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")

    @classmethod
    def open(cls, *, tier: str | None = None, rustc: Path | None = None, workers: int | None = None) -> Sandbox:
        """Finds rustc, builds the launcher, probes the tiers. `SandboxUnavailable` when none holds."""
        wanted = None
        if tier and tier != "auto":
            try:
                wanted = Tier(tier)
            except ValueError:
                raise SandboxUnavailable(
                    f"no sandbox tier {tier!r}", remedy=f"one of auto, {', '.join(Tier)}"
                ) from None
        found = toolchain.find(rustc)
        root = Path(tempfile.mkdtemp(prefix="sleepy-sandbox-"))
        try:
            jail = isolation.open_jail(found, root, wanted)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        return cls(jail, root, workers or pool.size(process.COMPILE.memory))

    @property
    def tier(self) -> str:
        return self._jail.tier.value

    @property
    def toolchain(self) -> str:
        return self._jail.toolchain.version

    def close(self) -> None:
        self._pool.shutdown()
        shutil.rmtree(self._root, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def check(self, source: str, *, edition: str = "2021") -> Verdict:
        """Type-checks one program (metadata only, as a library). PASS means it compiles."""
        with self._room() as room:
            return self._check(room.folder, source, edition)

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """The verdicts of single checks, many at once.

        With `exact` off, the diagnostics of a program may be those of the shared check as long as they name none
        of its neighbours; the outcome is the single check's all the same.
        """
        verdicts: list[Verdict | None] = [None] * len(sources)
        shared = [i for i, source in enumerate(sources) if batch.may_share(source, edition)]
        groups = [shared[i : i + batch.SIZE] for i in range(0, len(shared), batch.SIZE)]
        settled = self._spread(lambda group: self._check_batch([sources[i] for i in group], edition, exact), groups)
        for group, found in zip(groups, settled, strict=True):
            for i, verdict in zip(group, found, strict=True):
                verdicts[i] = verdict
        alone = [i for i, verdict in enumerate(verdicts) if verdict is None]
        for i, single in zip(
            alone, self._spread(lambda i: self.check(sources[i], edition=edition), alone), strict=True
        ):
            verdicts[i] = single
        return [verdict for verdict in verdicts if verdict is not None]

    def judge(self, source: str, tests: str, *, original: str | None = None, edition: str = "2021") -> Verdict:
        """One verdict: policy, compile, hidden tests in a fresh jail."""
        return self._judge(Case(source, tests, original, edition))

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order, as many at once as there are workers."""
        return self._spread(self._judge, cases)

    def _spread(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]:
        return list(self._pool.map(act, items))

    def _room(self) -> pool.Room:
        return pool.Room(self._root)

    def _compile(self, folder: Path, source: str, edition: str, extra: Sequence[str]) -> Finished:
        (folder / "main.rs").write_text(source, encoding="utf-8")
        found = self._jail.toolchain
        command = [
            str(found.rustc),
            "--sysroot",
            str(found.sysroot),
            *rustc.flags(edition),
            *extra,
            "main.rs",
        ]
        return self._jail.run(command, profile=Profile.COMPILE, limits=process.COMPILE, folder=folder, writable=True)

    def _check(self, folder: Path, source: str, edition: str) -> Verdict:
        began = time.monotonic()
        try:
            done = self._compile(folder, source, edition, ["--crate-type", "lib", "--emit=metadata"])
        except OSError as error:
            return Verdict(Outcome.INFRA_ERROR, tier=self.tier, detail=str(error))
        return self._compiled(done, {"check": 1000 * (time.monotonic() - began)})

    def _compiled(self, done: Finished, stages: dict[str, float]) -> Verdict:
        """The verdict of a compilation; PASS when it succeeded."""
        found = tuple(rustc.diagnostics(done.stderr, "main.rs"))
        said = done.stderr.decode(errors="replace").strip()[-400:]
        signal = _signal(done.code)
        if done.code == 0:
            outcome, said = Outcome.PASS, ""
        elif done.timed_out or signal == 24:
            outcome = Outcome.COMPILE_TIMEOUT
        elif done.flooded:
            outcome = Outcome.OUTPUT_LIMIT
        elif signal == 31:
            outcome = Outcome.VIOLATION
        elif found and done.code == 1:
            outcome, said = Outcome.COMPILE_ERROR, ""
            if _machine(found):
                outcome, said = Outcome.INFRA_ERROR, found[0].message
        elif 120 <= done.code <= 125 or "bwrap:" in said or signal == 9:
            outcome = Outcome.INFRA_ERROR
        else:
            outcome = Outcome.COMPILE_CRASH
        return Verdict(outcome, found, stage_ms=stages, tier=self.tier, detail=said)

    def _check_batch(self, sources: Sequence[str], edition: str, exact: bool) -> list[Verdict | None]:
        """Verdicts of programs checked as modules; None where only a check alone can tell."""
        verdicts: list[Verdict | None] = [None] * len(sources)
        left = list(range(len(sources)))
        canary = True  # until every phase that finds errors ran; without it lints run as well
        for _ in range(_ROUNDS):
            if len(left) < 2:
                break
            composed = batch.compose([sources[i] for i in left], canary=canary)
            with self._room() as room:
                verdict = self._check(room.folder, composed.text, edition)
            if verdict.passed and not canary:
                for i in left:
                    verdicts[i] = Verdict(Outcome.PASS, stage_ms=verdict.stage_ms, tier=self.tier)
                return verdicts
            if verdict.outcome is not Outcome.COMPILE_ERROR:
                return verdicts  # the canary alone makes an error: anything else is not ours to split
            found = batch.split(composed, verdict.diagnostics)
            if found.stray or not (found.by_program or found.whole):
                return verdicts
            for place, mistakes in found.by_program.items():
                if found.whole and batch.trustworthy(mistakes, exact=exact):
                    verdicts[left[place]] = Verdict(
                        Outcome.COMPILE_ERROR, tuple(mistakes), stage_ms=verdict.stage_ms, tier=self.tier
                    )
            canary = canary and not found.whole
            left = [i for place, i in enumerate(left) if place not in found.by_program]
        return verdicts

    def _judge(self, case: Case) -> Verdict:
        refused = guard.objection(case.source, case.original)
        if refused is not None:
            return Verdict(Outcome.REJECTED, tier=self.tier, detail=refused)
        mismatch = guard.mismatch(case.source, case.original)
        if mismatch is not None:
            return Verdict(Outcome.API_MISMATCH, tier=self.tier, detail=mismatch)
        if not case.tests.strip():
            return self.check(case.source, edition=case.edition)
        try:
            built = harness.assemble(case.source, case.tests)
        except harness.NoTestsError as error:
            return Verdict(Outcome.INFRA_ERROR, tier=self.tier, detail=str(error))
        try:
            with self._room() as room:
                return self._tested(room.folder, built, case)
        except OSError as error:
            return Verdict(Outcome.INFRA_ERROR, tier=self.tier, detail=str(error))

    def _tested(self, folder: Path, built: harness.Harness, case: Case) -> Verdict:
        began = time.monotonic()
        done = self._compile(folder, built.source, case.edition, ["-F", "unsafe_code", "-o", "program"])
        stages = {"compile": 1000 * (time.monotonic() - began)}
        compiled = self._compiled(done, stages)
        if not compiled.passed:
            return _against_tests(compiled, built)
        (folder / "main.rs").unlink()
        (folder / "program").chmod(0o111)  # the expectations inside cannot be read
        began = time.monotonic()
        nonce = secrets.token_hex(16)
        ended = self._jail.run(
            [str(folder / "program")],
            profile=Profile.RUN,
            limits=process.RUN,
            folder=folder,
            writable=False,
            stdin=f"{nonce}\n".encode(),
        )
        stages["run"] = 1000 * (time.monotonic() - began)
        outcome, tests, detail = _ran(ended, nonce, built)
        return Verdict(outcome, (), tests, stages, self.tier, detail=detail)


def _against_tests(compiled: Verdict, built: harness.Harness) -> Verdict:
    """API_MISMATCH where every error stands in the tests: the program compiles, but is not what they call."""
    lines = [item.primary.line_start for item in compiled.diagnostics if item.primary is not None]
    if compiled.outcome is Outcome.COMPILE_ERROR and lines and min(lines) > built.program_lines:
        return replace(compiled, outcome=Outcome.API_MISMATCH, detail="the tests do not compile against it")
    return compiled


def _ran(ended: Finished, nonce: str, built: harness.Harness) -> tuple[Outcome, tuple[tuple[str, bool], ...], str]:
    said = ended.stderr.decode(errors="replace").strip()[-400:]
    signal = _signal(ended.code)
    if ended.timed_out or signal == 24:
        return Outcome.RUN_TIMEOUT, (), ""
    if ended.flooded:
        return Outcome.OUTPUT_LIMIT, (), ""
    if signal == 31:
        return Outcome.VIOLATION, (), "a system call that tests have no use for"
    if 120 <= ended.code <= 125 or said.startswith("bwrap:"):
        return Outcome.INFRA_ERROR, (), said
    if signal:
        return Outcome.RUN_CRASH, (), f"signal {signal}"
    tests = harness.results(ended.stdout, nonce, built)
    if tests is None:
        return Outcome.FAIL, (), "the test protocol was not completed"
    if ended.code == 0 and all(passed for _, passed in tests):
        return Outcome.PASS, tests, ""
    return Outcome.FAIL, tests, ""


def _signal(code: int) -> int:
    """The signal that ended a child, 0 if none; bwrap reports its child's as 128 + signal."""
    if code < 0:
        return -code
    return code - 128 if 128 < code < 160 else 0


def _machine(found: Sequence[Diagnostic]) -> bool:
    """Whether the error is the machine's (no linker, full disk), not the program's."""
    words = ("linker `", "could not exec the linker", "No space left", "linking with", "failed to write")
    return any(item.code is None and any(word in item.message for word in words) for item in found)
